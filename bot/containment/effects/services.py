"""Services: what one call sets back outside of EC2: a public database, an attached policy."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from bot.changes.change import Change
from bot.containment.effects.does import Parameters
from bot.containment.states import DatabaseState, Kind, Policies, State, WrongStateError


@dataclass(frozen=True, slots=True)
class HideDatabase:
    """An RDS instance is made private."""

    database: str
    kind: Literal["database"] = "database"
    service: ClassVar[str] = "rds"
    operation: ClassVar[str] = "ModifyDBInstance"

    @property
    def about(self) -> str:
        """Return the instance."""
        return self.database

    @property
    def looks_at(self) -> tuple[Kind, str]:
        """Return the instance."""
        return Kind.DATABASE, self.database

    @property
    def parameters(self) -> Parameters:
        """Return that it shall be private, and now."""
        now = {"PubliclyAccessible": False, "ApplyImmediately": True}
        return {"DBInstanceIdentifier": self.database} | now

    @property
    def lines(self) -> tuple[str, ...]:
        """Return what is set."""
        return ("not publicly accessible, at once",)

    def done(self, state: State) -> bool:
        """Return whether it is private."""
        return _public(state).public is False

    def fits(self, state: State) -> bool:
        """Return whether it is public."""
        return _public(state).public is True

    def fault(self, state: State) -> str:
        """Return that it is still public, and whether RDS is at it."""
        found = _public(state)
        if found.public is None:
            return f"{self.database} is gone."
        if not found.public:
            return ""
        at_it = found.status == "modifying"
        more = ": RDS is at it, which takes minutes; look again" if at_it else ""
        return f"{self.database} is still public{more}."

    def told(self) -> str:
        """Return that it is private."""
        return f"{self.database}: no longer public."

    def matches(self, change: Change) -> bool:
        """Return whether the change makes it private."""
        private = "publiclyAccessible=false" in change.detail.split(", ")
        return change.action == self.operation and change.target == self.database and private


@dataclass(frozen=True, slots=True)
class DetachPolicy:
    """A managed policy is detached from an IAM group, user or role (``holder``)."""

    holder: Literal["group", "user", "role"]
    name: str
    policy: str
    kind: Literal["policy"] = "policy"
    service: ClassVar[str] = "iam"

    @property
    def operation(self) -> str:
        """Return the call by its API name."""
        return f"Detach{self.holder.capitalize()}Policy"

    @property
    def about(self) -> str:
        """Return who it is detached from."""
        return self.name

    @property
    def looks_at(self) -> tuple[Kind, str]:
        """Return the policies attached there."""
        return Kind.POLICIES, f"{self.holder}/{self.name}"

    @property
    def parameters(self) -> Parameters:
        """Return who, and which policy."""
        return {f"{self.holder.capitalize()}Name": self.name, "PolicyArn": self.policy}

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the policy."""
        return (self.policy,)

    def done(self, state: State) -> bool:
        """Return whether it is not attached."""
        return self.policy not in (_policies(state).arns or ())

    def fits(self, state: State) -> bool:
        """Return whether it is attached."""
        return not self.done(state)

    def fault(self, state: State) -> str:
        """Return that it is still attached."""
        return "" if self.done(state) else f"{self.name} still has {self.policy}."

    def told(self) -> str:
        """Return that it was detached."""
        return f"{self.name}: detached {self.policy}."

    def matches(self, change: Change) -> bool:
        """Return whether the change detaches it."""
        named = f"policyArn={self.policy}" in change.detail.split(", ")
        return change.action == self.operation and change.target == self.name and named


def _public(state: State) -> DatabaseState:
    if not isinstance(state, DatabaseState):
        raise WrongStateError(state)
    return state


def _policies(state: State) -> Policies:
    if not isinstance(state, Policies):
        raise WrongStateError(state)
    return state
