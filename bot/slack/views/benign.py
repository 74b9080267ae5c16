"""The form that marks an alert benign."""

from bot.alerts.alert import Alert
from bot.slack.views.blocks import Json, modal, reason_input
from bot.slack.views.heading import heading
from bot.slack.views.message import Shown
from bot.slack.views.names import Form
from bot.slack.views.refs import form_ref, written

TITLE = "Mark benign"


def benign_form(alert: Alert, shown: Shown) -> Json:
    """Return the form."""
    return modal(
        TITLE,
        [
            *heading(alert, shown),
            reason_input("Why is this fine?", hint="A sentence or a ticket number."),
        ],
        form=Form.BENIGN,
        submit=TITLE,
        close="Cancel",
        metadata=written(form_ref(alert)),
    )
