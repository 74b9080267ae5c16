"""The life of an exemption: made, edited, extended, ended; ``decide_life`` says what becomes of it.

An exemption made from an alert is in the alert's timeline; what is decided on it by itself is kept
as ``Lived`` lines beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.alerts.commands import Refusal
from bot.alerts.decide import author, own_exemption
from bot.alerts.people import Author, Person, Right
from bot.alerts.refusals import SHORTEST_REASON
from bot.exemptions.model import Exemption
from bot.exemptions.problems import problems

LONGEST = timedelta(days=90)
"""How far off an exemption's end may be."""


class Deed(StrEnum):
    """What somebody did to an exemption, or what we told of it."""

    MADE = "made"
    EDITED = "edited"
    EXTENDED = "extended"
    ENDED = "ended"
    REMINDED = "reminded"
    TOLD = "told"

    @property
    def ours(self) -> bool:
        """Return whether it is something that we told."""
        return self in {Deed.REMINDED, Deed.TOLD}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """One decision on an exemption; ``until`` is when it ended, or was to end, from then on.

    ``before`` is what it was until it was edited: so each version is kept.
    Of what we told it is which end that was about, and ``reason`` says whom we told.
    """

    at: datetime
    by: Author
    did: Deed
    until: datetime
    reason: str
    before: Exemption | None = None


def told_line(line: Lived) -> str:
    """Return in words what we told, and whom."""
    what = "that it was about to end" if line.did is Deed.REMINDED else "that it had ended"
    return f"told {line.reason} {what}"


@dataclass(frozen=True, slots=True)
class Make:
    """Put an exemption into force that no alert was behind.

    ``hides`` are the principals whose changes of late it would have hidden.
    """

    exemption: Exemption
    hides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class End:
    """End an exemption now, in Slack or because ``file`` no longer holds it."""

    reason: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class Extend:
    """Let an exemption end so long from now."""

    lasts: timedelta
    reason: str
    file = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """Put a new version in place of version ``seen``.

    ``hides`` are the principals whose changes of late the new one would have hidden. ``file`` is
    the file that says so: it may also take over one that is managed by none, and revive its own.
    """

    exemption: Exemption
    reason: str
    seen: int
    hides: tuple[str, ...] = ()
    file: str = ""


LifeCommand = Make | End | Extend | Edit
Life = tuple[Exemption, Lived]


def edited_to(lived: Sequence[Lived], place: int, exemption: Exemption) -> Exemption:
    """Return the version that an edit (by its place) made, of the exemption as it is now."""
    later = (line.before for line in lived[place + 1 :] if line.before is not None)
    return replace(next(later, exemption), expires_at=lived[place].until)


def decide_life(
    exemption: Exemption | None,
    command: LifeCommand,
    person: Person,
    now: datetime,
    longest: timedelta,
) -> Life | Refusal:
    """Return the exemption as it is from now on, with the line that says so, or why not."""
    if refusal := _needs_responder(person):
        return refusal
    if isinstance(command, Make):
        return _made(command, person, now, longest)
    if exemption is None:
        return Refusal("There is no such exemption.")
    revived = (
        isinstance(command, Edit)
        and command.file
        and exemption.file
        and exemption.expires_at <= now
    )
    if not revived and (refusal := may_change(exemption, person, now, command.file)):
        return refusal
    if len(command.reason.strip()) < SHORTEST_REASON:
        return Refusal("Give a reason that somebody can read in six months.", field="reason")
    if isinstance(command, End):
        return _life(replace(exemption, expires_at=now), Deed.ENDED, command.reason, person, now)
    if isinstance(command, Edit):
        return _edited(exemption, command, person, now, longest)
    return _extended(exemption, command, person, now, longest)


def _made(command: Make, person: Person, now: datetime, longest: timedelta) -> Life | Refusal:
    exemption = command.exemption
    if wrong := problems(exemption, now, longest):
        return Refusal(wrong[0].message, field=wrong[0].field)
    if own := own_exemption(exemption.scope, person, command.hides):
        return own
    return _life(exemption, Deed.MADE, exemption.reason, person, now)


def may_change(
    exemption: Exemption, person: Person, now: datetime, file: str = ""
) -> Refusal | None:
    """Return why somebody, or a file, may change nothing about the exemption; None if they may."""
    if refusal := _needs_responder(person):
        return refusal
    if exemption.file and exemption.file != file:
        return Refusal(
            f"{exemption.id} is managed by the file “{exemption.file}”: change it there, and have "
            "the file imported again (sgwatch exemptions import)."
        )
    if exemption.expires_at <= now:
        return Refusal(f"{exemption.id} has ended already. Make a new one if it is needed again.")
    return None


def _needs_responder(person: Person) -> Refusal | None:
    needed = Right.RESPONDER
    if person.right < needed:
        return Refusal(f"You need the right of a {needed} to do this.", needs=needed)
    return None


def _edited(
    exemption: Exemption, command: Edit, person: Person, now: datetime, longest: timedelta
) -> Life | Refusal:
    if command.seen != exemption.version:
        return Refusal(
            f"Somebody else has changed {exemption.id} since you looked: it is version "
            f"{exemption.version} now, you were shown {command.seen}. Look again, then edit."
        )
    new = replace(
        command.exemption,
        id=exemption.id,
        version=exemption.version,
        file=command.file or exemption.file,
    )
    if new == exemption:
        return Refusal(f"{exemption.id} says all that already: nothing would change.")
    if wrong := problems(new, now, longest):
        return Refusal(wrong[0].message, field=wrong[0].field)
    if own := own_exemption(new.scope, person, command.hides):
        return own
    return _life(new, Deed.EDITED, command.reason, person, now, before=exemption)


def _extended(
    exemption: Exemption, command: Extend, person: Person, now: datetime, longest: timedelta
) -> Life | Refusal:
    longer = replace(exemption, expires_at=now + command.lasts)
    if longer.expires_at <= exemption.expires_at:
        return Refusal(
            f"{exemption.id} ends on {exemption.expires_at:%Y-%m-%d %H:%M} UTC, which is no sooner "
            "than that. Extend it for longer, or end it."
        )
    if wrong := problems(longer, now, longest):
        return Refusal(wrong[0].message, field=wrong[0].field)
    # Ending hides nothing, so anyone may end what hides their own.
    if own := own_exemption(exemption.scope, person):
        return own
    return _life(longer, Deed.EXTENDED, command.reason, person, now)


def _life(
    exemption: Exemption,
    did: Deed,
    reason: str,
    person: Person,
    now: datetime,
    before: Exemption | None = None,
) -> Life:
    """Return the exemption, of the next version unless it is new, and the line about it."""
    version = exemption.version + (did is not Deed.MADE)
    until, by = exemption.expires_at, author(person)
    lived = Lived(at=now, by=by, did=did, until=until, reason=reason.strip(), before=before)
    return replace(exemption, version=version), lived
