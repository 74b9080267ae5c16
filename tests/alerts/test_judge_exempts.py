"""What exemptions ask for beside the change reaches them from the record and from what was read."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.alerts.judge import Judge
from bot.alerts.outcome import Fate
from bot.changes.baseline import Baseline, Past
from bot.changes.change import Change, GroupRef, Verb
from bot.changes.known import NOTHING, Known, known_of
from bot.changes.normalise import change_of
from bot.changes.severity import Severity
from bot.cloudtrail.record import Record, parse_record
from bot.detections.document import Place
from bot.detections.matcher import Matcher
from bot.exemptions.filed import Filed
from bot.exemptions.model import Scope
from tests.builders import a_change
from tests.detections.rules import a_detection
from tests.exemptions.strategies import numbered
from tests.records import ACCOUNT, GROUP, REGION, TERRAFORM, authorize, permission, role_session

RECORD = parse_record(
    authorize(
        permission(443, "10.0.0.0/8"),
        userAgent=TERRAFORM,
        sourceIPAddress="192.0.2.7",
        userIdentity=role_session(),
    )
)
GRAVE = replace(a_detection("*:*"), severity=Severity.MEDIUM)
JUDGE = Judge(
    Matcher([GRAVE]),
    place=lambda _: Place(country_iso_code="DE"),
    ous={ACCOUNT: "Workloads/Production"},
)


def known(seconds: float) -> Known:
    """Return what is known where the group was read so long before the change."""
    read = RECORD.event_time - timedelta(seconds=seconds)
    group = GroupRef(GROUP, "web-prod")
    past = Past(Baseline(ACCOUNT, REGION, group, (), read, (("env", "prod"),)))
    return known_of(change_of(RECORD), {GROUP: past})


def fate(scope: Scope, known: Known) -> Fate:
    verdict = JUDGE.verdict(RECORD, known=known)
    return JUDGE.outcome(RECORD, verdict, Filed(numbered([scope])), RECORD.event_time).fate


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        pytest.param({"tools": ("Terraform",)}, {"tools": ("Pulumi",)}, id="tool"),
        pytest.param({"sources": ("192.0.2.0/24",)}, {"sources": ("10.0.0.0/8",)}, id="source"),
        pytest.param({"group_tags": ("env=prod",)}, {"group_tags": ("env=test",)}, id="tag"),
        pytest.param({"countries": ("DE",)}, {"countries": ("FR",)}, id="country"),
        pytest.param(
            {"max_severity": Severity.MEDIUM}, {"max_severity": Severity.LOW}, id="severity"
        ),
        pytest.param({"ous": ("Workloads",)}, {"ous": ("Sandboxes",)}, id="OU"),
        pytest.param({"group_names": ("web-*",)}, {"group_names": ("api-*",)}, id="group's name"),
    ],
)
def test_the_clause_decides(right: dict[str, Any], wrong: dict[str, Any]) -> None:
    assert fate(Scope(**right), known(600)) is Fate.HIDDEN
    assert fate(Scope(**wrong), known(600)) is Fate.ALERTED


@pytest.mark.parametrize(
    "unknown",
    [pytest.param(NOTHING, id="never read"), pytest.param(known(1), id="read as it changed")],
)
def test_what_was_not_read_before_the_change_is_unknown(unknown: Known) -> None:
    assert fate(Scope(group_names=("web-*",)), unknown) is Fate.ALERTED
    assert fate(Scope(group_tags=("env=prod",)), unknown) is Fate.ALERTED


MOVE = parse_record(
    authorize(
        eventName="ModifyInstanceAttribute",
        requestParameters={"instanceId": "i-1", "groupSet": {"items": [{"groupId": GROUP}]}},
        userIdentity=role_session(),
    )
)
GROUPS = {"groupSet": {"items": [{"groupId": GROUP}]}}
RUN = parse_record(
    authorize(
        eventName="RunInstances",
        responseElements={"instancesSet": {"items": [{"instanceId": "i-1", **GROUPS}]}},
        userIdentity=role_session(),
    )
)
INTERFACE = parse_record(
    authorize(
        eventName="CreateNetworkInterface",
        responseElements={"networkInterface": {"networkInterfaceId": "eni-1", **GROUPS}},
        userIdentity=role_session(),
    )
)
MADE = a_change(verb=Verb.CREATE, group=GroupRef(GROUP), added=())


@pytest.mark.parametrize(
    "move",
    [
        pytest.param(MOVE, id="moved"),
        pytest.param(RUN, id="run"),
        pytest.param(INTERFACE, id="created"),
    ],
)
@pytest.mark.parametrize(
    ("known", "others", "hidden"),
    [
        pytest.param(NOTHING, (), False, id="never read"),
        pytest.param(Known(joined={"sg-2": ()}), (), False, id="another was read"),
        pytest.param(NOTHING, (a_change(group=GroupRef(GROUP)),), False, id="known in part"),
        pytest.param(Known(joined={GROUP: ()}), (), True, id="read, and open to nobody"),
        pytest.param(NOTHING, (MADE,), True, id="watched from when it was made"),
    ],
)
def test_a_move_into_a_group_of_unknown_rules_may_open_to_the_world(
    move: Record, known: Known, others: tuple[Change, ...], hidden: bool
) -> None:
    verdict = JUDGE.verdict(move, (), others, known)
    (plain,) = numbered([Scope(accounts=(ACCOUNT,))])
    worldly = replace(plain, allow_world=True)
    for exemption, hides in ((plain, hidden), (worldly, True)):
        fate = JUDGE.outcome(move, verdict, Filed([exemption]), move.event_time).fate
        assert (fate is Fate.HIDDEN) is hides


def test_of_a_move_that_was_stored_before_nothing_is_known() -> None:
    sighting = JUDGE.outcome(MOVE, JUDGE.verdict(MOVE), Filed(), MOVE.event_time).sighting
    assert sighting is not None
    assert replace(sighting, unread=None).around.unread == (GROUP,)
