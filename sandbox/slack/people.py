"""Who works at Example Corp: the bot, four people, two user groups, three channels."""

from dataclasses import dataclass

TEAM_ID, TEAM_NAME, TEAM_DOMAIN = "T0EXAMPLE", "Example Corp", "example"
APP_ID, BOT_ID, BOT_USER = "A0SGWATCH", "B0SGWATCH", "U0SGWATCH"
SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, slots=True)
class Person:
    """A user of the workspace; ``hint`` tells the viewer of the page what they may do."""

    id: str
    handle: str
    name: str
    email: str
    title: str
    hint: str
    color: str
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class UserGroup:
    """A user group such as @sec-oncall."""

    id: str
    handle: str
    name: str
    users: tuple[str, ...]


ROSA = Person(
    "U0ROSA",
    "rosa",
    "Rosa Lindqvist",
    "rosa@example.com",
    "Security engineer",
    "Responder, on call",
    "#2f7d5b",
)
MARCUS = Person(
    "U0MARCUS",
    "marcus",
    "Marcus Hale",
    "marcus@example.com",
    "Head of security",
    "Approver, the responders' manager",
    "#7a4fb5",
)
ALICE = Person(
    "U0ALICE",
    "alice",
    "Alice Moreau",
    "alice@example.com",
    "Platform engineer",
    "The actor; a responder, but not for her own changes",
    "#b5552f",
)
OSCAR = Person(
    "U0OSCAR",
    "oscar",
    "Oscar Quill",
    "oscar@example.com",
    "Sales",
    "Outsider, in no group",
    "#3a6ea5",
)
BOT = Person(BOT_USER, "sgwatch", "sgwatch", "", "", "", "#1d6f8a", is_bot=True)

PEOPLE = (ROSA, MARCUS, ALICE, OSCAR)

ONCALL = UserGroup("S0ONCALL", "sec-oncall", "Security on call", (ROSA.id, ALICE.id))
LEADS = UserGroup("S0LEADS", "sec-leads", "Security leads", (MARCUS.id,))
GROUPS = (ONCALL, LEADS)


@dataclass(frozen=True, slots=True)
class Room:
    """A channel as the workspace begins with it."""

    id: str
    name: str
    topic: str
    bot_inside: bool = True


ALERTS = Room("C0SGALERTS", "sg-alerts", "Security group changes, and what we did about them")
OPS = Room("C0SGOPS", "sgwatch-ops", "How sgwatch itself is doing")
GENERAL = Room("C0GENERAL", "general", "Everything for everybody", bot_inside=False)
ROOMS = (ALERTS, OPS, GENERAL)


def direct_channel(user: str) -> str:
    """Return the id of the conversation between the bot and a person."""
    return "D" + user[1:]
