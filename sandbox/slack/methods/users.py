"""users.info, .list, .lookupByEmail and .profile.get."""

from sandbox.slack.arguments import Arguments
from sandbox.slack.methods.paging import page, turned
from sandbox.slack.refused import Json, RefusedError
from sandbox.slack.shapes import person_json, profile_json
from sandbox.slack.team import Team


def info(team: Team, arguments: Arguments) -> Json:
    """Answer users.info."""
    return {"user": person_json(team.person(arguments.needed("user")))}


def list_users(team: Team, arguments: Arguments) -> Json:
    """Answer users.list."""
    shown, cursor = page(arguments, list(team.people.values()))
    return {"members": [person_json(person) for person in shown], **turned(cursor)}


def lookup_by_email(team: Team, arguments: Arguments) -> Json:
    """Answer users.lookupByEmail."""
    email = arguments.needed("email").lower()
    for person in team.people.values():
        if person.email == email:
            return {"user": person_json(person)}
    raise RefusedError("users_not_found")


def profile(team: Team, arguments: Arguments) -> Json:
    """Answer users.profile.get."""
    return {"profile": profile_json(team.person(arguments.needed("user")))}
