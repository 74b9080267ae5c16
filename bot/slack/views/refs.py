"""What buttons and forms carry, as JSON: which alert, at which version, and what was shown."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from bot.alerts.alert import Alert

AlertId = Annotated[str, Field(pattern=r"^SGW-[A-Z0-9]{1,32}$")]


class StaleRefError(ValueError):
    """A button or form carries what this version of sgwatch does not read."""


@dataclass(frozen=True, slots=True)
class AlertRef:
    """A button's value: the alert, and the version that its message showed."""

    alert: AlertId
    version: int


@dataclass(frozen=True, slots=True)
class FormRef:
    """A form's private metadata: how many changes it showed, and the digest of its plan."""

    alert: AlertId
    version: int
    seen: int
    digest: str = ""


@dataclass(frozen=True, slots=True)
class PageRef:
    """The value of a button that turns a page: the alert, and the page to turn to, from 0."""

    alert: AlertId
    page: Annotated[int, Field(ge=0)]


def form_ref(alert: Alert, digest: str = "") -> FormRef:
    """Return what a form about the alert as it is now carries."""
    return FormRef(alert.id, alert.version, alert.counts.changes, digest)


_ALERT_REF: TypeAdapter[AlertRef] = TypeAdapter(AlertRef)
_FORM_REF: TypeAdapter[FormRef] = TypeAdapter(FormRef)
_PAGE_REF: TypeAdapter[PageRef] = TypeAdapter(PageRef)
_ALERT_ID: TypeAdapter[str] = TypeAdapter(AlertId)


def written(ref: AlertRef | FormRef | PageRef) -> str:
    """Return the text that Slack keeps for us."""
    match ref:
        case AlertRef():
            return _ALERT_REF.dump_json(ref).decode()
        case FormRef():
            return _FORM_REF.dump_json(ref).decode()
        case PageRef():
            return _PAGE_REF.dump_json(ref).decode()


def read_alert_ref(text: str) -> AlertRef:
    """Read a button's value. Raises StaleRefError."""
    try:
        return _ALERT_REF.validate_json(text)
    except ValidationError as error:
        raise StaleRefError("not an alert") from error


def read_form_ref(text: str) -> FormRef:
    """Read a form's private metadata. Raises StaleRefError."""
    try:
        return _FORM_REF.validate_json(text)
    except ValidationError as error:
        raise StaleRefError("not a form") from error


def read_page_ref(text: str) -> PageRef:
    """Read the value of a button that turns a page. Raises StaleRefError."""
    try:
        return _PAGE_REF.validate_json(text)
    except ValidationError as error:
        raise StaleRefError("not a page") from error


def read_alert_id(text: str) -> str | None:
    """Return the alert id that a person typed, or None if it is none."""
    try:
        return _ALERT_ID.validate_python(text.strip().upper())
    except ValidationError:
        return None
