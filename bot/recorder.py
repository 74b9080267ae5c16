"""The recorder: judges a record and writes what becomes of it, once, with its place in an alert."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot import metrics
from bot.alerts.alert import Alert
from bot.alerts.entries import ChangeSeen, Entry, OwnCallSeen, Raised
from bot.alerts.grouping import group_key, joined, opened_window
from bot.alerts.judge import Judge, unmatched_outcome
from bot.alerts.outcome import Fate, Outcome
from bot.alerts.ownership import Claim, Doubt, claim_of
from bot.alerts.people import SGWATCH
from bot.alerts.policy import AlertPolicy
from bot.alerts.sighting import Sighting
from bot.changes.baseline import REWRITES
from bot.changes.change import Change
from bot.changes.known import NOTHING, Known, groups_asked, known_of
from bot.changes.normalise import JOINS, change_of
from bot.cloudtrail.principal import principal_of
from bot.cloudtrail.record import Record
from bot.containment.identity import session_containment
from bot.detections.stateful import Happening, TermsAsk
from bot.store.baselines import GroupAt
from bot.store.events import Placing, Written
from bot.store.link import StoreError
from bot.store.store import Store

TRIES = 20
"""Each lost race means that another poller's event was stored, so few are enough."""

RE_OPENS = frozenset({"AuthorizeSecurityGroupEgress"})
"""Calls that may only put back what a new group had from the start: its egress."""


DESCRIBES = frozenset(
    {"UpdateSecurityGroupRuleDescriptionsIngress", "UpdateSecurityGroupRuleDescriptionsEgress"}
)
JUDGED_BESIDE = (REWRITES - {"CreateSecurityGroup"}) | JOINS | DESCRIBES
"""Calls of which it matters what their groups were before."""


class ComeBackLater(Exception):  # noqa: N818 - no error: the record is to be read again
    """What to do with the record cannot be known yet."""


