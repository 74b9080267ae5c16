"""Network ACLs: the one without entries, and which one a subnet uses."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from bot.changes.change import Change
from bot.containment.effects.does import Parameters
from bot.containment.effects.value import SetsValue
from bot.containment.states import Kind, QuarantineAcl, State, WrongStateError


@dataclass(frozen=True, slots=True)
class MakeAcl:
    """A network ACL is made. Without entries it lets nothing through; no subnet uses it yet."""

    vpc: str
    tags: tuple[tuple[str, str], ...]
    kind: Literal["make_acl"] = "make_acl"
    service: ClassVar[str] = "ec2"
    operation: ClassVar[str] = "CreateNetworkAcl"

    @property
    def about(self) -> str:
        """Return the VPC: the ACL has no id yet."""
        return self.vpc

    @property
    def looks_at(self) -> tuple[Kind, str]:
        """Return the VPC's ACL of this tag."""
        return Kind.QUARANTINE_ACL, self.vpc

    @property
    def parameters(self) -> Parameters:
        """Return the VPC and the tags."""
        tags = [{"Key": key, "Value": value} for key, value in self.tags]
        tagged = [{"ResourceType": "network-acl", "Tags": tags}]
        return {"VpcId": self.vpc, "TagSpecifications": tagged}

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the tags."""
        return tuple(f"tag {key}={value}" for key, value in self.tags)

    def done(self, state: State) -> bool:
        """Return whether there is one."""
        return bool(_acl(state))

    def fits(self, state: State) -> bool:
        """Return whether there is none."""
        return not _acl(state)

    def fault(self, state: State) -> str:
        """Return that there is none."""
        return "" if _acl(state) else f"There is no network ACL for quarantine in {self.vpc}."

    def told(self) -> str:
        """Return that it was made."""
        return f"{self.vpc}: has a network ACL that lets nothing through."

    def matches(self, change: Change) -> bool:
        """Return whether the change makes a network ACL."""
        return change.action == self.operation


@dataclass(frozen=True, slots=True)
class UseAcl(SetsValue):
    """A subnet uses another network ACL; ``found`` is the one that the plan found it to use."""

    subnet: str
    association: str
    acl: str
    found: str
    kind: Literal["use_acl"] = "use_acl"
    service: ClassVar[str] = "ec2"
    operation: ClassVar[str] = "ReplaceNetworkAclAssociation"

    @property
    def about(self) -> str:
        """Return the subnet."""
        return self.subnet

    @property
    def looks_at(self) -> tuple[Kind, str]:
        """Return which ACL the subnet uses."""
        return Kind.SUBNET_ACL, self.subnet

    @property
    def before(self) -> str:
        """Return the ACL before."""
        return self.found

    @property
    def after(self) -> str:
        """Return the ACL after."""
        return self.acl

    @property
    def parameters(self) -> Parameters:
        """Return the association, which is the subnet's, and the ACL."""
        return {"AssociationId": self.association, "NetworkAclId": self.acl}

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the ACLs after and before."""
        return (f"uses {self.acl}", f"used {self.found}")

    def told(self) -> str:
        """Return which ACL the subnet uses."""
        return f"{self.subnet}: uses {self.acl}."


def _acl(state: State) -> str:
    if not isinstance(state, QuarantineAcl):
        raise WrongStateError(state)
    return state.id
