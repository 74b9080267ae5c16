"""Promise 6 on real EC2 calls: what a containment did raises no alert; nobody passes as us."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count

import pytest

from bot.alerts.alert import Alert, Status
from bot.alerts.approval import Terms
from bot.alerts.commands import AskRevert, AskUndo
from bot.alerts.entries import OwnCallSeen
from bot.alerts.judge import Judge
from bot.alerts.outcome import Fate
from bot.alerts.people import Right
from bot.alerts.policy import AlertPolicy
from bot.aws.actors import ActorReader
from bot.aws.executor import Executor
from bot.aws.isolation import SiteReader
from bot.aws.sessions import Roles, Sessions
from bot.aws.states.reading import StateReader
from bot.cloudtrail.principal import principal_of
from bot.cloudtrail.record import Record, parse_record
from bot.contain import AwsHands, Contain, plan_of
from bot.containment.action import Action, Intent
from bot.detections.loader import packaged
from bot.detections.matcher import Matcher
from bot.isolating import Isolation, owner_of
from bot.recorder import Recorder
from bot.store.deciding import Decision, decide_on
from bot.store.store import Store
from sandbox.aws.actors import Actor, Credentials
from sandbox.aws.server import AwsServer
from tests.aws.conftest import PROD, REGION
from tests.builders import MARCUS, ROSA

READ = "arn:aws:iam::{account}:role/sgwatch-read"
CONTAIN = "arn:aws:iam::{account}:role/sgwatch-contain"
SSH = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
RDP = SSH | {"FromPort": 3389, "ToPort": 3389}
CALLS = {"AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"}
_numbers = count()


@dataclass
class Line:
    """From the trail to the alerts: what each record became of."""

    server: AwsServer
    root: Actor
    store: Store
    hands: AwsHands
    group: str
    told: int = 0
    recorder: Recorder = field(init=False)

    def __post_init__(self) -> None:
        judge = Judge(Matcher(packaged().detections))
        policy = AlertPolicy(channel="C0ALERTS")
        self.recorder = Recorder(self.store, lambda: judge, policy, CONTAIN)
        self.told = len(self.server.trail.records)

    def news(self) -> list[Record]:
        """Return the records of changes since last asked."""
        records = self.server.trail.records[self.told :]
        self.told += len(records)
        read = [parse_record(record) for record in records]
        return [record for record in read if record.event_name in CALLS]

    def deliver(self, record: Record) -> Fate:
        """Have the record judged; return what became of it."""
        self.recorder.record(record, self.store.attention.now(), patient=False)
        outcome = self.store.events.find(record.event_id)
        assert outcome is not None
        return outcome.fate

    def reverted(self) -> tuple[Alert, Record]:
        """Open SSH as root, and revert it; return the alert and the record of our own call."""
        self.root.ec2.authorize_security_group_ingress(
            GroupId=self.group,
            IpPermissions=[SSH],  # type: ignore[list-item]
        )
        [opening] = self.news()
        assert self.deliver(opening) is Fate.ALERTED
        outcome = self.store.events.find(opening.event_id)
        assert outcome is not None
        alert = self.alert(outcome.alert)
        plan = plan_of(self.store, self.hands, alert, Intent(Action.REVERT))
        decided = decide_on(self.store, alert.id, AskRevert(plan, "not us", 1), ROSA)
        assert isinstance(decided, Decision)
        running = decided.alert.running
        assert running is not None
        Contain(self.store, self.hands, lambda: None).carry_on(decided.alert, running)
        [closing] = self.news()
        return self.alert(alert.id), closing

    def alert(self, alert_id: str) -> Alert:
        reading = self.store.timelines.read(alert_id)
        assert reading is not None
        return reading.alert

    def session(self, role: str, name: str) -> Actor:
        """Return somebody who has assumed a role, and named the session."""
        arn = f"arn:aws:iam::{PROD}:role/{role}"
        given = self.root.sts.assume_role(RoleArn=arn, RoleSessionName=name)["Credentials"]
        credentials = Credentials(
            given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]
        )
        return replace(self.root, credentials=credentials)


@pytest.fixture(scope="module")
def sessions(server: AwsServer, roles: None) -> Iterator[Sessions]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "root")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "root")
        yield Sessions(REGION, Roles(READ, CONTAIN), endpoint_url=server.url)


@pytest.fixture
def line(server: AwsServer, root: Actor, sessions: Sessions, store: Store) -> Line:
    vpc = root.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    name = f"own-{next(_numbers)}"
    made = root.ec2.create_security_group(GroupName=name, Description="A group", VpcId=vpc)
    states, sites = StateReader(sessions), SiteReader(sessions, owner_of)
    isolation = Isolation(sites, ActorReader(sessions), states, lambda _: frozenset())
    hands = AwsHands(states, Executor(sessions), isolation)
    return Line(server, root, store, hands, made["GroupId"])


def test_our_own_call_is_known_as_ours(line: Line) -> None:
    alert, closing = line.reverted()
    assert (alert.containments[0].verified, closing.event_name) == (
        True,
        "RevokeSecurityGroupIngress",
    )
    principal = principal_of(closing)
    assert (principal.role, principal.session) == ("sgwatch-contain", f"{alert.id}-c1")
    assert line.deliver(closing) is Fate.OURS
    entries = line.store.timelines.entries(alert.id, 0)
    [noted] = [entry for entry in entries if isinstance(entry, OwnCallSeen)]
    assert noted.request_id == alert.containments[0].calls[0].request_id == closing.request_id


def test_an_undo_raises_no_alert_either(line: Line) -> None:
    alert, closing = line.reverted()
    line.deliver(closing)
    intent = Intent(Action.UNDO, of=f"{alert.id}-c1")
    plan = plan_of(line.store, line.hands, alert, intent)
    command = AskUndo(intent.of, plan, "the vendor needs it", Terms(ask=Right.APPROVER))
    decided = decide_on(line.store, alert.id, command, MARCUS)
    assert isinstance(decided, Decision)
    assert decided.alert.running is not None
    Contain(line.store, line.hands, lambda: None).carry_on(decided.alert, decided.alert.running)
    [opening] = line.news()
    assert line.deliver(opening) is Fate.OURS
    alert = line.alert(alert.id)
    assert (alert.status, alert.counts.changes) == (Status.OPEN, 1)
    again = plan_of(line.store, line.hands, alert, Intent(Action.REVERT))
    assert [call.operation for call in again.calls] == ["RevokeSecurityGroupIngress"]


@pytest.mark.parametrize(
    ("role", "session", "rule"),
    [
        pytest.param("sgwatch-contain", "{alert}-c1", RDP, id="another call in our session"),
        pytest.param("sgwatch-contain", "{alert}-c9", SSH, id="a containment that never was"),
        pytest.param("sgwatch-contain", "{alert}-c1", SSH, id="what we closed, opened again"),
        pytest.param("terraform-ci", "{alert}-c1", SSH, id="our session's name on another role"),
    ],
)
def test_nobody_passes_as_us(line: Line, role: str, session: str, rule: object) -> None:
    alert, closing = line.reverted()
    line.deliver(closing)
    forger = line.session(role, session.format(alert=alert.id))
    forger.ec2.authorize_security_group_ingress(
        GroupId=line.group,
        IpPermissions=[rule],  # type: ignore[list-item]
    )
    [forged] = line.news()
    assert line.deliver(forged) is Fate.ALERTED


def test_a_second_record_of_the_same_call_is_not_ours(line: Line) -> None:
    """Who may act as our role closes the same rule again: the request is not one of ours."""
    _, closing = line.reverted()
    line.deliver(closing)
    told = next(r for r in line.server.trail.records if r["eventID"] == closing.event_id)
    forged = told | {"eventID": "event-forged", "requestID": "request-forged"}
    assert line.deliver(parse_record(forged)) is Fate.ALERTED
