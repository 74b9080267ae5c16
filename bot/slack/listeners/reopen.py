"""Reopen: a resolved alert needs somebody again."""

from slack_bolt import App

from bot.alerts.commands import Reopen
from bot.slack.listeners.desk import Desk, to_reopen
from bot.slack.listeners.reasons import Reasoned, listen
from bot.slack.views.names import Action, Form
from bot.slack.views.reopen import TITLE, reopen_form

REOPEN = Reasoned(
    action=Action.REOPEN,
    form=Form.REOPEN,
    title=TITLE,
    probe=to_reopen,
    view=reopen_form,
    command=lambda reason, _: Reopen(reason),
    told="The alert is open again.",
)


def register(app: App, desk: Desk) -> None:
    """Listen for the button and the form."""
    listen(app, desk, REOPEN)
