"""conversations.history and conversations.replies."""

from decimal import Decimal, InvalidOperation

from sandbox.slack.arguments import Arguments
from sandbox.slack.channels import Channel, Message
from sandbox.slack.methods.paging import page, turned
from sandbox.slack.people import BOT_USER
from sandbox.slack.refused import Json, RefusedError
from sandbox.slack.shapes import message_json
from sandbox.slack.team import Team

END_OF_TIME = "99999999999"


def history(team: Team, arguments: Arguments) -> Json:
    """Answer conversations.history: what the channel shows, newest first."""
    channel = _readable(team, arguments)
    roots = [m for m in channel if not m.is_reply or m.broadcast]
    wanted = [m for m in reversed(roots) if _within(m, arguments)]
    return _answer(channel, wanted, arguments)


def replies(team: Team, arguments: Arguments) -> Json:
    """Answer conversations.replies: a thread with its first message, oldest first."""
    channel = _readable(team, arguments)
    parent = channel.parent(arguments.needed("ts"))
    rest = [m for m in channel.replies(parent.ts) if _within(m, arguments)]
    return _answer(channel, [parent, *rest], arguments)


def _readable(team: Team, arguments: Arguments) -> Channel:
    channel = team.channel(arguments.needed("channel"))
    if BOT_USER not in channel.members:
        raise RefusedError("not_in_channel")
    return channel


def _answer(channel: Channel, messages: list[Message], arguments: Arguments) -> Json:
    metadata = arguments.flag("include_all_metadata")
    shown, cursor = page(arguments, messages)
    return {
        "messages": [message_json(channel, m, metadata=metadata) for m in shown],
        "has_more": bool(cursor),
        **(turned(cursor) if cursor else {}),
    }


def _within(message: Message, arguments: Arguments) -> bool:
    ts = Decimal(message.ts)
    oldest = _moment(arguments.text("oldest") or "0", "invalid_ts_oldest")
    latest = _moment(arguments.text("latest") or END_OF_TIME, "invalid_ts_latest")
    return oldest <= ts <= latest if arguments.flag("inclusive") else oldest < ts < latest


def _moment(value: str, error: str) -> Decimal:
    try:
        return Decimal(value)
    except InvalidOperation:
        raise RefusedError(error) from None
