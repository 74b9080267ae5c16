"""The page as a direct message: what happened, and the button that takes it."""

from slack_sdk.models.blocks import Block

from bot.alerts.alert import Alert
from bot.slack.views.blocks import as_json, button, buttons, context, section
from bot.slack.views.headline import NOTIFICATION, SENTENCE, happened, status_line
from bot.slack.views.message import Message, Shown, context_line
from bot.slack.views.mrkdwn import bold, escape, link
from bot.slack.views.names import Action
from bot.slack.views.refs import AlertRef


def page_message(alert: Alert, shown: Shown, url: str) -> Message:
    """Return the page. ``url`` is where the alert itself is, if it is shown already."""
    what = bold(escape(happened(alert), SENTENCE))
    open_it = f"\n{link(url, 'Open the alert')}" if url else ""
    told = f"📟 {bold('You are on call, and nobody holds this')}\n{status_line(alert)}\n{what}"
    take = button("Acknowledge", Action.ACKNOWLEDGE, AlertRef(alert.id, alert.version), "primary")
    blocks: list[Block] = [section(told + open_it), context(context_line(alert, shown))]
    blocks.append(buttons([take]))
    start = f"📟 {alert.severity.value.upper()}, nobody holds it: "
    text = start + escape(happened(alert), NOTIFICATION - len(start))
    return Message(text, as_json(blocks))
