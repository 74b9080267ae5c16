"""How bad each situation is by default, and that a policy may say otherwise."""

from dataclasses import fields, replace
from typing import Any

import pytest

from bot.changes.change import Change, Verb
from bot.changes.exposure import Organisation, exposure_of
from bot.changes.rules import Direction, GroupRule, Peer, PeerKind
from bot.changes.severity import Judged, Severity, SeverityPolicy, severity_of
from tests.builders import a_change, a_rule
from tests.changes.exposures import rule

ORGANISATION = Organisation(cidrs=("203.0.113.0/24",), aws_cidrs=("52.92.0.0/14",))
THEIRS = Peer(PeerKind.GROUP, "sg-2", "999999999999")
LOW, MEDIUM, HIGH, CRITICAL = Severity


def judged(change: Change, policy: SeverityPolicy | None = None, **known: Any) -> Judged:
    exposure = exposure_of(change, organisation=ORGANISATION, **known)
    return severity_of(change, exposure, policy or SeverityPolicy())


def out(cidr: str, port: int = 8443) -> GroupRule:
    return rule(cidr, port, direction=Direction.EGRESS)


@pytest.mark.parametrize(
    ("rules", "severity", "reason"),
    [
        pytest.param([rule("0.0.0.0/0")], CRITICAL, "SSH open to the world", id="SSH, world"),
        pytest.param([rule("::/0", 5432)], CRITICAL, "PostgreSQL open to the world", id="IPv6"),
        pytest.param(
            [a_rule(None, protocol="-1")],
            CRITICAL,
            "all traffic open to the world",
            id="all traffic",
        ),
        pytest.param(
            [rule("0.0.0.0/0", 0, 65535)],
            CRITICAL,
            "SSH, RDP, WinRM and more open to the world",
            id="a range that contains sensitive ports",
        ),
        pytest.param(
            [rule("0.0.0.0/1"), rule("128.0.0.0/1")], CRITICAL, "SSH open to the world", id="halves"
        ),
        pytest.param(
            [rule("0.0.0.0/0", 8443)], HIGH, "open to the world", id="another port, world"
        ),
        pytest.param(
            [rule("0.0.0.0/0", 80, 81)], HIGH, "open to the world", id="80 and its neighbour"
        ),
        pytest.param(
            [rule("0.0.0.0/0", 443), rule("0.0.0.0/0", 8443)],
            HIGH,
            "open to the world",
            id="443 and more",
        ),
        pytest.param([a_rule(None, protocol="icmp")], HIGH, "open to the world", id="ICMP, world"),
        pytest.param(
            [rule("0.0.0.0/0", 443), rule("::/0", 80)],
            MEDIUM,
            "only web ports open to the world",
            id="80 and 443 alone",
        ),
        pytest.param(
            [rule("8.0.0.0/8", 3389)], HIGH, "RDP open to a large public range", id="RDP, wide"
        ),
        pytest.param([rule("8.0.0.0/8", 8443)], LOW, "open to a large public range", id="wide"),
        pytest.param(
            [rule("8.8.8.8/32", 6379)],
            MEDIUM,
            "Redis open to somebody outside the organisation",
            id="Redis, one address outside",
        ),
        pytest.param(
            [rule("8.8.8.8/32", 443)],
            LOW,
            "open to somebody outside the organisation",
            id="one, 443",
        ),
        pytest.param(
            [replace(a_rule(8443), peer=THEIRS)],
            MEDIUM,
            "open to a group of account 999999999999, which is not the organisation's",
            id="a group of another account",
        ),
        pytest.param(
            [replace(a_rule(), peer=THEIRS)],
            MEDIUM,
            "open to a group of account 999999999999, which is not the organisation's",
            id="SSH to a group of another account",
        ),
        pytest.param(
            [rule("52.92.0.0/16")],
            LOW,
            "SSH open to addresses of AWS, which anybody may rent",
            id="AWS",
        ),
        pytest.param(
            [rule("203.0.113.0/24")], LOW, "SSH open to the organisation's own addresses", id="own"
        ),
        pytest.param([rule("10.0.0.0/8")], LOW, "SSH open to private addresses", id="private"),
        pytest.param(
            [out("0.0.0.0/0", 443)],
            MEDIUM,
            "outgoing traffic allowed to the world",
            id="out, world",
        ),
        pytest.param(
            [out("8.8.8.8/32")],
            MEDIUM,
            "outgoing traffic allowed to somebody outside the organisation",
            id="out, one address",
        ),
        pytest.param(
            [out("52.92.0.0/16")],
            LOW,
            "outgoing traffic allowed to addresses of AWS, which anybody may rent",
            id="out, AWS",
        ),
        pytest.param(
            [out("10.0.0.0/8")],
            LOW,
            "outgoing traffic allowed to private addresses",
            id="out, private",
        ),
        pytest.param(
            [rule("0.0.0.0/0", 443), rule("8.0.0.0/8")],
            HIGH,
            "SSH open to a large public range",
            id="what is less wide may be worse",
        ),
    ],
)
def test_what_is_opened(rules: list[GroupRule], severity: Severity, reason: str) -> None:
    found = judged(a_change(added=rules))
    assert (found.severity, found.reasons[0]) == (severity, reason)


