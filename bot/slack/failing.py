"""What fails in a channel, as the operators are told it."""

import logging
from datetime import timedelta

from bot.cloudtrail.text import printable
from bot.slack.messages import SlackError
from bot.store.store import Store

log = logging.getLogger(__name__)

GONE = "message_not_found"

PATIENCE = timedelta(minutes=10)
"""Slack may fail for so long before the operators hear of it."""

_ANEW = "install the app again and set SGWATCH_SLACK_BOT_TOKEN to its token"
MENDS = {
    "channel_not_found": "invite the app to it, or set another channel",
    "not_in_channel": "invite the app to it",
    "is_archived": "unarchive it, or set another channel",
    "restricted_action": "let the app post there in the channel's settings",
    "account_inactive": _ANEW,
    "invalid_auth": _ANEW,
    "token_expired": _ANEW,
    "token_revoked": _ANEW,
    "missing_scope": "give the app the scopes of docs/slack.md and install it again",
}
"""What only people can mend, and what all messages in the channel meet alike."""


def tell_operators(store: Store, channel: str, shown: str, error: SlackError) -> None:
    """Note that what is ``shown``, by its id, cannot be shown. Raises StoreError."""
    patience = timedelta(0)
    if error.code == GONE:
        key, what = f"deleted:{shown}", f"the message of {shown} was deleted in Slack"
        what += "; it is posted again"
    elif error.code in MENDS:
        key = f"channel:{channel}"
        what = f"{channel} cannot be written to ({error.code}): {MENDS[error.code]}"
    else:
        key, patience = f"showing:{error.code}", PATIENCE
        what = f"showing {shown} fails: Slack says {printable(error.code, 100)}"
    log.warning("%s", what)
    store.notices.tell(key, what, patience)
