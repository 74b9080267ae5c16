"""Before: a group's rules before a change, from what was read of it and known to change since."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.changes.baseline import Before, Past, before
from bot.changes.change import Change
from bot.changes.rules import GroupRule
from bot.store.baselines import GroupAt
from bot.store.link import StoreError

log = logging.getLogger(__name__)


class Pasts(Protocol):
    """What remembers groups."""

    def pasts(self, groups: Sequence[GroupAt], at: datetime) -> list[Past]:
        """Return what is remembered of groups before a time."""
        ...


@dataclass(frozen=True, slots=True)
class KnownBefore:
    """Tells a group's rules before a change."""

    baselines: Pasts

    def __call__(self, change: Change, /) -> tuple[GroupRule, ...] | None:
        """Return the rules before the change; None where they are not known."""
        if not change.group.id:
            return None
        group = GroupAt(change.account, change.region, change.group.id)
        try:
            (past,) = self.baselines.pasts([group], change.at)
        except StoreError as error:
            log.warning("the rules of %s before are not known: %s", group.id, error)
            return None
        found = before(past, change)
        return found.rules if isinstance(found, Before) else None
