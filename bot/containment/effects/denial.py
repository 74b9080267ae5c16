"""Denials: an inline policy on a role or user, and an access key switched off."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from bot.containment.effects.does import Parameters
from bot.containment.effects.value import SetsValue
from bot.containment.states import Kind

WHEN_CALLED = "⟨when it is called⟩"
"""What stands in a policy for the moment at which the call is made."""

ACTIVE, INACTIVE = "Active", "Inactive"
THERE = "there"


@dataclass(frozen=True, slots=True)
class Deny(SetsValue):
    """An inline policy is put on a role or user, or taken off where ``document`` is empty.

    Its name is the containment's, so that nobody's own policy is ever replaced.
    """

    holder: Literal["role", "user"]
    name: str
    policy: str
    document: str
    says: tuple[str, ...] = ()
    kind: Literal["deny"] = "deny"
    service: ClassVar[str] = "iam"

    @property
    def operation(self) -> str:
        """Return the call."""
        verb = "Put" if self.document else "Delete"
        return f"{verb}{self.holder.capitalize()}Policy"

    @property
    def about(self) -> str:
        """Return the role or user."""
        return self.name

    @property
    def looks_at(self) -> tuple[Kind, str]:
        """Return whether the policy is there."""
        return Kind.INLINE_POLICY, f"{self.holder} {self.name} {self.policy}"

    @property
    def before(self) -> str:
        """Return whether it is there before."""
        return "" if self.document else THERE

    @property
    def after(self) -> str:
        """Return whether it is there after."""
        return THERE if self.document else ""

    @property
    def parameters(self) -> Parameters:
        """Return the holder, the policy's name and the document."""
        named = {f"{self.holder.capitalize()}Name": self.name, "PolicyName": self.policy}
        return named | ({"PolicyDocument": self.document} if self.document else {})

    @property
    def lines(self) -> tuple[str, ...]:
        """Return what the policy says."""
        return (f"inline policy {self.policy}", *self.says)

    def told(self) -> str:
        """Return what holds now."""
        if self.document:
            return f"{self.holder} {self.name}: {'; '.join(self.says)}."
        return f"{self.holder} {self.name}: {self.policy} is taken off."


@dataclass(frozen=True, slots=True)
class SwitchKey(SetsValue):
    """A user's access key is switched off, or on again."""

    user: str
    key: str
    active: bool
    kind: Literal["key"] = "key"
    service: ClassVar[str] = "iam"
    operation: ClassVar[str] = "UpdateAccessKey"

    @property
    def about(self) -> str:
        """Return the key."""
        return self.key

    @property
    def looks_at(self) -> tuple[Kind, str]:
        """Return whether the key is active."""
        return Kind.ACCESS_KEY, f"{self.user} {self.key}"

    @property
    def before(self) -> str:
        """Return its status before."""
        return INACTIVE if self.active else ACTIVE

    @property
    def after(self) -> str:
        """Return its status after."""
        return ACTIVE if self.active else INACTIVE

    @property
    def parameters(self) -> Parameters:
        """Return the user, the key and its status."""
        return {"UserName": self.user, "AccessKeyId": self.key, "Status": self.after}

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the key and whose it is."""
        return (f"{self.key} of {self.user}: {self.after}",)

    def told(self) -> str:
        """Return its status."""
        return f"{self.key} of {self.user}: is {self.after.lower()}."
