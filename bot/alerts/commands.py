"""Commands: what a person or the worker asks ``decide`` for, and the refusal it may answer."""

from dataclasses import dataclass

from bot.alerts.approval import TERMS, Terms
from bot.alerts.climb_commands import ClimbRequest, ClimbWork
from bot.alerts.entries import Reply
from bot.alerts.people import Author, Right
from bot.containment.action import Action
from bot.containment.choice import Choice
from bot.containment.plan import Plan
from bot.exemptions.model import Exemption


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Hold the alert."""

    name = "acknowledge"


@dataclass(frozen=True, slots=True)
class MarkBenign:
    """Resolve it: the ``seen`` changes that the modal showed were fine."""

    reason: str
    seen: int
    name = "mark benign"


@dataclass(frozen=True, slots=True)
class Exempt:
    """Resolve it and expect such changes. ``uncovered`` names what the scope would not hide,
    ``hides`` the names of those whose changes of late it would have hidden.
    ``approval`` is why a second person has to approve the exemption first, if one has to.
    """

    exemption: Exemption
    uncovered: tuple[str, ...]
    seen: int
    hides: tuple[str, ...] = ()
    approval: str = ""
    name = "exempt"


@dataclass(frozen=True, slots=True)
class AskRevert:
    """Carry out exactly this plan, made for the ``seen`` changes that the modal showed."""

    plan: Plan
    reason: str
    seen: int
    terms: Terms = TERMS
    name = "revert"


@dataclass(frozen=True, slots=True)
class AskUndo:
    """Carry out exactly this plan, which undoes the revert ``of``."""

    of: str
    plan: Plan
    reason: str
    terms: Terms
    name = "undo"


@dataclass(frozen=True, slots=True)
class AskIsolation:
    """Carry out exactly this plan, which quarantines or restricts as was chosen."""

    action: Action
    choice: Choice
    plan: Plan
    reason: str
    seen: int
    terms: Terms

    @property
    def name(self) -> str:
        """Return what it is called in the records of refusals."""
        return self.action.value


@dataclass(frozen=True, slots=True)
class AskRelease:
    """Carry out exactly this plan, which releases the containment ``of``."""

    of: str
    plan: Plan
    reason: str
    terms: Terms
    name = "release"


@dataclass(frozen=True, slots=True)
class Approve:
    """Let the plan of this digest go ahead; ``glass`` is that an admin does so alone."""

    digest: str
    glass: bool = False
    reason: str = ""
    name = "approve"


@dataclass(frozen=True, slots=True)
class Decline:
    """Refuse what waits for approval, or take back what one asked for."""

    reason: str
    name = "decline"


@dataclass(frozen=True, slots=True)
class Reopen:
    """Open a resolved alert again."""

    reason: str
    name = "reopen"


@dataclass(frozen=True, slots=True)
class Comment:
    """Leave a note."""

    text: str
    name = "comment"


@dataclass(frozen=True, slots=True)
class AskActor:
    """Ask whoever did it, in a direct message, as a person or the ``policy`` wants it."""

    slack_id: str
    name_of_actor: str
    policy: str = ""
    name = "ask the actor"


@dataclass(frozen=True, slots=True)
class AnswerAsActor:
    """Answer as the one who was asked; ``seen`` is how many changes they were shown."""

    reply: Reply
    reason: str = ""
    seen: int = 0
    name = "answer"


@dataclass(frozen=True, slots=True)
class CloseOnYes:
    """The worker closes the alert on the actor's word, as this version of the policy says."""

    policy: str = ""
    name = "close on a yes"


@dataclass(frozen=True, slots=True)
class PlanAgain:
    """What a request would change has moved: this is its plan now."""

    containment: str
    plan: Plan
    name = "plan again"


@dataclass(frozen=True, slots=True)
class Expire:
    """Nobody approved the request in time."""

    containment: str
    name = "expire"


@dataclass(frozen=True, slots=True)
class RevertByItself:
    """The worker reverts, as this version of the policy says."""

    plan: Plan
    reason: str
    seen: int
    terms: Terms
    policy: str = ""
    name = "revert by itself"


@dataclass(frozen=True, slots=True)
class ReleaseByItself:
    """The worker releases what has lasted as long as it was to."""

    of: str
    plan: Plan
    name = "release by itself"


@dataclass(frozen=True, slots=True)
class LeaveToPeople:
    """The worker does not revert what the policy names, and says why."""

    why: str
    policy: str = ""
    name = "leave to people"


@dataclass(frozen=True, slots=True)
class CloseCovered:
    """The worker resolves an alert that an exemption covers wholly, for who saved that."""

    exemption: str
    by: Author
    reason: str
    seen: int
    name = "close as covered"


@dataclass(frozen=True, slots=True)
class BeginCall:
    """The worker is about to make call number ``call`` of the containment.

    ``again`` is that it was begun before, its end was lost, and AWS was seen not to have done it.
    """

    containment: str
    call: int
    again: bool = False
    name = "begin call"


@dataclass(frozen=True, slots=True)
class EndCall:
    """The worker knows how the call ended, and the id of what it ``made``, if anything."""

    containment: str
    call: int
    request_id: str
    error: str = ""
    made: str = ""
    name = "end call"


@dataclass(frozen=True, slots=True)
class EndContainment:
    """The worker has read the result back from AWS."""

    containment: str
    verified: bool
    told: str
    dry: bool = False
    name = "end containment"


AskCommand = AskRevert | AskUndo | AskIsolation | AskRelease
DeskCommand = Acknowledge | MarkBenign | Exempt | Reopen | Comment
AnyonesCommand = DeskCommand | AskCommand | Approve | Decline | AskActor | AnswerAsActor
PersonCommand = AnyonesCommand | ClimbRequest
WorkerCommand = BeginCall | EndCall | EndContainment
PolicyCommand = PlanAgain | Expire | RevertByItself | ReleaseByItself | LeaveToPeople
AlertCommand = AnyonesCommand | WorkerCommand | PolicyCommand | CloseOnYes | CloseCovered
Command = AlertCommand | ClimbRequest | ClimbWork


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not, in words fit for Slack. ``needs`` is the right that was missing, if one was."""

    why: str
    needs: Right | None = None
    field: str = ""


def no_such_alert(alert_id: str) -> Refusal:
    """Return the refusal for an alert that never was, or is forgotten."""
    return Refusal(f"There is no alert {alert_id}.")
