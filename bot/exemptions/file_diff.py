"""What importing a file of exemptions would change, and what keeps it from being imported."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.exemptions.model import FOREVER, Exemption
from bot.exemptions.problems import problems
from bot.exemptions.text import scope_text

UNTOLD = datetime(1970, 1, 1, tzinfo=UTC)
"""When an exemption was made, where its file does not say."""

ID = re.compile(r"[\w.-]{1,64}")


class Act(StrEnum):
    """What becomes of an exemption when its file is imported."""

    ADD = "add"
    EDIT = "edit"
    REVIVE = "revive"
    END = "end"
    KEEP = "keep"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Difference:
    """One exemption, as it is stored (if it is) and as the file has it (if it does).

    ``REVIVE`` is that it had ended, ``OVER`` that it has ended in the file too.
    """

    act: Act
    before: Exemption | None
    after: Exemption | None

    @property
    def id(self) -> str:
        """Return the exemption's id."""
        found = self.after or self.before
        return found.id if found else ""


def differences(
    name: str, wanted: Iterable[Exemption], stored: Iterable[Exemption], now: datetime
) -> tuple[Difference, ...]:
    """Return what importing the file of this name would do, in the file's order, ends last."""
    known = {exemption.id: stated(exemption, now) for exemption in stored}
    found = [_difference(_dated(w, known.get(w.id), now), known.get(w.id), now) for w in wanted]
    kept = {difference.id for difference in found}
    gone = (e for e in known.values() if e.file == name and e.id not in kept)
    return (*found, *(Difference(Act.END, e, None) for e in gone if not e.is_over(now)))


def stated(exemption: Exemption, now: datetime) -> Exemption:
    """Return what was last said of the exemption, though it still waits for approval."""
    if exemption.pending is not None and exemption.is_asked(now):
        return replace(exemption.pending.exemption, version=exemption.version, pending=None)
    return replace(exemption, pending=None)


def _dated(wanted: Exemption, before: Exemption | None, now: datetime) -> Exemption:
    """Return what the file wants, with what it need not say."""
    version = before.version if before else wanted.version
    if wanted.created_at != UNTOLD:
        return replace(wanted, version=version)
    return replace(wanted, version=version, created_at=before.created_at if before else now)


def _difference(after: Exemption, before: Exemption | None, now: datetime) -> Difference:
    if after.expires_at <= now and (before is None or before.is_over(now)):
        return Difference(Act.OVER, before, after)
    if before is None:
        return Difference(Act.ADD, None, after)
    if after == before:
        return Difference(Act.KEEP, before, after)
    if after.expires_at <= now:
        return Difference(Act.END, before, after)
    return Difference(Act.REVIVE if before.is_over(now) else Act.EDIT, before, after)


def import_faults(
    found: Iterable[Difference], name: str, now: datetime, longest: timedelta
) -> Mapping[str, str]:
    """Return what keeps each exemption from being imported, by its id, with what to do."""
    faults: dict[str, str] = {}
    for difference in found:
        if fault := next(_faults(difference, name, now, longest), ""):
            faults[difference.id] = fault
    return faults


def _faults(found: Difference, name: str, now: datetime, longest: timedelta) -> Iterator[str]:
    before, after = found.before, found.after
    if after is None:
        return
    if not ID.fullmatch(after.id):
        yield "id: write up to 64 letters, digits, dots and dashes, such as web-https"
    if after.created_at > now:
        yield "created: it lies in the future, so nobody would be told of its end: leave it out"
    if before and before.file not in {"", name} and not before.is_over(now):
        yield (
            f"it is managed by the file “{before.file}”: take it out there first, or give this "
            "one an id of its own"
        )
    elif before and not before.file and found.act is Act.REVIVE:
        yield (
            f"it was ended on {before.expires_at:%Y-%m-%d %H:%M} UTC: take it out of the file, or "
            "give it a new id if it is needed again"
        )
    if found.act in {Act.ADD, Act.EDIT, Act.REVIVE}:
        yield from (
            f"{'expires' if wrong.field == 'expires_at' else wrong.field}: {wrong.message}"
            for wrong in problems(after, now, longest)
        )


def changes_told(before: Exemption, after: Exemption) -> Iterator[str]:
    """Yield in words what differs between two versions of an exemption."""
    rows = (
        ("scope", scope_text(before.scope), scope_text(after.scope)),
        ("reason", f"“{before.reason}”", f"“{after.reason}”"),
        ("owner", before.owner, after.owner),
        ("ends", _moment(before.expires_at), _moment(after.expires_at)),
        ("opens to the world", _yes(before.allow_world), _yes(after.allow_world)),
        ("managed by", before.file or "no file", after.file or "no file"),
        ("made", _moment(before.created_at), _moment(after.created_at)),
        ("alert", before.alert or "none", after.alert or "none"),
    )
    for name, old, new in rows:
        if old != new:
            yield f"{name}: {old} → {new}"


def _moment(at: datetime) -> str:
    return "never" if at == FOREVER else f"{at:%Y-%m-%d %H:%M} UTC"


def _yes(given: bool) -> str:
    return "hidden too" if given else "never hidden"
