"""The life of an exemption: asked, made, edited, ended; ``decide_life`` says what becomes of it.

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
from bot.exemptions.model import FOREVER, Exemption, Pending, until_told
from bot.exemptions.policy import ExemptionPolicy, approval_needed
from bot.exemptions.problems import problems


class Deed(StrEnum):
    """What somebody did to an exemption, or what we told of it."""

    MADE = "made"
    ASKED = "asked for approval"
    APPROVED = "approved"
    LAPSED = "lapsed"
    EDITED = "edited"
    EXTENDED = "extended"
    ENDED = "ended"
    REFUSED = "refused"
    REMINDED = "reminded"
    TOLD = "told"

    @property
    def ours(self) -> bool:
        """Return whether it is something that we told."""
        return self in {Deed.REMINDED, Deed.TOLD}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """One decision on an exemption; ``until`` is when it ended, or was to end, from then on.

    Of what was asked it is until when it may be approved, of what we told which end that was about,
    and ``reason`` says whom we told. ``before`` is what it was until it was edited: so each version
    is kept. Of a refusal ``wanted`` is what was to be done, ``reason`` why not, and ``before`` is
    one that was not made.
    """

    at: datetime
    by: Author
    did: Deed
    until: datetime
    reason: str
    before: Exemption | None = None
    wanted: str = ""


def told_line(line: Lived) -> str:
    """Return in words what we told, and whom."""
    what = "that it was about to end" if line.did is Deed.REMINDED else "that it had ended"
    return f"told {line.reason} {what}"


@dataclass(frozen=True, slots=True)
class Make:
    """Put an exemption into force that no alert was behind.

    ``hides`` are the names of those whose changes of late it would have hidden.
    """

    exemption: Exemption
    hides: tuple[str, ...] = ()
    name = "make"


@dataclass(frozen=True, slots=True)
class End:
    """End an exemption now, in Slack or because ``file`` no longer holds it."""

    reason: str
    file: str = ""
    name = "end"


@dataclass(frozen=True, slots=True)
class Extend:
    """Let an exemption end so long from now, or never (None).

    ``hides`` are the names of those whose changes it hides.
    """

    lasts: timedelta | None
    reason: str
    hides: tuple[str, ...] = ()
    file = ""
    name = "extend"


@dataclass(frozen=True, slots=True)
class Edit:
    """Put a new version in place of version ``seen``.

    ``hides`` are the names of those whose changes of late the new one would have hidden, or the old
    one hid. ``file`` is the file that says so: it may also take over one that is managed by none,
    and revive its own.
    """

    exemption: Exemption
    reason: str
    seen: int
    hides: tuple[str, ...] = ()
    file: str = ""
    name = "edit"


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
    policy: ExemptionPolicy,
) -> Life | Refusal:
    """Return the exemption as it is from now on, with the line that says so, or why not."""
    if refusal := _needs_responder(person):
        return refusal
    if isinstance(command, Make):
        return _made(command, person, now, policy)
    if exemption is None:
        return Refusal("There is no such exemption.")
    revived = (
        isinstance(command, Edit)
        and command.file
        and exemption.file
        and exemption.expires_at <= now
    )
    ends = isinstance(command, End)
    refusal = may_change(exemption, person, now, command.file, ends=ends)
    if refusal and not revived:
        return refusal
    if len(command.reason.strip()) < SHORTEST_REASON:
        return Refusal("Give a reason that somebody can read in six months.", field="reason")
    if isinstance(command, End):
        ended = replace(exemption, expires_at=min(now, exemption.expires_at), pending=None)
        return lived(ended, Deed.ENDED, command.reason, person, now)
    if isinstance(command, Edit):
        return _edited(exemption, command, person, now, policy)
    return _extended(exemption, command, person, now, policy)


def _made(command: Make, person: Person, now: datetime, policy: ExemptionPolicy) -> Life | Refusal:
    exemption = command.exemption
    if wrong := problems(exemption, now, policy.longest):
        return Refusal(wrong[0].message, field=wrong[0].field)
    if own := own_exemption(exemption.scope, person, command.hides):
        return own
    if why := approval_needed(exemption, policy, now):
        # It has never been in force: what is asked hides nothing.
        held = replace(exemption, expires_at=min(now, exemption.created_at))
        return asked(held, exemption, exemption.reason, why, person, now, policy)
    return lived(exemption, Deed.MADE, exemption.reason, person, now)


def may_change(
    exemption: Exemption, person: Person, now: datetime, file: str = "", *, ends: bool = False
) -> Refusal | None:
    """Return why somebody, or a file, may change nothing about the exemption; None if they may.

    ``ends`` is that it is to be ended, which is how what is asked is taken back.
    """
    if refusal := _needs_responder(person):
        return refusal
    if exemption.file and exemption.file != file:
        return Refusal(
            f"{exemption.id} is managed by the file “{exemption.file}”: change it there, and have "
            "the file imported again (sgwatch exemptions import)."
        )
    if exemption.is_in_force(now) or (ends and exemption.is_asked(now)):
        return None
    if exemption.is_asked(now):
        return Refusal(
            f"{exemption.id} waits for approval. To ask for something else, end it and make "
            "another one."
        )
    return Refusal(f"{exemption.id} has ended already. Make a new one if it is needed again.")


def _needs_responder(person: Person) -> Refusal | None:
    needed = Right.RESPONDER
    if person.right < needed:
        return Refusal(f"You need the right of a {needed} to do this.", needs=needed)
    return None


def _edited(
    exemption: Exemption, command: Edit, person: Person, now: datetime, policy: ExemptionPolicy
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
        pending=None,
    )
    if new == replace(exemption, pending=None):
        return Refusal(f"{exemption.id} says all that already: nothing would change.")
    if wrong := problems(new, now, policy.longest):
        return Refusal(wrong[0].message, field=wrong[0].field)
    if own := own_exemption(new.scope, person, command.hides):
        return own
    if why := approval_needed(new, policy, now):
        held = replace(exemption, file=new.file)
        return asked(held, new, command.reason, why, person, now, policy)
    return lived(new, Deed.EDITED, command.reason, person, now, before=exemption)


def _extended(
    exemption: Exemption, command: Extend, person: Person, now: datetime, policy: ExemptionPolicy
) -> Life | Refusal:
    ends = FOREVER if command.lasts is None else now + command.lasts
    longer = replace(exemption, expires_at=ends, pending=None)
    if longer.expires_at <= exemption.expires_at:
        return Refusal(
            f"{exemption.id} is in force {until_told(exemption.expires_at)}, which is no sooner "
            "than that. Extend it for longer, or end it."
        )
    if wrong := problems(longer, now, policy.longest):
        return Refusal(wrong[0].message, field=wrong[0].field)
    # Ending hides nothing, so anyone may end what hides their own.
    if own := own_exemption(exemption.scope, person, command.hides):
        return own
    if why := approval_needed(longer, policy, now):
        return asked(exemption, longer, command.reason, why, person, now, policy)
    return lived(longer, Deed.EXTENDED, command.reason, person, now)


def asked(
    held: Exemption,
    wanted: Exemption,
    reason: str,
    why: str,
    person: Person,
    now: datetime,
    policy: ExemptionPolicy,
) -> Life:
    """Return the exemption as it is held on, and beside it the version that waits for approval."""
    pending = Pending(wanted, now + policy.request, why, person.slack_id or person.name)
    held = replace(held, pending=pending)
    return lived(held, Deed.ASKED, reason, person, now, until=pending.until)


def lived(
    exemption: Exemption,
    did: Deed,
    reason: str,
    person: Person,
    now: datetime,
    *,
    before: Exemption | None = None,
    until: datetime | None = None,
) -> Life:
    """Return the exemption, of the next version unless it is new, and the line about it."""
    version = exemption.version + (did is not Deed.MADE)
    line = Lived(
        at=now,
        by=author(person),
        did=did,
        until=until or exemption.expires_at,
        reason=reason.strip(),
        before=replace(before, pending=None) if before else None,
    )
    return replace(exemption, version=version), line
