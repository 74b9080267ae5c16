"""Private answers: what one person reads, wherever they pressed or typed."""

from slack_sdk import WebClient

from bot.alerts.commands import Refusal
from bot.slack.listeners.desk import Desk
from bot.slack.listeners.payloads import Click
from bot.slack.views.message import Message
from bot.slack.views.refusal import refusal_message


class ToldError(Exception):
    """Something failed, and the person has been told: only the log still wants to know."""


def refuse(client: WebClient, desk: Desk, click: Click, refusal: Refusal) -> None:
    """Tell whoever pressed a button why nothing came of it, and who may."""
    privately(client, click, refusal_message(refusal, desk.who_may(refusal)))


def privately(client: WebClient, click: Click, message: Message) -> None:
    """Show a message to whoever pressed a button, beside the message that it was on."""
    client.chat_postEphemeral(
        channel=click.container.channel_id,
        user=click.user.id,
        thread_ts=click.container.thread_ts,
        text=message.text,
        blocks=list(message.blocks),
    )
