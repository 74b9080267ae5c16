"""Explanations for a person at a terminal.

What a record says reaches rich as text, never as markup, and without control characters.
"""

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.changes.change import Change, Verb
from bot.changes.exposure import TO_WHOM, Exposure
from bot.changes.rules import Direction, GroupRule
from bot.changes.sentence import rule_line
from bot.changes.severity import Severity
from bot.cli.explanation import Explanation, Missed
from bot.cloudtrail.text import printable

STYLES = {
    Severity.CRITICAL: "bold white on red",
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "bold yellow",
    Severity.LOW: "bold green",
}
MINUS = "\N{MINUS SIGN}"
MARKS = {"+": "green", MINUS: "red", "~": "yellow", "!": "dim"}
WAYS = {
    Direction.INGRESS: "incoming",
    Direction.EGRESS: "outgoing",
    Direction.UNKNOWN: "incoming or outgoing",
}
WORD = 120

Row = tuple[str, str, str, str]
"""A mark, what it is about, its description, its id."""


def explanation_view(explanation: Explanation) -> RenderableType:
    """Return what the terminal shows of a record."""
    severity = explanation.severity
    head = Text.assemble(
        (f" {severity.value.upper()} ", STYLES[severity]), " ", (explanation.sentence, "bold")
    )
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, lines in _lines(explanation):
        grid.add_row(label, Text("\n").join(lines))
    rules = _change_table(explanation.change)
    shown = [Padding(rules, (0, 0, 0, 2))] if rules.row_count else []
    return Group(head, *shown, Padding(grid, (0, 0, 1, 2)))


def unreadable_view(reason: str) -> RenderableType:
    """Return what the terminal shows of a record that could not be read."""
    shown = Text.assemble((" UNREADABLE ", "bold reverse"), " ", printable(reason, 400))
    return Padding(shown, (0, 0, 1, 0))


def _lines(explanation: Explanation) -> Iterator[tuple[str, list[Text]]]:
    for fact in explanation.facts:
        yield fact.label, [Text(fact.text)]
    yield "Opens", _exposure(explanation)
    reasons = "; ".join(explanation.reasons)
    yield "Severity", [Text(f"{explanation.severity}{f': {reasons}' if reasons else ''}")]
    matched = [Text(f"{name} ({id_})", "bold") for id_, name in explanation.matched]
    yield "Matches", matched or [Text("no detection: there would be no alert")]
    if explanation.missed:
        yield "Not", [_missed(missed, missed.name) for missed in explanation.missed]
    if explanation.exempted_by:
        yield "Exempted", [Text("by " + ", ".join(explanation.exempted_by), "bold")]
    if explanation.not_exempted:
        yield "Not by", [_missed(missed, missed.id) for missed in explanation.not_exempted]


def _missed(missed: Missed, name: str) -> Text:
    return Text.assemble(printable(name, WORD), ": ", (missed.why, "dim"))


def _exposure(explanation: Explanation) -> list[Text]:
    exposure = explanation.exposure
    if exposure is None:
        return [Text("nothing, as far as the record tells")]
    return [Text(line) for line in _exposed(exposure)]


def _exposed(exposure: Exposure) -> Iterator[str]:
    for number, exposed in enumerate(exposure.all):
        way = WAYS[exposed.direction]
        sensitive = f" ({', '.join(exposed.services)})" if exposed.services else ""
        why = f": {'; '.join(exposure.reasons)}" if number == 0 and exposure.reasons else ""
        yield (
            f"{way} {', '.join(exposed.ports)}{sensitive}, "
            f"{exposed.reach}: {TO_WHOM[exposed.reach]}{why}"
        )


def _change_table(change: Change) -> Table:
    table = Table.grid(padding=(0, 2))
    for mark, *cells in _rows(change):
        table.add_row(Text(mark, MARKS[mark]), *(Text(printable(cell, WORD)) for cell in cells))
    return table


def _rows(change: Change) -> Iterator[Row]:
    yield from _rule_rows("+", change.added)
    yield from _rule_rows(MINUS, change.removed)
    yield from _rule_rows("~", change.modified)
    yield from _rule_rows("!", change.asked)
    mark = MINUS if change.verb is Verb.REVOKE else "~"
    for rule_id in change.rule_ids:
        yield mark, "a rule that the record names by its id alone", "", rule_id
    for cidr in change.cidrs_added:
        yield "+", f"{cidr} in {change.target}", "", ""
    for cidr in change.cidrs_removed:
        yield MINUS, f"{cidr} in {change.target}", "", ""
    for group in change.groups_after:
        yield "~", f"{change.target or 'an instance'} → {group}", "", ""


def _rule_rows(mark: str, rules: Iterable[GroupRule]) -> Iterator[Row]:
    for rule in rules:
        described = f"“{rule.description}”" if rule.description else ""
        yield mark, rule_line(rule), described, rule.rule_id
