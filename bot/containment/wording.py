"""Wording: rules and groups as the sentences of a plan name them."""

from collections.abc import Sequence

from bot.changes.rules import ALL_PROTOCOLS, Direction, GroupRule

NAMED = 3
"""Rules that a sentence names before it counts the rest."""


def rule_text(rule: GroupRule) -> str:
    """Return the rule in one phrase: ``in tcp 22 ← 0.0.0.0/0 (sgr-07c)``."""
    way, arrow = ("in", "←") if rule.direction is Direction.INGRESS else ("out", "→")
    known = f" ({rule.rule_id})" if rule.rule_id else ""
    return f"{way} {_traffic(rule)} {arrow} {rule.peer}{known}"


def rules_text(rules: Sequence[GroupRule]) -> str:
    """Return some rules in one phrase."""
    named = ", ".join(rule_text(rule) for rule in rules[:NAMED])
    more = len(rules) - NAMED
    return f"{named} and {more} more" if more > 0 else named


def _traffic(rule: GroupRule) -> str:
    first, last = rule.from_port, rule.to_port
    if rule.protocol == ALL_PROTOCOLS:
        return "all traffic"
    if first is None:
        return f"{rule.protocol} all"
    if rule.protocol in {"icmp", "icmpv6"}:
        return f"{rule.protocol} type {first}" + ("" if last is None else f" code {last}")
    return f"{rule.protocol} {first}" if first == last else f"{rule.protocol} {first}-{last}"
