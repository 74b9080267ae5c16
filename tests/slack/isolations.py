"""Quarantines, restrictions and releases as people see them."""

from collections.abc import Callable

from bot.alerts.alert import Alert
from bot.alerts.approval import Terms
from bot.alerts.decide import author
from bot.alerts.entries import (
    CallBegun,
    CallEnded,
    ContainmentAsked,
    ContainmentEnded,
    Entry,
)
from bot.alerts.people import SGWATCH
from bot.containment.action import Action, Intent
from bot.containment.choice import Choice, Isolate, Reach, Stop
from bot.containment.plan import Plan
from bot.containment.quarantine import quarantine_plan
from bot.containment.release import release_plan
from bot.containment.restrict import Actor, restrict_plan
from bot.slack.views.blocks import Json
from bot.slack.views.isolate import quarantine_form, restrict_form
from bot.slack.views.isolation import isolation_form
from bot.slack.views.message import Message, Shown, alert_message
from tests.builders import ROSA, later
from tests.containment.sites import ACCOUNT, a_site
from tests.slack.alerts import alert_of, console_sighting, open_alert

SHOWN = Shown(containment=True, accounts={ACCOUNT: "prod"})
OFF = Shown(containment=False, accounts={ACCOUNT: "prod"})
ID = "SGW-TEST0001-c1"
ISOLATE = Isolate(("i-1",), snapshot=True, cut=True)
STOP = Stop(Reach.GROUPS, switch_key=True, hours=4)
MALLORY = Actor("user", "mallory", ACCOUNT, "us-east-1", "AKIAMALLORY", "Active")
QUARANTINE = quarantine_plan(a_site(), ISOLATE, ID)
RESTRICT = restrict_plan(MALLORY, STOP, ID)


def _done(action: Action, choice: Choice, plan: Plan, *, last_fails: bool = False) -> list[Entry]:
    entries: list[Entry] = [
        ContainmentAsked(
            at=later(5),
            by=author(ROSA),
            seen=1,
            containment=ID,
            plan=plan,
            reason="It talks to an unknown host",
            action=action,
            choice=choice,
            until=later(245) if isinstance(choice, Stop) else None,
        )
    ]
    for number in range(len(plan.calls)):
        error = "no permission" if last_fails and number == len(plan.calls) - 1 else ""
        entries.append(CallBegun(at=later(6), by=SGWATCH, containment=ID, call=number))
        entries.append(
            CallEnded(
                at=later(6),
                by=SGWATCH,
                containment=ID,
                call=number,
                request_id="" if error else "r",
                error=error,
            )
        )
    ended = ContainmentEnded(
        at=later(7), by=SGWATCH, containment=ID, verified=not last_fails, told="As planned."
    )
    return [*entries, ended]


def _held(action: Action, choice: Choice, plan: Plan, *, last_fails: bool = False) -> Alert:
    done = _done(action, choice, plan, last_fails=last_fails)
    return alert_of(console_sighting(), after=tuple(done))


def held_entries() -> tuple[Entry, ...]:
    """Return what a quarantine under the id ``ID`` leaves in a timeline."""
    return tuple(_done(Action.QUARANTINE, ISOLATE, QUARANTINE))


def _plan(
    action: Action, choice: Choice | None, plan: Plan, terms: Terms, shown: Shown = SHOWN
) -> Json:
    intent = Intent(action, of="" if choice else ID, choice=choice)
    return isolation_form(intent, open_alert(), shown, plan, "0" * 32, terms)


MESSAGES: dict[str, Callable[[], Message]] = {
    "isolated": lambda: alert_message(_held(Action.QUARANTINE, ISOLATE, QUARANTINE), SHOWN),
    "restricted": lambda: alert_message(_held(Action.RESTRICT, STOP, RESTRICT), SHOWN),
    "restricted_in_part": lambda: alert_message(
        _held(Action.RESTRICT, STOP, RESTRICT, last_fails=True), SHOWN
    ),
}
VIEWS: dict[str, Callable[[], Json]] = {
    "quarantine_form": lambda: quarantine_form(open_alert(), SHOWN, a_site()),
    "quarantine_plan": lambda: _plan(Action.QUARANTINE, ISOLATE, QUARANTINE, Terms(two=True)),
    "quarantine_nothing": lambda: _plan(Action.QUARANTINE, ISOLATE, Plan(()), Terms()),
    "restrict_form": lambda: restrict_form(open_alert(), SHOWN, MALLORY),
    "restrict_plan": lambda: _plan(Action.RESTRICT, STOP, RESTRICT, Terms(two=True)),
    "release_plan": lambda: _plan(Action.RELEASE, None, release_plan((), {}, ()), Terms()),
    "how_to_quarantine": lambda: _plan(Action.QUARANTINE, ISOLATE, QUARANTINE, Terms(), OFF),
    "how_to_restrict": lambda: _plan(Action.RESTRICT, STOP, RESTRICT, Terms(), OFF),
}