@pytest.mark.parametrize(
    ("given", "severity", "reason"),
    [
        pytest.param(
            {"removed": (a_rule(),), "verb": Verb.REVOKE},
            LOW,
            "tightening: it opens nothing",
            id="revoke",
        ),
        pytest.param(
            {"verb": Verb.DELETE}, LOW, "tightening: it opens nothing", id="a group is gone"
        ),
        pytest.param(
            {"verb": Verb.CREATE}, LOW, "a new group opens nothing by itself", id="a new group"
        ),
        pytest.param(
            {"verb": Verb.PREFIX_LIST, "cidrs_removed": ("0.0.0.0/0",)},
            LOW,
            "tightening: it opens nothing",
            id="a list shrinks",
        ),
        pytest.param(
            {"verb": Verb.PREFIX_LIST, "cidrs_added": ("0.0.0.0/0",)},
            HIGH,
            "open to the world",
            id="a list grows to the world",
        ),
        pytest.param(
            {"error": "Client.DryRunOperation"},
            LOW,
            "the call was a dry run",
            id="a dry run",
        ),
        pytest.param(
            {"error": "\x1b[1mE\n\x07"},
            LOW,
            "the call did nothing: [1mE",
            id="an error that would write to the terminal",
        ),
        pytest.param(
            {"verb": Verb.PREFIX_LIST, "cidrs_added": ("8.8.8.8/32",)},
            MEDIUM,
            "outgoing traffic allowed to somebody outside the organisation",
            id="a list grows by somebody, and any rule may name it",
        ),
        pytest.param(
            {"verb": Verb.PREFIX_LIST, "action": "RestoreManagedPrefixListVersion"},
            LOW,
            "the record does not tell what the list holds now",
            id="a list is restored",
        ),
        pytest.param(
            {"verb": Verb.PREFIX_LIST, "action": "CreateManagedPrefixList"},
            LOW,
            "it changes no rule",
            id="a new list",
        ),
        pytest.param(
            {"verb": Verb.MOVE, "target": "eni-1", "groups_after": ("sg-1", "sg-2")},
            LOW,
            "the record does not tell the rules of sg-1, sg-2",
            id="a move into groups of which nothing is known",
        ),
        pytest.param(
            {"verb": Verb.MODIFY, "rule_ids": ("sgr-1",)},
            LOW,
            "the record does not tell the rules",
            id="an edit of rules by their ids",
        ),
        pytest.param({"verb": Verb.DESCRIBE}, LOW, "it changes no rule", id="other descriptions"),
        pytest.param({"verb": Verb.TAG}, LOW, "it changes no rule", id="tags"),
        pytest.param({"verb": Verb.OTHER}, LOW, None, id="another call"),
    ],
)
def test_what_opens_nothing_or_cannot_be_told(
    given: Any, severity: Severity, reason: str | None
) -> None:
    found = judged(a_change(**{"added": ()} | given))
    assert (found.severity, next(iter(found.reasons), None)) == (severity, reason)


