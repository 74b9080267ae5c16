"""The workspace: its people, channels, messages and views. The one place where they change."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

from sandbox.slack.blocks.naming import Names, named
from sandbox.slack.changes import Change, Edited, Joined, Posted, Reacted, Removed, Shown
from sandbox.slack.channels import Channel, Message
from sandbox.slack.files import Files
from sandbox.slack.people import (
    BOT,
    BOT_USER,
    GROUPS,
    PEOPLE,
    ROOMS,
    Person,
    UserGroup,
    direct_channel,
)
from sandbox.slack.refused import Json, RefusedError
from sandbox.slack.shapes import message_json
from sandbox.slack.timing import Clock, Stamps, Timing
from sandbox.slack.triggers import ResponseUrls, Triggers
from sandbox.slack.views import Views


class Team:
    """Everything that the workspace knows. Lives in the server's loop; no locks."""

    def __init__(self, clock: Clock, timing: Timing) -> None:
        self.clock, self.timing = clock, timing
        self.url = ""
        self.people: dict[str, Person] = {person.id: person for person in (BOT, *PEOPLE)}
        self.groups: dict[str, UserGroup] = {group.id: group for group in GROUPS}
        self.channels: dict[str, Channel] = {}
        self.views = Views()
        self.files = Files()
        self.stamps = Stamps(clock)
        self.names = Names()
        self.triggers = Triggers(clock, timing)
        self.urls = ResponseUrls(clock, timing)
        self.listeners: list[Callable[[Change], None]] = []
        self.version = 0
        humans = {person.id for person in PEOPLE}
        for room in ROOMS:
            inside = humans | ({BOT_USER} if room.bot_inside else set())
            self.channels[room.id] = Channel(room.id, room.name, room.topic, inside)
        for person in PEOPLE:
            self.direct(person.id)

    def tell(self, change: Change) -> None:
        """Let everybody who listens know."""
        self.version += 1
        for listener in self.listeners:
            listener(change)

    def person(self, user: str) -> Person:
        """Return a person by id."""
        found = self.people.get(user)
        if found is None:
            raise RefusedError("user_not_found")
        return found

    def direct(self, user: str) -> Channel:
        """Return the conversation between the bot and a person."""
        id_ = direct_channel(self.person(user).id)
        return self.channels.setdefault(id_, Channel(id_, "", "", {user, BOT_USER}))

    def channel(self, id_: str) -> Channel:
        """Return a channel by id."""
        found = self.channels.get(id_)
        if found is None:
            raise RefusedError("channel_not_found")
        return found

    def post(self, channel: Channel, message: Message) -> Message:
        """Put a message into a channel, or show an ephemeral one to its person."""
        message.blocks = named(message.blocks, self.names)
        channel.add(message)
        self.tell(Shown(channel, message) if message.only_for else Posted(channel, message))
        return message

    def edit(self, channel: Channel, message: Message, changes: Json) -> None:
        """Change what a message says. ``changes`` holds only what is to change."""
        before = message_json(channel, message)
        for name, value in changes.items():
            setattr(message, name, named(value, self.names) if name == "blocks" else value)
        if message.only_for:
            self.tell(Shown(channel, message))
            return
        message.edited_ts = self.stamps.next()
        self.tell(Edited(channel, message, before))

    def remove(self, channel: Channel, message: Message) -> None:
        """Take a message away."""
        channel.forget(message)
        self.tell(Removed(channel, message))

    def react(self, channel: Channel, message: Message, user: str, emoji: str) -> None:
        """Add an emoji."""
        users = message.reactions.setdefault(emoji, [])
        if user in users:
            raise RefusedError("already_reacted")
        users.append(user)
        self.tell(Reacted(channel, message, user, emoji, added=True))

    def unreact(self, channel: Channel, message: Message, user: str, emoji: str) -> None:
        """Take an emoji back."""
        users = message.reactions.get(emoji, [])
        if user not in users:
            raise RefusedError("no_reaction")
        users.remove(user)
        if not users:
            del message.reactions[emoji]
        self.tell(Reacted(channel, message, user, emoji, added=False))

    def join(self, channel: Channel, user: str) -> None:
        """Let somebody into a channel."""
        if user not in channel.members:
            channel.members.add(user)
            self.tell(Joined(channel, user))

    def set_group(self, id_: str, *users: str) -> None:
        """Change who is in a user group."""
        self.groups[id_] = replace(self.groups[id_], users=users)

    def permalink(self, channel: Channel, message: Message) -> str:
        """Return the address of a message on the page."""
        link = f"{self.url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
        if message.is_reply:
            link += f"?thread_ts={quote(message.thread_ts or '')}&cid={channel.id}"
        return link
