"""Explaining records at the terminal: reads the files given, prints, and says how it went."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import typer
from rich.console import Console

from bot.accounts import load_accounts
from bot.alerts.judge import Judge
from bot.cli.exemption_file import load_exemptions
from bot.cli.explain_json import explanation_line, unreadable_line
from bot.cli.explain_text import explanation_view, unreadable_view
from bot.cli.explanation import Explainer
from bot.cli.reading import read_content
from bot.cloudtrail.record import Record
from bot.detections.loader import load, packaged
from bot.detections.matcher import Matcher
from bot.detections.rule import Detection
from bot.policy import load_policy
from bot.tables import FileError

UNREADABLE, WRONG_USAGE = 1, 2


@dataclass(frozen=True, slots=True)
class Given:
    """The files beside the records that were given."""

    exemptions: Path | None = None
    accounts: Path | None = None
    policy: Path | None = None
    detections: tuple[Path, ...] = ()


def explain_file(file: BinaryIO, given: Given, *, as_json: bool) -> None:
    """Explain each record of a file. Raises typer.Exit unless all were read."""
    try:
        explainer = _explainer(given)
    except FileError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG_USAGE) from None
    shown = _print_json if as_json else _print
    content = read_content(file)
    if "CreateSecurityGroup" in content.text:  # else there is nothing to learn
        explainer.learn(found for found in content.records() if isinstance(found, Record))
    if not shown(explainer, content.records()):
        raise typer.Exit(UNREADABLE)


def _explainer(given: Given) -> Explainer:
    """Return what explains by the files given. Raises FileError."""
    accounts = load_accounts(given.accounts, "--accounts")
    policy = load_policy(given.policy, "", "--policy")
    matcher = Matcher(_detections(given.detections))
    return Explainer(
        Judge(matcher, accounts.organisation, policy.severity),
        datetime.now(UTC),
        load_exemptions(given.exemptions) if given.exemptions else (),
        accounts.names,
        policy.alerts.longest,
    )


def _detections(paths: tuple[Path, ...]) -> tuple[Detection, ...]:
    """Return the detections; those of the given files that are none are told."""
    loaded = packaged() + load(paths)
    for problem in loaded.problems:
        typer.echo(f"{problem.path} is {problem.status}: {problem.reason}", err=True)
    return loaded.detections


def _print_json(explainer: Explainer, found: Iterable[Record | str]) -> bool:
    """Print a line for each record; return whether all could be read."""
    whole = True
    for each in found:
        if isinstance(each, str):
            whole = False
            typer.echo(unreadable_line(each))
        else:
            typer.echo(explanation_line(explainer.explain(each)))
    return whole


def _print(explainer: Explainer, found: Iterable[Record | str]) -> bool:
    """Show each record to a person; return whether all could be read."""
    console, whole = Console(highlight=False, markup=False, emoji=False), True
    for each in found:
        if isinstance(each, str):
            whole = False
            console.print(unreadable_view(each))
        else:
            console.print(explanation_view(explainer.explain(each)))
    return whole
