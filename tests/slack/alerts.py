"""Alerts in every state that people see, built from entries."""

from dataclasses import replace
from datetime import timedelta

from bot.alerts.alert import Alert
from bot.alerts.closing import Closing
from bot.alerts.decide import author
from bot.alerts.entries import (
    Acknowledged,
    ActorAnswered,
    ActorAsked,
    AlsoExempted,
    CallBegun,
    CallEnded,
    ClosedAtSource,
    ContainmentAsked,
    ContainmentEnded,
    Entry,
    Exempted,
    Found,
    MarkedBenign,
    Reopened,
    Reply,
)
from bot.alerts.evolve import evolve
from bot.alerts.fact import Fact, Question, Signal
from bot.alerts.people import SGWATCH, Author
from bot.alerts.sighting import DetectionRef, Origin, Sighting
from bot.changes.change import Change, GroupRef, Verb
from bot.changes.exposure import Exposure, Reach
from bot.changes.rules import Direction, GroupRule, Peer, PeerKind
from bot.changes.severity import Severity
from bot.cloudtrail.principal import PrincipalKind
from bot.containment.effects.rules import Operation
from bot.containment.plan import Plan, rule_call
from bot.exemptions.model import Exemption, PortRange, Scope
from tests.builders import (
    ALICE,
    MARCUS,
    NOON,
    ROSA,
    a_change,
    a_principal,
    a_rule,
    a_sighting,
    later,
    raised,
    seen,
)

ACCOUNT = "123456789012"
CONSOLE = Origin("198.51.100.9", "Mozilla/5.0", "AWS console", automated=False)
TERRAFORM = Origin("203.0.113.20", "HashiCorp Terraform/1.9.5", "Terraform 1.9.5", automated=True)
PERSON = a_principal(
    "alice",
    kind=PrincipalKind.ROLE,
    id=f"arn:aws:iam::{ACCOUNT}:role/Admin",
    role="Admin",
    session="alice@example.com",
    person="alice@example.com",
    mfa=True,
    console=True,
)
CI = a_principal(
    "terraform-ci",
    kind=PrincipalKind.ROLE,
    id=f"arn:aws:iam::{ACCOUNT}:role/terraform-ci",
    role="terraform-ci",
    session="run-4711",
    access_key="ASIAEXAMPLE",
    mfa=False,
)
HOSTILE = "<!channel> *x* _y_ ~z~ `c` <http://evil.example|click> :fire: > \u202eevil\u200b & co"

PLAN = Plan(
    calls=(
        rule_call(
            Operation.REVOKE_INGRESS,
            ACCOUNT,
            "eu-west-1",
            "sg-0a1b",
            (a_rule(rule_id="sgr-07c1d2"),),
            "takes away only what was added, by rule id, as it was found just now",
        ),
    ),
    leaves=("sg-0a1b: as they are: in tcp 443 ← 10.0.0.0/8 (sgr-1).",),
)
PLAN_WITH_ALL = Plan(
    calls=(
        *PLAN.calls,
        rule_call(
            Operation.AUTHORIZE_EGRESS,
            ACCOUNT,
            "eu-west-1",
            "sg-0c2d",
            (a_rule(443, "10.0.0.0/8", Direction.EGRESS, rule_id="", description="to the proxy"),),
            "puts back only what was removed, after all closing",
        ),
    ),
    leaves=PLAN.leaves,
    cannot=("Rules that are put back get new ids, and no tags.",),
    drift=("sg-0a1b: in tcp 22 ← 0.0.0.0/0 (sgr-9) has been edited since. It is left as it is.",),
)
ACTOR_ASKED = ActorAsked(at=later(1), by=author(ROSA), slack_id=ALICE.slack_id, name=ALICE.name)
SAYS_YES = ActorAnswered(
    at=later(2), by=author(ALICE), reply=Reply.YES, reason="CHG-7, the vendor tests", seen=1
)
SAYS_NO = replace(SAYS_YES, reply=Reply.NO, reason="")
EXEMPTION = Exemption(
    id="EX-TEST0001-1",
    scope=Scope(
        principals=(CI.id,),
        accounts=(ACCOUNT,),
        groups=("sg-0a1b",),
        directions=(Direction.INGRESS,),
        ports=(PortRange("tcp", 443, 443),),
        cidrs=("10.0.0.0/8",),
    ),
    reason="The pipeline does this on every deployment, see OPS-12",
    owner=ROSA.slack_id,
    created_at=NOON,
    expires_at=NOON + timedelta(days=7),
    alert="SGW-TEST0001",
)


