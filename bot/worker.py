"""The worker: takes a subject that is due, does its steps, and says when it is next due.

It is level-triggered: a step looks at things as they are, not at what woke it, so that attending
twice, late or out of order is harmless.
"""

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Event
from time import monotonic
from typing import assert_never

from bot.alerts.alert import Alert, Status
from bot.alerts.approving import broken_glass
from bot.alerts.climb_due import Move
from bot.alerts.closed import open_places, unseen
from bot.alerts.commands import CloseOnYes, Expire
from bot.alerts.due import (
    AlertStep,
    Ask,
    ChooseActor,
    Close,
    Forget,
    Investigate,
    Present,
    Release,
    RevertByItself,
    SetAside,
    due,
)
from bot.alerts.due import Contain as ContainStep
from bot.alerts.due import Expire as ExpireStep
from bot.alerts.entries import ClosedAtSource, Found
from bot.alerts.evolve import evolve
from bot.alerts.policy import AlertPolicy
from bot.alerts.progress import Progress, Trouble, troubled
from bot.alerts.signals import raised
from bot.alerts.storm import unshown
from bot.aws.errors import AwsError
from bot.cloudtrail.text import printable
from bot.contain import Contain, Hands, RaceLostError, release_by_itself, revert_by_itself
from bot.escalate import Escalator
from bot.investigation.run import Answer, Investigator, not_known_yet
from bot.slack.actors import Actors
from bot.slack.presenter import LeaseLostError, Presenter
from bot.store.attention import Subject, SubjectKind
from bot.store.deciding import decide_on
from bot.store.link import NotSafeError, StoreError
from bot.store.store import Store
from bot.store.timelines import Reading

log = logging.getLogger(__name__)

PAUSE = 1.0
"""Seconds between tries while Redis cannot be reached."""

AGAIN_AFTER_DEFECT = timedelta(minutes=1)

UNTIL_SAFE = timedelta(seconds=10)
"""A decision that is not safe yet is looked at again; all that needs none goes on."""

EXPECTED = 60.0
"""Seconds after which chores are looked for again, in case Redis was emptied meanwhile."""

NOW = timedelta(0)

PATIENCE = timedelta(minutes=10)
"""A step may fail for so long before the operators hear of it."""

TOLD_AFTER = 3
"""Tries of a question before the alert says that there is no answer yet."""

Renew = Callable[[], None]
Due = datetime | timedelta | None
Chore = Callable[[Renew], Due]
"""What is done now and then, under its lease; it returns when it is next due."""


