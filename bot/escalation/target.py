"""Targets: whom a level calls, and how. In the policy each is one word, such as ``dm:on-call``."""

import re
from dataclasses import dataclass
from enum import StrEnum

PERSON = re.compile(r"[UW][A-Z0-9]{2,}")
GROUP = re.compile(r"S[A-Z0-9]{2,}")
SCHEDULE = re.compile(r"schedule:P[A-Z0-9]{2,}")
ROTA = re.compile(r"rota:[a-z0-9][a-z0-9-]*")
NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
TOPIC = re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]+")
EVERYBODY = frozenset({"here", "channel"})
ON_CALL = "on-call"


class Way(StrEnum):
    """How somebody is called."""

    MENTION = "mention"
    DM = "dm"
    PAGERDUTY = "pagerduty"
    SNS = "sns"
    WEBHOOK = "webhook"

    @property
    def pages(self) -> bool:
        """Return whether it goes to one receiver, so that its pages are counted."""
        return self is not Way.MENTION

    @property
    def wakes(self) -> bool:
        """Return whether it reaches people outside Slack."""
        return self not in {Way.MENTION, Way.DM}

    @property
    def is_told(self) -> bool:
        """Return whether the other end keeps an incident that is to be told how it ended."""
        return self in {Way.PAGERDUTY, Way.WEBHOOK}


@dataclass(frozen=True, slots=True)
class Target:
    """One way to somebody. ``to`` is a Slack id, a rota, a schedule, a topic, or a name."""

    way: Way
    to: str

    def __str__(self) -> str:
        return f"{self.way}:{self.to}"


def read_target(text: str) -> Target:
    """Return the target that a word of the policy names. Raises ValueError with what to write."""
    way, _, to = text.partition(":")
    if way not in set(Way):
        ways = ", ".join(f"{each}:…" for each in Way)
        raise ValueError(f"“{text}”: a call begins with {ways}")
    if not _fits(Way(way), to):
        raise ValueError(f"“{text}”: {_MENDS[Way(way)]}")
    return Target(Way(way), to)


def is_somebody(to: str) -> bool:
    """Return whether it names people: a person, a Slack user group, a rota or a schedule."""
    return any(form.fullmatch(to) for form in (PERSON, GROUP, ROTA, SCHEDULE))


def _fits(way: Way, to: str) -> bool:
    match way:
        case Way.MENTION:
            return to in {*EVERYBODY, ON_CALL} or is_somebody(to)
        case Way.DM:
            return to == ON_CALL or is_somebody(to)
        case Way.SNS:
            return bool(TOPIC.fullmatch(to))
        case Way.PAGERDUTY | Way.WEBHOOK:
            return bool(NAME.fullmatch(to))


SOMEBODY = "on-call, a person (U…), a user group (S…), rota:NAME or schedule:P…"
_MENDS = {
    Way.MENTION: f"after mention: comes here, channel, {SOMEBODY}",
    Way.DM: f"after dm: comes {SOMEBODY}",
    Way.PAGERDUTY: "after pagerduty: comes a name of SGWATCH_PAGERDUTY_KEYS, such as default",
    Way.SNS: "after sns: comes the ARN of a topic",
    Way.WEBHOOK: "after webhook: comes a name of SGWATCH_WEBHOOK_URLS",
}
