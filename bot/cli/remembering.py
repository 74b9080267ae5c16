"""Detections that remember, over the records of a file: what they are answered, in words."""

from collections.abc import Iterator

from bot.alerts.judge import Verdict
from bot.cloudtrail.record import Record
from bot.cloudtrail.text import printable
from bot.detections.conditions import lasting
from bot.detections.datemath import date_math
from bot.detections.kql.explain import why_not
from bot.detections.kql.printer import printed
from bot.detections.matcher import excepted_by
from bot.detections.memory import Memory
from bot.detections.rule import Detection, NewTerms, Threshold
from bot.detections.stateful import LOOK_BACK, Answer, Happening

NAME = 120
"""Characters of a name from a rule file."""


def remembered(verdict: Verdict, record: Record, memory: Memory) -> Verdict:
    """Return the verdict by what the file has shown so far; a file's rules need not learn."""
    event = Happening(record.event_id, record.event_time)
    return verdict.answered(memory.ask(event, verdict.asks))


def shown(verdict: Verdict, record: Record, memory: Memory) -> Verdict:
    """Return the verdict without what the file has shown before."""
    event = Happening(record.event_id, record.event_time)
    return verdict.answered(memory.ask(event, verdict.shown_asks))


def why_no_match(detection: Detection, verdict: Verdict) -> str:
    """Return why a detection does not match: its query, an exception, or what it remembers."""
    if detection not in verdict.held:
        if exception := excepted_by(detection, verdict.document):
            return f"excepted by {printable(exception.name or printed(exception.tree), NAME)}"
        return why_not(detection.tree, verdict.document)
    told = [answer for answer in verdict.answers if answer.detection == detection.id]
    if told:
        return answered(detection, told[-1], verdict)
    fields = _fields(detection)
    lacking = [field for field in fields if not verdict.document.values(field)]
    return f"{_listed(lacking)} {'are' if len(lacking) > 1 else 'is'} missing"


def counted(verdict: Verdict) -> Iterator[str]:
    """Yield what the detections that match and remember have found."""
    matched = {detection.id: detection for detection in verdict.matched}
    for answer in verdict.answers:
        detection = matched.get(answer.detection)
        if detection and (text := answered(detection, answer, verdict)):
            yield f"{printable(detection.name, NAME)}: {text}"


def answered(detection: Detection, answer: Answer, verdict: Verdict) -> str:
    """Return what was needed and what the file showed."""
    if answer.by:
        return f"not shown again: it was for {printable(answer.by, NAME)}, like this"
    if detection.threshold and answer.count:
        return _enough(detection, detection.threshold, answer, verdict)
    if detection.new_terms:
        return _newness(detection.new_terms, answer, verdict)
    return ""


def _enough(detection: Detection, needed: Threshold, answer: Answer, verdict: Verdict) -> str:
    at = verdict.change.at
    window = lasting(date_math(detection.since or LOOK_BACK).span(at))
    same = f" with the same {_listed(needed.fields)}" if needed.fields else ""
    varied = [
        f"{has} of {least} different values of {field}"
        for (field, least), has in zip(needed.cardinality, answer.varied, strict=True)
    ]
    return ", ".join([f"{answer.count} of {needed.value} events{same} within {window}", *varied])


def _newness(terms: NewTerms, answer: Answer, verdict: Verdict) -> str:
    window = lasting(date_math(terms.since).span(verdict.change.at))
    if answer.matches:
        return f"this {_listed(terms.fields)} was not in the file in the {window} before"
    return f"this {_listed(terms.fields)} was in the file before, within {window}"


def _fields(detection: Detection) -> tuple[str, ...]:
    if detection.threshold:
        return detection.threshold.fields
    return detection.new_terms.fields if detection.new_terms else ()


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return " and ".join(printable(name, NAME) for name in names)
