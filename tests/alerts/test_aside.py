"""Which alerts the policy leaves to the digest."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts.alert import Alert
from bot.alerts.aside import DigestPolicy, Every, Instead, is_set_aside
from bot.alerts.due import Due, Present, SetAside, due
from bot.alerts.evolve import evolve
from bot.alerts.policy import AlertPolicy
from bot.alerts.progress import Progress
from bot.alerts.sighting import DetectionRef
from bot.changes.severity import Severity
from tests.alerts.test_evolve import asked
from tests.builders import NOON, a_sighting, raised, seen

ACCOUNT = "123456789012"
EGRESS, INGRESS = DetectionRef("r-egress", "Egress"), DetectionRef("r-ingress", "Ingress")
LOW = replace(a_sighting(severity=Severity.LOW, exposure=None), detections=(EGRESS,))
BOTH = replace(LOW, detections=(EGRESS, INGRESS))
ALL = DigestPolicy(Every.WEEK, (Instead(),))


def alert_of(*sightings: object) -> Alert:
    return evolve(None, (raised(), *(seen(one) for one in sightings)))  # type: ignore[arg-type]


def instead(accounts: tuple[str, ...] = (), detections: tuple[str, ...] = ()) -> DigestPolicy:
    return DigestPolicy(Every.WEEK, (Instead(accounts, detections),))


@pytest.mark.parametrize(
    ("sighting", "policy", "aside"),
    [
        pytest.param(LOW, DigestPolicy(), False, id="by default nothing"),
        pytest.param(LOW, ALL, True, id="all"),
        pytest.param(replace(LOW, severity=Severity.MEDIUM), ALL, False, id="above low"),
        pytest.param(LOW, instead((ACCOUNT,), ("r-egress",)), True, id="both fit"),
        pytest.param(LOW, instead(("1" * 12,), ("r-egress",)), False, id="another account"),
        pytest.param(LOW, instead((ACCOUNT,), ("r-ingress",)), False, id="another detection"),
        pytest.param(BOTH, instead((), ("r-egress",)), False, id="one of two detections"),
        pytest.param(
            BOTH,
            DigestPolicy(Every.DAY, (*instead((), ("r-egress",)).instead, Instead((ACCOUNT,)))),
            True,
            id="both by one or another",
        ),
        pytest.param(replace(LOW, detections=()), ALL, False, id="no detection is known"),
    ],
)
def test_low_alerts_are_set_aside(sighting: object, policy: DigestPolicy, aside: bool) -> None:
    assert is_set_aside(alert_of(sighting), Progress(), policy) is aside


@pytest.mark.parametrize(
    "progress",
    [
        pytest.param(Progress(ts="1.0"), id="posted"),
        pytest.param(Progress(posting=NOON), id="perhaps posted"),
        pytest.param(Progress(wanted=True), id="wanted"),
        pytest.param(Progress(storm="ST-1"), id="on a storm's list"),
    ],
)
def test_what_people_see_already_is_not(progress: Progress) -> None:
    assert not is_set_aside(alert_of(LOW), progress, ALL)


def test_what_is_reverted_is_shown() -> None:
    assert not is_set_aside(evolve(alert_of(LOW), [asked()]), Progress(), ALL)


def test_once_it_is_worse_it_is_shown() -> None:
    policy = AlertPolicy("C0ALERTS", questions=frozenset(), digest=ALL)
    low = alert_of(LOW)
    assert due(low, Progress(), policy, NOON) == Due((SetAside(),), None)
    aside = Progress(queued=low.position)
    assert due(low, aside, policy, NOON + timedelta(days=1)).steps == ()
    worse = alert_of(LOW, replace(LOW, severity=Severity.MEDIUM))
    assert due(worse, aside, policy, NOON).steps == (Present(worse.channel),)
