"""``sgwatch exemptions import``: what a file says becomes what is in force; told first."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import typer

from bot.accounts import load_accounts
from bot.alerts.commands import Refusal
from bot.alerts.life import Edit, End, LifeCommand, Make
from bot.alerts.people import Person
from bot.changes.sentence import number_of
from bot.cli.exemption_deciding import (
    REFUSED,
    WORD,
    WRONG,
    failed,
    on_the_command_line,
    opened,
    policy,
)
from bot.cli.exemption_file import FileRead, load_file
from bot.cli.given import settings_with
from bot.cloudtrail.text import printable
from bot.exemptions.file_diff import Act, Difference, changes_told, differences, import_faults
from bot.exemptions.model import until_told
from bot.exemptions.policy import ExemptionPolicy, approval_needed
from bot.exemptions.text import scope_text
from bot.store.link import StoreError
from bot.store.store import Store
from bot.tables import FileError

NAMELESS = (
    'write at its top what it is called, such as name = "team-web": what it manages is kept under '
    "that name"
)
SIGNS = {Act.ADD: "+", Act.EDIT: "~", Act.REVIVE: "~", Act.END: "-"}
LINE = 2000
NEEDED = ("accounts",)


def import_file(path: Path, by: str, because: str, *, dry_run: bool) -> None:
    """Print what the file would change, and unless it is a dry run, change it."""
    read, store, allowed = _read(path), opened(), policy()
    try:
        now = store.attention.now()
        found = differences(read.name, read.exemptions, store.exemptions.current(), now)
        _stop_at_faults(path, read, import_faults(found, read.name, now, allowed.longest))
        for line in (*_told(found), *_waiting(found, allowed, now)):
            typer.echo(line)
        if dry_run:
            typer.echo("Nothing is changed: this is what the import would do.")
            return
        person = on_the_command_line(by)
        done = (_done(store, d, read.name, because, person, allowed) for d in found)
        refused = [line for line in done if line]
    except StoreError as error:
        raise failed(error) from None
    if refused:
        typer.echo("\n".join(refused), err=True)
        raise typer.Exit(REFUSED)


def _read(path: Path) -> FileRead:
    try:
        read = load_file(path, "the path", load_accounts(settings_with(NEEDED).accounts).called)
        if not read.name:
            raise FileError(f"{path}, name: {NAMELESS}")
    except FileError as error:
        for line in str(error).splitlines():
            typer.echo(printable(line, LINE), err=True)
        raise typer.Exit(WRONG) from None
    return read


def _stop_at_faults(path: Path, read: FileRead, faults: Mapping[str, str]) -> None:
    places = dict(zip((e.id for e in read.exemptions), read.places, strict=True))
    for name, fault in faults.items():
        typer.echo(printable(f"{path}, {places[name]}: {fault}", LINE), err=True)
    if faults:
        typer.echo("Nothing is changed.", err=True)
        raise typer.Exit(WRONG)


def _told(found: Sequence[Difference]) -> Iterator[str]:
    for difference in found:
        if difference.act in SIGNS:
            head, *rest = _lines(difference)
            yield printable(head, LINE)
            yield from (f"    {printable(line, LINE)}" for line in rest)
    same = sum(difference.act is Act.KEEP for difference in found)
    if same == len(found):
        yield f"Nothing differs: {number_of(same, 'exemption')} as in the file."
    elif same:
        yield f"{number_of(same, 'exemption')} as in the file."
    if over := [difference.id for difference in found if difference.act is Act.OVER]:
        yield f"Ended already, so they may be taken out of the file: {', '.join(over)}."


def _waiting(found: Sequence[Difference], allowed: ExemptionPolicy, now: datetime) -> Iterator[str]:
    """Yield what a second person has to approve before it is in force."""
    for difference in found:
        after = difference.after if difference.act in {Act.ADD, Act.EDIT, Act.REVIVE} else None
        if after is not None and (why := approval_needed(after, allowed, now)):
            yield f"{printable(after.id, LINE)} waits for approval in Slack: {why}"


def _lines(difference: Difference) -> Iterator[str]:
    before, after, sign = difference.before, difference.after, SIGNS[difference.act]
    if difference.act is Act.END:
        why = "it is no longer in the file" if after is None else "its time in the file is over"
        yield f"{sign} {difference.id} ends now: {why}"
    elif after is not None and before is None:
        world = ", and what opens to the world" if after.allow_world else ""
        yield f"{sign} {after.id} {until_told(after.expires_at)}"
        yield f"{scope_text(after.scope)}{world}"
        yield f"“{after.reason}” ({after.owner})"
    elif after is not None and before is not None:
        again = " had ended, and is in force again" if difference.act is Act.REVIVE else ""
        yield f"{sign} {after.id}{again}"
        yield from changes_told(before, after)


def _done(
    store: Store,
    difference: Difference,
    name: str,
    because: str,
    person: Person,
    allowed: ExemptionPolicy,
) -> str:
    """Decide as the file says; return what was refused, "" if nothing."""
    wanted = _command(difference, name, because)
    if wanted is None:
        return ""
    now = store.attention.now()
    decided = store.exemptions.decide(difference.id, wanted, person, now, allowed)
    why = decided.why if isinstance(decided, Refusal) else ""
    return printable(f"{difference.id}: {why}", WORD) if why else ""


def _command(difference: Difference, name: str, because: str) -> LifeCommand | None:
    before, after = difference.before, difference.after
    said = f": {because}" if because else ""
    if difference.act is Act.END:
        ends = "taken out of" if after is None else "over by"
        return End(f"{ends} the file {name}{said}", file=name)
    if difference.act is Act.ADD and after is not None:
        return Make(after)
    if difference.act in {Act.EDIT, Act.REVIVE} and after is not None and before is not None:
        return Edit(after, f"as in the file {name}{said}", before.version, file=name)
    return None
