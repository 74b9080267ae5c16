"""Builders with defaults for the values that many tests need."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.alerts.alert import Alert
from bot.alerts.entries import ChangeSeen, Entry, Raised
from bot.alerts.evolve import evolve
from bot.alerts.people import SGWATCH, Person, Right
from bot.alerts.sighting import DetectionRef, Origin, Sighting
from bot.changes.change import Change, GroupRef, Verb
from bot.changes.exposure import Exposure, Reach
from bot.changes.rules import Direction, GroupRule, Peer, PeerKind
from bot.changes.severity import Severity
from bot.cloudtrail.principal import Principal, PrincipalKind
from bot.containment.effects.rules import ChangeRules
from bot.containment.plan import Call

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

ROSA = Person("U0ROSA", "Rosa Lindqvist", Right.RESPONDER, "rosa@example.com", policy="p1")
MARCUS = Person("U0MARCUS", "Marcus Hale", Right.APPROVER, "marcus@example.com", policy="p1")
OSCAR = Person("U0OSCAR", "Oscar Quill", Right.NONE, "oscar@example.com", policy="p1")
ALICE = Person(
    "U0ALICE",
    "Alice Moreau",
    Right.RESPONDER,
    "alice@example.com",
    policy="p1",
    principals=("arn:aws:iam::123456789012:user/alice",),
)


def later(minutes: float) -> datetime:
    """Return so many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def a_principal(name: str = "alice", **fields: object) -> Principal:
    values = {
        "kind": PrincipalKind.USER,
        "id": f"arn:aws:iam::123456789012:user/{name}",
        "account": "123456789012",
        "name": name,
    } | fields
    return Principal(**values)  # type: ignore[arg-type]


def a_rule(
    port: int | None = 22,
    peer: str = "0.0.0.0/0",
    direction: Direction = Direction.INGRESS,
    protocol: str = "tcp",
    rule_id: str = "sgr-1",
    description: str = "",
) -> GroupRule:
    kind = PeerKind.GROUP if peer.startswith("sg-") else PeerKind.IPV4
    kind = PeerKind.IPV6 if ":" in peer else kind
    return GroupRule(direction, protocol, port, port, Peer(kind, peer), description, rule_id)


def rules_of(call: Call) -> tuple[GroupRule, ...]:
    """Return the rules that a call takes away or puts back."""
    assert isinstance(call.effect, ChangeRules)
    return call.effect.rules


def a_change(
    event_id: str = "event-1",
    at: datetime = NOON,
    added: Sequence[GroupRule] = (a_rule(),),
    removed: Sequence[GroupRule] = (),
    **fields: object,
) -> Change:
    values = {
        "account": "123456789012",
        "region": "eu-west-1",
        "action": "AuthorizeSecurityGroupIngress" if added else "RevokeSecurityGroupIngress",
        "verb": Verb.AUTHORIZE if added else Verb.REVOKE,
        "group": GroupRef("sg-0a1b", "web-prod", "vpc-1"),
    } | fields
    return Change(event_id, at, added=tuple(added), removed=tuple(removed), **values)  # type: ignore[arg-type]


WORLD_SSH = Exposure(Reach.WORLD, Direction.INGRESS, ("22/tcp",), ("SSH",), ("0.0.0.0/0",))


def a_sighting(
    change: Change | None = None,
    severity: Severity = Severity.CRITICAL,
    exposure: Exposure | None = WORLD_SSH,
    principal: Principal | None = None,
    origin: Origin | None = None,
) -> Sighting:
    return Sighting(
        principal=principal or a_principal(),
        change=change or a_change(),
        origin=origin or Origin("198.51.100.9", "console", "AWS console", automated=False),
        exposure=exposure,
        severity=severity,
        reasons=("SSH open to the world",) if exposure else (),
        detections=(DetectionRef("d-1", "EC2 security group configuration change"),),
    )


def raised(alert_id: str = "SGW-TEST0001", channel: str = "C0ALERTS", after: str = "") -> Raised:
    return Raised(at=NOON, by=SGWATCH, alert=alert_id, channel=channel, after=after)


def seen(sighting: Sighting | None = None, at: datetime = NOON) -> ChangeSeen:
    return ChangeSeen(at=at, sighting=sighting or a_sighting())


def an_alert(*entries: Entry, alert_id: str = "SGW-TEST0001") -> Alert:
    """Return an alert raised and seen once, with the given entries after that."""
    return evolve(None, (raised(alert_id), seen(), *entries))
