"""Reading states: the reader for each kind of look."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.aws.sessions import Sessions
from bot.aws.states.groups import read_group, read_named_group
from bot.aws.states.members import read_member
from bot.containment.states import Kind, Look, State

READERS: Mapping[Kind, Callable[[Sessions, Look], State]] = {
    Kind.GROUP: read_group,
    Kind.NAMED_GROUP: read_named_group,
    Kind.MEMBER: read_member,
}


@dataclass(frozen=True, slots=True)
class StateReader:
    """Reads whatever a call is to be checked by."""

    sessions: Sessions

    def read(self, look: Look) -> State:
        """Return what is so now. Raises AwsError."""
        return READERS[look.kind](self.sessions, look)
