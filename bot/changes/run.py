"""Runs: what a group that was created in the same run had before one of the run's later changes.

Tools create a group, take its default egress away and put their own rules in. The default egress
counts as open all along: taking it away and putting it back opens nothing.
"""

from collections.abc import Iterable
from datetime import datetime

from bot.changes.calls.call import DEFAULT_EGRESS
from bot.changes.change import Change, Verb
from bot.changes.rules import GroupRule


def before_in_run(earlier: Iterable[Change], change: Change) -> frozenset[GroupRule] | None:
    """Return the group's rules before a change, or None if the run did not create the group."""
    rules: dict[GroupRule, GroupRule] | None = None
    for past in sorted(earlier, key=_moment):
        if not change.group.id or past.group.id != change.group.id or past.error:
            continue
        if _moment(past) >= _moment(change):
            break
        if past.verb is Verb.CREATE:
            rules = {}
        if rules is not None:
            _play(rules, past)
    return None if rules is None else frozenset(rules.values()) | {DEFAULT_EGRESS}


def _moment(change: Change) -> tuple[datetime, bool, str]:
    """Return where a change stands in its run. CloudTrail tells whole seconds and keeps no order:
    within a second the group's creation comes first, and the rest has an order that is always the
    same, so that of two changes at most one counts as before the other.
    """
    return change.at, change.verb is not Verb.CREATE, change.event_id


def _play(rules: dict[GroupRule, GroupRule], past: Change) -> None:
    gone = {rule.rule_id for rule in past.modified if rule.rule_id} | set(past.rule_ids)
    for rule in list(rules):
        if rule in past.removed or rules[rule].rule_id in gone:
            del rules[rule]
    rules |= {rule: rule for rule in (*past.added, *past.modified)}
