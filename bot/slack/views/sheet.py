"""Sheets: changes and alerts as CSV and JSON, row by row, for people to take away.

A spreadsheet takes a cell that begins like a formula for one, and AWS lets anybody write such a
description: so those cells begin with an apostrophe.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from io import StringIO

from bot.alerts.alert import Alert
from bot.alerts.sighting import Sighting
from bot.changes.change import Change, Verb
from bot.changes.ports import ports_text
from bot.changes.rules import GroupRule
from bot.slack.views.headline import happened

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

Row = Mapping[str, str | int]

NO_RULE: Row = dict.fromkeys(
    ("effect", "direction", "protocol", "ports", "peer", "description", "rule id"), ""
)


class Form(StrEnum):
    """How a sheet is written, and what its file's name ends with."""

    CSV = "csv"
    JSON = "json"


def written_rows(rows: Iterable[Row], form: Form) -> Iterator[str]:
    """Yield the text of a sheet, a piece for each row."""
    return _csv(rows) if form is Form.CSV else _json(rows)


def change_rows(seen: Sighting) -> Iterator[Row]:
    """Yield a row for each rule of a change; a change without rules is one row."""
    change, exposure = seen.change, seen.exposure
    common: Row = {
        "time": change.at.isoformat(),
        "account": change.account,
        "region": change.region,
        "group id": change.group.id,
        "group name": change.group.name,
        "action": change.action,
    }
    after: Row = {
        "exposure": f"{exposure.reach.value}: {', '.join(exposure.ports)}" if exposure else "",
        "severity": seen.severity.value,
        "principal": seen.principal.label,
        "principal id": seen.principal.id,
        "address": seen.origin.address,
        "tool": seen.origin.tool or seen.origin.user_agent,
        "about": change.target,
        "error": change.error,
        "event id": change.event_id,
    }
    for touched in [*_touched(change), *_before(seen)] or [{}]:
        yield {**common, **NO_RULE, **touched, **after}


def alert_row(alert: Alert) -> Row:
    """Return an alert as one row."""
    worst = alert.worst[0].change if alert.worst else None
    return {
        "alert": alert.id,
        "severity": alert.severity.value,
        "status": alert.status.value,
        "raised": alert.raised_at.isoformat(),
        "first change": alert.first_at.isoformat() if alert.first_at else "",
        "last change": alert.last_at.isoformat() if alert.last_at else "",
        "principal": alert.principal.label if alert.principal else "",
        "principal id": alert.principal.id if alert.principal else "",
        "account": worst.account if worst else "",
        "region": worst.region if worst else "",
        "changes": alert.counts.changes,
        "rules": alert.counts.rules,
        "groups": len(alert.counts.groups),
        "opened to the world": alert.counts.world,
        "held by": alert.hold.by.name if alert.hold else "",
        "what": happened(alert),
    }


def _touched(change: Change) -> Iterator[Row]:
    """Yield what is told of each rule, or address range of a prefix list, and its fate."""
    marked = (
        ("added", change.added),
        ("removed", change.removed),
        ("edited", change.modified),
        ("asked", change.asked),
    )
    for effect, rules in marked:
        yield from ({"effect": effect, **_rule(rule)} for rule in rules)
    gone = "removed" if change.verb is Verb.REVOKE else "edited"
    yield from ({"effect": gone, "rule id": rule_id} for rule_id in change.rule_ids)
    yield from ({"effect": "added", "peer": cidr} for cidr in change.cidrs_added)
    yield from ({"effect": "removed", "peer": cidr} for cidr in change.cidrs_removed)


def _before(seen: Sighting) -> Iterator[Row]:
    """Yield the rules as they were, where the record does not tell that."""
    yield from ({"effect": "before", **_rule(rule)} for rule in seen.before)


def _rule(rule: GroupRule) -> Row:
    return {
        "direction": rule.direction.value,
        "protocol": rule.protocol,
        "ports": ports_text(rule),
        "peer": str(rule.peer),
        "description": rule.description,
        "rule id": rule.rule_id,
    }


def _csv(rows: Iterable[Row]) -> Iterator[str]:
    begun = False
    for row in rows:
        if not begun:
            begun = True
            yield _line(row.keys())
        yield _line(_safe(str(value)) for value in row.values())


def _line(cells: Iterable[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _json(rows: Iterable[Row]) -> Iterator[str]:
    start = "["
    for row in rows:
        yield f"{start}\n{json.dumps(row, ensure_ascii=False)}"
        start = ","
    yield "[]\n" if start == "[" else "\n]\n"
