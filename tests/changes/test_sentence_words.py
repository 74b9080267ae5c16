"""Who is named in a sentence, what callers cannot do to it, and rules in one line."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.changes.change import GroupRef, Verb
from bot.changes.exposure import Organisation, exposure_of
from bot.changes.rules import Direction, GroupRule
from bot.changes.sentence import rule_line, sentence
from tests.builders import a_change, a_principal, a_rule
from tests.changes.exposures import rule
from tests.changes.strategies import rules_of

OUT, UNKNOWN = Direction.EGRESS, Direction.UNKNOWN
WORLD = a_rule()
EDITED = (replace(WORLD, direction=UNKNOWN),)


def test_a_move_into_an_open_group_says_so() -> None:
    change = a_change(added=(), verb=Verb.MOVE, target="i-1", groups_after=("sg-0a1b",), action="X")
    exposure = exposure_of(change, organisation=Organisation(), joined=frozenset({WORLD}))
    assert sentence(a_principal(), change, exposure) == (
        "alice moved i-1 into sg-0a1b (web-prod), open to the whole internet on SSH"
    )


def test_a_move_into_a_group_open_outwards_is_not_told_as_open_to_all_comers() -> None:
    change = a_change(added=(), verb=Verb.MOVE, target="i-1", groups_after=("sg-0a1b",), action="X")
    outwards = frozenset({replace(WORLD, direction=OUT)})
    exposure = exposure_of(change, organisation=Organisation(), joined=outwards)
    assert sentence(a_principal(), change, exposure) == (
        "alice moved i-1 into sg-0a1b (web-prod), open to the whole internet for outgoing traffic"
    )


@pytest.mark.parametrize(
    ("fields", "who"),
    [
        pytest.param({"person": "alice@example.com"}, "alice@example.com", id="a person"),
        pytest.param({"role": "Ops", "session": "bob"}, "Ops/bob", id="a role's session"),
        pytest.param(
            {"invoked_by": "cloudformation.amazonaws.com"},
            "alice (through cloudformation.amazonaws.com)",
            id="through a service",
        ),
        pytest.param(
            {"role": "AWSServiceRoleForRDS", "invoked_by": "rds.amazonaws.com"},
            "AWSServiceRoleForRDS",
            id="a service for itself",
        ),
        pytest.param({"name": "", "id": ""}, "somebody", id="nobody knows"),
    ],
)
def test_who_did_it(fields: Any, who: str) -> None:
    change = a_change(verb=Verb.DELETE, added=())
    assert sentence(a_principal(**fields), change, None).startswith(f"{who} deleted")


def test_outside_text_stays_on_one_line_and_cannot_push_the_rest_away() -> None:
    evil = "x\n\x1b[2J\u202e<!channel>" * 99
    fields: Any = {"verb": Verb.AUTHORIZE, "asked": (WORLD,), "error": evil}
    change = a_change(group=GroupRef(evil, evil), added=(), **fields)
    line = sentence(a_principal(name=evil), change, None)
    assert len(line) <= 300
    assert line.isprintable()
    assert "tried to open SSH (22/tcp) to the whole internet" in line


@pytest.mark.parametrize(
    ("rule_", "line"),
    [
        pytest.param(WORLD, "in tcp 22 ← 0.0.0.0/0", id="in"),
        pytest.param(
            a_rule(None, "sg-0b2c", OUT, protocol="-1"), "out all → sg-0b2c", id="out, all traffic"
        ),
        pytest.param(rule("::/0", 0, 65535), "in tcp 0-65535 ← ::/0", id="a range"),
        pytest.param(
            rule("10.0.0.0/8", 8, 0, protocol="icmp"), "in icmp 8:0 ← 10.0.0.0/8", id="ping"
        ),
        pytest.param(a_rule(None, protocol="50"), "in 50 all ← 0.0.0.0/0", id="by number"),
        pytest.param(EDITED[0], "in or out tcp 22 ↔ 0.0.0.0/0", id="direction not told"),
        pytest.param(a_rule(None, protocol=""), "in all ← 0.0.0.0/0", id="protocol not told"),
    ],
)
def test_rule_lines(rule_: GroupRule, line: str) -> None:
    assert rule_line(rule_) == line


@given(
    st.sampled_from(Direction).flatmap(rules_of),
    st.sampled_from(Verb),
    st.text(max_size=400),
    st.booleans(),
)
def test_every_sentence_is_one_short_line(
    rules: list[GroupRule], verb: Verb, text: str, failed: bool
) -> None:
    change = a_change(
        added=() if failed else rules,
        verb=verb,
        group=GroupRef(text, text, text),
        target=text,
        detail=text,
        action=text,
        error=text if failed else "",
        asked=tuple(rules),
        rule_ids=(text,),
        groups_after=(text,) * 5,
    )
    exposure = exposure_of(change, organisation=Organisation())
    line = sentence(a_principal(name=text), change, exposure)
    assert 0 < len(line) <= 300
    assert line.isprintable()
