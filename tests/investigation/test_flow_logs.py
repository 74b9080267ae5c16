"""Flow logs: asked for once a revert has closed what was open, with a query that can be copied."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from bot.alerts.alert import Alert, Resolution, ResolutionKind, Status
from bot.alerts.due import Investigate, due
from bot.alerts.evolve import evolve
from bot.alerts.fact import Question
from bot.alerts.people import Author
from bot.alerts.policy import AlertPolicy
from bot.alerts.progress import Progress
from bot.alerts.questions import open_questions
from bot.aws.network import Described, FlowLog, Interface
from bot.changes.exposure import Exposure, Reach
from bot.changes.rules import Direction, GroupRule
from bot.containment.states import GroupState
from bot.investigation.flow_logs import FlowLogs
from bot.investigation.groups import Groups
from tests.builders import NOON, a_change, a_rule, a_sighting, later, raised, seen

WORLD = Exposure(Reach.WORLD, Direction.INGRESS, ("22/tcp",), ("SSH",), ())
ASKABLE = frozenset({Question.FLOW_LOGS})
WATCHED = FlowLog("/vpc/it's", "arn:aws:logs:…")


@dataclass
class Account:
    """One group in one VPC, and the VPC's flow logs."""

    logs: tuple[FlowLog, ...] = (WATCHED,)
    inside: tuple[Interface, ...] = (Interface("eni-1", "subnet-1"),)
    vpc: str = "vpc-1"
    asked: list[str] = field(default_factory=list)

    def flow_logs(self, account: str, region: str, vpc: str) -> tuple[FlowLog, ...]:
        self.asked.append(vpc)
        return self.logs

    def interfaces(self, account: str, region: str, groups: Sequence[str]) -> tuple[Interface, ...]:
        return self.inside

    def describe(self, account: str, region: str, group_id: str) -> Described | None:
        return Described(group_id, "web", self.vpc) if self.vpc else None

    def read_group(self, account: str, region: str, group_id: str) -> GroupState:
        raise AssertionError

    def referring(self, account: str, region: str, peer: str) -> tuple[Described, ...]:
        raise AssertionError

    def referring_networks(self, account: str, region: str, group_id: str) -> tuple[str, ...]:
        raise AssertionError


def alert_with(*rules: GroupRule, exposure: Exposure | None = WORLD) -> Alert:
    change = a_change(added=rules or (a_rule(),))
    return evolve(None, (raised(), seen(a_sighting(change, exposure=exposure))))


def reverted(alert: Alert, kind: ResolutionKind = ResolutionKind.REVERTED) -> Alert:
    resolution = Resolution(kind, Author("U0ROSA", "Rosa"), later(6), "not us")
    return replace(alert, status=Status.RESOLVED, resolution=resolution)


def asked(account: Account, alert: Alert) -> tuple[str, str, tuple[str, ...]]:
    fact = FlowLogs(account, Groups(account))(alert, later(7)).facts[0]
    return fact.value, fact.unknown, fact.more


def test_the_query_asks_for_these_ports_in_this_time() -> None:
    value, _, (command,) = asked(Account(), reverted(alert_with(a_rule(), a_rule(443))))
    assert value == "in CloudWatch, /vpc/it's: Details has a query to copy"
    words = shlex.split(command)
    assert words[:5] == ["aws", "logs", "start-query", "--log-group-name", "/vpc/it's"]
    begin, end = int(NOON.timestamp()), int(later(21).timestamp())
    assert words[5:9] == ["--start-time", str(begin), "--end-time", str(end)]
    assert 'action = "ACCEPT"' in words[-1]
    ports = "((dstPort >= 22 and dstPort <= 22) or (dstPort >= 443 and dstPort <= 443))"
    assert f'{ports} and interfaceId in ["eni-1"]' in words[-1]


def test_where_every_port_was_open_it_asks_for_every_port() -> None:
    _, _, (command,) = asked(Account(), reverted(alert_with(a_rule(None, protocol="-1"))))
    assert "dstPort >=" not in command


@pytest.mark.parametrize(
    ("account", "value", "unknown"),
    [
        pytest.param(
            Account(logs=()),
            "none for vpc-1: who connected while it was open cannot be told from them",
            "",
            id="none",
        ),
        pytest.param(
            Account(logs=(FlowLog("", "arn:aws:s3:::logs"),)),
            "in arn:aws:s3:::logs: ask there who connected while it was open",
            "",
            id="elsewhere",
        ),
        pytest.param(
            Account(vpc=""), "", "the group is gone, so its VPC is not known", id="no group"
        ),
    ],
)
def test_what_there_is_instead_is_told(account: Account, value: str, unknown: str) -> None:
    assert asked(account, reverted(alert_with())) == (value, unknown, ())


@pytest.mark.parametrize(
    ("alert", "questions"),
    [
        pytest.param(reverted(alert_with()), (Question.FLOW_LOGS,), id="reverted"),
        pytest.param(alert_with(), (), id="still open"),
        pytest.param(reverted(alert_with(), ResolutionKind.BENIGN), (), id="benign"),
        pytest.param(reverted(alert_with(exposure=None)), (), id="let nothing in"),
    ],
)
def test_it_is_asked_only_after_a_revert_of_what_let_somebody_in(
    alert: Alert, questions: tuple[Question, ...]
) -> None:
    assert open_questions(alert, {}, ASKABLE, later(7))[0] == questions


def test_a_resolved_alert_is_asked_it_and_nothing_else() -> None:
    policy = AlertPolicy(channel="C0ALERTS", questions=frozenset(Question))
    alert = reverted(alert_with())
    shown = Progress(queued=alert.position)
    assert due(alert, shown, policy, later(7)).steps == (Investigate((Question.FLOW_LOGS,)),)
