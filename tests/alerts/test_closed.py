"""What somebody took away again of what an alert is about."""

from collections.abc import Sequence

import pytest

from bot.alerts.alert import Alert
from bot.alerts.closed import balance, unseen
from bot.alerts.closing import Closing, closing_of
from bot.alerts.entries import ClosedAtSource
from bot.alerts.evolve import evolve
from bot.changes.change import Change, GroupRef, Verb
from bot.changes.exposure import Exposure, Reach
from bot.changes.rules import Direction
from tests.builders import a_change, a_principal, a_rule, a_sighting, later, raised, seen

SSH = a_rule(22, rule_id="sgr-ssh")
RDP = a_rule(3389, rule_id="sgr-rdp")
BOB = a_principal("bob")
LIST = Exposure(Reach.WORLD, Direction.UNKNOWN, ("the ports of rules that name the list",))


def opened(*rules: object, event: str = "event-1", minute: float = 0, **fields: object) -> Change:
    return a_change(event, later(minute), added=rules, **fields)  # type: ignore[arg-type]


def revoked(*rules: object, event: str = "close-1", minute: float = 4, **fields: object) -> Change:
    return a_change(event, later(minute), added=(), removed=rules, **fields)  # type: ignore[arg-type]


def edited(event: str, minute: float) -> Change:
    rule = a_rule(22, "10.0.0.0/8", Direction.UNKNOWN, rule_id="sgr-ssh")
    return a_change(
        event, later(minute), added=(), modified=(rule,), verb=Verb.MODIFY, action="Modify"
    )


def deleted(minute: float) -> Change:
    return a_change("close-1", later(minute), added=(), verb=Verb.DELETE, action="Delete")


def by_id(*ids: str) -> Change:
    return a_change("close-1", later(4), added=(), rule_ids=ids, verb=Verb.REVOKE)


def listed(event: str, minute: float, added: Sequence[str], removed: Sequence[str]) -> Change:
    return a_change(
        event,
        later(minute),
        added=(),
        group=GroupRef(),
        verb=Verb.PREFIX_LIST,
        target="pl-1",
        cidrs_added=tuple(added),
        cidrs_removed=tuple(removed),
    )


def closings(*changes: Change) -> tuple[Closing, ...]:
    return tuple(c for change in changes if (c := closing_of(change, BOB)) is not None)


def alert_with(opening: Sequence[Change], closing: Sequence[Change]) -> Alert:
    exposures = (LIST if change.verb is Verb.PREFIX_LIST else None for change in opening)
    sightings = [
        a_sighting(change, exposure=exposure) if exposure else a_sighting(change)
        for change, exposure in zip(opening, exposures, strict=True)
    ]
    alert = evolve(None, (raised(), *(seen(s, s.change.at) for s in sightings)))
    found = unseen(alert, closings(*closing))
    return evolve(alert, [ClosedAtSource(at=later(9), closing=each) for each in found])


@pytest.mark.parametrize(
    ("opening", "closing", "count", "everything"),
    [
        pytest.param([opened(SSH)], [revoked(SSH)], 1, True, id="the same rule"),
        pytest.param([opened(SSH)], [revoked(RDP)], 0, False, id="another rule"),
        pytest.param([opened(SSH, RDP)], [revoked(SSH)], 1, False, id="one of two"),
        pytest.param(
            [opened(SSH, RDP)],
            [revoked(SSH), revoked(RDP, event="close-2")],
            2,
            True,
            id="one after the other",
        ),
        pytest.param([opened(SSH)], [by_id("sgr-ssh")], 1, True, id="by its id"),
        pytest.param([opened(SSH)], [deleted(4)], 1, True, id="the group deleted"),
        pytest.param([opened(SSH)], [edited("close-1", 4)], 1, True, id="the rule edited"),
        pytest.param([edited("event-1", 0)], [edited("event-1", 0)], 0, False, id="not by itself"),
        pytest.param(
            [opened(SSH)], [revoked(SSH, minute=-1)], 0, False, id="a closing before the opening"
        ),
        pytest.param(
            [opened(SSH)], [revoked(SSH, group=GroupRef("sg-other"))], 0, False, id="elsewhere"
        ),
        pytest.param([opened(SSH)], [revoked(SSH, error="Denied")], 0, False, id="in vain"),
        pytest.param(
            [opened(SSH), opened(SSH, event="event-2", minute=6)],
            [revoked(SSH)],
            1,
            False,
            id="opened again after",
        ),
        pytest.param(
            [opened(SSH), opened(SSH, event="event-2", minute=6)],
            [revoked(SSH), revoked(SSH, event="close-2", minute=8)],
            2,
            True,
            id="opened again and closed again",
        ),
        pytest.param(
            [listed("event-1", 0, ["0.0.0.0/0"], [])],
            [listed("close-1", 4, [], ["0.0.0.0/0"])],
            1,
            True,
            id="a range of a prefix list",
        ),
        pytest.param(
            [opened(SSH), a_change("event-2", added=(), verb=Verb.MOVE, target="i-1")],
            [revoked(SSH)],
            1,
            False,
            id="an instance moved beside it is not known to be back",
        ),
    ],
)
def test_what_was_closed(
    opening: list[Change], closing: list[Change], count: int, everything: bool
) -> None:
    found = balance(alert_with(opening, closing))
    assert (len(found.closed), found.all) == (count, everything)


def test_a_closing_counts_once() -> None:
    alert = alert_with([opened(SSH)], [revoked(SSH)])
    again = evolve(alert, [ClosedAtSource(at=later(9), closing=alert.closings[0])])
    assert again.closings == alert.closings
    assert unseen(again, again.closings) == ()


def test_more_than_an_alert_holds_is_never_said_to_be_all_closed() -> None:
    rules = [a_rule(port) for port in range(1, 53)]
    opening = [opened(rule, event=f"event-{n}") for n, rule in enumerate(rules)]
    assert not balance(alert_with(opening, [revoked(*rules)])).all
