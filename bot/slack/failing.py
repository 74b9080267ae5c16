"""What fails in a channel, as the operators are told it."""

from datetime import timedelta

from bot.cloudtrail.text import printable
from bot.slack.messages import SlackError
from bot.store.store import Store

GONE = "message_not_found"

PATIENCE = timedelta(minutes=10)
"""Slack may fail for so long before the operators hear of it."""

MENDS = {
    "channel_not_found": "invite the app to it, or set another channel",
    "not_in_channel": "invite the app to it",
    "is_archived": "unarchive it, or set another channel",
    "restricted_action": "let the app post there in the channel's settings",
}
"""What only people can mend."""


def tell_operators(store: Store, channel: str, shown: str, error: SlackError) -> None:
    """Note that what is ``shown``, by its id, cannot be shown. Raises StoreError."""
    if error.code == GONE:
        what = f"the message of {shown} was deleted in Slack; it is posted again"
        store.notices.tell(f"deleted:{shown}", what)
    elif error.code in MENDS:
        what = f"{channel} cannot be written to ({error.code}): {MENDS[error.code]}"
        store.notices.tell(f"channel:{channel}", what)
    else:
        what = f"showing {shown} fails: Slack says {printable(error.code, 100)}"
        store.notices.tell(f"showing:{error.code}", what, PATIENCE)
