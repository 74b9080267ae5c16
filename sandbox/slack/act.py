"""One act of a person on an element, and how it went."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.slack import payloads
from sandbox.slack.blocks.naming import find
from sandbox.slack.blocks.values import Entered, chosen, state_values
from sandbox.slack.refused import Json

WITHOUT_STATE = frozenset({"button", "overflow"})


class NoSuchThingError(Exception):
    """A person cannot use what is not there."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went: answered or not, and what is wrong with which field."""

    answered: bool
    errors: Mapping[str, str] = field(default_factory=dict)


WELL, UNANSWERED = Outcome(answered=True), Outcome(answered=False)


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An entry that the app adds to menus; on messages if it is a message shortcut."""

    callback_id: str
    title: str
    on_message: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """Which element is used, what is chosen there, and what the other inputs hold."""

    action_id: str
    block_id: str = ""
    value: object = None
    entered: Entered = field(default_factory=dict)

    def on(self, blocks: list[Json], action_ts: str) -> tuple[Json, Json]:
        """Return the action as the app receives it, and ``state.values`` after it."""
        found = find(blocks, self.action_id, self.block_id)
        if found is None:
            raise NoSuchThingError(f"nothing here has the action_id {self.action_id!r}")
        block, element = found
        held = {} if element["type"] == "button" else chosen(element, self.value)
        action = payloads.action(block, element, held, action_ts)
        entered = {name: dict(inner) for name, inner in self.entered.items()}
        if element["type"] not in WITHOUT_STATE:
            entered.setdefault(block["block_id"], {})[self.action_id] = self.value
        return action, state_values(blocks, entered)