@pytest.mark.parametrize(
    ("group", "severity"),
    [
        pytest.param(rule("0.0.0.0/0"), HIGH, id="SSH is open to the world"),
        pytest.param(rule("0.0.0.0/0", 8443), HIGH, id="another port is open to the world"),
        pytest.param(rule("8.0.0.0/8"), HIGH, id="SSH is open to a large range"),
        pytest.param(rule("0.0.0.0/0", 443), MEDIUM, id="443 is open to the world"),
        pytest.param(rule("10.0.0.0/8"), LOW, id="SSH is open to private addresses"),
    ],
)
def test_a_move_is_as_bad_as_the_group_but_never_critical(
    group: GroupRule, severity: Severity
) -> None:
    change = a_change(added=(), verb=Verb.MOVE, groups_after=("sg-1",), target="i-1")
    found = judged(change, joined=frozenset({group}))
    assert found.severity is severity
    assert found.reasons[0].startswith("moved into a group with ") is (severity is HIGH)
    assert judged(change).severity is LOW


@pytest.mark.parametrize(
    ("edited", "severity", "reason"),
    [
        pytest.param(rule("0.0.0.0/0"), CRITICAL, "SSH open to the world", id="graver incoming"),
        pytest.param(
            rule("8.8.8.8/32", 8443),
            MEDIUM,
            "outgoing traffic allowed to somebody outside the organisation",
            id="graver outgoing",
        ),
        pytest.param(
            rule("10.0.0.0/8", 8443), LOW, "open to private addresses", id="harmless in both"
        ),
    ],
)
def test_an_edit_without_direction_is_as_bad_as_the_graver(
    edited: GroupRule, severity: Severity, reason: str
) -> None:
    edited = replace(edited, direction=Direction.UNKNOWN)
    found = judged(a_change(added=(), verb=Verb.MODIFY, modified=(edited,)))
    assert (found.severity, found.reasons[0]) == (severity, reason)
    assert "does not tell the direction" in found.reasons[-1]


ROWS = {
    "world_sensitive": a_change(added=[rule("0.0.0.0/0")]),
    "world": a_change(added=[rule("0.0.0.0/0", 8443)]),
    "world_web": a_change(added=[rule("0.0.0.0/0", 443)]),
    "wide_sensitive": a_change(added=[rule("8.0.0.0/8")]),
    "external_sensitive": a_change(added=[rule("8.8.8.8/32")]),
    "foreign_group": a_change(added=[replace(a_rule(8443), peer=THEIRS)]),
    "aws_sensitive": a_change(added=[rule("52.92.0.0/16")]),
    "egress_world": a_change(added=[out("0.0.0.0/0")]),
    "egress_external": a_change(added=[out("8.8.8.8/32")]),
    "other": a_change(added=[rule("10.0.0.0/8")]),
    "tightening": a_change(added=(), removed=[rule("0.0.0.0/0")]),
}


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("severity", Severity)
def test_each_row_of_the_policy_decides_its_situation(row: str, severity: Severity) -> None:
    policy = replace(SeverityPolicy(), **{row: severity})
    assert judged(ROWS[row], policy).severity is severity


def test_a_policy_may_say_how_bad_a_move_is() -> None:
    change = a_change(added=(), verb=Verb.MOVE, groups_after=("sg-1",))
    policy = SeverityPolicy(moved_open=CRITICAL)
    assert judged(change, policy, joined=frozenset({rule("0.0.0.0/0")})).severity is CRITICAL
    assert {row.name for row in fields(SeverityPolicy)} == {*ROWS, "moved_open"}
