"""Who is on call: people, user groups, rotas and schedules, as the people that they are now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.escalation.ladder import EscalationPolicy
from bot.escalation.rota import OnCall, Override, Rota, on_call
from bot.escalation.target import GROUP, PERSON

MOST = 10
"""People called at once by one word of the policy."""


@dataclass(frozen=True, slots=True)
class Directory:
    """What it asks: Slack for a group's members and for whose an address is; None: nobody's.

    Each raises PagerError. ``schedule`` gives the addresses of those on call in PagerDuty,
    ``overrides`` what people said about a rota.
    """

    members: Callable[[str], Sequence[str]]
    by_email: Callable[[str], str | None]
    schedule: Callable[[str, datetime], Sequence[str]]
    overrides: Callable[[str, datetime], Sequence[Override]]


@dataclass(frozen=True, slots=True)
class WhoIsOnCall:
    """``policy`` is as it is now; rotas kept with a climb stand in for those that are gone."""

    directory: Directory
    policy: EscalationPolicy = field(default_factory=EscalationPolicy)

    def people(self, to: str, kept: Sequence[Rota], at: datetime) -> tuple[str, ...]:
        """Return the Slack ids of whom a word names at a time. Raises PagerError, StoreError."""
        if PERSON.fullmatch(to):
            return (to,)
        if GROUP.fullmatch(to):
            return tuple(self.directory.members(to))[:MOST]
        kind, _, name = to.partition(":")
        if kind == "schedule":
            emails = self.directory.schedule(name, at)
            found = (self.directory.by_email(email) for email in emails[:MOST])
            return tuple(slack_id for slack_id in found if slack_id)
        turn = self.turn(name, kept, at)
        return (turn.person,) if turn is not None else ()

    def turn(self, name: str, kept: Sequence[Rota], at: datetime) -> OnCall | None:
        """Return whose turn it is; None where there is no such rota. Raises StoreError."""
        rota = next((rota for rota in (*self.policy.rotas, *kept) if rota.name == name), None)
        if rota is None:
            return None
        return on_call(rota, at, self.directory.overrides(name, at))
