"""Suggesting a scope: what the modal is prefilled with, so that it covers these changes."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.changes.change import Change
from bot.changes.rules import Direction, PeerKind
from bot.cloudtrail.principal import UNKNOWN, Principal
from bot.exemptions.model import PortRange, Scope


def suggest_scope(changes: Sequence[Change], principal: Principal) -> Scope:
    """Return a scope that covers all the changes, naming all that they have in common.

    Clauses about rules would keep a change without known group rules from matching, and unknown
    never matches: such clauses are left out. Without rules, the actions narrow instead.
    """
    scope = Scope(
        principals=_known(["" if principal.id == UNKNOWN else principal.id]),
        accounts=_known(change.account for change in changes),
        regions=_known(change.region for change in changes),
        groups=_known(change.group.id for change in changes),
    )
    if not all(change.touched and not change.rule_ids for change in changes):
        return replace(scope, actions=_known(change.action for change in changes))
    rules = [rule for change in changes for rule in change.touched]
    directions = {rule.direction for rule in rules}
    ports = (PortRange(rule.protocol, rule.from_port, rule.to_port) for rule in rules)
    ranges = {PeerKind.IPV4, PeerKind.IPV6}
    return replace(
        scope,
        directions=() if Direction.UNKNOWN in directions else tuple(sorted(directions)),
        ports=tuple(dict.fromkeys(ports)),
        cidrs=_known(rule.peer.value for rule in rules if rule.peer.kind in ranges),
        peer_groups=_known(str(rule.peer) for rule in rules if rule.peer.kind not in ranges),
    )


def _known(values: Iterable[str]) -> tuple[str, ...]:
    """Return the distinct values, or none if one of them is unknown."""
    distinct = tuple(dict.fromkeys(values))
    return distinct if all(distinct) else ()
