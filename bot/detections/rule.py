"""A detection: one rule in Elastic's form, as a value."""

from dataclasses import dataclass
from datetime import timedelta

from bot.changes.severity import Severity
from bot.detections.kql.tree import Query


@dataclass(frozen=True, slots=True)
class Technique:
    """A technique of MITRE ATT&CK, or a sub-technique of one."""

    id: str
    name: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Tactic:
    """A tactic of MITRE ATT&CK, and the techniques under it that the rule finds."""

    id: str
    name: str
    reference: str = ""
    techniques: tuple[Technique, ...] = ()


@dataclass(frozen=True, slots=True)
class Threshold:
    """How many events with the same ``fields`` make an alert.

    ``cardinality`` names fields that must show at least so many different values among them.
    """

    fields: tuple[str, ...]
    value: int
    cardinality: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class NewTerms:
    """The ``fields`` whose values must not have been seen since ``since`` ("now-7d")."""

    fields: tuple[str, ...]
    since: str


@dataclass(frozen=True, slots=True)
class Suppression:
    """For how long one alert stands for all with the same values of the fields ``by``.

    ``missing`` is whether a field without a value counts as a value of its own; else an event that
    lacks one is never suppressed.
    """

    by: tuple[str, ...]
    duration: timedelta
    missing: bool = True


@dataclass(frozen=True, slots=True)
class RuleException:
    """What is expected: an event for which ``tree`` holds is not matched by the rule."""

    name: str
    tree: Query


@dataclass(frozen=True, slots=True)
class Detection:
    """One rule. ``query`` is its KQL as written, ``tree`` what was read of it.

    ``note`` is its investigation guide, ``since`` how far back each run of it would look
    ("now-9m"). ``related`` are the ids of other people's rules that look for the same. ``notices``
    say what of the file is not done.
    """

    id: str
    name: str
    severity: Severity
    query: str
    tree: Query
    type: str = "query"
    language: str = "kuery"
    description: str = ""
    risk_score: int = 0
    tactics: tuple[Tactic, ...] = ()
    note: str = ""
    setup: str = ""
    references: tuple[str, ...] = ()
    false_positives: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    index: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    since: str = ""
    suppression: Suppression | None = None
    exceptions: tuple[RuleException, ...] = ()
    threshold: Threshold | None = None
    new_terms: NewTerms | None = None
    notices: tuple[str, ...] = ()
    path: str = ""
