"""usergroups.list and usergroups.users.list."""

from sandbox.slack.arguments import Arguments
from sandbox.slack.refused import Json, RefusedError
from sandbox.slack.shapes import group_json
from sandbox.slack.team import Team


def list_groups(team: Team, arguments: Arguments) -> Json:
    """Answer usergroups.list."""
    users = arguments.flag("include_users")
    return {"usergroups": [group_json(group, users=users) for group in team.groups.values()]}


def list_members(team: Team, arguments: Arguments) -> Json:
    """Answer usergroups.users.list."""
    group = team.groups.get(arguments.needed("usergroup"))
    if group is None:
        raise RefusedError("no_such_subteam")
    return {"users": list(group.users)}
