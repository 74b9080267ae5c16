"""views.open, .push, .update and .publish."""

from sandbox.slack.arguments import Arguments
from sandbox.slack.blocks.checking import check_view
from sandbox.slack.blocks.kinds import HOME, MODAL
from sandbox.slack.blocks.naming import named
from sandbox.slack.blocks.values import state_values
from sandbox.slack.changes import HomePublished, WindowsChanged
from sandbox.slack.refused import Json, RefusedError, missing
from sandbox.slack.shapes import view_json
from sandbox.slack.team import Team
from sandbox.slack.views import View


def open_view(team: Team, arguments: Arguments) -> Json:
    """Answer views.open."""
    given = _given(team, arguments, MODAL)
    trigger = team.triggers.exchange(arguments.needed("trigger_id"))
    return _shown(team, team.views.open(trigger.user, given))


def push_view(team: Team, arguments: Arguments) -> Json:
    """Answer views.push: only from within a modal."""
    given = _given(team, arguments, MODAL)
    trigger = team.triggers.exchange(arguments.needed("trigger_id"))
    if trigger.view is None:
        raise RefusedError("invalid_trigger_id")
    return _shown(team, team.views.push(trigger.user, given))


def update_view(team: Team, arguments: Arguments) -> Json:
    """Answer views.update."""
    view_id, external_id = arguments.text("view_id"), arguments.text("external_id")
    if not (view_id or external_id):
        raise missing("view_id")
    given = _given(team, arguments, MODAL, HOME)
    view = team.views.find(view_id=view_id, external_id=external_id)
    team.views.update(view, given, arguments.text("hash"))
    return _shown(team, view)


def publish_view(team: Team, arguments: Arguments) -> Json:
    """Answer views.publish."""
    user = team.person(arguments.needed("user_id")).id
    given = _given(team, arguments, HOME)
    return _shown(team, team.views.publish(user, given, arguments.text("hash")))


def named_view(team: Team, given: Json) -> Json:
    """Return a view in which every block and element has its id."""
    return given | {"blocks": named(given["blocks"], team.names)}


def _given(team: Team, arguments: Arguments, *kinds: str) -> Json:
    view = arguments.structure("view", "invalid_arguments")
    if view is None:
        raise missing("view")
    return named_view(team, check_view(view, *kinds))


def _shown(team: Team, view: View) -> Json:
    view.values = state_values(view.given["blocks"], {})
    home = view.given["type"] == HOME
    team.tell(HomePublished(view.user) if home else WindowsChanged(view.user))
    return {"view": view_json(view)}
