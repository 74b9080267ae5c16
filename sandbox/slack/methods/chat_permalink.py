"""chat.getPermalink."""

from sandbox.slack.arguments import Arguments
from sandbox.slack.refused import Json
from sandbox.slack.team import Team


def get_permalink(team: Team, arguments: Arguments) -> Json:
    """Answer chat.getPermalink."""
    channel = team.channel(arguments.needed("channel"))
    message = channel.message(arguments.needed("message_ts"))
    return {"channel": channel.id, "permalink": team.permalink(channel, message)}
