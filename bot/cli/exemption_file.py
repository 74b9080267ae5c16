"""Files of exemptions (TOML), for ``sgwatch exemptions import`` and ``sgwatch explain``.

A scope is written as in ``/sgwatch exempt``. Documented in docs/exemptions.md.
"""

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from pydantic import Field, ValidationInfo, field_validator

from bot.exemptions.file_diff import UNTOLD
from bot.exemptions.model import FOREVER, Exemption, Scope
from bot.exemptions.names import Names
from bot.exemptions.problems import scope_problems
from bot.exemptions.text import NO_NAMES, parse_scope, scope_text
from bot.tables import FileError, Table, place_of, read_file, read_table

HEADER = re.compile(r"^[ \t]*\[\[[ \t]*exemptions[ \t]*\]\]", re.MULTILINE)
NAMED = re.compile(r"""^[ \t]*id[ \t]*=[ \t]*["']([\w.-]{1,64})["']""", re.MULTILINE)
OPTION = "--exemptions"
NEVER = "never"


class ExemptionTable(Table):
    """``[[exemptions]]``: one exemption. ``expires`` is a date or a time (without a zone, UTC), or
    "never".

    ``created`` and ``alert`` are what an export keeps of one that was made in Slack.
    """

    id: str = Field(min_length=1)
    reason: str = Field(min_length=3)
    owner: str = Field(min_length=1)
    expires: datetime | date
    scope: str
    allow_world: bool = False
    created: datetime | None = None
    alert: str = ""

    @field_validator("expires", mode="before")
    @classmethod
    def _dated(cls, value: object) -> object:
        if value == NEVER:
            return FOREVER
        if isinstance(value, str):
            with suppress(ValueError):
                return datetime.fromisoformat(value)
        if not isinstance(value, date):
            raise ValueError("must be a date, such as 2026-12-31, or a time")
        return value

    @field_validator("scope")
    @classmethod
    def _readable(cls, text: str, info: ValidationInfo) -> str:
        names = info.context if isinstance(info.context, Names) else NO_NAMES
        if found := scope_problems(parse_scope(text, names)):
            raise ValueError(found[0].message)
        return text

    def exemption(self, file: str = "", names: Names = NO_NAMES) -> Exemption:
        """Return it as the value that changes are matched against."""
        ends = self.expires
        if not isinstance(ends, datetime):
            ends = datetime.combine(ends, time())
        scope: Scope = parse_scope(self.scope, names)
        return Exemption(
            id=self.id,
            scope=scope,
            reason=self.reason,
            owner=self.owner,
            created_at=_zoned(self.created) if self.created else UNTOLD,
            expires_at=_zoned(ends),
            allow_world=self.allow_world,
            alert=self.alert,
            file=file,
        )


class ExemptionFile(Table):
    """The whole file. ``name`` is what it is called where its exemptions are shown."""

    name: str = Field(default="", max_length=64, pattern=r"^[\w./-]*$")
    exemptions: tuple[ExemptionTable, ...] = ()


@dataclass(frozen=True, slots=True)
class FileRead:
    """What a file says; ``places`` is where each exemption stands, to tell of a fault in it."""

    name: str
    exemptions: tuple[Exemption, ...]
    places: tuple[str, ...]


def load_file(path: Path, setting: str = OPTION, names: Names = NO_NAMES) -> FileRead:
    """Return what a file says, in which accounts may have ``names``.

    Raises FileError, with the line of each fault.
    """
    content = read_file(path, setting)
    headers = _headers(content)

    def place(where: tuple[int | str, ...]) -> str:
        match where:
            case ("exemptions", int(number), *rest) if number < len(headers):
                return f"{headers[number]}: {place_of(tuple(rest))}" if rest else headers[number]
            case _:
                return place_of(where)

    file = read_table(content, str(path), ExemptionFile, HINTS, place, names)
    ids = [table.id for table in file.exemptions]
    if twice := next((id_ for id_ in ids if ids.count(id_) > 1), ""):
        raise FileError(f"{path}, exemptions: two have the id “{twice}”; give each its own")
    exemptions = tuple(table.exemption(file.name, names) for table in file.exemptions)
    return FileRead(
        file.name, exemptions, tuple(place(("exemptions", n)) for n, _ in enumerate(exemptions))
    )


HINTS = {
    "missing": "write it: each exemption has id, reason, owner, expires and scope",
    "string_pattern_mismatch": "write a short name of letters, digits, dots, dashes and slashes",
}


def load_exemptions(path: Path, names: Names = NO_NAMES) -> tuple[Exemption, ...]:
    """Return the exemptions in a file. Raises FileError."""
    return load_file(path, names=names).exemptions


def written(exemptions: Iterable[Exemption], name: str = "") -> str:
    """Return exemptions as a file that ``load_file`` reads."""
    head = [f"name = {_text(name)}\n"] if name else []
    return "\n".join([*head, *map(_table, exemptions)])


def _headers(content: bytes) -> list[str]:
    """Return for each table its line, and its id where that can be read."""
    text = content.decode(errors="replace").replace("\r\n", "\n")
    found = list(HEADER.finditer(text))
    ends = [*(header.start() for header in found[1:]), len(text)]
    places = []
    for header, end in zip(found, ends, strict=False):
        line = text.count("\n", 0, header.end()) + 1
        named = NAMED.search(text, header.end(), end)
        places.append(f"line {line}, {named[1]}" if named else f"line {line}")
    return places


def _table(exemption: Exemption) -> str:
    texts = {
        "id": exemption.id,
        "reason": exemption.reason,
        "owner": exemption.owner,
        "scope": scope_text(exemption.scope),
    }
    if exemption.alert:
        texts["alert"] = exemption.alert
    lines = [f"{name} = {_text(text)}" for name, text in texts.items()]
    ends = exemption.expires_at
    never = ends == FOREVER
    lines.append(f"expires = {_text(NEVER) if never else ends.astimezone(UTC).isoformat()}")
    if exemption.created_at != UNTOLD:
        lines.append(f"created = {exemption.created_at.astimezone(UTC).isoformat()}")
    lines += ["allow_world = true"] if exemption.allow_world else []
    return "[[exemptions]]\n" + "\n".join(lines) + "\n"


def _text(text: str) -> str:
    """Return a basic string of TOML: it is one of JSON, but that DEL must be escaped in it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _zoned(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