def console_sighting() -> Sighting:
    return a_sighting(principal=PERSON, origin=CONSOLE)


def quiet_sighting(number: int = 1, group: str = "sg-0a1b") -> Sighting:
    """Return a change by the pipeline that opens nothing to the world."""
    rule = a_rule(443, f"10.{number}.0.0/16", rule_id=f"sgr-{number}")
    named = GroupRef(group, f"app-{group[-1]}", "vpc-1")
    change = a_change(f"event-{number}", later(number / 10), added=(rule,), group=named)
    return a_sighting(change, Severity.LOW, None, CI, TERRAFORM)


def alert_of(*sightings: Sighting, after: tuple[Entry, ...] = ()) -> Alert:
    return evolve(None, (raised(), *(seen(s, s.change.at) for s in sightings), *after))


def open_alert() -> Alert:
    return alert_of(console_sighting())


ACKNOWLEDGED = Acknowledged(at=later(2), by=author(ROSA), severity=Severity.CRITICAL)
BENIGN = MarkedBenign(
    at=later(4), by=author(ROSA), seen=1, reason="Planned: the vendor tests until four, CHG-77"
)
REOPENED = Reopened(at=later(9), by=author(MARCUS), reason="The vendor says that is not them")
EXEMPTED = Exempted(at=later(4), by=author(ROSA), seen=1, exemption=EXEMPTION)
ALSO_EXEMPTED = AlsoExempted(
    at=later(4), by=author(ROSA), seen=1, exemption=EXEMPTION.id, reason=EXEMPTION.reason
)
ASKED = ContainmentAsked(
    at=later(5),
    by=author(MARCUS),
    seen=1,
    containment="SGW-TEST0001-c1",
    plan=PLAN,
    reason="not them: they say no",
)
BEGUN = CallBegun(at=later(5.1), by=SGWATCH, containment="SGW-TEST0001-c1", call=0)
ENDED = CallEnded(
    at=later(5.2), by=SGWATCH, containment="SGW-TEST0001-c1", call=0, request_id="r-1"
)
FAILED_CALL = CallEnded(
    at=later(5.2),
    by=SGWATCH,
    containment="SGW-TEST0001-c1",
    call=0,
    request_id="r-1",
    error="UnauthorizedOperation: not allowed",
)
READ_BACK = ContainmentEnded(
    at=later(6.2),
    by=SGWATCH,
    containment="SGW-TEST0001-c1",
    verified=True,
    told="sg-0a1b no longer allows in tcp 22 ← 0.0.0.0/0",
)
NOT_VERIFIED = ContainmentEnded(
    at=later(6.2),
    by=SGWATCH,
    containment="SGW-TEST0001-c1",
    verified=False,
    told="sg-0a1b still allows in tcp 22 ← 0.0.0.0/0",
)


CLOSED = ClosedAtSource(
    at=later(4.2),
    closing=Closing("event-9", later(4), "sg-0a1b", "terraform-ci", (a_rule(),)),
)


def investigated(unanswered: bool = False) -> Alert:
    """Return an alert with an answer to every question, or only to some."""
    who, group = PERSON.id, "sg-0a1b"
    facts = (
        Fact(Question.GROUP, group, "owner team-web, environment prod"),
        Fact(
            Question.BEHIND,
            group,
            "3 instances, 1 with a public address: web-1 (203.0.113.7), reachable: yes",
            more=("i-1 web-1, running, 203.0.113.7", "i-2 web-2, running", "i-3 web-3, stopped"),
        ),
        Fact(Question.WHO, who, unknown="no permission for iam:GetRole"),
        Fact(Question.HABIT, who, "No: first group change in 90 days", as_of=later(1)),
        Fact(Question.PLACE, who, "Brazil: new country"),
        Fact(Question.MANAGED, group, "Managed by Terraform; changed by hand"),
        Fact(Question.REPEATED, group, "nothing like it was reverted in 90 days"),
        Fact(Question.PERSISTENCE, who, "made 1 access key for “backup”"),
        Fact(Question.ACTIVITY, who, "AttachUserPolicy 11:57; 2 denied", as_of=later(0)),
    )
    signals = (
        Signal("first_time", 2, "first group change in 90 days"),
        Signal("new_country", 2, "new country"),
    )
    found = Found(at=later(1), facts=facts[:3] if unanswered else facts, signals=signals)
    return alert_of(console_sighting(), after=(found,))


def reverted_alert() -> Alert:
    return alert_of(console_sighting(), after=(ACKNOWLEDGED, ASKED, BEGUN, ENDED, READ_BACK))


