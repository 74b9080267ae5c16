"""Whether an alert does again what was reverted before, or undoes what was put back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from bot.alerts.alert import Alert
from bot.alerts.entries import ContainmentAsked, ContainmentEnded, Entry
from bot.alerts.evolve import evolve
from bot.alerts.index import index
from bot.alerts.people import SGWATCH
from bot.changes.change import Change, GroupRef, Verb
from bot.changes.rules import Direction, GroupRule
from bot.containment.effects.rules import Operation
from bot.containment.plan import Plan, rule_call
from bot.investigation.repeated import Repeated
from bot.investigation.run import Answer
from tests.alerts.test_evolve import ROSA, acknowledged
from tests.builders import a_change, a_rule, a_sighting, later, raised, seen

SSH = a_change("event-1")
AGAIN = replace(SSH, event_id="event-2", at=later(60))
OLD = a_rule(22, "10.0.0.0/8", rule_id="sgr-9")
EDITED = replace(
    AGAIN,
    verb=Verb.MODIFY,
    added=(),
    modified=(a_rule(rule_id="sgr-9", direction=Direction.UNKNOWN),),
)


@dataclass(frozen=True)
class Kept:
    """The alerts that there are, by their lists."""

    alerts: tuple[Alert, ...]

    def raised_since(self, name: str, since: int, count: int) -> dict[str, float]:
        return {alert.id: 0.0 for alert in self.alerts if name in index(alert)}

    def read(self, alert_id: str) -> "Kept | None":
        return next((Kept((alert,)) for alert in self.alerts if alert.id == alert_id), None)

    @property
    def alert(self) -> Alert:
        return self.alerts[0]


def reverted(
    *rules: GroupRule,
    call: Operation = Operation.REVOKE_INGRESS,
    verified: bool = True,
    at: datetime | None = None,
    alert: str = "SGW-EARLIER1",
) -> tuple[ContainmentAsked, ContainmentEnded]:
    """Return the entries of a revert, of SSH from everywhere if nothing else is said."""
    closed = rules or SSH.added
    plan = Plan((rule_call(call, SSH.account, SSH.region, SSH.group.id, closed, "ours"),))
    name, at = f"{alert}-c1", at or later(2)
    return (
        ContainmentAsked(at=at, by=ROSA, seen=1, containment=name, plan=plan, reason="not planned"),
        ContainmentEnded(at=at, by=SGWATCH, containment=name, verified=verified, told="gone"),
    )


def earlier(*entries: Entry, alert: str = "SGW-EARLIER1") -> Alert:
    """Return an earlier alert, with a revert if no other entries are given."""
    return evolve(None, (raised(alert), seen(a_sighting(SSH)), *(entries or reverted())))


def ask(*changes: Change, before: Sequence[Alert] = (), entries: Sequence[Entry] = ()) -> Answer:
    sightings = [replace(a_sighting(change), before=(OLD,)) for change in changes]
    alert = evolve(None, (raised(), *map(seen, sightings), *entries))
    return Repeated(Kept((*before, alert)))(alert, later(90))


def test_what_was_reverted_and_is_there_again_is_told_with_who_and_where() -> None:
    answer = ask(AGAIN, before=(earlier(),))
    (fact,), (signal,) = answer.facts, answer.signals
    told = f"does again what {ROSA.name} reverted on {later(2):%d %b %H:%M} UTC (SGW-EARLIER1)"
    assert (fact.value, signal.text) == (told, told)
    assert fact.more == ("SGW-EARLIER1: opens what was closed: in tcp 22 ← 0.0.0.0/0",)
    assert (signal.name, signal.weight > 0) == ("reverted_before", True)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param((replace(AGAIN, added=(a_rule(None),)),), id="by a wider rule"),
        pytest.param(
            tuple(
                replace(AGAIN, event_id=half, added=(a_rule(22, half),))
                for half in ("0.0.0.0/1", "128.0.0.0/1")
            ),
            id="by two rules that come to the same",
        ),
        pytest.param((EDITED,), id="by the edit of another rule"),
    ],
)
def test_what_is_opened_again_in_another_way_is_seen_through(changes: Sequence[Change]) -> None:
    (fact,) = ask(*changes, before=(earlier(),)).facts
    assert fact.more == ("SGW-EARLIER1: opens what was closed: in tcp 22 ← 0.0.0.0/0",)


def test_what_is_taken_away_that_was_put_back_contradicts_it_too() -> None:
    put_back = earlier(*reverted(call=Operation.AUTHORIZE_INGRESS))
    answer = ask(replace(AGAIN, added=(), removed=SSH.added), before=(put_back,))
    (line,) = answer.facts[0].more
    assert line == "SGW-EARLIER1: takes away what was put back: in tcp 22 ← 0.0.0.0/0"


def test_a_containment_of_the_same_alert_can_be_contradicted() -> None:
    (fact,) = ask(SSH, AGAIN, entries=reverted(alert="SGW-TEST0001")).facts
    assert fact.value.endswith("UTC (this alert)")


def test_what_was_released_since_is_in_force_no_more() -> None:
    given_back = reverted(call=Operation.AUTHORIZE_INGRESS, at=later(20), alert="SGW-EARLIER2")
    (fact,) = ask(AGAIN, before=(earlier(*reverted(), *given_back),)).facts
    assert fact.value == "nothing like it was reverted in 90 days"


def test_what_comes_again_and_again_is_counted_and_the_latest_revert_told() -> None:
    latest = earlier(*reverted(at=later(30), alert="SGW-EARLIER2"), alert="SGW-EARLIER2")
    (fact,) = ask(AGAIN, before=(earlier(), latest)).facts
    assert fact.value.endswith(f"{later(30):%H:%M} UTC (SGW-EARLIER2); reverted 2 times in all")


@pytest.mark.parametrize(
    ("change", "entries"),
    [
        pytest.param(AGAIN, (acknowledged(),), id="nothing was reverted"),
        pytest.param(AGAIN, reverted(verified=False), id="a revert that did not succeed"),
        pytest.param(AGAIN, reverted(at=later(70)), id="reverted only afterwards"),
        pytest.param(replace(AGAIN, added=(a_rule(443),)), reverted(), id="another port"),
        pytest.param(
            replace(AGAIN, added=(a_rule(22, "203.0.113.7/32"),)), reverted(), id="from one place"
        ),
        pytest.param(
            replace(AGAIN, added=(a_rule(22, "::/0"),)), reverted(), id="another kind of address"
        ),
        pytest.param(
            replace(AGAIN, added=(a_rule(22, "sg-2"),)), reverted(a_rule(22, "sg-1")), id="to whom"
        ),
        pytest.param(
            replace(AGAIN, added=(a_rule(direction=Direction.EGRESS),)), reverted(), id="outwards"
        ),
        pytest.param(replace(AGAIN, group=GroupRef("sg-other")), reverted(), id="another group"),
        pytest.param(
            replace(AGAIN, added=(), removed=SSH.added), reverted(), id="taken away as well"
        ),
        pytest.param(replace(AGAIN, error="Client.Denied"), reverted(), id="in vain"),
    ],
)
def test_nothing_else_is_called_a_repetition(change: Change, entries: Sequence[Entry]) -> None:
    answer = ask(change, before=(earlier(*entries),))
    assert answer.facts[0].value == "nothing like it was reverted in 90 days"
    assert answer.signals == ()


def test_an_alert_is_found_by_the_groups_that_were_put_back() -> None:
    assert f"reverted:{SSH.group.id}" in index(earlier())
    assert f"reverted:{SSH.group.id}" not in index(earlier(*reverted(verified=False)))
