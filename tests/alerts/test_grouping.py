"""Which changes become one alert."""

from dataclasses import replace

import pytest

from bot.alerts.grouping import alert_id, group_key, joined, opened_window
from bot.alerts.policy import AlertPolicy
from bot.alerts.sighting import Origin, Sighting
from tests.builders import a_change, a_principal, a_sighting, later

POLICY = AlertPolicy(channel="C0ALERTS")
CI = a_principal("terraform-ci", session="run-7", access_key="ASIA7")
BY_TERRAFORM = Origin(tool="Terraform 1.9", automated=True)


def by_hand(minutes: float) -> Sighting:
    return a_sighting(a_change(at=later(minutes)))


def by_ci(minutes: float, key: str = "ASIA7") -> Sighting:
    who = replace(CI, access_key=key)
    return a_sighting(a_change(at=later(minutes)), principal=who, origin=BY_TERRAFORM)


@pytest.mark.parametrize(
    ("sightings", "joins"),
    [
        pytest.param([by_hand(0), by_hand(5)], True, id="within five idle minutes"),
        pytest.param([by_hand(0), by_hand(5.1)], False, id="after them"),
        pytest.param([by_hand(0), by_hand(-4)], True, id="an earlier event that came late"),
        pytest.param(
            [by_hand(0), *(by_hand(m) for m in range(4, 29, 4)), by_hand(30)],
            True,
            id="up to thirty",
        ),
        pytest.param(
            [by_hand(0), *(by_hand(m) for m in range(4, 29, 4)), by_hand(31)],
            False,
            id="not longer",
        ),
        pytest.param([by_ci(0), by_ci(45)], True, id="one CI session is one group"),
        pytest.param([by_ci(0), by_ci(45, "ASIA8")], False, id="the next CI session is not"),
        pytest.param([by_ci(0), by_ci(13 * 60)], False, id="a session ends at last"),
    ],
)
def test_what_joins(sightings: list[Sighting], joins: bool) -> None:
    window = opened_window(sightings[0])
    for sighting in sightings[1:-1]:
        grown = joined(window, sighting, POLICY)
        assert grown is not None
        window = grown
    assert (joined(window, sightings[-1], POLICY) is not None) is joins


def test_the_group_is_the_principal_in_the_account_whatever_the_session() -> None:
    assert group_key(by_ci(0)) == group_key(by_ci(0, "ASIA8"))
    assert group_key(by_ci(0)) != group_key(by_hand(0))


def test_people_who_share_a_role_are_apart() -> None:
    role = a_principal("Admin", person="rosa@example.com")
    other = replace(role, person="alice@example.com")
    assert group_key(a_sighting(principal=role)) != group_key(a_sighting(principal=other))


def test_an_alert_is_named_after_its_first_event() -> None:
    assert alert_id("event-1") == alert_id("event-1") != alert_id("event-2")
    assert len(alert_id("event-1")) == len("SGW-ABCDEFGH")
