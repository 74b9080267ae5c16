"""Promise 4: an event is hidden only if every group rule that it touches is covered."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.changes.change import Change, GroupRef, Verb
from bot.changes.exposure import Exposure, Reach
from bot.changes.rules import Direction, GroupRule, Peer, PeerKind
from bot.exemptions.matching import Coverage, covering, why_not
from bot.exemptions.model import Exemption, PortRange, Scope
from tests.builders import NOON, WORLD_SSH, a_change, a_principal, a_rule
from tests.exemptions.strategies import numbered

HTTPS = a_rule(443, "10.0.0.0/8")
SSH = a_rule(22, "10.1.0.0/16")
MOVE = a_change(added=(), action="ModifyInstanceAttribute", verb=Verb.MOVE, target="i-1")


def an_exemption(name: str = "X-1", *, allow_world: bool = False, **clauses: Any) -> Exemption:
    scope = Scope(**clauses)
    ends = NOON + timedelta(days=30)
    return Exemption(name, scope, "known", "U0ROSA", NOON, ends, allow_world=allow_world)


def coverage(change: Change, *exemptions: Exemption, exposure: Exposure | None = None) -> Coverage:
    return covering(change, a_principal(), ("d-1",), exemptions, NOON, exposure)


WHOLE: dict[str, Any] = {
    "principals": ("arn:aws:iam::123456789012:user/alice",),
    "accounts": ("123456789012",),
    "regions": ("eu-west-1",),
    "groups": ("sg-0a1b",),
    "actions": ("AuthorizeSecurityGroupIngress",),
    "detections": ("d-1",),
    "directions": (Direction.INGRESS,),
    "ports": (PortRange("tcp", 443, 443),),
    "cidrs": ("10.0.0.0/8",),
}


def test_a_scope_whose_clauses_all_match_hides_the_change() -> None:
    assert coverage(a_change(added=[HTTPS]), an_exemption(**WHOLE)) == Coverage(
        ("X-1",), (), hidden=True
    )


@pytest.mark.parametrize(
    ("clause", "reason"),
    [
        pytest.param(
            {"principals": ("arn:aws:iam::123456789012:user/bob",)}, "principal", id="who"
        ),
        pytest.param({"principals": ("alice",)}, "principal", id="a principal's part is not it"),
        pytest.param({"accounts": ("210987654321",)}, "account", id="account"),
        pytest.param({"regions": ("us-east-1",)}, "region", id="region"),
        pytest.param({"groups": ("sg-0a1",)}, "group", id="a group's beginning is not it"),
        pytest.param({"actions": ("RevokeSecurityGroupIngress",)}, "action", id="action"),
        pytest.param({"detections": ("d-2",)}, "detection", id="detection"),
        pytest.param({"directions": (Direction.EGRESS,)}, "direction", id="direction"),
        pytest.param({"ports": (PortRange("tcp", 80, 442),)}, "ports", id="ports beside it"),
        pytest.param({"ports": (PortRange("udp", None, None),)}, "ports", id="another protocol"),
        pytest.param({"cidrs": ("10.0.0.0/9",)}, "peer", id="half of the peer"),
        pytest.param({"cidrs": ("::/0",)}, "peer", id="the other kind of address"),
        pytest.param({"cidrs": (), "peer_groups": ("sg-1",)}, "peer", id="a group is no range"),
    ],
)
def test_one_clause_that_fails_is_enough_and_is_told(clause: dict[str, Any], reason: str) -> None:
    exemption, change = an_exemption(**WHOLE | clause), a_change(added=[HTTPS])
    assert not coverage(change, exemption).hidden
    assert reason in why_not(exemption, change, a_principal(), ("d-1",), NOON, None)


@pytest.mark.parametrize(
    ("unknown", "clause"),
    [
        pytest.param({"account": ""}, {"accounts": ("",)}, id="account"),
        pytest.param({"region": ""}, {"regions": ("",)}, id="region"),
        pytest.param({"group": GroupRef(name="web")}, {"groups": ("", "web")}, id="group"),
    ],
)
def test_unknown_never_matches(unknown: dict[str, Any], clause: dict[str, Any]) -> None:
    change = a_change(added=[HTTPS], **unknown)
    assert not coverage(change, an_exemption(**clause)).hidden
    assert coverage(change, an_exemption(ports=WHOLE["ports"])).hidden


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(replace(HTTPS, protocol="tpc"), id="an unknown protocol"),
        pytest.param(replace(HTTPS, from_port=9, to_port=7), id="ports the wrong way round"),
        pytest.param(replace(HTTPS, to_port=None), id="half a range"),
        pytest.param(replace(HTTPS, peer=Peer(PeerKind.IPV4, "elsewhere")), id="no address"),
    ],
)
def test_a_rule_that_cannot_be_read_is_covered_only_where_no_clause_asks(rule: GroupRule) -> None:
    asking = an_exemption(ports=(PortRange("-1", None, None),), cidrs=("0.0.0.0/0", "::/0"))
    assert coverage(a_change(added=[rule]), asking) == Coverage(uncovered=(rule,))
    assert coverage(a_change(added=[rule]), an_exemption(groups=("sg-0a1b",))).hidden


def test_a_rule_of_unknown_direction_matches_no_clause_about_it() -> None:
    change = a_change(added=[replace(HTTPS, direction=Direction.UNKNOWN)])
    assert not coverage(change, an_exemption(directions=tuple(Direction))).hidden
    assert coverage(change, an_exemption(groups=("sg-0a1b",))).hidden


def test_what_two_detections_matched_is_exempted_only_from_both() -> None:
    change, both = a_change(added=[HTTPS]), ("d-1", "d-2")
    one, two = an_exemption(detections=("d-1",)), an_exemption(detections=("d-1", "d-2"))
    assert not covering(change, a_principal(), both, [one], NOON, None).hidden
    assert covering(change, a_principal(), both, [two], NOON, None).hidden
    assert not covering(change, a_principal(), (), [two], NOON, None).hidden


@pytest.mark.parametrize(
    ("seconds", "hidden"),
    [
        pytest.param(-1, False, id="ended a second ago"),
        pytest.param(0, False, id="ends now"),
        pytest.param(1, True, id="ends in a second"),
    ],
)
def test_an_exemption_that_has_ended_hides_nothing(seconds: int, hidden: bool) -> None:
    exemption = replace(an_exemption(**WHOLE), expires_at=NOON + timedelta(seconds=seconds))
    change = a_change(added=[HTTPS])
    assert coverage(change, exemption).hidden is hidden
    told = why_not(exemption, change, a_principal(), ("d-1",), NOON, None)
    assert ("ended" in told) is not hidden


def test_opening_to_the_world_must_be_said_in_so_many_words() -> None:
    change = a_change(added=[a_rule()])
    silent, said = an_exemption(), an_exemption("X-2", allow_world=True)
    assert not coverage(change, silent, exposure=WORLD_SSH).hidden
    assert coverage(change, said, exposure=WORLD_SSH).exempted_by == ("X-2",)
    narrower = replace(WORLD_SSH, reach=Reach.WIDE)
    assert coverage(change, silent, exposure=narrower).hidden
    assert "world" in why_not(silent, change, a_principal(), ("d-1",), NOON, WORLD_SSH)


def test_one_covered_port_never_hides_an_uncovered_one() -> None:
    change = a_change(added=[HTTPS, SSH])
    assert coverage(change, an_exemption(ports=(PortRange("tcp", 443, 443),))) == Coverage(
        uncovered=(SSH,)
    )


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(a_change(added=[HTTPS, SSH]), id="opened"),
        pytest.param(a_change(added=[HTTPS], removed=[SSH]), id="closed"),
        pytest.param(a_change(added=[HTTPS], modified=(SSH,)), id="edited"),
    ],
)
def test_what_is_opened_closed_or_edited_all_counts(change: Change) -> None:
    assert not coverage(change, an_exemption(ports=(PortRange("tcp", 443, 443),))).hidden


@pytest.mark.parametrize(
    ("scopes", "by"),
    [
        pytest.param(
            [Scope(ports=(PortRange("tcp", 443, 443),)), Scope(ports=(PortRange("tcp", 22, 22),))],
            ("X-0", "X-1"),
            id="a rule each",
        ),
        pytest.param(
            [Scope(cidrs=("10.0.0.0/9",)), Scope(cidrs=("10.128.0.0/9",))],
            ("X-0", "X-1"),
            id="half a range each",
        ),
        pytest.param(
            [Scope(ports=(PortRange("tcp", 443, 443),)), Scope(directions=(Direction.INGRESS,))],
            ("X-1",),
            id="one of them alone is named alone",
        ),
    ],
)
def test_several_exemptions_cover_together(scopes: list[Scope], by: tuple[str, ...]) -> None:
    result = coverage(a_change(added=[HTTPS, SSH]), *numbered(scopes))
    assert result == Coverage(by, (), hidden=True)


@pytest.mark.parametrize(
    ("clauses", "hidden"),
    [
        pytest.param({"groups": ("sg-0a1b",)}, True, id="clauses that it can satisfy"),
        pytest.param({"groups": ("sg-2",)}, False, id="a clause that fails"),
        pytest.param({"ports": (PortRange("tcp", 22, 22),)}, False, id="ports"),
        pytest.param({"directions": (Direction.INGRESS,)}, False, id="direction"),
        pytest.param({"cidrs": ("0.0.0.0/0",)}, False, id="ranges"),
        pytest.param({"peer_groups": ("sg-0a1b",)}, False, id="peer groups"),
    ],
)
def test_a_change_without_group_rules_is_covered_as_a_whole(
    clauses: dict[str, Any], hidden: bool
) -> None:
    exemption = an_exemption(**clauses)
    assert coverage(MOVE, exemption).hidden is hidden
    assert (why_not(exemption, MOVE, a_principal(), ("d-1",), NOON, None) == "") is hidden


def test_rules_that_are_named_by_id_alone_match_no_clause_about_rules() -> None:
    change = a_change(added=(), removed=[HTTPS], rule_ids=("sgr-2",))
    about_rules = an_exemption(ports=(PortRange("tcp", 443, 443),))
    as_a_whole = an_exemption("X-2", groups=("sg-0a1b",))
    assert not coverage(change, about_rules).hidden
    assert coverage(change, about_rules, as_a_whole).exempted_by == ("X-2",)
    assert "does not tell" in why_not(about_rules, change, a_principal(), ("d-1",), NOON, None)


def test_a_peer_group_may_be_named_with_its_account_or_without() -> None:
    foreign = a_rule(443, "sg-app")
    foreign = replace(foreign, peer=replace(foreign.peer, account="210987654321"))
    for named, hidden in (("sg-app", True), ("210987654321/sg-app", True), ("1/sg-app", False)):
        change = a_change(added=[foreign])
        assert coverage(change, an_exemption(peer_groups=(named,))).hidden is hidden


def test_without_exemptions_every_rule_is_uncovered() -> None:
    assert coverage(a_change(added=[HTTPS, SSH])) == Coverage(uncovered=(HTTPS, SSH))


@pytest.mark.parametrize(
    ("spans", "hidden"),
    [
        pytest.param([("tcp", 8000, 8009), ("tcp", 8010, 8100)], True, id="side by side"),
        pytest.param([("tcp", 8000, 8009), ("tcp", 8011, 8100)], False, id="one port missing"),
        pytest.param([("tcp", 8001, 8100)], False, id="the first port missing"),
        pytest.param([("tcp", 8000, 8099)], False, id="the last port missing"),
        pytest.param([("tcp", 8050, 8100), ("tcp", 8000, 8060)], True, id="overlapping"),
        pytest.param([("-1", None, None)], True, id="all traffic"),
    ],
)
def test_a_range_of_ports_is_covered_to_the_last_one(
    spans: list[tuple[str, int | None, int | None]], hidden: bool
) -> None:
    rule = replace(HTTPS, from_port=8000, to_port=8100)
    exemptions = numbered([Scope(ports=(PortRange(*span),)) for span in spans])
    assert coverage(a_change(added=[rule]), *exemptions).hidden is hidden


@pytest.mark.parametrize(
    ("kind", "code", "hidden"),
    [
        pytest.param(3, None, True, id="the type"),
        pytest.param(3, 0, True, id="its first code"),
        pytest.param(3, 255, True, id="its last code"),
        pytest.param(4, 0, False, id="the next type"),
        pytest.param(None, None, False, id="every type"),
    ],
)
def test_an_icmp_type_stands_for_all_its_codes(
    kind: int | None, code: int | None, hidden: bool
) -> None:
    rule = replace(HTTPS, protocol="icmp", from_port=kind, to_port=code)
    exemption = an_exemption(ports=(PortRange("icmp", 3, None),))
    assert coverage(a_change(added=[rule]), exemption).hidden is hidden
