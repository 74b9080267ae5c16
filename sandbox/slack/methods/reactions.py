"""reactions.add, .remove and .get."""

import re

from sandbox.slack.arguments import Arguments
from sandbox.slack.channels import Channel, Message
from sandbox.slack.people import BOT_USER
from sandbox.slack.refused import Json, RefusedError
from sandbox.slack.shapes import message_json
from sandbox.slack.team import Team

NAME = re.compile(r"[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?")


def add(team: Team, arguments: Arguments) -> Json:
    """Answer reactions.add."""
    channel, message = _aimed_at(team, arguments)
    team.react(channel, message, BOT_USER, _emoji(arguments))
    return {}


def remove(team: Team, arguments: Arguments) -> Json:
    """Answer reactions.remove."""
    channel, message = _aimed_at(team, arguments)
    team.unreact(channel, message, BOT_USER, _emoji(arguments))
    return {}


def get(team: Team, arguments: Arguments) -> Json:
    """Answer reactions.get."""
    channel, message = _aimed_at(team, arguments)
    shown = message_json(channel, message)
    return {"type": "message", "channel": channel.id, "message": shown}


def _emoji(arguments: Arguments) -> str:
    name = arguments.needed("name").strip(":")
    if not NAME.fullmatch(name):
        raise RefusedError("invalid_name")
    return name


def _aimed_at(team: Team, arguments: Arguments) -> tuple[Channel, Message]:
    channel = team.channel(arguments.needed("channel"))
    message = channel.message(arguments.needed("timestamp"))
    if BOT_USER not in channel.members:
        raise RefusedError("not_in_channel")
    return channel, message
