"""Net effect: what several changes of one group add up to."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.changes.change import Change, Verb
from bot.changes.rules import GroupRule


@dataclass(frozen=True, slots=True)
class Net:
    """Rules that came to be, rules that are no more, and rules that came and went.

    ``added`` are as the last authorise left them, ``removed`` as the first revoke found them.
    ``untold`` are the ids of removed rules of which no record tells what they were.
    """

    added: tuple[GroupRule, ...]
    removed: tuple[GroupRule, ...]
    undone: tuple[GroupRule, ...]
    untold: tuple[str, ...]


@dataclass(slots=True)
class _Tally:
    balance: int = 0
    last_added: GroupRule | None = None
    first_removed: GroupRule | None = None


def net_of(changes: Sequence[Change]) -> Net:
    """Return the net effect of authorise, revoke and create calls, given in any order.

    AWS refuses to authorise a rule that is there and to revoke one that is not, so the calls on
    one rule alternate: counting them tells where it stands, even where two share a second. The
    default egress that a new group comes with goes with the group, so it counts but is not added.
    """
    named = {rule.rule_id: rule for change in changes for rule in change.added if rule.rule_id}
    tallies: dict[GroupRule, _Tally] = {}
    for change in sorted(changes, key=lambda c: (c.at, c.event_id)):
        for rule in (*change.removed, *(named[i] for i in change.rule_ids if i in named)):
            tally = tallies.setdefault(rule, _Tally())
            tally.balance -= 1
            tally.first_removed = tally.first_removed or rule
        for rule in change.added:
            tally = tallies.setdefault(rule, _Tally())
            tally.balance += 1
            if change.verb is not Verb.CREATE:
                tally.last_added = rule
    each = tallies.values()
    return Net(
        added=tuple(t.last_added for t in each if t.balance > 0 and t.last_added),
        removed=tuple(t.first_removed for t in each if t.balance < 0 and t.first_removed),
        undone=tuple(rule for rule, tally in tallies.items() if tally.balance == 0),
        untold=tuple(i for change in changes for i in change.rule_ids if i not in named),
    )
