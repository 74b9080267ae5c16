"""chat.update."""

from sandbox.slack.arguments import Arguments
from sandbox.slack.blocks.checking import TEXT_OF_UPDATE
from sandbox.slack.methods.content import read_content
from sandbox.slack.people import BOT_USER
from sandbox.slack.refused import Json, RefusedError
from sandbox.slack.shapes import message_json
from sandbox.slack.team import Team


def update_message(team: Team, arguments: Arguments) -> Json:
    """Answer chat.update.

    Blocks stay if neither they nor a text is given, and go if a text alone is given.
    """
    channel = team.channel(arguments.needed("channel"))
    message = channel.message(arguments.needed("ts"))
    content = read_content(arguments, most=TEXT_OF_UPDATE)
    if channel.archived:
        raise RefusedError("is_archived")
    if message.author != BOT_USER:
        raise RefusedError("cant_update_message")
    changes: Json = {}
    if content.text is not None:
        changes |= {"text": content.text, "blocks": []}
    if content.blocks is not None:
        changes["blocks"] = content.blocks
    if content.attachments is not None:
        changes["attachments"] = content.attachments
    if content.metadata is not None:
        changes["metadata"] = content.metadata or None
    if not changes:
        raise RefusedError("no_text")
    team.edit(channel, message, changes)
    shown = message_json(channel, message)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}
