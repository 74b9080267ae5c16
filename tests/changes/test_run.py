"""A group that was made in the same run: what it had before a later change of the run."""

from dataclasses import replace
from typing import Any

import pytest

from bot.changes.calls.call import DEFAULT_EGRESS
from bot.changes.change import Change, GroupRef, Verb
from bot.changes.exposure import Organisation, exposure_of
from bot.changes.run import before_in_run
from tests.builders import a_change, a_rule, later

OPEN_OUT = replace(DEFAULT_EGRESS, rule_id="sgr-9")
SSH = a_rule(22, "10.0.0.0/8", rule_id="sgr-1")
WEB = a_rule(443, rule_id="sgr-2")


def step(number: int, **fields: Any) -> Change:
    return a_change(f"event-{number}", later(number), **{"added": ()} | fields)


CREATED = step(0, verb=Verb.CREATE, added=(DEFAULT_EGRESS,))
CLOSED = step(1, verb=Verb.REVOKE, removed=(DEFAULT_EGRESS,))
REOPENED = step(2, verb=Verb.AUTHORIZE, added=(OPEN_OUT,))


def opens(change: Change, *earlier: Change) -> bool:
    before = before_in_run(earlier, change)
    return exposure_of(change, organisation=Organisation(), before=before) is not None


def test_taking_the_default_egress_away_and_putting_it_back_opens_nothing() -> None:
    assert not opens(REOPENED, CREATED, CLOSED)
    assert not opens(REOPENED, CLOSED, CREATED), "events come in any order"
    assert opens(REOPENED), "a group of another run"
    assert opens(REOPENED, replace(CREATED, group=GroupRef("sg-other"))), "another group"
    assert opens(REOPENED, replace(CREATED, error="Denied")), "a group that was not made"


@pytest.mark.parametrize(
    ("steps", "rules"),
    [
        pytest.param([], {DEFAULT_EGRESS}, id="only made"),
        pytest.param([CLOSED], {DEFAULT_EGRESS}, id="the default egress counts all along"),
        pytest.param([step(1, added=(SSH, WEB))], {DEFAULT_EGRESS, SSH, WEB}, id="added"),
        pytest.param(
            [step(1, added=(SSH, WEB)), step(2, removed=(SSH,))],
            {DEFAULT_EGRESS, WEB},
            id="removed",
        ),
        pytest.param(
            [step(1, added=(SSH, WEB)), step(2, rule_ids=("sgr-1",), verb=Verb.REVOKE)],
            {DEFAULT_EGRESS, WEB},
            id="removed by id",
        ),
        pytest.param(
            [
                step(1, added=(SSH,)),
                step(2, verb=Verb.MODIFY, modified=(replace(WEB, rule_id="sgr-1"),)),
            ],
            {DEFAULT_EGRESS, WEB},
            id="edited",
        ),
        pytest.param([step(1, added=(SSH,), error="Denied")], {DEFAULT_EGRESS}, id="failed"),
        pytest.param([step(10, added=(SSH,))], {DEFAULT_EGRESS}, id="added later, known sooner"),
        pytest.param(
            [replace(step(0, added=(SSH,)), event_id="a-1")],
            {DEFAULT_EGRESS, SSH},
            id="added in the second of its creation",
        ),
    ],
)
def test_the_rules_that_a_new_group_had(steps: list[Change], rules: set[Any]) -> None:
    assert before_in_run([CREATED, *steps], step(9, added=(WEB,))) == frozenset(rules)


def test_of_two_changes_in_a_second_one_opens_what_both_do() -> None:
    one, other = (replace(step(1, added=(SSH,)), event_id=name) for name in ("a", "b"))
    run = (CREATED, one, other)
    assert [opens(change, *run) for change in (one, other)] == [True, False]


def test_a_group_that_the_record_does_not_name_is_not_known() -> None:
    unnamed = [replace(change, group=GroupRef()) for change in (CREATED, REOPENED)]
    assert before_in_run(unnamed[:1], unnamed[1]) is None
