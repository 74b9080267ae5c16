"""Asking the actor: "did you just…?" Who may be asked, who may answer, and what it changes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.alerts.alert import Alert, Status
from bot.alerts.commands import AnswerAsActor, AskActor, CloseOnYes, Refusal
from bot.alerts.entries import ActorAnswered, ActorAsked, Entry, MarkedBenign, Reopened, Reply
from bot.alerts.people import SGWATCH, Author
from bot.alerts.progress import Direct
from bot.alerts.sighting import Sighting
from bot.changes.change import Verb
from bot.changes.rules import PeerKind
from bot.changes.severity import Severity
from bot.cloudtrail.principal import Principal

SHORTEST_REASON = 3
JUST = timedelta(hours=1)
"""What was done so long ago at most is acted on by the policy itself: of older things people know
less, and a policy that is new is not for what was there before."""

OPEN, SETTLED = "open", "settled"
"""What a question says: that it is to be answered, or that it need not be any more."""

Decided = tuple[Entry, ...] | Refusal


@dataclass(frozen=True, slots=True)
class Whom:
    """Who can be asked: a Slack user that the policy names, or whoever has an e-mail address."""

    slack_id: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class AskPolicy:
    """Of alerts how severe the actor is asked unbidden, and of which a "yes" closes them.

    ``people`` maps Slack user ids to the principals that they are; ``version`` is the policy's.
    """

    severities: Collection[Severity] = ()
    close_on_yes: Collection[Severity] = ()
    people: Mapping[str, Sequence[str]] = field(default_factory=dict)
    version: str = ""


def whom(principal: Principal | None, people: Mapping[str, Sequence[str]]) -> Whom | None:
    """Return who a principal is, if that is one known person.

    Behind a role that an identity provider gives is the person that it names, whomever the policy
    says the role to be. A session name that the caller chose is nobody.
    """
    if principal is None:
        return None
    name = principal.person or principal.id
    named = [slack_id for slack_id, known in people.items() if _among(name, known)]
    if named:
        return Whom(slack_id=named[0]) if len(named) == 1 else None
    local, _, domain = principal.person.partition("@")
    return Whom(email=principal.person) if local and "." in domain else None


def _among(name: str, known: Sequence[str]) -> bool:
    return bool(name) and name.casefold() in {each.casefold() for each in known}


def to_be_asked(alert: Alert, policy: AskPolicy, now: datetime) -> Whom | None:
    """Return whom the policy has asked about the alert now."""
    if alert.status is Status.RESOLVED or alert.actor or alert.severity not in policy.severities:
        return None
    recent = alert.last_at is not None and now - alert.last_at <= JUST
    return whom(alert.principal, policy.people) if recent else None


def question_state(alert: Alert) -> str:
    """Return what the question in the direct message is to show."""
    if alert.actor is not None and alert.actor.answer is not None:
        return alert.actor.answer.value
    return SETTLED if alert.status is Status.RESOLVED else OPEN


def is_untold(alert: Alert, direct: Direct) -> bool:
    """Return whether the direct message is to be sent or to be changed."""
    state = question_state(alert)
    if alert.actor is None or direct.shown == state:
        return False
    return state == OPEN or bool(direct.ts) or direct.posting is not None


def asked(alert: Alert, command: AskActor, by: Author, now: datetime) -> Decided:
    """Return the entry that has the actor asked, or why they are not."""
    if alert.status is Status.RESOLVED:
        return Refusal("This alert is resolved: there is nothing to ask any more.")
    if alert.actor is not None:
        return Refusal(f"{alert.actor.name} has been asked already.")
    return (ActorAsked(at=now, by=by, slack_id=command.slack_id, name=command.name_of_actor),)


def answered(alert: Alert, command: AnswerAsActor, by: Author, now: datetime) -> Decided:
    """Return the entries of an answer. Only who was asked may give it, and "no" always counts.

    Whoever holds the session may hold the Slack account too, so a "yes" can be taken back, and a
    "no" cannot.
    """
    actor = alert.actor
    if actor is None or actor.slack_id != by.slack_id:
        return Refusal("Only the person who was asked can answer this.")
    if actor.answer is not None and (command.reply is not Reply.NO or actor.answer is Reply.NO):
        return Refusal(f"You have answered “{actor.answer.words}” already.")
    if command.reply is not Reply.NO and alert.status is Status.RESOLVED:
        return Refusal("This has been settled meanwhile: no answer is needed any more.")
    if command.reply is Reply.YES and len(command.reason.strip()) < SHORTEST_REASON:
        return Refusal("Say what it was for, such as a ticket.", field="reason")
    answer = ActorAnswered(
        at=now, by=by, reply=command.reply, reason=command.reason.strip(), seen=command.seen
    )
    if command.reply is Reply.NO and alert.status is Status.RESOLVED:
        return (answer, Reopened(at=now, by=SGWATCH, reason=actor.denial))
    return (answer,)


def may_close(alert: Alert) -> bool:
    """Return whether the actor's "yes" is enough to close the alert, where the policy says so.

    Never where something was opened to the world or may have been, nor for changes that they were
    not shown. It closes at once or not at all: whatever people decide after it stands.
    """
    actor = alert.actor
    if actor is None or actor.answer is not Reply.YES or alert.status is Status.RESOLVED:
        return False
    counts = alert.counts
    whole = counts.changes == actor.seen == len(alert.worst)
    shut = counts.world == 0 and not any(map(_may_open, alert.worst))
    shut = shut and all(signal.name != "reachable_now" for signal in alert.signals)
    idle = alert.running is None and alert.waiting is None
    return whole and shut and idle and alert.version == actor.answered_on


def _may_open(seen: Sighting) -> bool:
    """Return whether a change may open to the world what its record does not tell."""
    change = seen.change
    if change.error:
        return False
    if any(rule.peer.kind is PeerKind.PREFIX_LIST for rule in change.added + change.modified):
        return True
    if seen.exposure is not None:
        return False
    match change.verb:
        case Verb.MOVE:
            return bool(change.groups_after)
        case Verb.AUTHORIZE | Verb.MODIFY:
            return not change.touched
        case Verb.PREFIX_LIST:
            return not change.cidrs_removed
        case _:
            return False


def closes(alert: Alert, policy: AskPolicy) -> bool:
    """Return whether the policy closes the alert by itself."""
    return alert.severity in policy.close_on_yes and may_close(alert)


def closed(alert: Alert, command: CloseOnYes, now: datetime) -> Decided:
    """Return the entry that closes the alert on the actor's word, or why it stays open."""
    if alert.actor is None or not may_close(alert):
        return Refusal("A yes does not close this alert.")
    reason = f"{alert.actor.name} says: {alert.actor.reason}"
    by = by_policy(command.policy)
    return (MarkedBenign(at=now, by=by, seen=alert.counts.changes, reason=reason),)


def by_policy(version: str) -> Author:
    """Return sgwatch itself as the author, under a version of the policy."""
    return replace(SGWATCH, policy=version)
