"""Networks: a group's association with another VPC, and one entry of a network ACL."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from bot.changes.change import Change
from bot.containment.effects.does import Parameters
from bot.containment.states import (
    AclRule,
    AclState,
    Association,
    Kind,
    State,
    WrongStateError,
)


@dataclass(frozen=True, slots=True)
class AssociateVpc:
    """A group is associated with another VPC, or taken out of it."""

    group: str
    vpc: str
    joins: bool
    kind: Literal["association"] = "association"
    service: ClassVar[str] = "ec2"

    @property
    def operation(self) -> str:
        """Return the call by its API name."""
        return "AssociateSecurityGroupVpc" if self.joins else "DisassociateSecurityGroupVpc"

    @property
    def about(self) -> str:
        """Return the group."""
        return self.group

    @property
    def looks_at(self) -> tuple[Kind, str]:
        """Return the group in that VPC."""
        return Kind.ASSOCIATION, f"{self.group}/{self.vpc}"

    @property
    def parameters(self) -> Parameters:
        """Return the group and the VPC."""
        return {"GroupId": self.group, "VpcId": self.vpc}

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the VPC."""
        return (f"{'with' if self.joins else 'from'} {self.vpc}",)

    def done(self, state: State) -> bool:
        """Return whether it is associated, or is not."""
        return _association(state).there is self.joins

    def fits(self, state: State) -> bool:
        """Return whether there is something to do."""
        return not self.done(state)

    def fault(self, state: State) -> str:
        """Return what AWS calls it instead."""
        if self.done(state):
            return ""
        return f"{self.group} in {self.vpc} is {_association(state).state or 'not associated'}."

    def told(self) -> str:
        """Return what was done."""
        return f"{self.group}: {'associated with' if self.joins else 'taken out of'} {self.vpc}."

    def matches(self, change: Change) -> bool:
        """Return whether the change does this."""
        ours = self.operation, self.group, self.vpc
        return (change.action, change.group.id, change.target) == ours


@dataclass(frozen=True, slots=True)
class RemoveAclEntry:
    """One entry of a network ACL is deleted; ``found`` is the entry as the plan found it."""

    acl: str
    found: AclRule
    kind: Literal["acl_entry"] = "acl_entry"
    service: ClassVar[str] = "ec2"
    operation: ClassVar[str] = "DeleteNetworkAclEntry"

    @property
    def about(self) -> str:
        """Return the network ACL."""
        return self.acl

    @property
    def looks_at(self) -> tuple[Kind, str]:
        """Return the network ACL."""
        return Kind.ACL, self.acl

    @property
    def parameters(self) -> Parameters:
        """Return the entry's number and direction, by which AWS knows it."""
        number, egress = self.found.number, self.found.egress
        return {"NetworkAclId": self.acl, "RuleNumber": number, "Egress": egress}

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the entry."""
        return (acl_line(self.found),)

    def done(self, state: State) -> bool:
        """Return whether no entry has the number."""
        return _entry(state, self.found) is None

    def fits(self, state: State) -> bool:
        """Return whether the entry is still what the plan found."""
        return _entry(state, self.found) == self.found

    def fault(self, state: State) -> str:
        """Return that it is still there."""
        return "" if self.done(state) else f"{self.acl}: still there: {acl_line(self.found)}."

    def told(self) -> str:
        """Return that it was deleted."""
        return f"{self.acl}: deleted {acl_line(self.found)}."

    def matches(self, change: Change) -> bool:
        """Return whether the change deletes this entry."""
        wanted = {f"ruleNumber={self.found.number}", f"egress={str(self.found.egress).lower()}"}
        named = wanted <= set(change.detail.split(", "))
        return change.action == self.operation and change.target == self.acl and named


def acl_line(rule: AclRule) -> str:
    """Return an entry in one phrase."""
    way = "out" if rule.egress else "in"
    protocol = "all traffic" if rule.protocol == "-1" else f"protocol {rule.protocol}"
    return f"{way} {rule.number} {rule.action} {protocol} {rule.cidr}"


def _entry(state: State, rule: AclRule) -> AclRule | None:
    if not isinstance(state, AclState):
        raise WrongStateError(state)
    alike = (r for r in state.rules or () if (r.number, r.egress) == (rule.number, rule.egress))
    return next(alike, None)


def _association(state: State) -> Association:
    if not isinstance(state, Association):
        raise WrongStateError(state)
    return state
