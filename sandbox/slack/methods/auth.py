"""auth.test: who the token belongs to."""

from sandbox.slack.arguments import Arguments
from sandbox.slack.people import BOT, BOT_ID, BOT_USER, TEAM_ID, TEAM_NAME
from sandbox.slack.refused import Json
from sandbox.slack.team import Team


def auth_test(team: Team, _: Arguments) -> Json:
    """Answer auth.test."""
    return {
        "url": f"{team.url}/",
        "team": TEAM_NAME,
        "user": BOT.handle,
        "team_id": TEAM_ID,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }
