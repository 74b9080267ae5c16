"""What the groups are called: most records tell only their ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.alerts.alert import Alert
from bot.alerts.fact import Fact, Question
from bot.alerts.questions import unnamed_groups
from bot.aws.errors import AwsError
from bot.changes.change import Change
from bot.cloudtrail.text import printable
from bot.investigation.run import Answer

LONGEST = 255
"""Characters of a group's name: EC2's limit."""


class Names(Protocol):
    """What is needed of AWS. Raises AwsError."""

    def group_names(self, account: str, region: str, ids: Sequence[str]) -> dict[str, str]:
        """Return the names of groups by id; those that are gone are missing."""
        ...


@dataclass(frozen=True, slots=True)
class GroupNames:
    """Asks what the groups are called of which no record told it."""

    names: Names

    def __call__(self, alert: Alert, _: datetime, /) -> Answer:
        """Return a name for each, or why it is unknown. Raises AwsError."""
        return Answer(group_names(unnamed_groups(alert), self.names))


def group_names(changes: Sequence[Change], names: Names) -> tuple[Fact, ...]:
    """Return the name of each change's group, or why it is unknown.

    Raises AwsError where asking again may help.
    """
    places: dict[tuple[str, str], list[str]] = {}
    for change in changes:
        places.setdefault((change.account, change.region), []).append(change.group.id)
    return tuple(fact for place, ids in places.items() for fact in _asked(*place, ids, names))


def _asked(account: str, region: str, ids: Sequence[str], names: Names) -> list[Fact]:
    try:
        found = names.group_names(account, region, ids)
    except AwsError as error:
        if error.retry:
            raise
        return [Fact(Question.GROUP_NAME, group, unknown=str(error)) for group in ids]
    return [
        Fact(Question.GROUP_NAME, group, printable(found[group], LONGEST))
        if group in found
        else Fact(Question.GROUP_NAME, group, unknown="the group is gone")
        for group in ids
    ]
