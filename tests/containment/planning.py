"""Plans for tests: changes and what was read, with little to write."""

from collections.abc import Mapping, Sequence

from bot.changes.change import Change
from bot.containment.plan import Plan
from bot.containment.reversal.draft import Done
from bot.containment.revert import revert_plan
from bot.containment.states import GroupState, Look, State


def planned(
    changes: Sequence[Change | Done],
    groups: Mapping[str, GroupState],
    others: Mapping[Look, State] | None = None,
) -> Plan:
    """Return the plan for changes; ``groups`` are their groups now, by id."""
    dones = [change if isinstance(change, Done) else Done(change) for change in changes]
    states: dict[Look, State] = {group.look: group for group in groups.values()}
    return revert_plan(dones, {**states, **(others or {})})
