"""The desk: what every listener needs, and the one way by which a person's command is decided."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.alerts.alert import Alert, ResolutionKind, Status
from bot.alerts.approval import Standing, Terms
from bot.alerts.climb_commands import EscalateNow, SnoozeUntil
from bot.alerts.commands import (
    Acknowledge,
    AnswerAsActor,
    Approve,
    AskActor,
    AskCommand,
    AskIsolation,
    AskRelease,
    AskRevert,
    AskUndo,
    Comment,
    Decline,
    Exempt,
    MarkBenign,
    PersonCommand,
    Refusal,
    Reopen,
    no_such_alert,
)
from bot.alerts.decide import decide, refused
from bot.alerts.people import Person, Right
from bot.containment.action import Action, Intent
from bot.containment.isolation import Site
from bot.containment.plan import Plan
from bot.containment.restrict import Actor
from bot.escalation.ladder import EscalationPolicy
from bot.exemptions.names import Names
from bot.exemptions.policy import ExemptionPolicy
from bot.exemptions.text import NO_NAMES
from bot.paging.people import WhoIsOnCall
from bot.slack.directory import Directory, DirectoryError
from bot.slack.views.guide import Find
from bot.slack.views.message import Shown
from bot.store.deciding import decide_on
from bot.store.store import Store
from bot.store.timelines import Reading

NOBODY_KNOWN = Refusal(
    "Slack does not tell us who you are right now, so nothing was decided. Try again in a minute."
)
NOT_READ = Refusal("This installation does not read that.")
TO_BE_GIVEN = "to be given in the form"
REPEATED = Refusal("You have decided this already.")

Planner = Callable[[str, Intent], Plan | Refusal]
TermsOf = Callable[[Alert, Action, Plan], Terms]
Probe = Callable[[Alert], PersonCommand]
CommandFor = Callable[[Reading, Person], PersonCommand | Refusal]


@dataclass(frozen=True, slots=True)
class Desk:
    """``plan`` reads AWS and says what a containment of the alert would call now.

    ``find`` looks up a detection that runs now, by its id. ``terms`` says who may have a plan
    carried out, and who approves it. ``names`` are accounts' and OUs' names, ``networks`` the
    organisation's own ranges. ``behind`` reads what may be isolated, ``whom`` who may be
    restricted. ``who`` tells who is on call.
    """

    store: Store
    directory: Directory
    shown: Shown
    plan: Planner
    find: Find
    terms: TermsOf
    names: Names = NO_NAMES
    networks: tuple[str, ...] = ()
    exemptions: ExemptionPolicy = field(default_factory=ExemptionPolicy)
    behind: Callable[[Alert], Site | Refusal] = lambda _: NOT_READ
    whom: Callable[[Alert], Actor | Refusal] = lambda _: NOT_READ
    who: WhoIsOnCall | None = None

    @property
    def escalation(self) -> EscalationPolicy:
        """Return the ladders and rotas of the policy."""
        return self.who.policy if self.who is not None else EscalationPolicy()

    def decide(self, alert_id: str, user: str, command: CommandFor) -> Refusal | None:
        """Decide on the alert as it is now. A refusal is recorded; None: it is decided.

        Somebody who sends the same command twice is not scolded: it counted once.
        """
        person = self._person(user)
        if isinstance(person, Refusal):
            return person

        def wanted(reading: Reading) -> PersonCommand | Refusal:
            asked = command(reading, person)
            if not isinstance(asked, Refusal) and is_repeat(reading.alert, asked, person):
                return REPEATED
            return asked

        outcome = decide_on(self.store, alert_id, wanted, person)
        return outcome if isinstance(outcome, Refusal) and outcome is not REPEATED else None

    def look(self, alert_id: str, user: str, name: str, probe: Probe) -> Reading | Refusal:
        """Return the alert for a form, if the person might submit it: a refusal is recorded.

        ``probe`` is the command as it would be with a good reason; ``name`` is what to call it.
        """
        person = self._person(user)
        if isinstance(person, Refusal):
            return person
        reading = self.store.timelines.read(alert_id)
        if reading is None:
            return no_such_alert(alert_id)
        decided = decide(reading.alert, probe(reading.alert), person, reading.now)
        if isinstance(decided, Refusal):
            self.store.timelines.observe(alert_id, refused(name, person, decided, reading.now))
            return decided
        return reading

    def may_view(self, user: str) -> Refusal | None:
        """Return why somebody may not see alerts, or None."""
        person = self.viewer(user)
        return person if isinstance(person, Refusal) else None

    def viewer(self, user: str) -> Person | Refusal:
        """Return who somebody is and what they may, at this moment; or why they may see nothing."""
        person = self._person(user)
        if isinstance(person, Refusal) or person.right >= Right.VIEWER:
            return person
        return Refusal("You need the right of a viewer to see this.", needs=Right.VIEWER)

    def who_may(self, refusal: Refusal) -> str:
        """Return, as markup, who may do what was refused for want of a right."""
        return self.directory.who_may(refusal.needs) if refusal.needs else ""

    def _person(self, user: str) -> Person | Refusal:
        try:
            return self.directory.person(user)
        except DirectoryError:
            return NOBODY_KNOWN


def to_resolve(alert: Alert) -> PersonCommand:
    """Return a command that asks whether somebody may resolve the alert."""
    return MarkBenign(TO_BE_GIVEN, alert.counts.changes)


def to_reopen(_: Alert) -> PersonCommand:
    """Return a command that asks whether somebody may reopen the alert."""
    return Reopen(TO_BE_GIVEN)


def to_view(_: Alert) -> PersonCommand:
    """Return a command that asks whether somebody may look."""
    return Comment("")


def is_repeat(alert: Alert, command: PersonCommand, person: Person) -> bool:
    """Return whether the alert already stands as this person's same command left it."""
    match command:
        case Acknowledge():
            return alert.hold is not None and alert.hold.by.slack_id == person.slack_id
        case MarkBenign():
            return _ended(alert, ResolutionKind.BENIGN, command.reason, person)
        case Exempt():
            return _ended(alert, ResolutionKind.EXEMPTED, command.exemption.reason, person)
        case Approve() | Decline():
            return _settled_already(alert, command, person)
        case AskRevert() | AskUndo() | AskIsolation() | AskRelease():
            return _asked_already(alert, command, person)
        case Reopen():
            return alert.status is Status.OPEN and alert.reopened == command.reason.strip()
        case AskActor():
            return alert.actor is not None and alert.actor.slack_id == command.slack_id
        case AnswerAsActor():
            actor = alert.actor
            return (
                actor is not None
                and actor.slack_id == person.slack_id
                and actor.answer is command.reply
            )
        case Comment() | SnoozeUntil() | EscalateNow():
            return False


def _ended(alert: Alert, kind: ResolutionKind, reason: str, person: Person) -> bool:
    end = alert.resolution
    return (
        end is not None
        and end.kind is kind
        and end.by.slack_id == person.slack_id
        and end.reason == reason.strip()
    )


def _asked_already(alert: Alert, command: AskCommand, person: Person) -> bool:
    last = alert.containments[-1] if alert.containments else None
    return (
        last is not None
        and last.by.slack_id == person.slack_id
        and last.plan == command.plan
        and last.verified is not False
        and last.standing in {Standing.CLEARED, Standing.WAITING}
    )


def _settled_already(alert: Alert, command: Approve | Decline, person: Person) -> bool:
    last = alert.containments[-1] if alert.containments else None
    same = Standing.CLEARED if isinstance(command, Approve) else Standing.DECLINED
    by = last.settled_by if last is not None and last.standing is same else None
    return by is not None and by.slack_id == person.slack_id
