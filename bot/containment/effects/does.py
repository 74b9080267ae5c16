"""Does: what every kind of effect answers for itself."""

from collections.abc import Mapping
from typing import Any, Protocol

from bot.changes.change import Change
from bot.containment.states import Kind, State

Parameters = Mapping[str, Any]
"""A call's parameters exactly as AWS's API names them."""


class Does(Protocol):
    """What one AWS call does."""

    @property
    def service(self) -> str:
        """Return the service, as boto3 and the AWS command line name it."""
        ...

    @property
    def operation(self) -> str:
        """Return the call by its API name."""
        ...

    @property
    def about(self) -> str:
        """Return the resource that the call changes."""
        ...

    @property
    def looks_at(self) -> tuple[Kind, str]:
        """Return what tells whether it is done: a kind of state, and of what."""
        ...

    @property
    def parameters(self) -> Parameters:
        """Return the exact parameters."""
        ...

    @property
    def lines(self) -> tuple[str, ...]:
        """Return what a responder sees of the parameters, a line for each."""
        ...

    def done(self, state: State) -> bool:
        """Return whether the effect is there already: asked where the call's answer was lost."""
        ...

    def fits(self, state: State) -> bool:
        """Return whether what the call would change is still as the plan found it."""
        ...

    def fault(self, state: State) -> str:
        """Return what of it is not so at the end, or nothing."""
        ...

    def told(self) -> str:
        """Return what was done, in a sentence."""
        ...

    def matches(self, change: Change) -> bool:
        """Return whether a record's change, in the right place, is this and nothing else."""
        ...
