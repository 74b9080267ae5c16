"""What a person sees of the workspace, as JSON for the page and for clients in tests."""

from collections.abc import Iterable

from sandbox.slack.channels import Channel, Message
from sandbox.slack.people import BOT_USER, Person
from sandbox.slack.refused import Json
from sandbox.slack.shapes import message_json, view_json
from sandbox.slack.team import Team

RECENT = 1000
"""So many messages of a channel are sent at once."""


def person_seen(person: Person) -> Json:
    """Return a person as the page shows them."""
    return {
        "id": person.id,
        "handle": person.handle,
        "name": person.name,
        "title": person.title,
        "hint": person.hint,
        "color": person.color,
        "is_bot": person.is_bot,
    }


def message_seen(channel: Channel, message: Message) -> Json:
    """Return a message as a person sees it: metadata is not for eyes."""
    shown = message_json(channel, message) | {"channel": channel.id}
    if message.only_for:
        shown["only_for"] = message.only_for
        if message.thread_ts:
            shown["thread_ts"] = message.thread_ts
    return shown


def channel_seen(channel: Channel) -> Json:
    """Return a channel without its messages."""
    return {
        "id": channel.id,
        "name": channel.name,
        "topic": channel.topic,
        "archived": channel.archived,
        "direct": channel.is_direct,
        "bot_inside": BOT_USER in channel.members,
        "members": sorted(channel.members),
    }


def channels_of(team: Team, user: str) -> list[Channel]:
    """Return the channels that a person is in."""
    return [channel for channel in team.channels.values() if user in channel.members]


def messages_of(channel: Channel, user: str) -> list[Json]:
    """Return the messages of a channel that a person sees, oldest first."""
    seen: Iterable[Message] = [*list(channel)[-RECENT:], *channel.private_to(user)]
    return [message_seen(channel, message) for message in sorted(seen, key=lambda m: m.ts)]


def windows_of(team: Team, user: str) -> list[Json]:
    """Return the modals that a person has open, the topmost last."""
    return [view_json(view) for view in team.views.stack(user)]


def home_of(team: Team, user: str) -> Json | None:
    """Return a person's App Home, if the app published one."""
    home = team.views.home(user)
    return view_json(home) if home else None


def sight(team: Team, user: str) -> Json:
    """Return all that a person sees."""
    channels = [
        channel_seen(channel) | {"messages": messages_of(channel, user)}
        for channel in channels_of(team, user)
    ]
    return {
        "version": team.version,
        "channels": channels,
        "windows": windows_of(team, user),
        "home": home_of(team, user),
    }
