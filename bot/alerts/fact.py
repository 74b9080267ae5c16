"""Facts: questions about an alert, what was answered, and the signals that came of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Question(StrEnum):
    """What is asked about an alert after it is raised."""

    GROUP_NAME = "group_name"
    GROUP = "group"
    BEHIND = "behind"
    WHO = "who"
    HABIT = "habit"
    PLACE = "place"
    MANAGED = "managed"
    REPEATED = "repeated"
    PERSISTENCE = "persistence"
    ACTIVITY = "activity"
    FLOW_LOGS = "flow_logs"


@dataclass(frozen=True, slots=True)
class Act:
    """A call that was made around an alert. ``name`` is its caller's, ``about`` what it acted on.

    ``session`` and ``key`` tell sessions of one role apart.
    """

    event_id: str
    at: datetime
    service: str
    action: str
    account: str
    region: str
    principal: str
    name: str = ""
    session: str = ""
    key: str = ""
    address: str = ""
    about: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One answered question about ``about`` (a group's id, a principal's, …).

    ``value`` is the line that is shown, ``more`` what stands under it in the details, after the
    ``acts``; ``unknown`` says why there is no answer. ``as_of`` is when it was so, where that is
    not when it was asked; ``field`` is its name in ECS, where it has one.
    """

    question: Question
    about: str
    value: str = ""
    unknown: str = ""
    more: tuple[str, ...] = ()
    as_of: datetime | None = None
    field: str = ""
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True)
class Signal:
    """A named, readable observation with a weight: above 0 it speaks for worse.

    ``question`` is the one whose answer gave it: with a later answer it is there again, or gone.
    """

    name: str
    weight: int
    text: str
    question: Question | None = None
