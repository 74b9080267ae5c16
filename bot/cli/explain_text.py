"""Explanations for a person at a terminal.

What a record says reaches rich as text, never as markup, and without control characters.
"""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.changes.change import Change, Verb
from bot.changes.exposure import TO_WHOM, Exposure
from bot.changes.rules import Direction, GroupRule
from bot.changes.sentence import rule_line
from bot.changes.severity import Severity
from bot.cli.explanation import Explanation
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
NAMED = 5
"""Ports and services that are shown before the rest are counted."""

Row = tuple[str, str, str, str]
"""A mark, what it is about, its description, its id."""


def explanation_view(explanation: Explanation) -> RenderableType:
    """Return what the terminal shows of a record."""
    severity = explanation.severity
    head = Table.grid(padding=(0, 1))
    head.add_column(no_wrap=True)
    head.add_column(overflow="fold")
    badge = Text(f" {severity.value.upper()} ", STYLES[severity])
    head.add_row(badge, Text(explanation.sentence, "bold"))
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
    said = explanation.exposure.reasons if explanation.exposure else ()
    reasons = "; ".join(reason for reason in explanation.reasons if reason not in said)
    yield "Severity", [Text(f"{explanation.severity}{f': {reasons}' if reasons else ''}")]
    matched = [Text(f"{name} ({id_})", "bold") for id_, name in explanation.matched]
    yield "Matches", matched or [Text("no detection: there would be no alert")]
    if explanation.missed:
        yield "Not", _missed((missed.name, missed.why) for missed in explanation.missed)
    if explanation.exempted_by:
        yield "Exempted", [Text("by " + ", ".join(explanation.exempted_by), "bold")]
    if explanation.not_exempted:
        yield "Not by", _missed((missed.id, missed.why) for missed in explanation.not_exempted)


def _missed(missed: Iterable[tuple[str, str]]) -> list[Text]:
    """Return a line for each reason, with the names of all that it is the reason for."""
    by_reason: dict[str, list[str]] = {}
    for name, why in missed:
        by_reason.setdefault(why, []).append(printable(name, WORD))
    return [Text.assemble(", ".join(names), ": ", (why, "dim")) for why, names in by_reason.items()]


def _exposure(explanation: Explanation) -> list[Text]:
    exposure = explanation.exposure
    if exposure is not None:
        return [Text(line) for line in _exposed(exposure)]
    return [Text(_nothing(explanation.change))]


def _nothing(change: Change) -> str:
    """Return whether a change without exposure opens nothing, or its record does not tell."""
    match change.verb:
        case _ if change.error:
            told = True
        case Verb.OTHER:
            return "nothing: it changes no security group"
        case Verb.AUTHORIZE | Verb.MODIFY:
            told = bool(change.added or change.modified)
        case Verb.PREFIX_LIST:
            told = change.action != "RestoreManagedPrefixListVersion"
        case verb:
            told = verb is not Verb.MOVE
    return "nothing" if told else "not known: the record does not tell"


def _exposed(exposure: Exposure) -> Iterator[str]:
    for number, exposed in enumerate(exposure.all):
        sensitive = f" ({_few(exposed.services)})" if exposed.services else ""
        why = f": {'; '.join(exposure.reasons)}" if number == 0 and exposure.reasons else ""
        yield (
            f"{WAYS[exposed.direction]} {_few(exposed.ports)}{sensitive}, "
            f"open to {TO_WHOM[exposed.reach]} ({exposed.reach}){why}"
        )


def _few(words: Sequence[str]) -> str:
    more = f" and {len(words) - NAMED} more" if len(words) > NAMED else ""
    return ", ".join(words[:NAMED]) + more


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
