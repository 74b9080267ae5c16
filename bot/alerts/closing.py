"""Closings: what one record took away again, as far as alerts about a group need to know."""

from dataclasses import dataclass
from datetime import datetime

from bot.changes.change import Change, Verb
from bot.changes.rules import GroupRule
from bot.cloudtrail.principal import Principal

RULES_KEPT = 100
"""Rules of one closing: more than most groups have."""


@dataclass(frozen=True, slots=True)
class Closing:
    """What was taken away from ``place`` (a group or a prefix list), when and by whom.

    ``rules`` are gone, ``rule_ids`` are gone or no longer what they were, ``cidrs`` are a prefix
    list's. ``everything`` is that the group itself was deleted.
    """

    event_id: str
    at: datetime
    place: str
    by: str
    rules: tuple[GroupRule, ...] = ()
    rule_ids: tuple[str, ...] = ()
    cidrs: tuple[str, ...] = ()
    everything: bool = False


def place_of(change: Change) -> str:
    """Return what a change opens or closes: a group's id, or a prefix list's."""
    return change.target if change.verb is Verb.PREFIX_LIST else change.group.id


def closing_of(change: Change, principal: Principal) -> Closing | None:
    """Return what the change took away, or None if it took nothing away that it names."""
    edited = tuple(rule.rule_id for rule in change.modified if rule.rule_id)
    ids = change.rule_ids if change.verb is Verb.REVOKE else edited
    everything = change.verb is Verb.DELETE
    if change.error or not place_of(change):
        return None
    if not (change.removed or ids or change.cidrs_removed or everything):
        return None
    return Closing(
        change.event_id,
        change.at,
        place_of(change),
        principal.label,
        change.removed[:RULES_KEPT],
        ids[:RULES_KEPT],
        change.cidrs_removed[:RULES_KEPT],
        everything,
    )
