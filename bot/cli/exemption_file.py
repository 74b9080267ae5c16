"""Files of exemptions (TOML) for ``sgwatch explain``: what they would hide is told, not hidden.

A scope is written as in ``/sgwatch exempt``. Documented in docs/explain.md.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, time
from pathlib import Path

from pydantic import Field, field_validator

from bot.exemptions.model import Exemption, Scope
from bot.exemptions.problems import scope_problems
from bot.exemptions.text import parse_scope, scope_text
from bot.tables import FileError, Table, read_file, read_table

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class ExemptionTable(Table):
    """``[[exemptions]]``: one exemption. ``expires`` is a date or a time; without a zone, UTC."""

    id: str = Field(min_length=1)
    reason: str = Field(min_length=3)
    owner: str = Field(min_length=1)
    expires: datetime | date
    scope: str
    allow_world: bool = False

    @field_validator("expires", mode="before")
    @classmethod
    def _dated(cls, value: object) -> object:
        if isinstance(value, str):
            with suppress(ValueError):
                return datetime.fromisoformat(value)
        if not isinstance(value, date):
            raise ValueError("must be a date, such as 2026-12-31, or a time")
        return value

    @field_validator("scope")
    @classmethod
    def _readable(cls, text: str) -> str:
        if found := scope_problems(parse_scope(text)):
            raise ValueError(found[0].message)
        return text

    def exemption(self) -> Exemption:
        """Return it as the value that changes are matched against."""
        ends = self.expires
        if not isinstance(ends, datetime):
            ends = datetime.combine(ends, time())
        if ends.tzinfo is None:
            ends = ends.replace(tzinfo=UTC)
        scope: Scope = parse_scope(self.scope)
        return Exemption(self.id, scope, self.reason, self.owner, BEGINNING, ends, self.allow_world)


class ExemptionFile(Table):
    """The whole file."""

    exemptions: tuple[ExemptionTable, ...] = ()


def load_exemptions(path: Path) -> tuple[Exemption, ...]:
    """Return the exemptions in a file. Raises FileError."""
    file = read_table(read_file(path, "--exemptions"), str(path), ExemptionFile)
    found = tuple(table.exemption() for table in file.exemptions)
    ids = [exemption.id for exemption in found]
    if twice := next((id_ for id_ in ids if ids.count(id_) > 1), ""):
        raise FileError(f"{path}, exemptions: two have the id “{twice}”; give each its own")
    return found


def written(exemptions: Iterable[Exemption]) -> str:
    """Return exemptions as a file that ``load_exemptions`` reads."""
    return "\n".join(map(_table, exemptions))


def _table(exemption: Exemption) -> str:
    texts = {
        "id": exemption.id,
        "reason": exemption.reason,
        "owner": exemption.owner,
        "scope": scope_text(exemption.scope),
    }
    # A basic string of TOML is one of JSON, but that DEL must be escaped in it.
    lines = [f"{name} = {json.dumps(text, ensure_ascii=False)}" for name, text in texts.items()]
    lines.append(f"expires = {exemption.expires_at.astimezone(UTC).isoformat()}")
    lines += ["allow_world = true"] if exemption.allow_world else []
    return "[[exemptions]]\n" + "\n".join(lines).replace("\x7f", "\\u007f") + "\n"