@dataclass(frozen=True, slots=True)
class Worker:
    """Attends alerts, channels, exemptions and chores. Any number of them may run."""

    store: Store
    presenter: Presenter
    hands: Hands
    investigator: Investigator
    actors: Actors
    policy: AlertPolicy
    may_contain: bool = True
    dry_run: bool = False
    chores: Mapping[str, Chore] = field(default_factory=dict)
    exemption: Callable[[str, Renew], Due] = lambda *_: None
    climber: Escalator | None = None

    def run(self, stop: Event) -> None:
        """Attend until told to stop; the subject in hand is finished first."""
        token, expected_until = secrets.token_hex(8), 0.0
        while not stop.is_set():
            try:
                if monotonic() >= expected_until:
                    self._expect_chores()
                    expected_until = monotonic() + EXPECTED
                found = self.attend(token)
                token = secrets.token_hex(8)
                if not found:
                    self.store.attention.wait()
            except StoreError as error:
                log.warning("attending is held up: %s", error)
                expected_until = 0.0
                stop.wait(PAUSE)

    def _expect_chores(self) -> None:
        """See that chores which nothing wakes are due, also in a Redis that came back empty."""
        for name in self.chores:
            self.store.attention.expect(Subject(SubjectKind.CHORE, name))

    def attend(self, token: str = "") -> bool:
        """Take one subject and do its steps; False if nothing is due. Raises StoreError.

        Under the same token it takes again at once what it had in hand when Redis failed.
        """
        token = token or secrets.token_hex(8)
        # What is to be seen does not wait until all that is to be asked has been asked.
        channel = Subject(SubjectKind.CHANNEL, self.policy.channel)
        subject = self.store.attention.take(token, channel)
        if subject is None:
            return False
        try:
            again = self._steps(subject, self._renewer(subject, token))
        except LeaseLostError:
            return True
        except NotSafeError as error:
            log.warning("%s must wait: %s", subject, error)
            again = UNTIL_SAFE
        except StoreError:
            raise
        except Exception as error:
            # A defect of ours: the subject comes back, and the others are not held up.
            log.exception("attending %s failed", subject)
            what = f"attending {subject} failed: {type(error).__name__}; the log says more"
            self.store.notices.tell(f"defect:{type(error).__name__}", what)
            again = AGAIN_AFTER_DEFECT
        self.store.attention.finish(subject, token, again)
        return True

    def _renewer(self, subject: Subject, token: str) -> Renew:
        def renew() -> None:
            if not self.store.attention.renew(subject, token):
                raise LeaseLostError(str(subject))

        return renew

    def _steps(self, subject: Subject, renew: Renew) -> Due:
        match subject.kind:
            case SubjectKind.ALERT:
                return self._attend_alert(subject.id, renew)
            case SubjectKind.CHANNEL:
                return self.presenter.attend(subject.id, renew)
            case SubjectKind.CHORE:
                return self._chore(subject.id, renew)
            case SubjectKind.EXEMPTION:
                return self.exemption(subject.id, renew)
            case _:
                assert_never(subject.kind)

    def _chore(self, name: str, renew: Renew) -> Due:
        chore = self.chores.get(name)
        if chore is None:
            log.warning("nobody here does the chore %s", name)
            return PATIENCE
        return chore(renew)

    def _attend_alert(self, alert_id: str, renew: Renew) -> Due:
        reading = self.store.timelines.read(alert_id)
        if reading is None:
            return None
        if reading.alert.position > reading.folded:
            self.store.timelines.snapshot(reading.alert)
        if self._closed_at_source(reading):
            return NOW
        todo = due(reading.alert, reading.progress, self.policy, reading.now)
        for step in todo.steps:
            if not isinstance(step, Move):
                self._do(step, reading, renew)
            elif self.climber is not None:
                self.climber.move(reading, step, renew)
        return NOW if todo.steps else todo.next

    def _closed_at_source(self, reading: Reading) -> bool:
        """Note on an alert what was taken away again; whoever records that makes it due."""
        alert = reading.alert
        if alert.status is Status.RESOLVED or not (places := open_places(alert)):
            return False
        found = unseen(alert, self.store.events.closings(places))
        for closing in found:
            self.store.timelines.observe(alert.id, ClosedAtSource(at=reading.now, closing=closing))
        return bool(found)

    def _do(self, step: AlertStep, reading: Reading, renew: Renew) -> None:
        match step:
            case Present():
                alert, progress = reading.alert, reading.progress
                self.store.channels.enqueue(alert, unseen=unshown(alert, progress))
            case SetAside():
                self._set_aside(reading)
            case Investigate():
                self._investigate(reading, step, renew)
            case ContainStep():
                self._contain(reading, renew)
            case ChooseActor():
                self.actors.choose(reading, step.whom)
            case Ask():
                self.actors.ask(reading, renew)
            case RevertByItself() | Release():
                self._by_itself(reading, step)
            case Close() | ExpireStep():
                closing = CloseOnYes(self.policy.ask.version)
                command = closing if isinstance(step, Close) else Expire(step.containment)
                decide_on(self.store, reading.alert.id, command, None)
            case Forget():
                self.store.timelines.forget(reading.alert.id)
            case _:
                assert_never(step)

    def _set_aside(self, reading: Reading) -> None:
        """Put the alert on the digest's list; nothing of it waits to be shown."""
        alert, progress = reading.alert, reading.progress
        self.store.aside.add(alert, reading.now)
        shown = replace(progress, queued=alert.position, shown=alert.position)
        self._progress(reading, shown)

    def _investigate(self, reading: Reading, step: Investigate, renew: Renew) -> None:
        """Ask, and append each answer as it comes, with what it makes of the severity."""
        alert, asking = reading.alert, dict(reading.progress.asking)
        for question, found in self.investigator.ask(alert, step.questions, reading.now):
            if isinstance(found, AwsError):
                name = f"asking {question}"
                trouble = self._troubled(reading, asking.get(question), name, found)
                asking[question] = trouble
                if trouble.attempts == TOLD_AFTER:
                    alert = self._found(alert, not_known_yet(alert, question, found), reading.now)
            else:
                asking.pop(question, None)
                alert = self._found(alert, found, reading.now)
                renew()
        self._progress(reading, replace(reading.progress, asking=asking))

    def _found(self, alert: Alert, answer: Answer, now: datetime) -> Alert:
        signals = self.policy.signals.weighed(answer.signals)
        entry = Found(at=now, facts=answer.facts, signals=signals, seen=alert.counts.changes)
        after = evolve(alert, [entry])
        entry = replace(entry, severity=raised(after.base, after.signals, self.policy.signals))
        self.store.timelines.observe(alert.id, entry)
        return after

    def _contain(self, reading: Reading, renew: Renew) -> None:
        running = reading.alert.running
        if running is None:
            return
        if running.glass:
            self.store.notices.tell(f"glass:{running.id}", broken_glass(reading.alert, running))
        step = Contain(self.store, self.hands, renew)
        try:
            if not self.may_contain:
                step.end(reading.alert, running, "changing AWS is switched off")
            elif self.dry_run:
                step.rehearse(reading.alert, running)
            else:
                step.carry_on(reading.alert, running)
        except RaceLostError as lost:
            log.info("containment %s is somebody else's: %s", running.id, lost)
        except AwsError as error:
            if not error.retry:
                step.give_up(reading.alert, running, str(error))
                return
            trouble = self._troubled(reading, reading.progress.contain, "containing", error)
            self._progress(reading, replace(reading.progress, contain=trouble))

    def _by_itself(self, reading: Reading, step: RevertByItself | Release) -> None:
        """Ask for what nobody has to ask for; the next turn carries it out."""
        alert, policy = reading.alert, self.policy.containment
        try:
            if isinstance(step, RevertByItself):
                revert_by_itself(self.store, self.hands, policy, alert)
            elif self.may_contain and not self.dry_run:
                release_by_itself(self.store, self.hands, alert, step.containment)
            else:
                raise AwsError("changing AWS is switched off", retry=True)
        except AwsError as error:
            doing = "reverting" if isinstance(step, RevertByItself) else "releasing"
            trouble = self._troubled(reading, reading.progress.contain, doing, error)
            self._progress(reading, replace(reading.progress, contain=trouble))

    def _troubled(
        self, reading: Reading, before: Trouble | None, step: str, error: AwsError
    ) -> Trouble:
        """Return the step's trouble after this failure, and see that it does not go unheard."""
        alert_id = reading.alert.id
        what = f"{step} for {alert_id} fails: {printable(str(error), 300)}"
        self.store.notices.tell(f"{step}:{alert_id}", what, PATIENCE)
        return troubled(before, str(error), reading.now, alert_id)

    def _progress(self, reading: Reading, after: Progress) -> None:
        self.store.timelines.save_progress(reading.alert.id, reading.progress, after)
