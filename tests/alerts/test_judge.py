"""Why a change is as severe as it is: what it opens, or a detection that takes it for graver."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.alerts.judge import Judge
from bot.changes.severity import Severity
from bot.cloudtrail.record import parse_record
from bot.detections.matcher import Matcher
from bot.exemptions.filed import Filed
from tests.detections.rules import a_detection
from tests.records import a_record

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ANY = replace(a_detection("*:*"), name="Any\x1b change")


@pytest.mark.parametrize(
    ("says", "first"),
    [
        pytest.param(Severity.CRITICAL, "the detection “Any change” is critical", id="graver"),
        pytest.param(Severity.LOW, None, id="no graver than what is opened"),
    ],
)
def test_a_detection_that_raises_the_severity_is_the_first_reason(
    says: Severity, first: str | None
) -> None:
    judge = Judge(Matcher([replace(ANY, severity=says)]))
    record = parse_record(a_record("DeleteSecurityGroup"))
    verdict = judge.verdict(record)
    raised = (first,) if first else ()
    assert verdict.reasons == (*raised, *verdict.judged.reasons)
    sighting = judge.outcome(record, verdict, Filed(()), NOW).sighting
    assert sighting is not None
    assert sighting.reasons == verdict.reasons
