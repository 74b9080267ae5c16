"""Value: what effects share that set one value, which is read back as text."""

from typing import Protocol

from bot.changes.change import Change
from bot.containment.states import State, Value, WrongStateError


class _Sets(Protocol):
    @property
    def about(self) -> str: ...

    @property
    def operation(self) -> str: ...

    @property
    def before(self) -> str: ...

    @property
    def after(self) -> str: ...


class SetsValue:
    """An effect that is done where the value is ``after``, and fits where it is ``before``."""

    __slots__ = ()

    def done(self: _Sets, state: State) -> bool:
        """Return whether the value is what it shall be."""
        return text_of(state) == self.after

    def fits(self: _Sets, state: State) -> bool:
        """Return whether the value is what the plan found."""
        return text_of(state) == self.before

    def fault(self: _Sets, state: State) -> str:
        """Return what the value is instead."""
        now = text_of(state)
        wanted = self.after or "none"
        return "" if now == self.after else f"{self.about}: it is {now or 'none'}, not {wanted}."

    def matches(self: _Sets, change: Change) -> bool:
        """Return whether a record tells this call on this resource."""
        return (change.action, change.target) == (self.operation, self.about)


def text_of(state: State) -> str:
    """Return the value that was read."""
    if not isinstance(state, Value):
        raise WrongStateError(state)
    return state.text
