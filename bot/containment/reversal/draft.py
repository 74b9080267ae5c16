"""The draft: what a plan comes to for the changes looked at so far, in the order of its calls."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.changes.change import Change
from bot.changes.rules import GroupRule
from bot.containment.effects.groups import RemoveGroup
from bot.containment.effects.rules import ChangeRules
from bot.containment.plan import Call, Effect
from bot.containment.states import Look, State
from bot.containment.wording import rules_text


@dataclass(frozen=True, slots=True)
class Done:
    """A change, and what is known from before it that its record does not tell.

    ``before`` are rules as they were: those edited or revoked by id, all of a group that was
    deleted. ``tags`` are a group's, as ``key=value``. ``groups_before`` are those that something
    was in before it was moved.
    """

    change: Change
    before: tuple[GroupRule, ...] = ()
    tags: tuple[str, ...] = ()
    groups_before: tuple[str, ...] = ()


@dataclass(slots=True)
class Draft:
    """Calls by when they are made, and what is to be told.

    ``first`` puts back what takes the place of something that is closed, so that nothing is cut in
    between. Then all is closed that can be, and only then the rest is restored. ``cannot`` is what
    stays undone; ``notes`` are told with it, but leave nothing undone. ``beside`` are the rules of
    a group that the changes did not touch: they are left, unless the group itself is emptied.
    """

    states: Mapping[Look, State]
    first: list[Call] = field(default_factory=list)
    editing: list[Call] = field(default_factory=list)
    closing: list[Call] = field(default_factory=list)
    restoring: list[Call] = field(default_factory=list)
    moving: list[Call] = field(default_factory=list)
    leaves: list[str] = field(default_factory=list)
    cannot: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    drift: list[str] = field(default_factory=list)
    beside: dict[str, tuple[GroupRule, ...]] = field(default_factory=dict)

    @property
    def calls(self) -> tuple[Call, ...]:
        """Return the calls so far, in order."""
        return (*self.first, *self.editing, *self.closing, *self.restoring, *self.moving)

    def closed(self, group: str) -> set[str]:
        """Return the ids of the group's rules that are taken away so far."""
        return {
            rule.rule_id
            for call in self.calls
            if call.about == group and isinstance(call.effect, ChangeRules) and call.effect.closes
            for rule in call.effect.rules
        }

    def left(self) -> Iterator[str]:
        """Yield what is left alone, told once all calls are there."""
        yield from self.leaves
        removed = {call.about for call in self.calls if isinstance(call.effect, RemoveGroup)}
        for group, rules in self.beside.items():
            closed = self.closed(group)
            stays = [rule for rule in rules if rule.rule_id not in closed]
            if stays and group not in removed:
                yield f"{group}: as they are: {rules_text(stays)}."


def call_for(change: Change, effect: Effect, why: str) -> Call:
    """Return a call where the change was made."""
    return Call(change.account, change.region, effect, why)
