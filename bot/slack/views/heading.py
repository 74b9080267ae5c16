"""The head of a form: what was done, where, and how many changes the decision is about."""

from slack_sdk.models.blocks import Block

from bot.alerts.alert import Alert
from bot.slack.views.blocks import context, section
from bot.slack.views.headline import LIGHTS, SENTENCE, happened
from bot.slack.views.message import Shown, context_line
from bot.slack.views.mrkdwn import bold, escape


def heading(alert: Alert, shown: Shown) -> list[Block]:
    """Return the head of a form about the alert."""
    what = f"{LIGHTS[alert.severity]} {bold(escape(happened(alert), SENTENCE))}"
    changes = alert.counts.changes
    if changes > 1:
        what += f"\nYou decide about all {changes} changes of this alert."
    return [section(what), context(context_line(alert, shown))]
