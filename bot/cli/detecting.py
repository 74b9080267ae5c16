"""Detections at the terminal: reads the files, prints, and says how it went."""

import json
import os
from difflib import get_close_matches
from pathlib import Path
from typing import BinaryIO

import typer
from rich.console import Console

from bot.alerts.judge import Judge
from bot.cli.detection_text import detection_view, file_view, files_view, record_view
from bot.cli.explain_text import unreadable_view
from bot.cli.reading import read_content
from bot.cli.remembering import remembered, shown
from bot.detections.loader import Loaded, Read, Status, load, packaged
from bot.detections.matcher import Matcher
from bot.detections.memory import Memory
from bot.detections.pattern import event_pattern, named_actions
from bot.detections.rule import Detection
from bot.investigation.atlas import Atlas, AtlasError, open_atlas
from bot.settings import detection_paths

SETTING = "SGWATCH_DETECTIONS"
GEOIP = ("GEOIP_CITY", "GEOIP_ASN")
FAULTY, WRONG_USAGE = 1, 2
SUGGESTED = 3


def list_detections(paths: tuple[Path, ...], *, as_json: bool) -> None:
    """List the rules that come with sgwatch, and those of the setting and of the paths."""
    files = _gathered(paths).files
    if not as_json:
        _console().print(files_view(files))
        return
    for file in files:
        found = file.detection
        graded = (found.severity.value, found.risk_score) if found else (None, None)
        more = dict(zip(("severity", "risk_score"), graded, strict=True))
        typer.echo(json.dumps(_told(file) | more))


def show_detection(name: str, paths: tuple[Path, ...]) -> None:
    """Show all that is kept of a rule."""
    _console().print(detection_view(_found(name, paths)))


def check_files(paths: list[Path], *, as_json: bool) -> None:
    """Say of each file whether its rule can be evaluated. Raises typer.Exit if one is malformed."""
    files, console = load(paths).files, _console()
    for file in files:
        if as_json:
            typer.echo(json.dumps(_told(file)))
        else:
            console.print(file_view(file), soft_wrap=True)
    counts = {status: sum(file.status is status for file in files) for status in Status}
    if not as_json:
        console.print(", ".join(f"{count} {status}" for status, count in counts.items()))
    if counts[Status.INVALID]:
        raise typer.Exit(FAULTY)


def print_pattern(paths: tuple[Path, ...]) -> None:
    """Print the EventBridge pattern; on standard error, the rules that it lets nothing in for."""
    loaded = _gathered(paths)
    try:
        found = event_pattern(loaded.detections)
    except ValueError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(FAULTY) from None
    for problem in loaded.problems:
        typer.echo(f"{problem.path} is {problem.status}: {problem.reason}", err=True)
    ours = {rule.id for rule in packaged().detections}  # are asked of what is let in for others
    for rule in loaded.detections:
        if rule.id not in ours and not named_actions(rule):
            typer.echo(
                f"{rule.path} names no event.action: it sees only what is let in for other rules",
                err=True,
            )
    typer.echo(json.dumps(found, indent=2))


def try_detection(name: str, records: BinaryIO, paths: tuple[Path, ...]) -> None:
    """Show which of the records a rule matches. Raises typer.Exit unless all were read."""
    detection, console, whole, matched, count = _running(name, paths), _console(), True, 0, 0
    judge, memory = Judge(Matcher([detection]), place=_atlas()), Memory()
    for record in read_content(records).records():
        if isinstance(record, str):
            whole = False
            console.print(unreadable_view(record))
            continue
        verdict = remembered(judge.verdict(record), record, memory)
        verdict = shown(verdict, record, memory)
        matched, count = matched + bool(verdict.matched), count + 1
        console.print(record_view(record, verdict, detection), soft_wrap=True)
    console.print(f"{matched} of {count} records match")
    if not whole:
        raise typer.Exit(FAULTY)


def _running(name: str, paths: tuple[Path, ...]) -> Detection:
    """Return a rule that can be evaluated, by its id, its name or its file."""
    file = _found(name, paths)
    if file.detection is None:
        raise _refused(f"{file.path} is {file.status}: {file.reason}")
    return file.detection


def _found(name: str, paths: tuple[Path, ...]) -> Read:
    if Path(name).is_file():
        return load([Path(name)]).files[0]
    files = _gathered(paths).files
    wanted = name.casefold()
    for file in files:
        if wanted in {file.rule_id.casefold(), file.name.casefold()} - {""}:
            return file
    known = {text.casefold(): text for file in files for text in (file.rule_id, file.name) if text}
    close = [text for low, text in known.items() if wanted in low][:SUGGESTED]
    close = close or [known[low] for low in get_close_matches(wanted, known, n=SUGGESTED)]
    hint = f"did you mean {' or '.join(close)}?" if close else "see sgwatch detections list"
    raise _refused(f"there is no detection “{name}”: {hint}")


def _gathered(paths: tuple[Path, ...]) -> Loaded:
    """Return the rules that come with sgwatch, and those of the setting and of the paths."""
    places = (*detection_paths(os.environ.get(SETTING, "")), *paths)
    for place in places:
        if not place.exists():
            raise _refused(f"there is no {place}: check --detections and {SETTING}")
    return packaged() + load(places)


def _atlas() -> Atlas:
    """Return what tells places, by the files of the settings."""
    paths = (
        Path(name) if (name := os.environ.get(f"SGWATCH_{key}", "")) else None for key in GEOIP
    )
    try:
        return open_atlas(*paths)
    except AtlasError as error:
        raise _refused(str(error)) from None


def _told(file: Read) -> dict[str, object]:
    return {
        "path": file.path,
        "rule_id": file.rule_id,
        "name": file.name,
        "type": file.type,
        "language": file.language,
        "status": str(file.status),
        "reason": file.reason,
    }


def _refused(why: str) -> typer.Exit:
    typer.echo(why, err=True)
    return typer.Exit(WRONG_USAGE)


def _console() -> Console:
    return Console(highlight=False, markup=False, emoji=False)
