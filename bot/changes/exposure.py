"""Exposure: what a change opens, and to whom, in AWS's own semantics."""

from dataclasses import dataclass
from enum import StrEnum

from bot.changes.rules import Direction


class Reach(StrEnum):
    """To whom something is opened, widest first."""

    WORLD = "world"
    WIDE = "wide"
    EXTERNAL = "external"
    AWS = "aws"
    ORGANISATION = "organisation"
    PRIVATE = "private"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Exposure:
    """The widest thing that a change opens.

    ``ports`` are readable ("22/tcp", "0-65535/tcp", "all traffic"); ``services`` are the sensitive
    ones among them by name ("SSH").
    """

    reach: Reach
    direction: Direction
    ports: tuple[str, ...]
    services: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
