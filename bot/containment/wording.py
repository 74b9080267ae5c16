"""Wording: rules as the sentences of a plan name them."""

from collections.abc import Sequence

from bot.changes.rules import GroupRule
from bot.changes.sentence import rule_line

NAMED = 3
"""Rules that a sentence names before it counts the rest."""


def rule_text(rule: GroupRule) -> str:
    """Return the rule in one phrase with its id: ``in tcp 22 ← 0.0.0.0/0 (sgr-07c)``."""
    return f"{rule_line(rule)} ({rule.rule_id})" if rule.rule_id else rule_line(rule)


def rules_text(rules: Sequence[GroupRule]) -> str:
    """Return some rules in one phrase."""
    named = ", ".join(rule_text(rule) for rule in rules[:NAMED])
    more = len(rules) - NAMED
    return f"{named} and {more} more" if more > 0 else named
