"""What the app answers outside the Web API: to a response address, or with a command's ack."""

from sandbox.slack.arguments import Arguments
from sandbox.slack.channels import Channel, Message
from sandbox.slack.methods.content import Content, read_content
from sandbox.slack.people import BOT_USER
from sandbox.slack.refused import Json, RefusedError
from sandbox.slack.team import Team
from sandbox.slack.triggers import ResponseUrl

IN_CHANNEL = "in_channel"


def respond(team: Team, key: str, given: Json) -> None:
    """Do what a POST to a response address asks for."""
    url = team.urls.use(key)
    channel = team.channel(url.channel)
    arguments = Arguments(given)
    if arguments.flag("delete_original"):
        team.remove(channel, _original(channel, url))
        return
    content = read_content(arguments)
    if arguments.flag("replace_original"):
        changes = {"text": content.text or "", "blocks": content.blocks or []}
        team.edit(channel, _original(channel, url), changes)
    elif not content.empty:
        thread_ts = arguments.text("thread_ts") or url.thread_ts
        in_channel = arguments.text("response_type") == IN_CHANNEL
        say(team, channel, content, only_for="" if in_channel else url.user, thread_ts=thread_ts)


def say(
    team: Team, channel: Channel, content: Content, *, only_for: str, thread_ts: str | None = None
) -> None:
    """Post what the app answered, for one person or for all."""
    message = Message(
        ts=team.stamps.next(),
        author=BOT_USER,
        text=content.text or "",
        blocks=content.blocks or [],
        attachments=content.attachments or [],
        thread_ts=thread_ts,
        only_for=only_for or None,
    )
    team.post(channel, message)


def _original(channel: Channel, url: ResponseUrl) -> Message:
    if url.message_ts is None:
        raise RefusedError("no_original", status=404)
    return channel.seen_by(url.user, url.message_ts)
