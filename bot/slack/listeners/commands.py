"""``/sgwatch``: what can be typed, with a suggestion for a typing error."""

from difflib import get_close_matches
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from bot.slack.listeners.aside import show_aside
from bot.slack.listeners.desk import Desk
from bot.slack.listeners.escalate import ask_escalate, ask_snooze
from bot.slack.listeners.exempt import ask_exempt
from bot.slack.listeners.exempting import answer_exempt
from bot.slack.listeners.exemption_edit import ask_edit
from bot.slack.listeners.exemptions import answer_exemptions, edited_of
from bot.slack.listeners.oncall import answer_oncall
from bot.slack.listeners.payloads import Asked, Typed
from bot.slack.views.help import help_message
from bot.slack.views.message import Message
from bot.slack.views.refs import read_alert_id

COMMAND = "/sgwatch"
VERBS = ("help", "exempt", "exemptions", "digest", "escalate", "snooze", "oncall")
ANSWERS = {"exemptions": answer_exemptions, "oncall": answer_oncall}
FORMS = {"escalate": ask_escalate, "snooze": ask_snooze}


def register(app: App, desk: Desk) -> None:
    """Listen for the command."""

    @app.command(COMMAND)
    def command(ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond) -> None:
        ack()
        typed = Typed.model_validate(body)
        verb, _, rest = typed.text.strip().partition(" ")
        alert_id = read_alert_id(rest)
        match verb.lower():
            case "" | "help":
                _tell(respond, help_message(desk.shown))
            case "escalate" | "snooze":
                _climb(client, respond, desk, typed, alert_id)
            case "exempt" if alert_id is not None:
                ask_exempt(client, desk, Asked(alert_id, typed.user_id, typed.trigger_id))
            case "exempt" if "=" in rest:
                _tell(respond, answer_exempt(desk, typed.user_id, rest))
            case "exempt":
                _tell(respond, help_message(desk.shown, _which_alert(rest)))
            case "exemptions" if (named := edited_of(rest)) is not None:
                ask_edit(client, desk, typed, named)
            case "exemptions" | "oncall" as asked:
                _tell(respond, ANSWERS[asked](desk, typed.user_id, rest))
            case "digest":
                show_aside(client, desk, typed.user_id, typed.trigger_id)
            case _:
                _tell(respond, help_message(desk.shown, _unknown(verb)))


def _climb(
    client: WebClient, respond: Respond, desk: Desk, typed: Typed, alert_id: str | None
) -> None:
    """Open the form of escalate or snooze, or say that it wants an alert."""
    verb, _, rest = typed.text.strip().partition(" ")
    if alert_id is None:
        _tell(respond, help_message(desk.shown, _which(verb.lower(), rest)))
    else:
        FORMS[verb.lower()](client, desk, Asked(alert_id, typed.user_id, typed.trigger_id))


def _which_alert(typed: str) -> str:
    said = f"“{typed.strip()}” is no alert. " if typed.strip() else ""
    return (
        f"{said}Say which alert: {COMMAND} exempt SGW-…, as its message shows it; "
        f"or what: {COMMAND} exempt principal=…"
    )


def _which(verb: str, typed: str) -> str:
    said = f"“{typed.strip()}” is no alert. " if typed.strip() else ""
    return f"{said}Say which alert: {COMMAND} {verb} SGW-…, as its message shows it."


def _unknown(verb: str) -> str:
    close = get_close_matches(verb.lower(), VERBS, n=1)
    suggestion = f" Did you mean {COMMAND} {close[0]}?" if close else ""
    return f"There is no “{verb}”.{suggestion}"


def _tell(respond: Respond, message: Message) -> None:
    respond(text=message.text, blocks=list(message.blocks), response_type="ephemeral")
