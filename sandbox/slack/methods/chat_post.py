"""chat.postMessage and chat.postEphemeral."""

from sandbox.slack.arguments import Arguments
from sandbox.slack.channels import Channel, Message
from sandbox.slack.methods.content import read_content
from sandbox.slack.people import BOT_USER
from sandbox.slack.refused import Json, RefusedError
from sandbox.slack.shapes import message_json
from sandbox.slack.team import Team


def post_message(team: Team, arguments: Arguments) -> Json:
    """Answer chat.postMessage."""
    channel = addressed(team, arguments.needed("channel"))
    content = read_content(arguments)
    if content.empty:
        raise RefusedError("no_text")
    thread_ts = arguments.text("thread_ts") or None
    if thread_ts:
        thread_ts = channel.parent(thread_ts).ts
    message = Message(
        ts=team.stamps.next(),
        author=BOT_USER,
        text=content.text or "",
        blocks=content.blocks or [],
        attachments=content.attachments or [],
        metadata=content.metadata or None,
        thread_ts=thread_ts,
        broadcast=bool(thread_ts) and arguments.flag("reply_broadcast"),
    )
    team.post(channel, message)
    return {"channel": channel.id, "ts": message.ts, "message": message_json(channel, message)}


def post_ephemeral(team: Team, arguments: Arguments) -> Json:
    """Answer chat.postEphemeral."""
    channel = addressed(team, arguments.needed("channel"))
    user = arguments.needed("user")
    content = read_content(arguments)
    if content.empty:
        raise RefusedError("no_text")
    if user not in channel.members:
        raise RefusedError("user_not_in_channel")
    message = Message(
        ts=team.stamps.next(),
        author=BOT_USER,
        text=content.text or "",
        blocks=content.blocks or [],
        attachments=content.attachments or [],
        thread_ts=arguments.text("thread_ts") or None,
        only_for=user,
    )
    team.post(channel, message)
    return {"message_ts": message.ts}


def addressed(team: Team, address: str) -> Channel:
    """Return the channel that a message is addressed to: an id, a name or a person."""
    if address in team.people and address != BOT_USER:
        return team.direct(address)
    named = [c for c in team.channels.values() if c.name and c.name == address.removeprefix("#")]
    channel = named[0] if named else team.channel(address)
    if channel.archived:
        raise RefusedError("is_archived")
    if BOT_USER not in channel.members:
        raise RefusedError("not_in_channel")
    return channel
