"""Exemptions: scoped, reasoned, expiring statements that certain changes are expected."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.changes.rules import Direction
from bot.changes.severity import Severity
from bot.exemptions.window import Window


@dataclass(frozen=True, slots=True)
class PortRange:
    """Ports of one protocol; None on both ends means all of them."""

    protocol: str
    from_port: int | None
    to_port: int | None


@dataclass(frozen=True, slots=True)
class Scope:
    """What an exemption covers: all clauses given must match, each list is "any of".

    ``cidrs`` and ``ports`` cover a group rule that lies inside one of them. ``principals`` are
    principal ids (``Principal.id``), matched exactly; ``principal_patterns`` are others that will
    do as well, with ``*``. ``sessions`` and ``group_names`` may hold ``*`` too. ``group_tags`` are
    ``key=value``. ``persons`` are those whom the identity provider named. ``ous`` are
    those that the account lies in, at whatever depth. ``sources`` are ranges
    that the caller's address lies in, ``countries`` two capitals each. What is graver than
    ``max_severity`` is not covered, nor is what was made outside all ``windows``. New fields have
    defaults: those stored before stay readable.
    """

    principals: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    detections: tuple[str, ...] = ()
    directions: tuple[Direction, ...] = ()
    ports: tuple[PortRange, ...] = ()
    cidrs: tuple[str, ...] = ()
    peer_groups: tuple[str, ...] = ()
    principal_patterns: tuple[str, ...] = ()
    sessions: tuple[str, ...] = ()
    group_names: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    max_severity: Severity | None = None
    windows: tuple[Window, ...] = ()
    group_tags: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    ous: tuple[str, ...] = ()


FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
"""When an exemption ends that has no end."""


def until_told(ends: datetime) -> str:
    """Return in words until when an exemption is in force."""
    return "for ever" if ends == FOREVER else f"until {ends:%Y-%m-%d %H:%M} UTC"


@dataclass(frozen=True, slots=True)
class Pending:
    """A version that waits for a second person to approve it: until when, why, and who asked.

    It hides nothing. ``by`` is the Slack user id of who asked, or a name.
    """

    exemption: "Exemption"
    until: datetime
    why: str
    by: str


@dataclass(frozen=True, slots=True)
class Exemption:
    """One exemption. ``owner`` is a Slack user id or a person's name; times are UTC.

    ``version`` counts what was decided on it. ``file`` is the name of the file that manages it:
    what it says is changed there alone. ``pending`` is a version that would take its place; one
    that was never in force has ended when it was made.
    """

    id: str
    scope: Scope
    reason: str
    owner: str
    created_at: datetime
    expires_at: datetime
    allow_world: bool = False
    alert: str = ""
    version: int = 1
    file: str = ""
    pending: Pending | None = None

    def is_in_force(self, now: datetime) -> bool:
        """Return whether it hides anything now."""
        return self.expires_at > now

    def is_asked(self, now: datetime) -> bool:
        """Return whether a version of it waits for approval."""
        return self.pending is not None and self.pending.until > now

    def is_over(self, now: datetime) -> bool:
        """Return whether it hides nothing, and will not unless somebody decides so anew."""
        return not (self.is_in_force(now) or self.is_asked(now))
