"""Alerts that an exemption also resolves: by the worker alone, as they were when it was saved."""

from dataclasses import replace

import pytest

from bot.alerts.alert import ResolutionKind, Status
from bot.alerts.commands import CloseCovered, Refusal
from bot.alerts.decide import author, decide
from bot.alerts.entries import Entry
from bot.alerts.evolve import evolve
from bot.alerts.people import Person
from tests.builders import ROSA, a_sighting, an_alert, later, raised, seen
from tests.slack.alerts import ASKED, BENIGN

CLOSE = CloseCovered("EX-1", author(ROSA), "the pipeline does this", seen=1)


def test_it_is_resolved_in_the_name_of_who_saved_it() -> None:
    entries = decide(an_alert(), CLOSE, None, later(5))
    assert not isinstance(entries, Refusal)
    after = evolve(an_alert(), entries)
    assert (after.status, after.version) == (Status.RESOLVED, an_alert().version + 1)
    end = after.resolution
    assert end is not None
    assert (end.kind, end.by, end.at) == (ResolutionKind.EXEMPTED, author(ROSA), later(5))
    assert (end.reason, end.detail) == ("the pipeline does this", "EX-1")


@pytest.mark.parametrize(
    ("after", "command", "person", "why"),
    [
        pytest.param((BENIGN,), CLOSE, None, "resolved already", id="what is resolved"),
        pytest.param((ASKED,), CLOSE, None, "under way", id="what is being reverted"),
        pytest.param((seen(a_sighting()),), CLOSE, None, "have come", id="what has grown"),
        pytest.param((), CLOSE, ROSA, "Only sgwatch", id="not by hand"),
    ],
)
def test_it_stays_as_it_is(
    after: tuple[Entry, ...], command: CloseCovered, person: Person | None, why: str
) -> None:
    alert = evolve(None, (raised(), seen(), *after))
    refused = decide(alert, replace(command), person, later(9))
    assert isinstance(refused, Refusal)
    assert why in refused.why
