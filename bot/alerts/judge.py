"""Judging a record: what it did, how bad it is, which detections match, and what exempts it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.alerts.closing import closing_of
from bot.alerts.outcome import Fate, Outcome, Suppressed
from bot.alerts.sighting import DetectionRef, Origin, Sighting
from bot.changes.change import Change, Verb
from bot.changes.exposure import Exposure, Organisation, exposure_of
from bot.changes.known import NOTHING, GroupBefore, Known
from bot.changes.normalise import change_of, moved_into
from bot.changes.rules import GroupRule
from bot.changes.run import before_in_run
from bot.changes.severity import Judged, Severity, SeverityPolicy, severity_of
from bot.cloudtrail.acted import acted_on, service_of
from bot.cloudtrail.agent import tool_of
from bot.cloudtrail.principal import Principal, principal_of
from bot.cloudtrail.record import Record
from bot.cloudtrail.text import printable, text_of
from bot.containment.net import net_of
from bot.detections.document import COUNTRY, Document, Lookup
from bot.detections.matcher import Matcher
from bot.detections.rule import Detection
from bot.detections.stateful import Answer, Ask, ask_of, remembers, shown_ask
from bot.exemptions.filed import Filed
from bot.exemptions.matching import covering

NAME_KEPT = 80
AGENT_KEPT = 512
"""Characters of a user agent that an entry keeps: agents of 10 kB have been seen."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a record did and how it is judged. ``document`` is what the detections were asked of.

    ``held`` are the detections whose query holds. Those of them that remember match once they are
    answered so: ``asks`` is what they ask, of memory or of the store. ``before`` are rules as they
    were before, where the record does not tell them. ``group_before`` is what the group was
    called and tagged before, where that was read. ``ou`` is the account's. ``unread`` are the
    groups of a move whose rules are not known.
    """

    change: Change
    exposure: Exposure | None
    judged: Judged
    document: Document
    held: tuple[Detection, ...]
    asks: tuple[Ask, ...] = ()
    answers: tuple[Answer, ...] = ()
    before: tuple[GroupRule, ...] = ()
    group_before: GroupBefore = field(default_factory=GroupBefore)
    ou: str = ""
    unread: tuple[str, ...] = ()

    def answered(self, answers: Iterable[Answer]) -> "Verdict":
        """Return the verdict that takes the answers into account."""
        return replace(self, answers=(*self.answers, *answers))

    @property
    def found(self) -> tuple[Detection, ...]:
        """Return the detections that found something, whether or not it was shown before."""
        if not self.answers:
            return tuple(d for d in self.held if not remembers(d))
        known = {answer.detection for answer in self.answers}
        denied = {a.detection for a in self.answers if not a.matches and not a.by}
        told = (d for d in self.held if not remembers(d) or d.id in known)
        return tuple(detection for detection in told if detection.id not in denied)

    @property
    def suppressed(self) -> tuple[Suppressed, ...]:
        """Return the detections that are not shown again."""
        return tuple(Suppressed(a.detection, a.by) for a in self.answers if a.by)

    @property
    def matched(self) -> tuple[Detection, ...]:
        """Return the detections that match."""
        shown_before = {suppressed.detection for suppressed in self.suppressed}
        return tuple(d for d in self.found if d.id not in shown_before)

    @property
    def severity(self) -> Severity:
        """Return the gravest of what exposure gives and what the detections say."""
        found = self.matched or self.found
        return max(self.judged.severity, *(d.severity for d in found), Severity.LOW)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Return why it is as severe as it is, the gravest reason first."""
        raised = (
            f"the detection “{printable(detection.name, NAME_KEPT)}” is {detection.severity}"
            for detection in self.matched or self.found
            if self.judged.severity < detection.severity == self.severity
        )
        return (*raised, *self.judged.reasons)

    @property
    def shown_asks(self) -> tuple[Ask, ...]:
        """Return what is to be asked before an alert: was one like it shown lately?

        It is asked of what would be shown only: an event that an exemption hides stands for none.
        """
        asks = (shown_ask(d, self.document, self.severity) for d in self.matched)
        return tuple(ask for ask in asks if ask is not None)


