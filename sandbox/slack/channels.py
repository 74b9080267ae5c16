"""Channels and the messages in them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from sandbox.slack.refused import Json, RefusedError


@dataclass(slots=True)
class Message:
    """One message. ``only_for`` names the one who sees it, if it is ephemeral."""

    ts: str
    author: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    only_for: str | None = None
    edited_ts: str | None = None
    deleted: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        """Whether the message lies in a thread and does not begin it."""
        return self.thread_ts is not None and self.thread_ts != self.ts


class Channel:
    """A channel, its members, its messages in order, and what single people see in it."""

    def __init__(self, id_: str, name: str, topic: str, members: set[str]) -> None:
        self.id, self.name, self.topic, self.members = id_, name, topic, members
        self.archived = False
        self._messages: dict[str, Message] = {}
        self._replies: dict[str, list[str]] = defaultdict(list)
        self._private: dict[str, Message] = {}

    @property
    def is_direct(self) -> bool:
        """Whether this is the conversation between the bot and one person."""
        return self.id.startswith("D")

    def add(self, message: Message) -> None:
        """Put a message at the end."""
        if message.only_for:
            self._private[message.ts] = message
            return
        self._messages[message.ts] = message
        if message.thread_ts and message.is_reply:
            self._replies[message.thread_ts].append(message.ts)

    def message(self, ts: str) -> Message:
        """Return a message that all see."""
        found = self._messages.get(ts)
        if found is None or found.deleted:
            raise RefusedError("message_not_found")
        return found

    def seen_by(self, user: str, ts: str) -> Message:
        """Return a message that a person sees, ephemeral ones included."""
        private = self._private.get(ts)
        return private if private and private.only_for == user else self.message(ts)

    def parent(self, ts: str) -> Message:
        """Return the message that a thread hangs from; its grave counts."""
        found = self._messages.get(ts)
        if found is None:
            raise RefusedError("thread_not_found")
        return self._messages.get(found.thread_ts or "", found)

    def replies(self, ts: str) -> list[Message]:
        """Return the replies in a thread, oldest first."""
        return [self._messages[reply] for reply in self._replies.get(ts, ())]

    def __iter__(self) -> Iterator[Message]:
        return iter(self._messages.values())

    def private_to(self, user: str) -> list[Message]:
        """Return what only this person sees, oldest first."""
        return [message for message in self._private.values() if message.only_for == user]

    def forget(self, message: Message) -> None:
        """Remove a message; one with replies leaves a grave behind."""
        if message.only_for:
            self._private.pop(message.ts, None)
        elif self._replies.get(message.ts):
            message.deleted, message.text = True, "This message was deleted."
            message.blocks, message.attachments, message.metadata = [], [], None
            message.files = []
        else:
            self._messages.pop(message.ts, None)
            if message.thread_ts and message.is_reply:
                self._replies[message.thread_ts].remove(message.ts)
