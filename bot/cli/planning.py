"""Planning at the terminal: the plan that would undo records, or an alert's changes."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import typer

from bot.changes.normalise import change_of
from bot.cli.plan_states import as_left, described
from bot.cli.reading import read_content
from bot.cloudtrail.record import Record
from bot.cloudtrail.text import printable
from bot.containment.plan import Call, Plan
from bot.containment.reversal.draft import Done
from bot.containment.revert import looks_of, revert_plan
from bot.containment.states import Look
from bot.tables import FileError

ALERT = re.compile(r"SGW-[A-Z0-9]+")
UNREADABLE, WRONG_USAGE = 1, 2
TITLES = (
    ("leaves", "Left alone"),
    ("cannot", "Cannot be restored"),
    ("drift", "Changed since then"),
)
WIDTH = 500


def print_plan(what: str, state: Path | None, *, as_json: bool) -> None:
    """Print the plan for a file of records, or for an alert. Raises typer.Exit."""
    dones, unreadable = _given(what)
    try:
        plan = planned(dones, state)
    except FileError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG_USAGE) from None
    typer.echo(json.dumps(plan_json(plan)) if as_json else plan_text(plan))
    for why in unreadable:
        typer.echo(printable(why, WIDTH), err=True)
    if unreadable:
        raise typer.Exit(UNREADABLE)


def planned(dones: Sequence[Done], state: Path | None) -> Plan:
    """Return the plan, with what was not checked for drift. Raises FileError."""
    looks = looks_of(dones)
    known = described(state, looks) if state else {}
    assumed = {look: s for look, s in as_left(dones, looks).items() if look not in known}
    plan = revert_plan(dones, {**assumed, **known})
    if not assumed:
        return plan
    return replace(plan, drift=(*plan.drift, _unchecked(assumed)))


def _unchecked(looks: Iterable[Look]) -> str:
    names = ", ".join(dict.fromkeys(look.id for look in looks))
    return f"Not checked, as no --state tells them; taken to be as the records left them: {names}."


def _given(what: str) -> tuple[list[Done], list[str]]:
    """Return the changes of a file or an alert, and why some could not be read."""
    if what == "-" or Path(what).is_file():
        with _opened(what) as file:
            found = list(read_content(file).records())
        records = [each for each in found if isinstance(each, Record)]
        why = [each for each in found if isinstance(each, str)]
        return [Done(change_of(record)) for record in records], why
    if ALERT.fullmatch(what):
        return _of_alert(what), []
    typer.echo(f"There is no file {printable(what, WIDTH)}, nor is it an alert's id.", err=True)
    raise typer.Exit(WRONG_USAGE)


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield typer.get_binary_stream("stdin")
        return
    with Path(name).open("rb") as file:
        yield file


def _of_alert(alert: str) -> list[Done]:
    # Imported here, for files need neither settings nor Redis.
    from bot.cli.given import parts_without_slack  # noqa: PLC0415
    from bot.contain import covered_changes  # noqa: PLC0415

    store = parts_without_slack().store
    reading = store.timelines.read(alert)
    if reading is None:
        typer.echo(f"There is no alert {alert}.", err=True)
        raise typer.Exit(WRONG_USAGE)
    return list(covered_changes(store, alert, reading.alert.counts.changes))


def plan_json(plan: Plan) -> dict[str, Any]:
    """Return the plan as a JSON object. Documented in docs/containment.md."""
    calls = [
        {
            "service": call.service,
            "operation": call.operation,
            "parameters": dict(call.parameters),
            "why": call.why,
        }
        for call in plan.calls
    ]
    lists = {name: list(getattr(plan, name)) for name, _ in TITLES}
    return {"calls": calls, **lists}


def plan_text(plan: Plan) -> str:
    """Return the plan for a person to read."""
    lines = [line for number, call in enumerate(plan.calls, 1) for line in _call(number, call)]
    lines = lines or ["There is nothing to call."]
    for name, title in TITLES:
        told = getattr(plan, name)
        if told:
            lines += ["", title, *(f"  {printable(sentence, WIDTH)}" for sentence in told)]
    return "\n".join(lines)


def _call(number: int, call: Call) -> list[str]:
    where = f"{call.about} in {call.account} {call.region}"
    head = printable(f"{number}. {call.service} {call.operation} on {where}", WIDTH)
    told = [f"   {printable(line, WIDTH)}" for line in call.effect.lines]
    return [head, *told, f"   why: {printable(call.why, WIDTH)}"]
