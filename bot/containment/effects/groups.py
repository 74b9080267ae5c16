"""Groups: one made anew, and one that nothing uses deleted."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from bot.changes.change import Change, Verb
from bot.changes.rules import GroupRule
from bot.containment.effects.does import Parameters
from bot.containment.states import Kind, NamedGroup, State, Uses, WrongStateError
from bot.containment.wording import rule_text

Tags = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MakeGroup:
    """A group is made in a VPC, where none of its name is: AWS allows a name once in each.

    It comes with AWS's own rule that lets everything out.
    """

    vpc: str
    name: str
    description: str
    tags: Tags = ()
    kind: Literal["make_group"] = "make_group"
    service: ClassVar[str] = "ec2"
    operation: ClassVar[str] = "CreateSecurityGroup"

    @property
    def about(self) -> str:
        """Return the group's name: it has no id yet."""
        return self.name

    @property
    def looks_at(self) -> tuple[Kind, str]:
        """Return the name in its VPC."""
        return Kind.NAMED_GROUP, f"{self.vpc}/{self.name}"

    @property
    def parameters(self) -> Parameters:
        """Return name, description, VPC and tags."""
        wanted = {"GroupName": self.name, "Description": self.description, "VpcId": self.vpc}
        if not self.tags:
            return wanted
        tags = [{"Key": key, "Value": value} for key, value in self.tags]
        return wanted | {"TagSpecifications": [{"ResourceType": "security-group", "Tags": tags}]}

    @property
    def lines(self) -> tuple[str, ...]:
        """Return where it is made, and its tags."""
        return (f"in {self.vpc}: {self.description}", *(f"tag {k}={v}" for k, v in self.tags))

    def done(self, state: State) -> bool:
        """Return whether there is one; there was none when the call was begun."""
        found = _named(state)
        return bool(found.id) and found.description == self.description

    def fits(self, state: State) -> bool:
        """Return whether the name is free."""
        return not _named(state).id

    def fault(self, state: State) -> str:
        """Return that there is none."""
        return "" if self.done(state) else f"There is no group {self.name} in {self.vpc}."

    def told(self) -> str:
        """Return that it was made."""
        return f"{self.name}: made in {self.vpc}."

    def matches(self, change: Change) -> bool:
        """Return whether the change makes this group."""
        named = (change.group.name, change.group.vpc)
        return change.verb is Verb.CREATE and named == (self.name, self.vpc)


def _named(state: State) -> NamedGroup:
    if not isinstance(state, NamedGroup):
        raise WrongStateError(state)
    return state


@dataclass(frozen=True, slots=True)
class RemoveGroup:
    """A group is deleted, which nothing uses; ``found`` are the rules that go with it."""

    group: str
    found: tuple[GroupRule, ...]
    kind: Literal["remove_group"] = "remove_group"
    service: ClassVar[str] = "ec2"
    operation: ClassVar[str] = "DeleteSecurityGroup"

    @property
    def about(self) -> str:
        """Return the group."""
        return self.group

    @property
    def looks_at(self) -> tuple[Kind, str]:
        """Return what uses the group."""
        return Kind.USES, self.group

    @property
    def parameters(self) -> Parameters:
        """Return its id."""
        return {"GroupId": self.group}

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the rules that go with it."""
        return tuple(rule_text(rule) for rule in self.found) or ("has no rules",)

    def done(self, state: State) -> bool:
        """Return whether it is gone."""
        return _uses(state).rules is None

    def fits(self, state: State) -> bool:
        """Return whether nothing uses it, and nobody has added a rule."""
        uses = _uses(state)
        used = uses.interfaces or uses.groups
        return not used and set(uses.rules or ()) <= set(self.found)

    def fault(self, state: State) -> str:
        """Return that it is still there."""
        return "" if self.done(state) else f"{self.group} is still there."

    def told(self) -> str:
        """Return that it was deleted."""
        return f"{self.group}: deleted."

    def matches(self, change: Change) -> bool:
        """Return whether the change deletes it."""
        return change.verb is Verb.DELETE and change.group.id == self.group


def _uses(state: State) -> Uses:
    if not isinstance(state, Uses):
        raise WrongStateError(state)
    return state
