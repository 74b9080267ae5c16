"""Edits: what rules were before they were edited, and what the edits left.

A rule may be added and then edited, or edited and then taken away: then its edits are folded into
what is done about the adding or the taking away.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.changes.change import Change, Verb
from bot.changes.rules import Direction, GroupRule
from bot.containment.reversal.draft import Done

PLAYED = frozenset({Verb.AUTHORIZE, Verb.REVOKE, Verb.CREATE})


@dataclass(frozen=True, slots=True)
class Edit:
    """One rule's edits: as it was before the first (None: not known), as the last left it."""

    change: Change
    origin: GroupRule | None
    left: GroupRule | None


@dataclass(frozen=True, slots=True)
class Settled:
    """The changes without the edits of rules that came or went, and the edits by rule id."""

    changes: tuple[Change, ...]
    edits: dict[str, Edit]


def settled(dones: Iterable[Done], present: Sequence[GroupRule]) -> Settled:
    """Return one group's changes with edits told apart. ``present`` are its rules now."""
    fold = _Fold(present)
    ordered = sorted(dones, key=lambda done: (done.change.at, done.change.event_id))
    changes = [change for done in ordered if (change := fold.play(done))]
    return Settled(tuple(fold.as_left(change) for change in changes), fold.edits)


class _Fold:
    def __init__(self, present: Sequence[GroupRule]) -> None:
        self.edits: dict[str, Edit] = {}
        self._added: dict[str, GroupRule] = {}
        self._by_id = {rule.rule_id: rule for rule in present}
        self._alike = {rule: rule for rule in present}

    def play(self, done: Done) -> Change | None:
        """Take a change in; return it as it counts beside those that add and remove."""
        change = done.change
        match change.verb:
            case Verb.MODIFY | Verb.DESCRIBE:
                for rule in change.modified:
                    self._edit(done, self._known(done, rule))
                for rule_id in change.rule_ids:
                    self._edit_untold(done, rule_id)
                return None
            case Verb.REVOKE:
                return self._revoke(done)
            case _:
                self._added |= {rule.rule_id: rule for rule in change.added if rule.rule_id}
                return change

    def _known(self, done: Done, rule: GroupRule) -> GroupRule:
        """Return an edited rule with its id and direction, as far as anything tells them."""
        if not rule.rule_id:
            return replace(rule, rule_id=self._id_of(done, rule))
        now = self._by_id.get(rule.rule_id)
        if rule.direction is Direction.UNKNOWN and now is not None:
            return replace(rule, direction=now.direction)
        return rule

    def _id_of(self, done: Done, rule: GroupRule) -> str:
        """Return the id that a rule had which is named by what it says."""
        edited = {i: edit.left for i, edit in self.edits.items() if edit.left is not None}
        for rule_id, known in (self._added | edited).items():
            if known == rule:
                return rule_id
        alike = next((was for was in done.before if was == rule), self._alike.get(rule))
        return alike.rule_id if alike else ""

    def _edit(self, done: Done, rule: GroupRule) -> None:
        if rule.rule_id in self._added:
            # It counts as if it had been added so.
            way = self._added[rule.rule_id].direction
            self._added[rule.rule_id] = replace(rule, direction=way)
            return
        known = self.edits.get(rule.rule_id)
        origin = known.origin if known else self._origin(done, rule.rule_id, rule)
        if origin and rule.direction is Direction.UNKNOWN:
            rule = replace(rule, direction=origin.direction)
        self.edits[rule.rule_id] = Edit(done.change, origin, rule)

    def as_left(self, change: Change) -> Change:
        """Return a change with the rules that it added as their edits left them."""
        added = tuple(self._added.get(rule.rule_id, rule) for rule in change.added)
        return replace(change, added=added)

    def _edit_untold(self, done: Done, rule_id: str) -> None:
        if rule_id in self._added:
            return
        known = self.edits.get(rule_id)
        origin = known.origin if known else self._origin(done, rule_id, None)
        self.edits[rule_id] = Edit(done.change, origin, None)

    def _origin(self, done: Done, rule_id: str, rule: GroupRule | None) -> GroupRule | None:
        for was in done.before:
            # A description is changed under the rule's content, which need not tell its id.
            if was.rule_id == rule_id or (done.change.verb is Verb.DESCRIBE and was == rule):
                return replace(was, rule_id=rule_id)
        return None

    def _revoke(self, done: Done) -> Change:
        change, before = done.change, {rule.rule_id: rule for rule in done.before}
        others = [rule_id for rule_id in change.rule_ids if rule_id not in self._added]
        before |= {i: edit.origin for i in others if (edit := self.edits.get(i)) and edit.origin}
        told = [before[i] for i in others if i in before]
        left = tuple(i for i in change.rule_ids if i not in before or i in self._added)
        removed: list[GroupRule] = []
        untold: list[str] = []
        for rule in (*change.removed, *told):
            was = self._unedited(rule)
            if was is None:
                untold.append(rule.rule_id)
            else:
                removed.append(was)
        return replace(change, removed=tuple(removed), rule_ids=(*left, *untold))

    def _unedited(self, rule: GroupRule) -> GroupRule | None:
        """Return a rule that went as it was before any edit; None where that is not known."""
        for rule_id, edit in self.edits.items():
            if rule.rule_id == rule_id or (not rule.rule_id and edit.left == rule):
                del self.edits[rule_id]
                return edit.origin
        return rule
