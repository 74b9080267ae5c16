"""What may happen in the workspace: told to the app as events and to the page live."""

from dataclasses import dataclass, field

from sandbox.slack.channels import Channel, Message
from sandbox.slack.refused import Json


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that all see."""

    channel: Channel
    message: Message


@dataclass(frozen=True, slots=True)
class Edited:
    """A message was changed; ``before`` is how the API showed it."""

    channel: Channel
    message: Message
    before: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Removed:
    """A message, or an ephemeral one, was taken away."""

    channel: Channel
    message: Message


@dataclass(frozen=True, slots=True)
class Shown:
    """An ephemeral message appeared or changed."""

    channel: Channel
    message: Message


@dataclass(frozen=True, slots=True)
class Reacted:
    """An emoji was added to a message or taken from it."""

    channel: Channel
    message: Message
    user: str
    emoji: str
    added: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody entered a channel."""

    channel: Channel
    user: str


@dataclass(frozen=True, slots=True)
class WindowsChanged:
    """A modal of a person opened, changed or closed."""

    user: str


@dataclass(frozen=True, slots=True)
class HomePublished:
    """The app published a person's App Home."""

    user: str


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """A person looks at the App Home."""

    user: str


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something to tell a person (everybody, if empty) in passing."""

    user: str
    text: str
    tone: str = "info"


Change = (
    Posted
    | Edited
    | Removed
    | Shown
    | Reacted
    | Joined
    | WindowsChanged
    | HomePublished
    | HomeOpened
    | Noticed
)
