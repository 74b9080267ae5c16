"""Drift: what undoes a change past the tool is told, and nothing that does not add up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from bot.alerts.evolve import evolve
from bot.alerts.outcome import Fate, Outcome
from bot.alerts.sighting import Sighting
from bot.changes.change import Change, Verb
from bot.changes.rules import Direction, GroupRule
from bot.investigation.drift import past_the_tool
from bot.investigation.groups import Groups
from bot.investigation.managed import Managed
from tests.builders import a_change, a_rule, a_sighting, later, raised, seen
from tests.investigation.test_group import Reader
from tests.investigation.test_managed import CONSOLE, TERRAFORM, TERRAFORMED

SSH, RDP, HTTPS = a_rule(22), a_rule(3389, rule_id="sgr-2"), a_rule(443, rule_id="sgr-3")


def opened(*rules: GroupRule, minute: float = -10) -> Change:
    return a_change(f"opened-{minute}", later(minute), added=rules)


def closed(*rules: GroupRule, minute: float = 0) -> Change:
    return a_change(f"closed-{minute}", later(minute), added=(), removed=rules)


def outcome(sighting: Sighting, **fields: object) -> Outcome:
    change = sighting.change
    told = Outcome(
        change.event_id,
        change.at,
        Fate.ALERTED,
        change.action,
        change.account,
        change.region,
        sighting.principal.id,
        group=change.group.id,
        sighting=sighting,
    )
    return replace(told, **fields)  # type: ignore[arg-type]


def by_hand(change: Change) -> Outcome:
    return outcome(a_sighting(change, origin=CONSOLE))


def by_tool(change: Change) -> Outcome:
    return outcome(a_sighting(change, origin=TERRAFORM))


@dataclass
class Events:
    """What was read of the group before, beside the alert's own events."""

    outcomes: Sequence[Outcome]

    def history(
        self, by: str, value: str, count: int = 100, since: datetime | None = None
    ) -> list[Outcome]:
        assert (by, value) == ("group", "sg-0a1b")
        return sorted(self.outcomes, key=lambda found: found.at, reverse=True)


def undone(own: Sequence[Sighting], earlier: Sequence[Outcome]) -> list[str]:
    alert = evolve(None, (raised(), *map(seen, own)))
    events = Events((*map(outcome, own), *earlier))
    return [c.event_id for c in past_the_tool(alert, "sg-0a1b", "Terraform", events)]


UNTOLD = replace(by_hand(opened(RDP, minute=-5)), sighting=None)
BY_ID = replace(closed(), rule_ids=("sgr-1",))
EDITED = a_change(
    "edited",
    later(-10),
    added=(),
    modified=(replace(RDP, direction=Direction.UNKNOWN, rule_id="sgr-1"),),
    action="ModifySecurityGroupRules",
    verb=Verb.MODIFY,
)
BACK = replace(
    EDITED, event_id="back", at=later(0), modified=(replace(SSH, direction=Direction.UNKNOWN),)
)


def beside(change: Change, *before: GroupRule) -> Sighting:
    return replace(a_sighting(change), before=before)


@pytest.mark.parametrize(
    ("own", "earlier", "told"),
    [
        pytest.param([closed(SSH)], [by_hand(opened(SSH))], ["opened--10"], id="closes"),
        pytest.param(
            [opened(HTTPS, minute=0)],
            [by_hand(closed(HTTPS, minute=-10))],
            ["closed--10"],
            id="opens again",
        ),
        pytest.param(
            [closed(SSH), closed(RDP, minute=1)],
            [by_hand(opened(SSH)), by_hand(opened(RDP, minute=-5))],
            ["opened--10", "opened--5"],
            id="two by two",
        ),
        pytest.param([closed(SSH)], [], [], id="nothing known before"),
        pytest.param([closed(SSH)], [by_tool(opened(SSH))], [], id="undoes the tool itself"),
        pytest.param(
            [closed(SSH)],
            [by_tool(opened(RDP, minute=-5)), by_hand(opened(SSH))],
            [],
            id="the tool has been there since",
        ),
        pytest.param(
            [closed(SSH)],
            [by_tool(opened(HTTPS, minute=-20)), by_hand(opened(SSH))],
            ["opened--10"],
            id="the tool was there before",
        ),
        pytest.param(
            [closed(SSH)], [by_hand(opened(SSH, RDP))], [], id="half of what was opened stays"
        ),
        pytest.param([closed(SSH)], [by_hand(opened(RDP))], [], id="another rule"),
        pytest.param(
            [closed(SSH)], [UNTOLD, by_hand(opened(SSH))], [], id="something between is not told"
        ),
        pytest.param(
            [closed(SSH)],
            [replace(UNTOLD, error="AccessDenied"), by_hand(opened(SSH))],
            ["opened--10"],
            id="what failed between changed nothing",
        ),
        pytest.param(
            [closed(SSH)], [by_hand(opened(SSH, minute=0))], [], id="in the very same second"
        ),
        pytest.param(
            [opened(SSH, minute=-1), closed(SSH)],
            [by_hand(opened(RDP)), by_hand(closed(RDP, minute=-5))],
            [],
            id="nothing was left to undo",
        ),
        pytest.param([BY_ID], [by_hand(opened(SSH))], [], id="by an id that nobody knows"),
    ],
)
def test_what_is_undone(
    own: Sequence[Change], earlier: Sequence[Outcome], told: Sequence[str]
) -> None:
    assert undone([a_sighting(change) for change in own], earlier) == told


def test_rules_by_their_ids_count_where_they_are_known() -> None:
    assert undone([beside(BY_ID, SSH)], [by_hand(opened(SSH))]) == ["opened--10"]


def test_an_edit_that_is_edited_back() -> None:
    edited = outcome(beside(EDITED, SSH))
    turned = replace(RDP, rule_id="sgr-1")
    assert undone([beside(BACK, turned)], [edited]) == ["edited"]
    assert undone([a_sighting(BACK)], [edited]) == []


def test_the_alert_says_so() -> None:
    own = a_sighting(closed(SSH), origin=TERRAFORM)
    events = Events([outcome(own), by_hand(opened(SSH))])
    alert = evolve(None, (raised(), seen(own)))
    answer = Managed(Groups(Reader(TERRAFORMED)), events=events)(alert, later(1))
    (fact,) = answer.facts
    assert fact.value == (
        "Managed by Terraform; changed by Terraform; undoes a change past it (drift correction)"
    )
    assert "Undone: AuthorizeSecurityGroupIngress of 2026-03-02 11:50 UTC" in fact.more
    untagged = Managed(Groups(Reader()), events=events)(alert, later(1))
    assert not untagged.facts[0].value