def many_changes() -> Alert:
    """Return a Terraform run: 20 rules in 3 groups."""
    return alert_of(*(quiet_sighting(n, f"sg-{n % 3}") for n in range(20)))


def attack() -> Alert:
    """Return a new group, its egress opened, and an instance moved into it."""
    group = GroupRef("sg-0bad", "backup", "vpc-1")
    created = a_change(
        "event-1", added=(), group=group, action="CreateSecurityGroup", verb=Verb.CREATE
    )
    opened = a_change(
        "event-2",
        later(1),
        added=(a_rule(None, "0.0.0.0/0", Direction.EGRESS, "-1", "sgr-2"),),
        group=group,
        action="AuthorizeSecurityGroupEgress",
    )
    moved = a_change(
        "event-3",
        later(2),
        added=(),
        group=GroupRef(),
        action="ModifyInstanceAttribute",
        verb=Verb.MOVE,
        target="i-0abc",
        groups_after=("sg-0bad",),
    )
    world = Exposure(Reach.WORLD, Direction.EGRESS, ("all traffic",))
    return alert_of(
        a_sighting(created, Severity.LOW, None, PERSON, CONSOLE),
        a_sighting(opened, Severity.MEDIUM, world, PERSON, CONSOLE),
        a_sighting(moved, Severity.HIGH, None, PERSON, CONSOLE),
    )


def hostile_sighting(text: str = HOSTILE, number: int = 0) -> Sighting:
    """Return a change in which every text that its author chose is this one."""
    rule = GroupRule(
        Direction.INGRESS,
        text,
        22,
        22,
        Peer(PeerKind.PREFIX_LIST, text, text),
        description=text,
        rule_id=text,
    )
    change = Change(
        event_id=f"event-{number}",
        at=NOON,
        account=text,
        region=text,
        action=text,
        verb=Verb.AUTHORIZE,
        group=GroupRef(text, text, text),
        added=(rule,),
        removed=(rule,),
        modified=(rule,),
        target=text,
        groups_after=(text,),
        detail=text,
        rule_ids=(text,),
        asked=(rule,),
        error=text,
        cidrs_added=(text,),
    )
    principal = a_principal(
        text,
        kind=PrincipalKind.ROLE,
        id=text,
        role=text,
        session=text,
        access_key=text,
        source_identity=text,
        invoked_by=text,
    )
    return Sighting(
        principal=principal,
        change=change,
        origin=Origin(text, text, text, automated=False),
        exposure=Exposure(Reach.WORLD, Direction.INGRESS, (text,), (text,), (text,)),
        severity=Severity.CRITICAL,
        reasons=(text, text),
        detections=(DetectionRef(text, text),),
    )


def hostile_plan(text: str = HOSTILE, calls: int = 2) -> Plan:
    rule = hostile_sighting(text).change.added[0]
    operations = (Operation.REVOKE_INGRESS, Operation.AUTHORIZE_INGRESS)
    made = (
        rule_call(operations[n % 2], text, text, text, (rule,) * 20, text) for n in range(calls)
    )
    sentences = (text,) * 20
    return Plan(tuple(made), leaves=sentences, cannot=sentences, drift=sentences)


def hostile_alerts(text: str = HOSTILE) -> dict[str, Alert]:
    """Return alerts in several states, full of this text."""
    by = Author("U0ROSA", text)
    sighting = hostile_sighting(text)
    plan = hostile_plan(text)
    asked = ContainmentAsked(at=NOON, by=by, seen=1, containment="c1", plan=plan, reason=text)
    ended = ContainmentEnded(at=NOON, by=SGWATCH, containment="c1", verified=True, told=text)
    failed = ContainmentEnded(at=NOON, by=SGWATCH, containment="c1", verified=False, told=text)
    benign = MarkedBenign(at=NOON, by=by, seen=1, reason=text)
    held = Acknowledged(at=NOON, by=by, severity=Severity.CRITICAL)
    return {
        "open": alert_of(sighting),
        "many": alert_of(*(hostile_sighting(text, n) for n in range(3))),
        "held": alert_of(sighting, after=(held,)),
        "benign": alert_of(sighting, after=(benign,)),
        "reopened": alert_of(sighting, after=(benign, Reopened(at=NOON, by=by, reason=text))),
        "reverting": alert_of(sighting, after=(asked,)),
        "reverted": alert_of(sighting, after=(asked, ended)),
        "not reverted": alert_of(sighting, after=(asked, failed)),
    }


def largest_alert() -> Alert:
    """Return 500 changes with names of 3,000 characters."""
    long = "name-" * 600
    return alert_of(*(hostile_sighting(long, number) for number in range(500)))
