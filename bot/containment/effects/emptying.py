"""Emptying: a group that was just made loses the rules that AWS gives every new one."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from bot.changes.change import Change
from bot.containment.effects.does import Parameters
from bot.containment.states import GroupState, Kind, State, WrongStateError
from bot.containment.wording import rules_text

V4 = {"CidrIp": "0.0.0.0/0"}
V6 = {"CidrIpv6": "::/0"}


@dataclass(frozen=True, slots=True)
class EmptyNew:
    """A new group may reach nothing more. ``ipv6`` is that its VPC has IPv6."""

    group: str
    ipv6: bool = False
    kind: Literal["empty_new"] = "empty_new"
    service: ClassVar[str] = "ec2"
    operation: ClassVar[str] = "RevokeSecurityGroupEgress"

    @property
    def about(self) -> str:
        """Return the group."""
        return self.group

    @property
    def looks_at(self) -> tuple[Kind, str]:
        """Return the group's rules."""
        return Kind.GROUP, self.group

    @property
    def parameters(self) -> Parameters:
        """Return AWS's own rule in full: its id is not known before the group is there."""
        everything: dict[str, Any] = {"IpProtocol": "-1", "IpRanges": [V4]}
        if self.ipv6:
            everything["Ipv6Ranges"] = [V6]
        return {"GroupId": self.group, "IpPermissions": [everything]}

    @property
    def lines(self) -> tuple[str, ...]:
        """Return what it loses."""
        peers = "0.0.0.0/0, ::/0" if self.ipv6 else "0.0.0.0/0"
        return (f"out all → {peers}, AWS's own rule in every new group",)

    def done(self, state: State) -> bool:
        """Return whether it has no rule at all."""
        return _state(state).rules == ()

    def fits(self, state: State) -> bool:
        """Return whether it is there."""
        return _state(state).rules is not None

    def fault(self, state: State) -> str:
        """Return which rules it has."""
        rules = _state(state).rules
        if rules is None:
            return f"{self.group} is gone."
        return f"{self.group} has rules: {rules_text(rules)}." if rules else ""

    def told(self) -> str:
        """Return that it is empty."""
        return f"{self.group}: has no rule left."

    def matches(self, change: Change) -> bool:
        """Return whether the change takes the first rule away."""
        named = (change.action, change.group.id) == (self.operation, self.group)
        return named and not (change.added or change.modified)


def _state(state: State) -> GroupState:
    if not isinstance(state, GroupState):
        raise WrongStateError(state)
    return state
