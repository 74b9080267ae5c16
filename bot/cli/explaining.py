"""Explaining records at the terminal: reads the files given, prints, and says how it went."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import typer
from rich.console import Console

from bot.accounts import load_accounts
from bot.alerts.judge import Judge
from bot.changes.normalise import JOINS
from bot.cli.exemption_file import load_exemptions
from bot.cli.explain_json import explanation_line, unreadable_line
from bot.cli.explain_text import explanation_view, unreadable_view
from bot.cli.explanation import Explainer
from bot.cli.reading import read_content
from bot.cloudtrail.record import Record
from bot.detections.loader import load, packaged
from bot.detections.matcher import Matcher
from bot.detections.rule import Detection
from bot.investigation.atlas import AtlasError, open_atlas
from bot.policy import load_policy
from bot.tables import FileError

UNREADABLE, WRONG_USAGE = 1, 2

LEARNT_FOR = ("CreateSecurityGroup", *JOINS)
"""Calls whose explanation depends on others; without one, the file need not be read twice."""


@dataclass(frozen=True, slots=True)
class Given:
    """The files beside the records that were given."""

    exemptions: Path | None = None
    accounts: Path | None = None
    policy: Path | None = None
    detections: tuple[Path, ...] = ()
    geoip_city: Path | None = None
    geoip_asn: Path | None = None


def explain_file(file: BinaryIO, given: Given, *, as_json: bool) -> None:
    """Explain each record of a file. Raises typer.Exit unless all were read."""
    try:
        explainer = _explainer(given)
    except (FileError, AtlasError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG_USAGE) from None
    content = read_content(file)
    if any(call in content.text for call in LEARNT_FOR):
        explainer.learn(found for found in content.records() if isinstance(found, Record))
    printed = (_json_line if as_json else _view)(explainer)
    told = unreadable = 0
    for each in content.records():
        told += 1
        unreadable += isinstance(each, str)
        # Colours are there only if rich was asked for them, so none are taken away.
        typer.echo(printed(each), color=True)
    if not told:
        typer.echo("there are no records in it", err=True)
    if unreadable:
        raise typer.Exit(UNREADABLE)


def _explainer(given: Given) -> Explainer:
    """Return what explains by the files given. Raises FileError, AtlasError."""
    accounts = load_accounts(given.accounts, "--accounts")
    policy = load_policy(given.policy, "", "--policy")
    matcher = Matcher(_detections(given.detections))
    return Explainer(
        Judge(
            matcher,
            accounts.organisation,
            policy.severity,
            open_atlas(given.geoip_city, given.geoip_asn),
            accounts.ous,
        ),
        datetime.now(UTC),
        load_exemptions(given.exemptions, accounts.called) if given.exemptions else (),
        accounts.names,
        policy.alerts.longest,
    )


def _detections(paths: tuple[Path, ...]) -> tuple[Detection, ...]:
    """Return the detections; those of the given files that are none are told."""
    loaded = packaged() + load(paths)
    for problem in loaded.problems:
        typer.echo(f"{problem.path} is {problem.status}: {problem.reason}", err=True)
    return loaded.detections


def _json_line(explainer: Explainer) -> Callable[[Record | str], str]:
    """Return what makes a line of JSON of a record, or of why it is unreadable."""

    def line(each: Record | str) -> str:
        if isinstance(each, str):
            return unreadable_line(each)
        return explanation_line(explainer.explain(each))

    return line


def _view(explainer: Explainer) -> Callable[[Record | str], str]:
    """Return what makes the text for a person, in colour where there is a terminal."""
    console = Console(highlight=False, markup=False, emoji=False)

    def text(each: Record | str) -> str:
        if isinstance(each, str):
            view = unreadable_view(each)
        else:
            view = explanation_view(explainer.explain(each))
        with console.capture() as shown:
            console.print(view)
        # Rich fills each line up with blanks, which are in the way when it is copied.
        return "\n".join(line.rstrip(" ") for line in shown.get().removesuffix("\n").split("\n"))

    return text