@dataclass(frozen=True, slots=True)
class Recorder:
    """Writes outcomes. Any number of them may work on the same store.

    ``judging`` is asked for each record, so that detections that have changed on disk are taken up.
    Raises StoreError from every method.
    """

    store: Store
    judging: Callable[[], Judge]
    policy: AlertPolicy
    contain_role: str

    def begin(self) -> None:
        """Before a batch: take up exemptions, and have new detections learn, events or not."""
        self.store.exemptions.refresh()
        self.store.detections.begin(self.judging().matcher.detections)
        self.store.familiar.begin()

    def record(
        self, record: Record, now: datetime, *, patient: bool, via: str = ""
    ) -> Written | None:
        """Write what becomes of the record; return None if there is no outcome to keep.

        ``patient`` is that a record of our own call may be put off until its answer is stored:
        then it raises ComeBackLater. ``via`` is what found it, if it was not delivered.
        """
        ours = self._our_own(record, now, patient=patient, via=via)
        if ours is not None:
            return ours
        outcome = replace(self._judged(record, now), via=via)
        if outcome.fate is Fate.ALERTED and outcome.sighting is not None:
            return self._alert(outcome, outcome.sighting, now)
        if outcome.fate is not Fate.UNMATCHED or not record.read_only:
            return self._write(outcome, now)
        return None

    def teach(self, record: Record) -> None:
        """Let the detections that ask what is new see the record. Nothing else becomes of it."""
        verdict = self.judging().verdict(record)
        asks = [ask for ask in verdict.asks if isinstance(ask, TermsAsk)]
        self.store.detections.ask(Happening(record.event_id, record.event_time), asks)

    def _judged(self, record: Record, now: datetime) -> Outcome:
        """Judge the record; the store is asked only where a detection that remembers needs it."""
        judge, exemptions = self.judging(), self.store.exemptions.lately()
        event = Happening(record.event_id, record.event_time)
        known = self._known(record)
        earlier, others = self._earlier(record, known), self._others(record, known)
        verdict = judge.verdict(record, earlier, others, known)
        verdict = verdict.answered(self.store.detections.ask(event, verdict.asks))
        outcome = judge.outcome(record, verdict, exemptions, now)
        if outcome.fate is Fate.ALERTED and (asks := verdict.shown_asks):
            verdict = verdict.answered(self.store.detections.ask(event, asks))
            outcome = judge.outcome(record, verdict, exemptions, now)
        return outcome

    def _known(self, record: Record) -> Known:
        """Return what was read of the groups that the record is about, where that matters."""
        if record.event_name not in JUDGED_BESIDE:
            return NOTHING
        change = change_of(record)
        groups = groups_asked(change)
        places = [GroupAt(change.account, change.region, group) for group in groups]
        pasts = self.store.baselines.pasts(places, change.at)
        return known_of(change, dict(zip(groups, pasts, strict=True))) if pasts else NOTHING

    def _earlier(self, record: Record, known: Known) -> Sequence[Change]:
        """Return what else this run did to the group, where that changes what the record opens."""
        if record.event_name not in RE_OPENS or known.before is not None:
            return ()
        who, since = principal_of(record).id, record.event_time - self.policy.longest
        group = change_of(record).group.id
        history = self.store.events.history("group", group, since=since)
        return [
            outcome.sighting.change
            for outcome in history
            if outcome.sighting and outcome.principal == who
        ]

    def _others(self, record: Record, known: Known) -> Sequence[Change]:
        """Return what is known to have been done to the groups that the record moves into."""
        if record.event_name not in JOINS:
            return ()
        unread = [g for g in change_of(record).groups_after if g not in known.joined]
        found = (self.store.events.history("group", group) for group in unread)
        return [outcome.sighting.change for each in found for outcome in each if outcome.sighting]

    def _alert(self, outcome: Outcome, sighting: Sighting, now: datetime) -> Written:
        """Put the change into its principal's alert, or begin one that follows it."""
        group, ended = group_key(sighting), ""
        change = ChangeSeen(at=now, sighting=sighting)
        for _ in range(TRIES):
            window = self.store.events.window(group)
            based_on = window.alert if window else ""
            grown = joined(window, sighting, self.policy) if window else None
            entries: tuple[Entry, ...] = (change,)
            if grown is None or based_on == ended:
                grown = opened_window(sighting)
                entries = (self._raised(grown.alert, ended, now), change)
            placing = Placing(grown.alert, entries, based_on, group, grown)
            written = self._write(replace(outcome, alert=grown.alert), now, placing)
            if written is Written.ENDED:
                ended = based_on
            elif written is not Written.MOVED:
                return written
        raise StoreError(f"event {outcome.event_id} lost {TRIES} races for its alert")

    def _raised(self, alert: str, after: str, now: datetime) -> Raised:
        return Raised(at=now, by=SGWATCH, alert=alert, channel=self.policy.channel, after=after)

    def _our_own(self, record: Record, now: datetime, *, patient: bool, via: str) -> Written | None:
        """Write the record of a call that our executor made as such (promise 6)."""
        containment = session_containment(principal_of(record), self.contain_role)
        if containment is None:
            return None
        for _ in range(TRIES):
            reading = self.store.timelines.read(alert_of(containment))
            if reading is None:
                return None
            claim = claim_of(
                reading.alert, containment, change_of(record), record.request_id, patient=patient
            )
            if claim is None:
                return None
            if claim is Doubt.UNENDED:
                raise ComeBackLater
            written = self._claimed(record, reading.alert, claim, now, via)
            if written is not Written.MOVED:
                return written
        raise StoreError(f"event {record.event_id} lost {TRIES} races for its containment")

    def _claimed(
        self, record: Record, alert: Alert, claim: Claim, now: datetime, via: str
    ) -> Written:
        entry = OwnCallSeen(
            at=now,
            event_id=record.event_id,
            request_id=record.request_id,
            containment=claim.containment,
            call=claim.call,
        )
        outcome = replace(unmatched_outcome(record), fate=Fate.OURS, alert=alert.id, via=via)
        return self._write(outcome, now, Placing(alert.id, (entry,), str(alert.position)))

    def _write(self, outcome: Outcome, now: datetime, placing: Placing | None = None) -> Written:
        """Write what became of a record, and tell how late it came.

        What it makes familiar comes first: it is the same twice, and a claim says that it is done.
        """
        if outcome.sighting is not None:
            self.store.familiar.learn(outcome.sighting)
        written = self.store.events.write(replace(outcome, received=now), placing)
        if written is Written.NEW:
            metrics.event_received(outcome.fate, outcome.at, now)
        elif written is Written.KNOWN:
            metrics.EVENTS.labels("known").inc()
        return written


def alert_of(containment: str) -> str:
    """Return the id of the alert that a containment belongs to."""
    return containment.rpartition("-c")[0]
