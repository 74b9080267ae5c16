"""What a group was before a change: a reading, with what is known to have changed since."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from bot.changes.baseline import (
    Baseline,
    Before,
    Past,
    Unknown,
    before,
    rules_needed,
    with_directions,
)
from bot.changes.change import Change, GroupRef, Verb
from bot.changes.rules import Direction, GroupRule, Peer, PeerKind

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
GROUP = GroupRef("sg-0a1b")
CALLS = {
    Verb.AUTHORIZE: "AuthorizeSecurityGroupIngress",
    Verb.REVOKE: "RevokeSecurityGroupIngress",
    Verb.MODIFY: "ModifySecurityGroupRules",
    Verb.CREATE: "CreateSecurityGroup",
    Verb.DELETE: "DeleteSecurityGroup",
}


def rule(port: int, rule_id: str = "", peer: str = "10.0.0.0/8") -> GroupRule:
    kind = PeerKind.GROUP if peer.startswith("sg") else PeerKind.IPV4
    return GroupRule(Direction.INGRESS, "tcp", port, port, Peer(kind, peer), "", rule_id)


def change(verb: Verb, second: float, event_id: str = "", **what: Any) -> Change:
    at = (NOON + timedelta(seconds=second)).replace(microsecond=0)
    event_id = event_id or f"{verb}-{second}"
    return Change(event_id, at, "123456789012", "eu-west-1", CALLS[verb], verb, GROUP, **what)


def past(*rules: GroupRule, since: tuple[Change, ...] = (), second: float = 0, **more: Any) -> Past:
    read_at = NOON + timedelta(seconds=second)
    known = Baseline("123456789012", "eu-west-1", GROUP, rules, read_at)
    return Past(known, since, **more)


SSH, WEB, DNS = rule(22, "sgr-1"), rule(443, "sgr-2"), rule(53, "sgr-3")
OPENS = change(Verb.AUTHORIZE, 300, added=(DNS,))


@pytest.mark.parametrize(
    ("known", "happened", "rules"),
    [
        pytest.param(past(SSH), OPENS, {SSH}, id="nothing changed since it was read"),
        pytest.param(
            past(SSH, since=(change(Verb.AUTHORIZE, 100, added=(WEB,)),)),
            OPENS,
            {SSH, WEB},
            id="a rule came since",
        ),
        pytest.param(
            past(SSH, WEB, since=(change(Verb.REVOKE, 100, removed=(rule(22),)),)),
            OPENS,
            {WEB},
            id="a rule went since",
        ),
        pytest.param(
            past(SSH, WEB, since=(change(Verb.REVOKE, 100, rule_ids=("sgr-1",)),)),
            OPENS,
            {WEB},
            id="a rule went by its id",
        ),
        pytest.param(
            past(SSH, since=(change(Verb.MODIFY, 9, modified=(rule(23, "sgr-1"),)),)),
            OPENS,
            {rule(23)},
            id="a rule was edited",
        ),
        pytest.param(
            past(SSH, since=(change(Verb.AUTHORIZE, 1, added=(SSH,)),)),
            OPENS,
            {SSH},
            id="a change that the reading may have seen",
        ),
        pytest.param(
            past(SSH, since=(change(Verb.REVOKE, -20, removed=(SSH,)),)),
            OPENS,
            set(),
            id="a change that the reading may not have seen yet",
        ),
        pytest.param(
            past(SSH, since=(change(Verb.REVOKE, 100, removed=(SSH,), error="Client.Denied"),)),
            OPENS,
            {SSH},
            id="a change that failed",
        ),
        pytest.param(past(SSH, since=(OPENS,)), OPENS, {SSH}, id="the event itself is known"),
        pytest.param(
            past(SSH, since=(change(Verb.AUTHORIZE, 301, added=(WEB,)),)),
            OPENS,
            {SSH},
            id="a later change",
        ),
        pytest.param(
            past(SSH, untold=(("CreateTags", NOON + timedelta(seconds=9)),)),
            OPENS,
            {SSH},
            id="a call that changes no rules is known by name only",
        ),
    ],
)
def test_before_is_what_was_read_and_what_changed_since(
    known: Past, happened: Change, rules: set[GroupRule]
) -> None:
    found = before(known, happened)
    assert isinstance(found, Before)
    assert set(found.rules) == rules


@pytest.mark.parametrize(
    ("known", "happened", "why"),
    [
        pytest.param(Past(), OPENS, "not yet", id="it was never read"),
        pytest.param(Past(late=True), OPENS, "only after the change", id="it was read too late"),
        pytest.param(past(second=299), OPENS, "only after", id="it was read in the same moment"),
        pytest.param(past(SSH, too_many=True), OPENS, "too often", id="it changed too often"),
        pytest.param(past(DNS), OPENS, "was not told", id="what opens was open"),
        pytest.param(
            past(), change(Verb.REVOKE, 300, removed=(SSH,)), "was not told", id="what closes was"
        ),
        pytest.param(
            past(SSH, since=(change(Verb.AUTHORIZE, 9, added=(SSH,)),)),
            OPENS,
            "was not told",
            id="a rule came twice",
        ),
        pytest.param(
            past(SSH), change(Verb.MODIFY, 300, modified=(rule(1, "sgr-9"),)), "id", id="foreign id"
        ),
        pytest.param(
            past(SSH, since=(change(Verb.MODIFY, 1, modified=(rule(23, "sgr-1"),)),)),
            OPENS,
            "while its rules were read",
            id="an edit while it was read",
        ),
        pytest.param(
            past(since=(change(Verb.CREATE, 100),)), OPENS, "made after", id="it was made since"
        ),
        pytest.param(
            past(since=(change(Verb.DELETE, 100),)), OPENS, "deleted", id="it was deleted since"
        ),
        pytest.param(
            past(SSH, since=(change(Verb.AUTHORIZE, 300, "other", added=(WEB,)),)),
            OPENS,
            "more than once in that second",
            id="another change in the same second",
        ),
        pytest.param(
            past(
                since=(
                    change(Verb.AUTHORIZE, 100, "a", added=(WEB,)),
                    change(Verb.REVOKE, 100, "b", removed=(WEB,)),
                )
            ),
            OPENS,
            "twice within a second",
            id="a rule came and went in one second",
        ),
        pytest.param(
            past(untold=(("RevokeSecurityGroupIngress", NOON + timedelta(seconds=9)),)),
            OPENS,
            "only the name is known",
            id="a call is known by name only",
        ),
        pytest.param(
            past(since=(change(Verb.AUTHORIZE, 9, added=(rule(22, peer="sgname"),)),)),
            OPENS,
            "does not tell its rules fully",
            id="a rule names a group by its name",
        ),
        pytest.param(
            past(since=(change(Verb.AUTHORIZE, 9),)), OPENS, "is not told", id="no rules are told"
        ),
        pytest.param(
            past(SSH, since=(change(Verb.MODIFY, 9, rule_ids=("sgr-1",)),)),
            OPENS,
            "is not told",
            id="an edit does not tell to what",
        ),
    ],
)
def test_before_is_unknown_and_says_why(known: Past, happened: Change, why: str) -> None:
    found = before(known, happened)
    assert isinstance(found, Unknown)
    assert why in found.why


def test_of_two_changes_in_one_second_at_least_one_is_judged_beside_the_other() -> None:
    other = change(Verb.AUTHORIZE, 300, "other", added=(WEB,))
    found = before(past(SSH, since=(other,)), OPENS, loose=True)
    assert isinstance(found, Before)
    assert set(found.rules) == {SSH, WEB}


def test_what_a_record_does_not_tell_is_taken_from_before() -> None:
    known = (SSH, WEB, DNS)
    edit = change(Verb.MODIFY, 300, modified=(replace(SSH, direction=Direction.UNKNOWN),))
    assert rules_needed(edit, known) == (SSH,)
    assert rules_needed(change(Verb.REVOKE, 300, rule_ids=("sgr-2",)), known) == (WEB,)
    assert rules_needed(change(Verb.DELETE, 300), known) == known
    assert rules_needed(change(Verb.DELETE, 300, error="Client.Denied"), known) == ()
    assert rules_needed(OPENS, (SSH,)) == ()
    assert with_directions(edit, known).modified[0].direction is Direction.INGRESS
    assert with_directions(OPENS, known) is OPENS


@dataclass
class Model:
    """A group as EC2 keeps it: what happened at which moment, told as records tell it."""

    rules: dict[str, GroupRule] = field(default_factory=dict)
    ids: Iterator[int] = field(default_factory=lambda: count(1))
    log: list[tuple[float, dict[str, GroupRule]]] = field(default_factory=list)
    told: list[tuple[Change, frozenset[GroupRule]]] = field(default_factory=list)

    def do(self, moment: float, verb: Verb, ports: list[int], telling: int) -> None:
        was = frozenset(self.rules.values())
        what: dict[str, Any] = {}
        if verb is Verb.AUTHORIZE:
            new = {p for p in ports if rule(p) not in was}
            made = [rule(p, f"sgr-{next(self.ids)}") for p in sorted(new)]
            self.rules |= {one.rule_id: one for one in made}
            what["added"] = tuple(one if telling else replace(one, rule_id="") for one in made)
        elif verb is Verb.REVOKE:
            gone = [one for one in was if one.from_port in ports]
            for one in gone:
                del self.rules[one.rule_id]
            by_id = tuple(one.rule_id for one in gone)
            what |= {"removed": tuple(gone)} if telling else {"rule_ids": by_id}
        else:
            target = next((one for one in sorted(was) if one.from_port in ports), None)
            free = next((p for p in ports if rule(p) not in was), None)
            if target is None or free is None:
                return
            self.rules[target.rule_id] = rule(free, target.rule_id)
            edited = replace(self.rules[target.rule_id], direction=Direction.UNKNOWN)
            what["modified"] = (edited,)
        if not any(what.values()):
            return
        self.log.append((moment, dict(self.rules)))
        number = len(self.told)
        # Ids say nothing about the order.
        event_id = f"{number * 7919 % 1000:03}-{number}"
        self.told.append((change(verb, moment, event_id, **what), was))

    def at(self, moment: float, start: dict[str, GroupRule]) -> tuple[GroupRule, ...]:
        seen = [rules for when, rules in self.log if when <= moment]
        return tuple((seen[-1] if seen else start).values())


STEPS = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.3, 0.9, 2.5, 8.0, 45.0]),
        st.sampled_from([Verb.AUTHORIZE, Verb.REVOKE, Verb.MODIFY]),
        st.lists(st.integers(1, 5), min_size=1, max_size=3, unique=True),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=12,
)


@given(
    STEPS,
    st.lists(st.integers(1, 5), max_size=3, unique=True),
    st.floats(0, 80),
    st.floats(0, 25),
    st.floats(-1.5, 1.5),
)
def test_before_is_the_truth_or_unknown(
    steps: list[tuple[float, Verb, list[int], int]],
    ports: list[int],
    read: float,
    lag: float,
    skew: float,
) -> None:
    """Whatever happened when, however late AWS's answers are and however wrong our clock."""
    model = Model({f"sgr-0{p}": rule(p, f"sgr-0{p}") for p in ports})
    start, moment = dict(model.rules), 0.0
    for pause, verb, wanted, telling in steps:
        moment += pause + 0.001
        model.do(moment, verb, wanted, telling)
    known = past(
        *model.at(read - lag, start),
        second=read + skew,
        since=tuple(c for c, _ in model.told),
    )
    for happened, was in model.told:
        found = before(known, happened)
        event(type(found).__name__)
        if isinstance(found, Before):
            assert frozenset(found.rules) == was
