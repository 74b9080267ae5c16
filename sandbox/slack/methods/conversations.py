"""conversations.list, .info, .members, .join and .open."""

from sandbox.slack.arguments import Arguments
from sandbox.slack.methods.paging import page, turned
from sandbox.slack.people import BOT_USER
from sandbox.slack.refused import Json, RefusedError, missing
from sandbox.slack.shapes import channel_json
from sandbox.slack.team import Team


def list_conversations(team: Team, arguments: Arguments) -> Json:
    """Answer conversations.list."""
    types = arguments.words("types") or ["public_channel"]
    channels = [
        channel
        for channel in team.channels.values()
        if ("im" if channel.is_direct else "public_channel") in types
        and not (arguments.flag("exclude_archived") and channel.archived)
    ]
    shown, cursor = page(arguments, channels)
    return {"channels": [channel_json(channel) for channel in shown], **turned(cursor)}


def info(team: Team, arguments: Arguments) -> Json:
    """Answer conversations.info."""
    return {"channel": channel_json(team.channel(arguments.needed("channel")))}


def members(team: Team, arguments: Arguments) -> Json:
    """Answer conversations.members."""
    channel = team.channel(arguments.needed("channel"))
    shown, cursor = page(arguments, sorted(channel.members))
    return {"members": list(shown), **turned(cursor)}


def join(team: Team, arguments: Arguments) -> Json:
    """Answer conversations.join."""
    channel = team.channel(arguments.needed("channel"))
    if channel.is_direct:
        raise RefusedError("method_not_supported_for_channel_type")
    if channel.archived:
        raise RefusedError("is_archived")
    team.join(channel, BOT_USER)
    return {"channel": channel_json(channel)}


def open_direct(team: Team, arguments: Arguments) -> Json:
    """Answer conversations.open, for one person."""
    users = arguments.words("users")
    if not users:
        raise missing("users")
    if len(users) > 1:
        raise RefusedError("method_not_supported_for_channel_type")
    channel = team.direct(users[0])
    shown = channel_json(channel) if arguments.flag("return_im") else {"id": channel.id}
    return {"channel": shown, "no_op": True, "already_open": True}
