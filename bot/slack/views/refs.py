"""What buttons and forms carry, as JSON: which alert, at which version, and what was shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from bot.alerts.alert import Alert
from bot.alerts.covering import Also
from bot.changes.severity import Severity
from bot.containment.action import Intent

AlertId = Annotated[str, Field(pattern=r"^SGW-[A-Z0-9]{1,32}$")]


StormId = Annotated[str, Field(pattern=r"^ST-[A-Z0-9]{1,32}-[0-9]{1,16}$")]


class StaleRefError(ValueError):
    """A button or form carries what this version of sgwatch does not read."""


@dataclass(frozen=True, slots=True)
class AlertRef:
    """A button's value: the alert, and the version that its message showed."""

    alert: AlertId
    version: int


@dataclass(frozen=True, slots=True)
class FormRef:
    """A form's private metadata: how many changes it showed, and the digest of its plan.

    ``also`` are alerts that it said to resolve as well, each with its number of changes.
    """

    alert: AlertId
    version: int
    seen: int
    digest: str = ""
    also: tuple[tuple[AlertId, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PageRef:
    """The value of a button that turns a page: the alert, and the page to turn to, from 0."""

    alert: AlertId
    page: Annotated[int, Field(ge=0)]


@dataclass(frozen=True, slots=True)
class ChangesRef:
    """Which page of an alert's changes: the worst, or all in order of time.

    Of the worst ``start`` is the place of the first one, else a place in the timeline; ``before``
    is how many changes come before it.
    """

    alert: AlertId
    start: Annotated[int, Field(ge=0)] = 0
    before: Annotated[int, Field(ge=0)] = 0
    worst: bool = True


@dataclass(frozen=True, slots=True)
class StormRef:
    """Which page of a storm's list, from 0, and of which severity alone, if of one."""

    storm: StormId
    page: Annotated[int, Field(ge=0)] = 0
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class RowRef:
    """An alert on a page of a storm's list."""

    alert: AlertId
    storm: StormRef


@dataclass(frozen=True, slots=True)
class MenuRef:
    """What an alert's menu is to show or to ask for, or that the actor is to be asked."""

    alert: AlertId
    show: Literal[
        "found", "guide", "changes", "ask", "quarantine", "restrict", "escalate", "snooze"
    ]


@dataclass(frozen=True, slots=True)
class PlanRef:
    """A form's private metadata: what was chosen, and the digest of the plan that it showed."""

    alert: AlertId
    seen: int
    digest: str
    intent: Intent


@dataclass(frozen=True, slots=True)
class OfferRef:
    """A scope that the form of an alert offers, from 0."""

    alert: AlertId
    offer: Annotated[int, Field(ge=0)]


@dataclass(frozen=True, slots=True)
class ExemptionRef:
    """An exemption that is to be extended or ended."""

    exemption: Annotated[str, Field(min_length=1, max_length=200)]


@dataclass(frozen=True, slots=True)
class AsideRef:
    """A page of the alerts in the digest, from 0, and the one of them that is to be shown."""

    page: Annotated[int, Field(ge=0)] = 0
    alert: AlertId | Literal[""] = ""


Ref = AlertRef | OfferRef | PageRef | ChangesRef | StormRef | RowRef | ExemptionRef | AsideRef
"""What a button carries."""


def form_ref(alert: Alert, digest: str = "", also: Sequence[Also] = ()) -> FormRef:
    """Return what a form about the alert as it is now carries."""
    others = tuple((each.alert, each.changes) for each in also)
    return FormRef(alert.id, alert.version, alert.counts.changes, digest, others)


_ALERT_ID: TypeAdapter[str] = TypeAdapter(AlertId)
_Ref = TypeVar("_Ref")


_adapter: Callable[[type], TypeAdapter[Any]] = cache(TypeAdapter)


def written(ref: Ref | FormRef | MenuRef | PlanRef) -> str:
    """Return the text that Slack keeps for us."""
    return _adapter(type(ref)).dump_json(ref).decode()


def read_ref(kind: type[_Ref], text: str) -> _Ref:
    """Read what a button or a form carries. Raises StaleRefError."""
    try:
        found: _Ref = _adapter(kind).validate_json(text)
    except ValidationError as error:
        raise StaleRefError(f"not of {kind.__name__}") from error
    return found


def read_alert_id(text: str) -> str | None:
    """Return the alert id that a person typed, or None if it is none."""
    try:
        return _ALERT_ID.validate_python(text.strip().upper())
    except ValidationError:
        return None
