"""Previews: what an exemption would have hidden, what not, and when it is called broad."""

from dataclasses import replace
from datetime import timedelta

from bot.changes.change import GroupRef
from bot.changes.severity import Severity
from bot.exemptions.circumstances import Circumstances
from bot.exemptions.filed import Filed
from bot.exemptions.model import Exemption, PortRange, Scope
from bot.exemptions.preview import PastAlert, PastChange, Preview, preview, told, warnings
from tests.builders import NOON, a_change, a_principal, a_rule

CI, BOB = a_principal("ci"), a_principal("bob")
HTTPS = Scope(principals=(CI.id,), ports=(PortRange("tcp", 443, 443),))
SSH = Scope(principals=(CI.id,), ports=(PortRange("tcp", 22, 22),))
LATER = NOON + timedelta(days=20)


def exemption(scope: Scope, name: str = "EX-1", lasts: int = 7) -> Exemption:
    return Exemption(name, scope, "a reason", "U1", LATER, LATER + timedelta(days=lasts))


def past(port: int = 443, group: str = "sg-1", **fields: object) -> PastChange:
    change = a_change(added=(a_rule(port, "10.0.0.0/8"),), group=GroupRef(group, group, "vpc-1"))
    values = {"principal": CI, "severity": Severity.LOW} | fields
    return PastChange(change, detections=("d",), exposure=None, **values)  # type: ignore[arg-type]


def tried(scope: Scope, *alerts: tuple[PastChange, ...], others: Filed | None = None) -> Preview:
    named = [PastAlert(f"SGW-{number}", changes) for number, changes in enumerate(alerts, 1)]
    return preview(exemption(scope), named, others or Filed(), LATER)


def test_an_alert_is_hidden_if_nothing_of_it_is_left() -> None:
    found = tried(HTTPS, (past(), past()), (past(), past(22)), (past(22),))
    assert found.hidden == ("SGW-1",)
    assert [shown.alert for shown in found.shown] == ["SGW-2", "SGW-3"]
    lines = told(found, HTTPS)
    assert lines[0] == (
        "In the last 30 days it would have hidden 1 of 3 alerts by user/ci; not these 2:"
    )
    assert lines[1] == (
        "SGW-2: AuthorizeSecurityGroupIngress on sg-1 (sg-1): "
        "a rule's protocol and ports are not inside its ports"
    )


def test_what_another_in_force_covers_beside_it_counts() -> None:
    both = a_change(added=(a_rule(443, "10.0.0.0/8"), a_rule(22, "10.0.0.0/8")))
    change = replace(past(), change=both)
    assert tried(HTTPS, (change,)).hidden == ()
    beside = exemption(SSH, "EX-2")
    assert tried(HTTPS, (change,), others=Filed([beside])).hidden == ("SGW-1",)
    ended = replace(beside, expires_at=LATER)
    assert tried(HTTPS, (change,), others=Filed([ended])).hidden == ()


def test_what_another_hides_by_itself_is_not_counted_as_its_own() -> None:
    found = tried(HTTPS, (past(22),), others=Filed([exemption(SSH, "EX-2")]))
    assert found.hidden == ()


def test_a_narrow_one_is_not_warned_of() -> None:
    assert warnings(tried(HTTPS, (past(),), (past(),)), HTTPS) == ()


def test_a_broad_one_is_warned_of() -> None:
    scope = Scope(ports=HTTPS.ports)
    groups = tuple(past(group=f"sg-{number}") for number in range(11))
    grave = past(principal=BOB, severity=Severity.CRITICAL)
    found = tried(scope, groups, (grave, past(22)))
    first = "sg-0, sg-1, sg-2, sg-3, sg-4"
    assert warnings(found, scope, CI.id) == (
        "It would have hidden changes by 1 other principal: user/bob.",
        f"It would have hidden changes to 11 security groups: {first} and 6 more.",
        "It would have hidden critical changes, in SGW-2.",
    )


def test_nothing_to_try_it_on_is_said() -> None:
    assert told(Preview(), HTTPS) == (
        "In the last 30 days there was no alert by user/ci to try it on.",
    )


def test_what_is_asked_beside_the_change_is_tried_as_it_was() -> None:
    by_terraform = Scope(principals=(CI.id,), tools=("Terraform",))
    with_it = past(around=Circumstances(tool="Terraform 1.9"))
    assert tried(by_terraform, (with_it,), (past(),)).hidden == ("SGW-1",)
