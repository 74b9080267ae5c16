"""Edits: rules and their descriptions set back, under the ids that they have."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from bot.changes.change import Change
from bot.changes.permissions import rule_request
from bot.changes.rules import GroupRule
from bot.changes.sentence import rule_line
from bot.containment.effects.does import Parameters
from bot.containment.states import GroupState, Kind, State, WrongStateError
from bot.containment.wording import rules_text


def same(one: GroupRule | None, other: GroupRule | None) -> bool:
    """Return whether two rules say the same, description included: AWS's equality ignores it."""
    return one == other and (one is None or one.description == getattr(other, "description", ""))


@dataclass(frozen=True, slots=True)
class EditRules:
    """Rules are set to ``rules``, in one call; ``found`` is what the plan found under their ids."""

    group: str
    rules: tuple[GroupRule, ...]
    found: tuple[GroupRule, ...]
    kind: Literal["edits"] = "edits"
    service: ClassVar[str] = "ec2"
    operation: ClassVar[str] = "ModifySecurityGroupRules"

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
        """Return each rule in full, by its id."""
        edits = [
            {"SecurityGroupRuleId": rule.rule_id, "SecurityGroupRule": rule_request(rule)}
            for rule in self.rules
        ]
        return {"GroupId": self.group, "SecurityGroupRules": edits}

    @property
    def lines(self) -> tuple[str, ...]:
        """Return each rule as it shall be, and as it is."""
        pairs = zip(self.rules, self.found, strict=True)
        return tuple(f"{_line(new)}  was {_line(old)}  {new.rule_id}" for new, old in pairs)

    def done(self, state: State) -> bool:
        """Return whether all are as they shall be."""
        now = _by_id(state)
        return all(same(now.get(rule.rule_id), rule) for rule in self.rules)

    def fits(self, state: State) -> bool:
        """Return whether all are as the plan found them."""
        now = _by_id(state)
        return all(same(now.get(rule.rule_id), rule) for rule in self.found)

    def fault(self, state: State) -> str:
        """Return which are not as they shall be."""
        now = _by_id(state)
        wrong = [rule for rule in self.rules if not same(now.get(rule.rule_id), rule)]
        return f"{self.group}: not set back: {rules_text(wrong)}." if wrong else ""

    def told(self) -> str:
        """Return which rules were set back."""
        return f"{self.group}: set back {rules_text(self.rules)}."

    def matches(self, change: Change) -> bool:
        """Return whether the change sets these rules so, and no other."""
        if (change.action, change.group.id) != (self.operation, self.group) or change.rule_ids:
            return False
        # Such a record does not tell the direction.
        return {_told(r) for r in change.modified} == {_told(r) for r in self.rules}


def _by_id(state: State) -> Mapping[str, GroupRule]:
    if not isinstance(state, GroupState):
        raise WrongStateError(state)
    return {rule.rule_id: rule for rule in state.rules or ()}


def _told(rule: GroupRule) -> tuple[object, ...]:
    content = rule.protocol, rule.from_port, rule.to_port, rule.peer.kind, rule.peer.value
    return (rule.rule_id, rule.description, *content)


def _line(rule: GroupRule) -> str:
    return f"{rule_line(rule)} “{rule.description}”" if rule.description else rule_line(rule)
