"""Net effect: what several changes of one group add up to."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.changes.change import Change, Verb
from bot.changes.rules import GroupRule


@dataclass(frozen=True, slots=True)
class Net:
    """Rules that came to be, rules that are no more, and rules that came and went.

    ``added`` are as the last authorise left them, ``removed`` as the first revoke found them.
    """

    added: tuple[GroupRule, ...]
    removed: tuple[GroupRule, ...]
    undone: tuple[GroupRule, ...]


@dataclass(slots=True)
class _Tally:
    balance: int = 0
    last_added: GroupRule | None = None
    first_removed: GroupRule | None = None


def net_of(changes: Iterable[Change]) -> Net:
    """Return the net effect of authorise, revoke and create calls, given in any order.

    AWS refuses to authorise a rule that is there and to revoke one that is not, so the calls on
    one rule alternate: counting them tells where it stands, even where two share a second. The
    default egress that a new group comes with goes with the group, so it counts but is not added.
    """
    tallies: dict[GroupRule, _Tally] = {}
    for change in sorted(changes, key=lambda c: (c.at, c.event_id)):
        for rule in change.removed:
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
    )
