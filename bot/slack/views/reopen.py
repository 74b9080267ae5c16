"""The form that opens a resolved alert again."""

from bot.alerts.alert import Alert
from bot.slack.views.blocks import Json, modal, reason_input
from bot.slack.views.heading import heading
from bot.slack.views.message import Shown
from bot.slack.views.names import Form
from bot.slack.views.refs import form_ref, written

TITLE = "Reopen"


def reopen_form(alert: Alert, shown: Shown) -> Json:
    """Return the form."""
    return modal(
        TITLE,
        [
            *heading(alert, shown),
            reason_input("Why does it need somebody again?"),
        ],
        form=Form.REOPEN,
        submit=TITLE,
        close="Cancel",
        metadata=written(form_ref(alert)),
    )
