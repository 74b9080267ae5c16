"""Detections for a person at a terminal.

What a rule file says reaches rich as text, never as markup, and without control characters.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import PurePath

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.alerts.judge import Verdict
from bot.changes.sentence import sentence
from bot.cli.explain_text import STYLES
from bot.cli.remembering import why_no_match
from bot.cloudtrail.principal import principal_of
from bot.cloudtrail.record import Record
from bot.cloudtrail.text import printable
from bot.detections.conditions import counts, excepted, new, once
from bot.detections.loader import Read, Status
from bot.detections.rule import Detection

LINE = 2_000
"""Characters of a line: a rule's text is somebody's prose, and is shown whole."""

MARKS = {
    Status.LOADED: "bold green",
    Status.UNSUPPORTED: "bold yellow",
    Status.INVALID: "bold red",
}


def files_view(files: Iterable[Read]) -> RenderableType:
    """Return the list of rule files: a row each, under the folder that it is in."""
    groups = groupby(files, lambda file: str(PurePath(file.path).parent))
    return Group(*(part for folder, found in groups for part in _folder(folder, found)))


def _folder(folder: str, files: Iterable[Read]) -> Iterator[RenderableType]:
    yield Text(printable(folder, LINE), "bold")
    table = Table.grid(padding=(0, 2))
    for width in (8, 9, 11):
        table.add_column(min_width=width, no_wrap=True)
    table.add_column(overflow="fold")
    for file in files:
        severity = file.detection.severity if file.detection else None
        table.add_row(
            Text(severity.value, STYLES[severity]) if severity else Text(),
            Text(printable(file.type, LINE)),
            Text(file.status, MARKS[file.status]),
            Text.assemble(
                printable(file.name or PurePath(file.path).name, LINE),
                (f"\n{printable(file.rule_id, LINE)}" if file.rule_id else "", "dim"),
            ),
        )
    yield Padding(table, (0, 0, 1, 2))


def file_view(file: Read) -> Text:
    """Return what a rule file's check says: its status, its place, and why."""
    about = ", ".join(filter(None, (file.name, file.type)))
    shown = Text.assemble(
        (f"{file.status:<12}", MARKS[file.status]),
        printable(file.path, LINE),
        (f"  {printable(about, LINE)}" if about else "", "dim"),
    )
    notices = file.detection.notices if file.detection else ()
    for line in (*file.reason.splitlines(), *notices):
        shown.append(f"\n{'':12}{_line(line)}")
    return shown


def record_view(record: Record, verdict: Verdict, detection: Detection) -> Text:
    """Return whether the rule matches a record, and why not."""
    said = sentence(principal_of(record), verdict.change, verdict.exposure)
    matches = detection in verdict.matched
    mark = Text("matches      ", "bold green") if matches else Text("does not     ", "dim")
    shown = Text.assemble(mark, f"{printable(record.event_id, LINE)}  ", said)
    if not matches:
        shown.append(f"\n{'':13}{why_no_match(detection, verdict)}", "dim")
    return shown


def detection_view(file: Read) -> RenderableType:
    """Return all that is kept of a rule."""
    found = file.detection
    name = Text(printable(file.name, LINE), "bold")
    head = name
    if found is not None:
        severity = found.severity
        head = Text.assemble((f" {severity.value.upper()} ", STYLES[severity]), " ", name)
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, lines in _facts(file, found):
        if any(lines):
            grid.add_row(label, Text("\n".join(map(_line, lines))))
    texts = _texts(found) if found else ()
    return Group(head, Padding(grid, (0, 0, 0, 2)), *(_section(*text) for text in texts))


def _facts(file: Read, found: Detection | None) -> Iterator[tuple[str, list[str]]]:
    """Yield what is short, by its label."""
    yield "Id", [file.rule_id]
    yield "Type", [", ".join(filter(None, (file.type, file.language)))]
    yield "Status", [str(file.status), *file.reason.splitlines()]
    yield "From", [file.path]
    if found is None:
        return
    yield "Risk score", [str(found.risk_score)]
    yield "MITRE", list(_techniques(found))
    yield "Counts", [counts(found)]
    yield "New", [new(found)]
    yield "Looks back", [found.since]
    yield "One alert", [once(found)]
    yield "Except", list(excepted(found))
    yield "Index", [", ".join(found.index)]
    yield "Tags", [", ".join(found.tags)]
    yield "Related", list(found.related)
    yield "Note", list(found.notices)


def _techniques(found: Detection) -> Iterator[str]:
    for tactic in found.tactics:
        yield f"{tactic.id} {tactic.name}  {tactic.reference}"
        for technique in tactic.techniques:
            yield f"  {technique.id} {technique.name}  {technique.reference}"


def _texts(found: Detection) -> Iterator[tuple[str, str]]:
    """Yield what is long, by its heading."""
    yield "Description", "\n\n".join(map(_joined, found.description.split("\n\n")))
    yield "Query", found.query.strip("\n")
    yield "False positives", "\n".join(f"- {text}" for text in found.false_positives)
    yield "Guide", found.note
    yield "Setup", found.setup
    yield "References", "\n".join(f"- {text}" for text in found.references)


def _joined(paragraph: str) -> str:
    return " ".join(paragraph.split())


def _section(heading: str, text: str) -> RenderableType:
    if not text.strip():
        return Text("", end="")
    lines = Text("\n".join(_line(line) for line in text.splitlines()))
    return Group(Text(f"\n{heading}", "bold"), Padding(lines, (0, 0, 0, 2)))


def _line(text: str) -> str:
    """Return a line of a text with its indentation, fit to be printed."""
    indented = text.expandtabs(4)
    return " " * (len(indented) - len(indented.lstrip(" "))) + printable(indented, LINE)
