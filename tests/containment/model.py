"""A model of a security group: it takes the calls of a plan as AWS does, and tells of changes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any

from bot.changes.change import Change, GroupRef, Verb
from bot.changes.rules import Direction, GroupRule
from bot.containment.effects.edits import EditRules
from bot.containment.effects.rules import CLOSING, Operation
from bot.containment.plan import Call
from bot.containment.reversal.draft import Done
from bot.containment.states import GroupState
from tests.builders import NOON, a_change, rules_of

AUTHORIZES = {
    Direction.INGRESS: Operation.AUTHORIZE_INGRESS,
    Direction.EGRESS: Operation.AUTHORIZE_EGRESS,
}
REVOKES = {
    Direction.INGRESS: Operation.REVOKE_INGRESS,
    Direction.EGRESS: Operation.REVOKE_EGRESS,
}


class RefusedError(Exception):
    """AWS would refuse the call, and change nothing."""


def content(rule: GroupRule) -> tuple[GroupRule, str]:
    """Return what the rule says, without its id."""
    return rule, rule.description


@dataclass
class Group:
    """One group and the calls that were made on it. ``tells_ids`` is false for older records."""

    id: str = "sg-0a1b"
    rules: list[GroupRule] = field(default_factory=list)
    tells_ids: bool = True
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def state(self) -> GroupState:
        return GroupState("123456789012", "eu-west-1", self.id, tuple(self.rules))

    def put(self, rule: GroupRule) -> GroupRule:
        """Add the rule under a new id."""
        if rule in self.rules:
            raise RefusedError(f"duplicate: {rule}")
        rule = replace(rule, rule_id=f"sgr-{next(self.numbers)}")
        self.rules.append(rule)
        return rule

    def take(self, rule_id: str) -> GroupRule:
        """Remove the rule with this id."""
        found = next((rule for rule in self.rules if rule.rule_id == rule_id), None)
        if found is None:
            raise RefusedError(f"not found: {rule_id}")
        # By id, since equality knows none.
        self.rules = [rule for rule in self.rules if rule.rule_id != rule_id]
        return found

    def apply(self, call: Call) -> None:
        """Make one call of a plan: all of it or nothing."""
        before = list(self.rules)
        effect = call.effect
        try:
            if isinstance(effect, EditRules):
                self.edit(effect.rules)
                return
            for rule in rules_of(call):
                if call.operation in CLOSING:
                    self.take(rule.rule_id)
                else:
                    self.put(rule)
        except RefusedError:
            self.rules = before
            raise

    def authorize(self, rule: GroupRule, second: int) -> Change:
        """Let the actor add a rule; return the change as its record tells it."""
        rule = self.put(rule)
        told = rule if self.tells_ids else replace(rule, rule_id="")
        operation = AUTHORIZES[rule.direction]
        return self._change(second, operation, Verb.AUTHORIZE, added=(told,))

    def revoke(self, rule_id: str, second: int) -> Change:
        """Let the actor remove a rule; return the change as its record tells it."""
        rule = self.take(rule_id)
        told = rule if self.tells_ids else replace(rule, rule_id="")
        operation = REVOKES[rule.direction]
        return self._change(second, operation, Verb.REVOKE, removed=(told,))

    def edit(self, rules: Sequence[GroupRule]) -> None:
        """Set rules by their ids, all of them or none."""
        ids = {rule.rule_id for rule in rules}
        others = [rule for rule in self.rules if rule.rule_id not in ids]
        if len(others) + len(rules) != len(self.rules):
            raise RefusedError("not found")
        if set(others) & set(rules) or len(set(rules)) < len(rules):
            raise RefusedError("duplicate")
        self.rules = [*others, *rules]

    def modify(self, rule: GroupRule, second: int) -> Done:
        """Let the actor edit a rule by its id; its record does not tell the direction."""
        before = tuple(self.rules)
        self.edit([rule])
        told = replace(rule, direction=Direction.UNKNOWN)
        action = "ModifySecurityGroupRules"
        return Done(self._told(second, action, Verb.MODIFY, modified=(told,)), before)

    def describe(self, rule: GroupRule, second: int) -> Done:
        """Let the actor describe a rule anew; the record names it by what it says."""
        before = tuple(self.rules)
        self.edit([rule])
        action = "UpdateSecurityGroupRuleDescriptionsIngress"
        told = (replace(rule, rule_id=""),)
        return Done(self._told(second, action, Verb.DESCRIBE, modified=told), before)

    def revoke_by_id(self, rule_id: str, second: int) -> Done:
        """Let the actor remove a rule by its id alone, of which the record says no more."""
        before = tuple(self.rules)
        operation = REVOKES[self.take(rule_id).direction]
        return Done(self._told(second, operation, Verb.REVOKE, rule_ids=(rule_id,)), before)

    def _told(self, second: int, action: str, verb: Verb, **fields: Any) -> Change:
        return a_change(
            event_id=f"event-{next(self.numbers):06}",
            at=NOON + timedelta(seconds=second),
            action=action,
            verb=verb,
            group=GroupRef(self.id),
            **{"added": ()} | fields,
        )

    def _change(
        self,
        second: int,
        operation: Operation,
        verb: Verb,
        added: tuple[GroupRule, ...] = (),
        removed: tuple[GroupRule, ...] = (),
    ) -> Change:
        return a_change(
            event_id=f"event-{next(self.numbers):06}",
            at=NOON + timedelta(seconds=second),
            added=added,
            removed=removed,
            action=operation.value,
            verb=verb,
            group=GroupRef(self.id),
        )
