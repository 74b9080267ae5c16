"""Rules of a group: taken away by rule id, or put back as they were."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Literal

from bot.changes.change import Change
from bot.changes.permissions import permissions_from_rules
from bot.changes.rules import GroupRule
from bot.changes.sentence import rule_line
from bot.containment.effects.does import Parameters
from bot.containment.states import GroupState, Kind, State, WrongStateError
from bot.containment.wording import rules_text


class Operation(StrEnum):
    """The calls on rules that a plan may hold, by their API names."""

    REVOKE_INGRESS = "RevokeSecurityGroupIngress"
    REVOKE_EGRESS = "RevokeSecurityGroupEgress"
    AUTHORIZE_INGRESS = "AuthorizeSecurityGroupIngress"
    AUTHORIZE_EGRESS = "AuthorizeSecurityGroupEgress"


CLOSING = frozenset({Operation.REVOKE_INGRESS, Operation.REVOKE_EGRESS})


@dataclass(frozen=True, slots=True)
class ChangeRules:
    """Rules of one direction, taken away or put back."""

    operation: Operation
    group: str
    rules: tuple[GroupRule, ...]
    kind: Literal["rules"] = "rules"
    service: ClassVar[str] = "ec2"

    @property
    def closes(self) -> bool:
        """Return whether the rules are taken away."""
        return self.operation in CLOSING

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
        """Return ids of rules to take away, or rules to put back in full."""
        ids = [rule.rule_id for rule in self.rules]
        if self.closes and all(ids):
            return {"GroupId": self.group, "SecurityGroupRuleIds": ids}
        return {"GroupId": self.group, "IpPermissions": permissions_from_rules(self.rules)}

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the rules, with their ids."""
        return tuple(f"{rule_line(rule)}  {rule.rule_id}".rstrip() for rule in self.rules)

    def done(self, state: State) -> bool:
        """Return whether they are gone, or there."""
        present = _rules(state)
        if self.closes:
            ids = {rule.rule_id for rule in present or ()}
            return not any(_named(rule, ids, present or ()) for rule in self.rules)
        return present is not None and set(self.rules) <= set(present)

    def fits(self, state: State) -> bool:
        """Return whether rules to be taken away are still as the plan says.

        A rule may keep its id and be edited; then it is no longer what was to be taken away.
        """
        if not self.closes:
            return True
        planned = {rule.rule_id: rule for rule in self.rules}
        present = [rule for rule in _rules(state) or () if rule.rule_id in planned]
        return all(
            rule == planned[rule.rule_id] and rule.description == planned[rule.rule_id].description
            for rule in present
        )

    def fault(self, state: State) -> str:
        """Return which rules are still there, or are not there."""
        present = _rules(state)
        if self.closes:
            # By content, not by id: what somebody opened again in between is open.
            left = [rule for rule in present or () if rule in self.rules]
            return f"{self.group}: still there: {rules_text(left)}." if left else ""
        if present is None:
            return f"{self.group} is gone, so {rules_text(self.rules)} could not be put back."
        missing = [rule for rule in self.rules if rule not in present]
        return f"{self.group}: not there: {rules_text(missing)}." if missing else ""

    def told(self) -> str:
        """Return which rules were removed or put back."""
        verb = "removed" if self.closes else "put back"
        return f"{self.group}: {verb} {rules_text(self.rules)}."

    def matches(self, change: Change) -> bool:
        """Return whether the change takes away or adds these rules, no more and no less."""
        if (change.action, change.group.id) != (self.operation.value, self.group):
            return False
        if change.modified or (change.added and change.removed):
            return False
        if not self.closes:
            return set(change.added) == set(self.rules)
        told = _ids(change.removed) | set(change.rule_ids)
        if told:
            return told == _ids(self.rules) and set(change.removed) <= set(self.rules)
        return set(change.removed) == set(self.rules)


def _rules(state: State) -> tuple[GroupRule, ...] | None:
    if not isinstance(state, GroupState):
        raise WrongStateError(state)
    return state.rules


def _named(rule: GroupRule, ids: set[str], present: tuple[GroupRule, ...]) -> bool:
    # The rules of a group that is yet to be made have no ids: they are named by what they say.
    return rule.rule_id in ids if rule.rule_id else rule in present


def _ids(rules: tuple[GroupRule, ...]) -> set[str]:
    return {rule.rule_id for rule in rules if rule.rule_id}
