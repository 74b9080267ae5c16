"""Members: the groups that an interface is in, set as a whole."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from bot.changes.change import Change
from bot.containment.effects.does import Parameters
from bot.containment.states import Kind, MemberState, State, WrongStateError


@dataclass(frozen=True, slots=True)
class PutInGroups:
    """An interface, or an instance that has but one, is put into ``groups``.

    ``found`` are the groups that the plan found it in.
    """

    interface: str
    groups: tuple[str, ...]
    found: tuple[str, ...]
    kind: Literal["members"] = "members"
    service: ClassVar[str] = "ec2"

    @property
    def operation(self) -> str:
        """Return the call by its API name."""
        instance = self.interface.startswith("i-")
        return "ModifyInstanceAttribute" if instance else "ModifyNetworkInterfaceAttribute"

    @property
    def about(self) -> str:
        """Return the interface."""
        return self.interface

    @property
    def looks_at(self) -> tuple[Kind, str]:
        """Return the interface's groups."""
        return Kind.MEMBER, self.interface

    @property
    def parameters(self) -> Parameters:
        """Return all groups that it shall be in: AWS takes it out of the others."""
        named = "InstanceId" if self.interface.startswith("i-") else "NetworkInterfaceId"
        return {named: self.interface, "Groups": list(self.groups)}

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the groups after and before."""
        return (f"in {', '.join(self.groups)}", f"was in {', '.join(self.found)}")

    def done(self, state: State) -> bool:
        """Return whether it is in these groups and no other."""
        return _groups(state) == set(self.groups)

    def fits(self, state: State) -> bool:
        """Return whether it is still in the groups that the plan found."""
        return _groups(state) == set(self.found)

    def fault(self, state: State) -> str:
        """Return where it is instead."""
        now = _groups(state)
        if now is None:
            return f"{self.interface} is gone."
        return "" if now == set(self.groups) else f"{self.interface} is in {_text(now)}."

    def told(self) -> str:
        """Return where it was put."""
        return f"{self.interface}: put into {', '.join(self.groups)}."

    def matches(self, change: Change) -> bool:
        """Return whether the change puts it into these groups."""
        moved = change.target == self.interface and set(change.groups_after) == set(self.groups)
        return change.action == self.operation and moved


def _groups(state: State) -> set[str] | None:
    if not isinstance(state, MemberState):
        raise WrongStateError(state)
    return None if state.groups is None else set(state.groups)


def _text(groups: set[str]) -> str:
    return ", ".join(sorted(groups)) or "no group"