@dataclass(frozen=True, slots=True)
class Judge:
    """What records are judged by: detections, whose organisation it is, and severity's policy.

    ``place`` tells where an address is, for detections that ask, ``ous`` the accounts' OUs.
    """

    matcher: Matcher
    organisation: Organisation = field(default_factory=Organisation)
    severity: SeverityPolicy = field(default_factory=SeverityPolicy)
    place: Lookup | None = None
    ous: Mapping[str, str] = field(default_factory=dict)

    def verdict(
        self,
        record: Record,
        earlier: Sequence[Change] = (),
        others: Sequence[Change] = (),
        known: Known = NOTHING,
    ) -> Verdict:
        """Return what the record did and how it is judged, whether or not a detection matches.

        ``earlier`` are changes of the same run: what a group created in it had before. ``others``
        are changes of the groups that something is moved into: what is known to be open there.
        ``known`` is what was read of these groups, which says more.
        """
        change = known.told(change_of(record))
        before = before_in_run(earlier, change) if known.before is None else known.before
        exposure = exposure_of(
            change,
            organisation=self.organisation,
            before=before,
            joined=_known_open(change, others, known),
        )
        judged = severity_of(change, exposure, self.severity)
        document = Document(record, exposure, judged.severity, self.place)
        held = self.matcher.matches(document)
        asks = (ask_of(d, document, record.event_time) for d in held if remembers(d))
        asked = tuple(ask for ask in asks if ask is not None)
        return Verdict(
            change,
            exposure,
            judged,
            document,
            held,
            asked,
            before=known.shown,
            group_before=known.group_before,
            ou=self.ous.get(change.account, ""),
            unread=_unread(change, others, known),
        )

    def outcome(
        self,
        record: Record,
        verdict: Verdict,
        exemptions: Filed,
        now: datetime,
    ) -> Outcome:
        """Return what should become of the record; which alert it joins is not chosen here."""
        principal = principal_of(record)
        unmatched = _unmatched(record, principal, verdict.change)
        if not verdict.found:
            return unmatched
        sighting = sighting_of(record, principal, verdict)
        unmatched = replace(unmatched, suppressed=verdict.suppressed)
        if not verdict.matched:
            return replace(unmatched, fate=Fate.SUPPRESSED, sighting=sighting)
        coverage = covering(
            sighting.change,
            sighting.principal,
            [detection.id for detection in sighting.detections],
            exemptions.about(sighting.change, sighting.principal),
            now,
            sighting.exposure,
            sighting.around,
        )
        if coverage.hidden:
            return replace(
                unmatched, fate=Fate.HIDDEN, sighting=sighting, hidden_by=coverage.exempted_by
            )
        return replace(unmatched, fate=Fate.ALERTED, sighting=sighting)


def _known_open(change: Change, others: Sequence[Change], known: Known) -> frozenset[GroupRule]:
    """Return the rules of the groups that a change moves into: as they were read, else those that
    changes before this one left there.
    """
    read = (rule for rules in known.joined.values() for rule in rules)
    past = [other for other in others if other.at <= change.at and not other.error]
    unread = (group for group in change.groups_after if group not in known.joined)
    groups = ([c for c in past if c.group.id == group] for group in unread)
    return frozenset([*read, *(rule for changes in groups for rule in net_of(changes).added)])


def _unread(change: Change, others: Sequence[Change], known: Known) -> tuple[str, ...]:
    """Return the groups of a move whose rules are not known: neither read, nor watched from when
    they were made.
    """
    made = {other.group.id for other in others if other.verb is Verb.CREATE and not other.error}
    return tuple(g for g in moved_into(change) if g not in known.joined and g not in made)


def unmatched_outcome(record: Record) -> Outcome:
    """Return the outcome of a record that nothing is to be done about."""
    return _unmatched(record, principal_of(record), change_of(record))


def _unmatched(record: Record, principal: Principal, change: Change) -> Outcome:
    return Outcome(
        event_id=record.event_id,
        at=record.event_time,
        fate=Fate.UNMATCHED,
        action=record.event_name,
        account=change.account,
        region=change.region,
        principal=principal.id,
        access_key=principal.access_key,
        address=printable(record.source_ip_address, 64),
        group=change.group.id,
        error=record.error_code,
        closing=closing_of(change, principal),
        service=service_of(record),
        session=printable(principal.session, NAME_KEPT),
        name=printable(principal.label, NAME_KEPT),
        about=acted_on(record, NAME_KEPT),
    )


def sighting_of(record: Record, principal: Principal, verdict: Verdict) -> Sighting:
    """Return the record's change as it was judged, and where the call came from."""
    tool = tool_of(record)
    return Sighting(
        principal=principal,
        change=verdict.change,
        origin=Origin(
            address=printable(record.source_ip_address, 64),
            user_agent=printable(record.user_agent, AGENT_KEPT),
            tool=tool.label,
            automated=tool.automated,
            country=str(next(iter(verdict.document.values(COUNTRY[0])), "")),
            endpoint=printable(text_of(record.raw.get("vpcEndpointId")), 64),
        ),
        exposure=verdict.exposure,
        severity=verdict.severity,
        reasons=verdict.reasons,
        detections=tuple(DetectionRef(d.id, d.name) for d in verdict.matched or verdict.found),
        before=verdict.before,
        group_before=verdict.group_before,
        ou=verdict.ou,
        unread=verdict.unread,
    )
