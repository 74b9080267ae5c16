"""``sgwatch detections matches``: one line for each document, to compare with another engine's."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import typer

from bot.alerts.judge import Judge
from bot.cli.documents import document_of
from bot.cloudtrail.envelope import EnvelopeError
from bot.detections.loader import load
from bot.detections.matcher import Matcher

UNREADABLE, WRONG_USAGE = 1, 2


def print_matches(path: Path, lines: Iterable[bytes]) -> None:
    """Print which rules of a file or folder match each line. Raises typer.Exit if not all went."""
    loaded = load([path])
    for problem in loaded.problems:
        typer.echo(f"{problem.path} is {problem.status}: {problem.reason}", err=True)
    if not loaded.detections:
        typer.echo(f"no rule was loaded from {path}", err=True)
        raise typer.Exit(WRONG_USAGE)
    whole = True
    for answer in matched_lines(Matcher(loaded.detections), lines):
        if isinstance(answer, str):
            sys.stdout.write(f"{answer}\n")
        else:
            whole = False
            typer.echo(str(answer), err=True)
    if not whole:
        raise typer.Exit(UNREADABLE)


def matched_lines(matcher: Matcher, lines: Iterable[bytes]) -> Iterator[str | EnvelopeError]:
    """Yield an answer for each line that is not empty; an error where it is no document."""
    judge, ids = Judge(matcher), [detection.id for detection in matcher.detections]
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        try:
            document = document_of(line, judge)
        except EnvelopeError as error:
            yield EnvelopeError(f"line {number + 1}: {error}")
            continue
        found = {detection.id for detection in matcher.matches(document)}
        matches = {id_: id_ in found for id_ in ids}
        yield json.dumps({"i": number, "matches": matches}, sort_keys=True)
