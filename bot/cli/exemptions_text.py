"""``sgwatch exemptions``: reads, decides and prints, for a person or a program."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import typer
from pydantic import TypeAdapter

from bot.alerts.life import Deed, Lived, edited_to, told_line
from bot.alerts.outcome import Outcome
from bot.cli.exemption_deciding import REFUSED, WORD, WRONG, failed, opened
from bot.cli.exemption_file import written
from bot.cloudtrail.text import printable
from bot.exemptions.fields import FieldError
from bot.exemptions.file_diff import changes_told, stated
from bot.exemptions.model import Exemption, until_told
from bot.exemptions.search import parse_search
from bot.exemptions.text import scope_text
from bot.store.link import StoreError

HIDDEN = 20
"""Of the latest changes that an exemption hid, so many are shown."""

LIVED: TypeAdapter[list[Lived]] = TypeAdapter(list[Lived])


def list_exemptions(words: str, *, ended: bool, as_json: bool) -> None:
    """Print the exemptions in force, or all, of which all the words hold."""
    try:
        search = parse_search(words)
    except FieldError as error:
        typer.echo(printable(str(error), WORD), err=True)
        raise typer.Exit(WRONG) from None
    store = opened()
    try:
        now = store.attention.now()
        known = (e for e in store.exemptions.current() if search.finds(e))
        known = (e for e in known if ended or not e.is_over(now))
        rows = [(e, store.events.hid(e.id)) for e in sorted(known, key=lambda e: e.expires_at)]
    except StoreError as error:
        raise failed(error) from None
    for exemption, hid in rows:
        if as_json:
            typer.echo(json.dumps(_as_object(exemption) | {"hid": hid.changes}))
        else:
            typer.echo(f"{exemption.id}  {_until(exemption, now)}  {hid.told}")
            typer.echo(f"    {_scope(exemption)}")
            owner = printable(exemption.owner, WORD)
            file = f", in the file {printable(exemption.file, WORD)}" if exemption.file else ""
            typer.echo(f"    “{printable(exemption.reason, WORD)}” ({owner}{file})")
    if not rows and not as_json:
        such = " such" if search else ""
        none = f"There are no{such} exemptions." if ended else f"No{such} exemption is in force."
        typer.echo(none)


def export_exemptions(name: str, *, take_over: bool) -> None:
    """Print exemptions in force as a file: all, or those that the file of this name manages."""
    store = opened()
    try:
        now = store.attention.now()
        in_force = [e for e in store.exemptions.current() if e.is_in_force(now)]
        if name:
            # With what waits for approval: the file that says so is the same for import.
            files = {name, ""} if take_over else {name}
            known = [e for e in store.exemptions.current() if e.file in files]
            in_force = [stated(e, now) for e in known if not e.is_over(now)]
    except StoreError as error:
        raise failed(error) from None
    typer.echo(written(sorted(in_force, key=lambda e: e.id), name), nl=False)


def list_refused(*, as_json: bool) -> None:
    """Print the latest exemptions that were refused to be made, the last first."""
    store = opened()
    try:
        lines = store.exemptions.refusals()
    except StoreError as error:
        raise failed(error) from None
    if as_json:
        for found in LIVED.dump_python(lines, mode="json"):
            typer.echo(json.dumps(found))
        return
    for line in lines:
        by = printable(line.by.name or line.by.slack_id, WORD)
        typer.echo(f"{line.at:%Y-%m-%d %H:%M} UTC  {by}: {printable(line.reason, WORD)}")
        if line.before is not None:
            typer.echo(f"    {_scope(line.before)}")
    if not lines:
        typer.echo("Nobody was refused to make one.")


def show_exemption(name: str, *, as_json: bool) -> None:
    """Print one exemption."""
    store = opened()
    try:
        name = store.exemptions.known_as(name)
        held = store.exemptions.read(name)
        lived, hid = store.exemptions.lived(name), store.events.hid(name)
        hidden, now = store.events.history("exemption", name, HIDDEN), store.attention.now()
    except StoreError as error:
        raise failed(error) from None
    if held is None:
        typer.echo(f"There is no exemption {printable(name, WORD)}.", err=True)
        raise typer.Exit(REFUSED)
    if as_json:
        found = _as_object(held.exemption) | {"hid": hid.changes}
        found |= {"decided": LIVED.dump_python(lived, mode="json")}
        found |= {"hidden": [outcome.event_id for outcome in hidden]}
        typer.echo(json.dumps(found))
        return
    for line in (*_lines(held.exemption, lived, now), f"It {hid.told}.", *map(_hidden, hidden)):
        typer.echo(line)


def _lines(exemption: Exemption, lived: list[Lived], now: datetime) -> Iterator[str]:
    yield f"{exemption.id}  {_until(exemption, now)}"
    yield _scope(exemption)
    made = f"{exemption.created_at:%Y-%m-%d %H:%M} UTC  made by {printable(exemption.owner, WORD)}"
    yield f"{made}: “{printable(exemption.reason, WORD)}”"
    if exemption.file:
        yield f"managed by the file {printable(exemption.file, WORD)}"
    for n, line in enumerate(lived):
        if line.did.ours:
            yield f"{line.at:%Y-%m-%d %H:%M} UTC  {printable(told_line(line), WORD)}"
        elif line.did is not Deed.MADE:
            by, why = printable(line.by.name, WORD), printable(line.reason, WORD)
            until = f", until {line.until:%Y-%m-%d %H:%M} UTC" if line.did is Deed.EXTENDED else ""
            if line.did is Deed.REFUSED:
                yield f"{line.at:%Y-%m-%d %H:%M} UTC  {by} was refused to {line.wanted} it: {why}"
                continue
            yield f"{line.at:%Y-%m-%d %H:%M} UTC  {line.did} by {by}{until}: “{why}”"
        if line.before is not None:
            after = edited_to(lived, n, exemption)
            yield from (f"    {printable(t, WORD)}" for t in changes_told(line.before, after))


def _hidden(outcome: Outcome) -> str:
    where = printable(outcome.group or outcome.about, 60)
    who = printable(outcome.principal, WORD)
    return f"{outcome.at:%Y-%m-%d %H:%M} UTC  {outcome.event_id}  {outcome.action} {where}  {who}"


def _scope(exemption: Exemption) -> str:
    world = "  and what opens to the world" if exemption.allow_world else ""
    return f"{printable(scope_text(exemption.scope), 2000)}{world}"


def _until(exemption: Exemption, now: datetime) -> str:
    ends = exemption.expires_at
    if exemption.is_in_force(now):
        return until_told(ends)
    if exemption.is_asked(now):
        return "waits for approval"
    return f"ended {ends:%Y-%m-%d %H:%M} UTC"


def _as_object(exemption: Exemption) -> dict[str, Any]:
    return {
        "id": exemption.id,
        "scope": scope_text(exemption.scope),
        "reason": exemption.reason,
        "owner": exemption.owner,
        "created_at": exemption.created_at.isoformat(),
        "expires_at": exemption.expires_at.isoformat(),
        "allow_world": exemption.allow_world,
        "alert": exemption.alert,
        "file": exemption.file,
    }
