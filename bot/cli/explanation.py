"""Explanations: what sgwatch would make of a record, and why, as a value."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.alerts.judge import Judge, Verdict, sighting_of
from bot.changes.change import Change, Verb
from bot.changes.exposure import Exposure
from bot.changes.normalise import JOINS, change_of
from bot.changes.sentence import sentence
from bot.changes.severity import Severity
from bot.cli.remembering import counted, remembered, shown, why_no_match
from bot.cloudtrail.agent import tool_of
from bot.cloudtrail.principal import Principal, principal_of
from bot.cloudtrail.record import Record
from bot.cloudtrail.text import printable
from bot.detections.document import Document
from bot.detections.memory import Memory
from bot.exemptions.matching import covering
from bot.exemptions.matching import why_not as why_not_exempt
from bot.exemptions.model import Exemption
from bot.slack.views.facts import who

LINE = 200
"""Characters of a fact."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line about the record. ``field`` is its name in ECS, where it has one."""

    label: str
    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Missed:
    """A detection that does not match, or an exemption that does not hide, and why."""

    id: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What sgwatch would make of one record. ``reasons`` are those of the severity."""

    event_id: str
    sentence: str
    principal: Principal
    change: Change
    exposure: Exposure | None
    severity: Severity
    reasons: tuple[str, ...]
    matched: tuple[tuple[str, str], ...]
    missed: tuple[Missed, ...]
    exempted_by: tuple[str, ...]
    not_exempted: tuple[Missed, ...]
    facts: tuple[Fact, ...]


@dataclass(slots=True)
class Explainer:
    """Explains records, each by what its run did to the groups that the run created, and by what
    the file tells of the groups that something is moved into.

    Detections that remember are answered by the records explained before.

    ``names`` are the accounts' names; ``run`` is how long a run may take.
    """

    judge: Judge
    now: datetime
    exemptions: Sequence[Exemption] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    run: timedelta = timedelta(minutes=30)
    _created: dict[tuple[str, str], list[Change]] = field(default_factory=dict)
    _others: list[Change] = field(default_factory=list)
    _memory: Memory = field(default_factory=Memory)

    def learn(self, records: Iterable[Record]) -> None:
        """Remember what was done to groups that the same principal created, or that something was
        moved into: files keep no order.
        """
        found: dict[tuple[str, str], list[Change]] = {}
        moved_into: set[str] = set()
        for record in records:
            if record.event_name in JOINS:
                moved_into.update(change_of(record).groups_after)
            elif "SecurityGroup" in record.event_name:
                change = change_of(record)
                found.setdefault((principal_of(record).id, change.group.id), []).append(change)
        self._others = [c for each in found.values() for c in each if c.group.id in moved_into]
        self._created = {
            key: changes
            for key, changes in found.items()
            if any(change.verb is Verb.CREATE for change in changes)
        }

    def explain(self, record: Record) -> Explanation:
        """Return the explanation of a record."""
        principal = principal_of(record)
        verdict = self.judge.verdict(record, self._run(record, principal), self._others)
        verdict = remembered(verdict, record, self._memory)
        change, exposure = verdict.change, verdict.exposure
        ids = [detection.id for detection in verdict.matched]
        around = sighting_of(record, principal, verdict).around
        case = (change, principal, ids, self.now, exposure, around)
        coverage = covering(change, principal, ids, self.exemptions, self.now, exposure, around)
        hidden = coverage.exempted_by if verdict.matched else ()
        verdict = verdict if hidden else shown(verdict, record, self._memory)
        return Explanation(
            event_id=record.event_id,
            sentence=sentence(principal, change, exposure),
            principal=principal,
            change=change,
            exposure=exposure,
            severity=verdict.severity,
            reasons=verdict.reasons,
            matched=tuple((detection.id, detection.name) for detection in verdict.matched),
            missed=tuple(self._missed(verdict)),
            exempted_by=hidden,
            not_exempted=tuple(
                Missed(e.id, e.reason, why_not_exempt(e, *case) or "it covers a part of the rules")
                for e in self.exemptions
                if e.id not in hidden
            )
            if verdict.matched
            else (),
            facts=(*self._facts(record, principal, verdict), *_counted(verdict)),
        )

    def _run(self, record: Record, principal: Principal) -> list[Change]:
        """Return what the record's run did to its group, if the run created it."""
        if not self._created:
            return []
        changes = self._created.get((principal.id, change_of(record).group.id), ())
        return [past for past in changes if record.event_time - past.at <= self.run]

    def _missed(self, verdict: Verdict) -> Iterator[Missed]:
        for detection in self.judge.matcher.detections:
            if detection not in verdict.matched:
                yield Missed(detection.id, detection.name, why_no_match(detection, verdict))

    def _facts(self, record: Record, principal: Principal, verdict: Verdict) -> Iterator[Fact]:
        tool, change = tool_of(record), verdict.change
        decided = "a program" if tool.automated else ""
        account = self.names.get(change.account, "")
        named = f"{account} ({change.account})" if account else change.account
        told = (
            Fact("Who", who(principal), "aws.cloudtrail.user_identity.arn"),
            Fact("Tool", ", ".join(filter(None, (tool.label, decided))), "user_agent.original"),
            Fact("From", _origin(record, verdict.document), "source.address"),
            Fact("Account", named, "cloud.account.id"),
            Fact("Region", change.region, "cloud.region"),
            Fact("Time", f"{record.event_time:%Y-%m-%d %H:%M:%S} UTC", "@timestamp"),
            Fact("Call", record.event_name, "event.action"),
            _failure(record, change),
        )
        for fact in told:
            if text := printable(fact.text, LINE):
                yield Fact(fact.label, text, fact.field)


def _origin(record: Record, document: Document) -> str:
    """Return "198.51.100.9, Recife, Brazil, AS64500 Example", as far as that is known."""
    network = [f"AS{number}" for number in document.values("source.as.number")]
    network += map(str, document.values("source.as.organization.name"))
    country = document.values("source.geo.country_name") or document.values(
        "source.geo.country_iso_code"
    )
    places = map(str, (*document.values("source.geo.city_name"), *country))
    return ", ".join(filter(None, (record.source_ip_address, *places, " ".join(network))))


def _counted(verdict: Verdict) -> Iterator[Fact]:
    """Yield what the detections that match and remember have found in the file so far."""
    for text in counted(verdict):
        yield Fact("Counted", text)


def _failure(record: Record, change: Change) -> Fact:
    """Return why the call failed, in AWS's words; without text if it did not."""
    if change.dry_run:
        return Fact("Dry run", "it would have succeeded", "aws.cloudtrail.error_code")
    said = dict.fromkeys(filter(None, (change.error, record.error_message)))
    return Fact("Failed", ": ".join(said), "aws.cloudtrail.error_code")
