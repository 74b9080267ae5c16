"""The form that opens a resolved alert again."""

from slack_sdk.models.blocks import Block

from bot.alerts.alert import Alert, ResolutionKind
from bot.slack.views.blocks import Json, modal, reason_input, section
from bot.slack.views.heading import heading
from bot.slack.views.message import Shown
from bot.slack.views.mrkdwn import escape
from bot.slack.views.names import Form
from bot.slack.views.refs import form_ref, written

TITLE = "Reopen"


def _exemption(alert: Alert) -> list[Block]:
    ended = alert.resolution
    if ended is None or ended.kind is not ResolutionKind.EXEMPTED:
        return []
    return [section(f"The exemption {escape(ended.detail)} ends with this.")]


def reopen_form(alert: Alert, shown: Shown) -> Json:
    """Return the form."""
    return modal(
        TITLE,
        [
            *heading(alert, shown),
            *_exemption(alert),
            reason_input("Why does it need somebody again?"),
        ],
        form=Form.REOPEN,
        submit=TITLE,
        close="Cancel",
        metadata=written(form_ref(alert)),
    )
