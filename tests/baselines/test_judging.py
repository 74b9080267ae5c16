"""What was read of groups, put to use when a record comes in."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.alerts.judge import Judge
from bot.alerts.policy import AlertPolicy
from bot.alerts.sighting import Sighting
from bot.changes.baseline import Baseline
from bot.changes.change import GroupRef
from bot.changes.exposure import Reach
from bot.changes.rules import Direction, GroupRule
from bot.changes.severity import Severity
from bot.cloudtrail.record import parse_record
from bot.detections.loader import packaged
from bot.detections.matcher import Matcher
from bot.investigation.before import KnownBefore
from bot.recorder import Recorder
from bot.slack.views.facts import change_lines
from bot.slack.views.sheet import change_rows
from bot.store.store import Store
from tests.builders import NOON, a_rule
from tests.simulation.records import ACCOUNT, CONTAIN_ROLE, REGION, authorize_record

GROUP = "sg-0a1b2c3d"
INSIDE = a_rule(22, "10.0.0.0/8", rule_id="sgr-1", description="jump host")
WEB = a_rule(443, "0.0.0.0/0", rule_id="sgr-2")
OUT = a_rule(5432, "10.1.0.0/16", Direction.EGRESS, rule_id="sgr-3")
AT = NOON + timedelta(minutes=5)


@pytest.fixture
def recorder(store: Store) -> Recorder:
    judge = Judge(Matcher(packaged().detections))
    return Recorder(store, lambda: judge, AlertPolicy(channel="C0ALERTS"), CONTAIN_ROLE)


def keep(store: Store, *rules: GroupRule, group: str = GROUP) -> None:
    ref = GroupRef(group, "web-prod", "vpc-1")
    store.baselines.keep(Baseline(ACCOUNT, REGION, ref, rules, NOON))


def a_call(name: str, request: dict[str, Any], at: datetime = AT) -> dict[str, Any]:
    base = authorize_record(f"{name}-{at:%H%M%S}", "alice", GROUP, WEB, at)
    return base | {
        "eventName": name,
        "requestParameters": request,
        "responseElements": {"requestId": "r-1", "_return": True},
    }


def edit(rule_id: str, cidr: str, at: datetime = AT) -> dict[str, Any]:
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": cidr}
    edited = {"SecurityGroupRuleId": rule_id, "tag": 1, "SecurityGroupRule": rule}
    wrapped = {"GroupId": GROUP, "SecurityGroupRule": edited}
    return a_call("ModifySecurityGroupRules", {"ModifySecurityGroupRulesRequest": wrapped}, at)


def opened(rule: GroupRule, at: datetime = AT, event_id: str = "event-1") -> dict[str, Any]:
    return authorize_record(event_id, "alice", GROUP, rule, at)


def recorded(recorder: Recorder, record: dict[str, Any]) -> Sighting:
    parsed = parse_record(json.loads(json.dumps(record)))
    recorder.record(parsed, AT, patient=False)
    outcome = recorder.store.events.outcome(parsed.event_time.date(), parsed.event_id)
    assert outcome is not None
    assert outcome.sighting is not None
    return outcome.sighting


def test_an_edit_tells_its_direction_its_group_and_what_it_replaced(recorder: Recorder) -> None:
    keep(recorder.store, INSIDE, WEB)
    seen = recorded(recorder, edit("sgr-1", "0.0.0.0/0"))
    assert seen.exposure is not None
    assert seen.exposure.direction is Direction.INGRESS
    assert seen.severity is Severity.CRITICAL
    assert seen.change.group == GroupRef(GROUP, "web-prod", "vpc-1")
    assert seen.before == (INSIDE,)
    assert list(change_lines(seen, named=False)) == ["~ in tcp 22 ← 10.0.0.0/8, now ← 0.0.0.0/0"]
    assert [row["effect"] for row in change_rows(seen)] == ["edited", "before"]


def test_an_edit_of_what_leaves_is_not_mistaken_for_what_comes_in(recorder: Recorder) -> None:
    keep(recorder.store, OUT)
    seen = recorded(recorder, edit("sgr-3", "10.2.0.0/16"))
    assert seen.change.modified[0].direction is Direction.EGRESS
    assert list(change_lines(seen, named=False)) == [
        "~ out tcp 5432 → 10.1.0.0/16, now out tcp 22 → 10.2.0.0/16"
    ]


def test_without_a_reading_an_edit_is_judged_as_before(recorder: Recorder) -> None:
    seen = recorded(recorder, edit("sgr-1", "0.0.0.0/0"))
    assert seen.exposure is not None
    assert seen.exposure.direction is Direction.UNKNOWN
    assert seen.before == ()
    assert list(change_lines(seen, named=False)) == ["~ in or out tcp 22 ↔ 0.0.0.0/0"]


def test_what_was_open_already_is_not_opened_again(recorder: Recorder) -> None:
    keep(recorder.store, a_rule(None, "0.0.0.0/0", protocol="-1"))
    seen = recorded(recorder, opened(a_rule(22, "0.0.0.0/0")))
    assert seen.exposure is None
    assert seen.severity < Severity.HIGH
    assert "it opens nothing beside what was open before" in seen.reasons


def test_halves_of_the_internet_add_up_across_calls(recorder: Recorder) -> None:
    keep(recorder.store)
    quarters = ("0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2")
    seen = [
        recorded(recorder, opened(a_rule(22, cidr, rule_id=f"sgr-{n}"), AT, f"event-{n}"))
        for n, cidr in enumerate(quarters)
    ]
    assert Reach.WORLD in {one.exposure.reach for one in seen if one.exposure}


def test_a_change_that_came_since_counts(recorder: Recorder) -> None:
    keep(recorder.store, WEB)
    recorded(recorder, opened(a_rule(22, "10.0.0.0/8", rule_id="sgr-9")))
    later = AT + timedelta(minutes=1)
    seen = recorded(recorder, edit("sgr-9", "0.0.0.0/0", later))
    assert [rule.peer.value for rule in seen.before] == ["10.0.0.0/8"]


def test_a_reading_after_the_change_tells_nothing(recorder: Recorder) -> None:
    keep(recorder.store, INSIDE)
    seen = recorded(recorder, edit("sgr-1", "0.0.0.0/0", NOON + timedelta(seconds=1)))
    assert seen.before == ()


@pytest.mark.parametrize(
    ("call", "request_", "lines"),
    [
        pytest.param(
            "DeleteSecurityGroup",
            {"groupId": GROUP},
            [
                f"DeleteSecurityGroup {GROUP} (web-prod)",
                "- in tcp 22 ← 10.0.0.0/8",
                "- in tcp 443 ← 0.0.0.0/0",
            ],
            id="a group that was deleted",
        ),
        pytest.param(
            "RevokeSecurityGroupIngress",
            {
                "groupId": GROUP,
                "securityGroupRuleIds": {"items": [{"securityGroupRuleId": "sgr-2"}]},
            },
            ["- in tcp 443 ← 0.0.0.0/0"],
            id="a rule that was taken away by its id",
        ),
    ],
)
def test_what_is_gone_is_told(
    recorder: Recorder, call: str, request_: dict[str, Any], lines: list[str]
) -> None:
    keep(recorder.store, INSIDE, WEB)
    parsed = parse_record(a_call(call, request_))
    known = recorder._known(parsed)
    judge = Judge(Matcher(()))
    verdict = judge.verdict(parsed, known=known)
    seen = recorded(recorder, opened(a_rule(1), AT + timedelta(minutes=1)))
    gone = Sighting(
        seen.principal, verdict.change, seen.origin, None, Severity.LOW, (), (), verdict.before
    )
    assert list(change_lines(gone, named=False)) == lines


@pytest.mark.parametrize(
    ("rules", "reach"),
    [
        pytest.param((INSIDE, a_rule(22, "0.0.0.0/0")), Reach.WORLD, id="one that is open"),
        pytest.param((INSIDE,), Reach.PRIVATE, id="one that is not"),
    ],
)
def test_a_move_is_judged_by_the_group_it_leads_to(
    recorder: Recorder, rules: tuple[GroupRule, ...], reach: Reach
) -> None:
    keep(recorder.store, *rules)
    request = {"instanceId": "i-1", "groupSet": {"items": [{"groupId": GROUP}]}}
    seen = recorded(recorder, a_call("ModifyInstanceAttribute", request))
    assert seen.exposure is not None
    assert seen.exposure.reach is reach


def test_before_can_be_asked_when_the_alert_is_looked_at(recorder: Recorder) -> None:
    keep(recorder.store, INSIDE, WEB)
    seen = recorded(recorder, edit("sgr-1", "0.0.0.0/0"))
    known = KnownBefore(recorder.store.baselines)
    assert set(known(seen.change) or ()) == {INSIDE, WEB}


def test_records_that_need_no_reading_ask_for_none(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(recorder.store, WEB)

    def refuse(*_: object) -> None:
        raise AssertionError("it was asked")

    monkeypatch.setattr(recorder.store.baselines, "pasts", refuse)
    recorded(recorder, a_call("CreateSecurityGroup", {"groupName": "web"}))
