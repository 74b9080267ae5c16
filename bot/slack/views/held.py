"""What an alert says of quarantines and restrictions in force, and the button that releases."""

from collections.abc import Iterator
from datetime import UTC, datetime

from slack_sdk.models.blocks import ButtonElement

from bot.alerts.alert import Alert, Containment
from bot.alerts.in_force import in_force
from bot.changes.sentence import number_of
from bot.containment.action import Action as Does
from bot.containment.choice import Isolate, Stop
from bot.containment.effects.members import PutInGroups
from bot.slack.views.blocks import button
from bot.slack.views.facts import Fact
from bot.slack.views.names import Action
from bot.slack.views.refs import AlertRef

LABELS = {Does.QUARANTINE: "Isolated", Does.RESTRICT: "Stopped"}


def held_facts(alert: Alert) -> list[Fact]:
    """Return what holds in AWS until it is released, first of all."""
    return [Fact(LABELS[held.action], (_line(held), _until(held))) for held in in_force(alert)]


def release_button(alert: Alert, ref: AlertRef) -> Iterator[ButtonElement]:
    """Yield the button, where something is in force; it begins with the last."""
    if in_force(alert):
        yield button("Release…", Action.RELEASE, ref)


def _line(held: Containment) -> str:
    by = f"by {held.by.name} since {_moment(held.at)}"
    whole = "" if held.verified else "; not all of it went as planned"
    return f"{_what(held)}, {by}{whole}"


def _what(held: Containment) -> str:
    match held.choice:
        case Isolate():
            calls = zip(held.plan.calls, held.calls, strict=True)
            moved = [
                call
                for call, state in calls
                if isinstance(call.effect, PutInGroups) and state.ended and not state.error
            ]
            named = ", ".join(held.choice.targets[:3])
            return f"{named} ({number_of(len(moved), 'interface')})"
        case Stop():
            return f"denied {held.choice.reach.words}, and all older sessions"
        case _:
            return held.action.noun


def _until(held: Containment) -> str:
    if held.until is None:
        return "until somebody releases it"
    return f"released by itself {_moment(held.until)}"


def _moment(at: datetime) -> str:
    # In a block of code Slack shows no time in the reader's own zone.
    return f"{at.astimezone(UTC):%-d %b %H:%M} UTC"
