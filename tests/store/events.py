"""Outcomes and placings for tests of the store."""

from dataclasses import replace

from bot.alerts.grouping import Window
from bot.alerts.outcome import Fate, Outcome
from bot.store.events import Placing
from tests.builders import NOON, a_sighting, raised, seen


def an_outcome(event_id: str = "event-1", fate: Fate = Fate.ALERTED) -> Outcome:
    return Outcome(
        event_id=event_id,
        at=NOON,
        fate=fate,
        action="AuthorizeSecurityGroupIngress",
        account="123456789012",
        region="eu-west-1",
        principal="arn:aws:iam::123456789012:user/alice",
        access_key="AKIA1",
        address="198.51.100.9",
        group="sg-0a1b",
        alert="SGW-TEST0001",
        sighting=a_sighting(),
    )


def placed_new(alert: str = "SGW-TEST0001", based_on: str = "", after: str = "") -> Placing:
    window = Window(alert, NOON, NOON, "")
    return Placing(alert, (raised(alert, after=after), seen()), based_on, "group-1", window)


def placed_join(alert: str = "SGW-TEST0001") -> Placing:
    return replace(placed_new(alert, based_on=alert), entries=(seen(),))
