"""A client for demo and tests: looks at the workspace and lends hands to its people."""

from collections.abc import Callable
from functools import cached_property

from sandbox.slack.person import SlackPerson
from sandbox.slack.refused import Json
from sandbox.slack.seen import SeenMessage
from sandbox.slack.visiting import PATIENCE, Visit

Predicate = Callable[[SeenMessage], bool]


class Workspace:
    """Sees every message that is not ephemeral. Channels go by id or by name."""

    def __init__(self, url: str) -> None:
        self._visit = Visit(url)

    @cached_property
    def _facts(self) -> Json:
        return self._visit.get("/person/workspace")

    @cached_property
    def names(self) -> dict[str, str]:
        """What to say for the id of a person, a user group or a channel."""
        named = {person["id"]: person["name"] for person in self._facts["people"]}
        named |= {group["id"]: group["handle"] for group in self._facts["groups"]}
        return named | {c["id"]: c["name"] for c in self._facts["channels"] if c["name"]}

    def person(self, who: str) -> SlackPerson:
        """Return a person by id, handle or name."""
        for person in self._facts["people"]:
            if who in (person["id"], person["handle"], person["name"]):
                return SlackPerson(self._visit, person["id"], self.names, self.channel_id)
        raise LookupError(f"nobody is called {who!r}")

    def channel_id(self, channel: str) -> str:
        """Return the id of a channel."""
        for known in self._facts["channels"]:
            if channel == known["id"] or (known["name"] and channel.lstrip("#") == known["name"]):
                return str(known["id"])
        raise LookupError(f"no channel is called {channel!r}")

    def messages(self, channel: str) -> list[SeenMessage]:
        """Return what the channel shows, oldest first; threads are apart."""
        return [m for m in self._all(channel) if not m.is_reply or m.broadcast]

    def thread(self, message: SeenMessage) -> list[SeenMessage]:
        """Return the replies to a message, oldest first."""
        return [m for m in self._all(message.channel) if m.is_reply and m.thread_ts == message.ts]

    def again(self, message: SeenMessage) -> SeenMessage:
        """Return a message as it looks now."""
        for found in self._all(message.channel):
            if found.ts == message.ts:
                return found
        raise LookupError(f"the message {message.ts} is gone")

    def wait_message(
        self, channel: str, predicate: Predicate = lambda _: True, timeout: float = PATIENCE
    ) -> SeenMessage:
        """Return the newest message of a channel that fits, as soon as there is one."""

        def look() -> SeenMessage | None:
            return next(filter(predicate, reversed(self.messages(channel))), None)

        return self._visit.wait(look, lambda: self._instead(channel), timeout)

    def wait_change(
        self, message: SeenMessage, predicate: Predicate, timeout: float = PATIENCE
    ) -> SeenMessage:
        """Return a message as soon as it looks as wanted."""

        def look() -> SeenMessage | None:
            now = self.again(message)
            return now if predicate(now) else None

        return self._visit.wait(look, lambda: f"still: {self.again(message).plain}", timeout)

    def wait_reply(
        self, message: SeenMessage, predicate: Predicate = lambda _: True, timeout: float = PATIENCE
    ) -> SeenMessage:
        """Return the newest reply to a message that fits, as soon as there is one."""

        def look() -> SeenMessage | None:
            return next(filter(predicate, reversed(self.thread(message))), None)

        def instead() -> str:
            replies = [reply.plain for reply in self.thread(message)]
            return f"no such reply among {len(replies)}: {replies[-5:]}"

        return self._visit.wait(look, instead, timeout)

    def transcript(self, channel: str) -> str:
        """Return the conversation of a channel as text, threads indented."""
        lines: list[str] = []
        for message in self.messages(channel):
            lines += self._spoken(message, "")
            for reply in self.thread(message) if not message.is_reply else ():
                lines += self._spoken(reply, "    ")
        return "\n".join(lines)

    def _spoken(self, message: SeenMessage, indent: str) -> list[str]:
        who = self.names.get(message.author, message.author)
        return [f"{indent}{who}:", *(f"{indent}  {line}" for line in message.plain.splitlines())]

    def _all(self, channel: str) -> list[SeenMessage]:
        shown = self._visit.get("/person/messages", channel=self.channel_id(channel))
        return [SeenMessage.read(message, self.names) for message in shown["messages"]]

    def _instead(self, channel: str) -> str:
        seen = [message.plain for message in self.messages(channel)]
        return f"no such message among {len(seen)} in {channel}: {seen[-3:]}"
