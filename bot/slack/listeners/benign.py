"""Mark benign: it was fine, and somebody says why."""

from slack_bolt import App

from bot.alerts.commands import MarkBenign
from bot.slack.listeners.desk import Desk, to_resolve
from bot.slack.listeners.reasons import Reasoned, listen
from bot.slack.views.benign import TITLE, benign_form
from bot.slack.views.names import Action, Form

BENIGN = Reasoned(
    action=Action.BENIGN,
    form=Form.BENIGN,
    title=TITLE,
    probe=to_resolve,
    view=benign_form,
    command=MarkBenign,
    told="The alert is marked benign.",
)


def register(app: App, desk: Desk) -> None:
    """Listen for the button and the form."""
    listen(app, desk, BENIGN)
