"""What a client saw: messages and modals, read from the page's JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from sandbox.slack.blocks.naming import elements
from sandbox.slack.reading import Names, block_lines, message_lines
from sandbox.slack.refused import Json


@dataclass(frozen=True, slots=True)
class SeenButton:
    """A button or menu that one may use."""

    label: str
    action_id: str
    block_id: str
    value: str
    style: str


@dataclass(frozen=True, slots=True)
class SeenMessage:
    """A message as it looked at that moment; ``plain`` is all of its words."""

    channel: str
    ts: str
    author: str
    text: str
    plain: str
    blocks: tuple[Json, ...]
    thread_ts: str | None
    only_for: str | None
    edited: bool
    reply_count: int
    broadcast: bool
    reactions: Mapping[str, tuple[str, ...]]
    metadata: Json | None
    files: tuple[Json, ...]

    @classmethod
    def read(cls, shown: Json, names: Names) -> Self:
        """Read a message."""
        reactions = {r["name"]: tuple(r["users"]) for r in shown.get("reactions") or []}
        return cls(
            channel=shown["channel"],
            ts=shown["ts"],
            author=shown["user"],
            text=shown["text"],
            plain="\n".join(message_lines(shown, names)),
            blocks=tuple(shown.get("blocks") or ()),
            thread_ts=shown.get("thread_ts"),
            only_for=shown.get("only_for"),
            edited="edited" in shown,
            reply_count=shown.get("reply_count", 0),
            broadcast=shown.get("subtype") == "thread_broadcast",
            reactions=reactions,
            metadata=shown.get("metadata"),
            files=tuple(shown.get("files") or ()),
        )

    @property
    def is_reply(self) -> bool:
        """Whether it lies in a thread and does not begin it."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def buttons(self) -> tuple[SeenButton, ...]:
        """Its buttons and menus, in order."""
        return tuple(_buttons(self.blocks))

    def button(self, label: str) -> SeenButton:
        """Return the button with a label, or the first whose label begins so."""
        return _named(self.buttons, label)


@dataclass(frozen=True, slots=True)
class SeenModal:
    """A modal (or App Home) as it looked at that moment."""

    id: str
    callback_id: str
    title: str
    plain: str
    blocks: tuple[Json, ...]
    values: Json
    private_metadata: str
    hash: str
    root_id: str

    @classmethod
    def read(cls, shown: Json, names: Names) -> Self:
        """Read a view."""
        return cls(
            id=shown["id"],
            callback_id=shown["callback_id"],
            title=(shown.get("title") or {}).get("text", ""),
            plain="\n".join(block_lines(shown["blocks"], names)),
            blocks=tuple(shown["blocks"]),
            values=shown["state"]["values"],
            private_metadata=shown["private_metadata"],
            hash=shown["hash"],
            root_id=shown["root_view_id"],
        )

    @property
    def buttons(self) -> tuple[SeenButton, ...]:
        """Its buttons and menus, in order."""
        return tuple(_buttons(self.blocks))

    def button(self, label: str) -> SeenButton:
        """Return the button with a label, or the first whose label begins so."""
        return _named(self.buttons, label)

    def inputs(self) -> dict[str, tuple[str, str]]:
        """Return the block id and action id of each input, by its label."""
        return {
            block["label"]["text"]: (block["block_id"], block["element"]["action_id"])
            for block in self.blocks
            if block["type"] == "input"
        }


def _buttons(blocks: tuple[Json, ...]) -> Iterator[SeenButton]:
    for block in blocks:
        if block["type"] == "input":
            continue
        for element in elements(block):
            if "action_id" not in element:
                continue
            label: Json = element.get("text") or element.get("placeholder") or {}
            yield SeenButton(
                label=str(label.get("text") or element["type"]),
                action_id=element["action_id"],
                block_id=block["block_id"],
                value=element.get("value", ""),
                style=element.get("style", ""),
            )


def _named(buttons: tuple[SeenButton, ...], label: str) -> SeenButton:
    for fits in (str.__eq__, str.startswith):
        for button in buttons:
            if fits(button.label, label):
                return button
    raise LookupError(f"no button {label!r} among {[button.label for button in buttons]}")
