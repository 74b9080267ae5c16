"""chat.delete."""

from sandbox.slack.arguments import Arguments
from sandbox.slack.people import BOT_USER
from sandbox.slack.refused import Json, RefusedError
from sandbox.slack.team import Team


def delete_message(team: Team, arguments: Arguments) -> Json:
    """Answer chat.delete: an app deletes its own messages only."""
    channel = team.channel(arguments.needed("channel"))
    message = channel.message(arguments.needed("ts"))
    if message.author != BOT_USER:
        raise RefusedError("cant_delete_message")
    team.remove(channel, message)
    return {"channel": channel.id, "ts": message.ts}
