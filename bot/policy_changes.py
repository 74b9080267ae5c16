"""Announced changes (``[[changes]]``) and where CI's runs are seen (``[[runs]]``), from TOML.

Changes may stand in the policy file, or in a file of their own, which a ticket system may write:
it is read again whenever it has changed.
"""

import logging
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Self

from pydantic import Field, field_validator, model_validator

from bot.investigation.windows import Runs, Window
from bot.tables import FileError, Table, read_file, read_table

log = logging.getLogger(__name__)

ACCOUNT = re.compile(r"[0-9]{12}")
PLACES = re.compile(r"\{([^}]*)\}")


class ChangeTable(Table):
    """``[[changes]]``: one announced change. Times without an offset are UTC."""

    id: str = Field(min_length=1, max_length=60)
    begins: datetime = Field(alias="from")
    ends: datetime = Field(alias="until")
    title: str = Field(default="", max_length=200)
    accounts: tuple[str, ...] = ()
    principals: tuple[str, ...] = ()

    @field_validator("begins", "ends")
    @classmethod
    def _in_utc(cls, time: datetime) -> datetime:
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)

    @field_validator("accounts")
    @classmethod
    def _ids(cls, accounts: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := next((one for one in accounts if not ACCOUNT.fullmatch(one)), ""):
            raise ValueError(f"“{wrong}”: an account is written as its 12 digits")
        return accounts

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends <= self.begins:
            raise ValueError(f"{self.id} ends before it begins: see its from and until")
        return self

    @property
    def window(self) -> Window:
        """Return the change as the investigation takes it."""
        return Window(self.id, self.begins, self.ends, self.accounts, self.principals, self.title)


class RunsTable(Table):
    """``[[runs]]``: where an automated session's run is seen, of these principals or of all."""

    url: str
    principals: tuple[str, ...] = ()

    @field_validator("url")
    @classmethod
    def _template(cls, url: str) -> str:
        if not url.startswith(("https://", "http://")):
            raise ValueError("must begin with https://")
        host = url.partition("://")[2].partition("/")[0]
        if "{" in host:
            raise ValueError("a caller chooses its session's name, so no host may be made of it")
        unknown = next((p for p in PLACES.findall(url) if p not in {"session", "account"}), None)
        if unknown is not None:
            raise ValueError(f"there is no {{{unknown}}}: use {{session}} and {{account}}")
        return url

    @property
    def runs(self) -> Runs:
        """Return it as the investigation takes it."""
        return Runs(self.url, self.principals)


class ChangesFile(Table):
    """A file of announced changes alone."""

    changes: tuple[ChangeTable, ...] = ()


def load_changes(path: Path, setting: str = "SGWATCH_CHANGES") -> tuple[Window, ...]:
    """Return the changes in a file. Raises FileError; ``setting`` is where the path was given."""
    file = read_table(read_file(path, setting), str(path), ChangesFile)
    return tuple(change.window for change in file.changes)


class Announced:
    """The changes that are announced: the policy's, and those in a file. Threads may share it."""

    def __init__(self, always: Sequence[Window] = (), path: Path | None = None) -> None:
        """Read the file. Raises FileError."""
        self._always = tuple(always)
        self._path = path
        self._lock = Lock()
        self._seen = _marks(path)
        self._filed = load_changes(path) if path else ()

    def __call__(self) -> tuple[Window, ...]:
        """Return them as they are now; of a file that has become unreadable, as they were."""
        with self._lock:
            seen = _marks(self._path)
            if self._path and seen != self._seen:
                self._seen = seen
                try:
                    self._filed = load_changes(self._path)
                except FileError as error:
                    log.error("announced changes stay as they were: %s", error)
            return self._always + self._filed


def _marks(path: Path | None) -> tuple[int, int, int] | None:
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if found else None
