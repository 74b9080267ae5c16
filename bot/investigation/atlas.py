"""The atlas: where an address is, and whose network it is in. Nobody outside is asked.

Cities and networks come from files in MaxMind's form, where settings name some. Without a file of
cities there is the registries' table that comes with a package: it tells the country that an
address was *given to*, which for about one in twenty is not where it is used.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

import iptocc
import maxminddb

from bot.cloudtrail.text import printable, text_of
from bot.detections.document import Place
from bot.investigation.countries import country_name

log = logging.getLogger(__name__)

EVERY = 60.0
"""Seconds between two looks at whether a file was replaced."""

NAME = 80


class AtlasError(Exception):
    """A file cannot be used. The text says which, and why."""


class MaxMindFile:
    """A file in MaxMind's form, opened again when it was replaced. Threads may share it."""

    def __init__(self, path: Path) -> None:
        """Open it. Raises AtlasError."""
        self._path = path
        self._lock = Lock()
        self._looked = monotonic()
        self._marks = _marks(path)
        self._reader = _opened(path)

    def find(self, address: str) -> Mapping[str, Any]:
        """Return what the file holds of an address; nothing where it holds none."""
        self._look()
        try:
            found = self._reader.get(address)
        except (ValueError, maxminddb.InvalidDatabaseError):
            return {}
        return found if isinstance(found, dict) else {}

    def _look(self) -> None:
        if monotonic() - self._looked < EVERY or not self._lock.acquire(blocking=False):
            return
        try:
            self._looked, marks = monotonic(), _marks(self._path)
            if marks != self._marks:
                self._reader, self._marks = _opened(self._path), marks
        except AtlasError as error:
            # What was read before is better than nothing: it is tried again at the next look.
            log.warning("places are told from what was there before: %s", error)
        finally:
            self._lock.release()


@dataclass(frozen=True, slots=True)
class Atlas:
    """Tells places by what files there are. Threads may share it."""

    cities: MaxMindFile | None = None
    networks: MaxMindFile | None = None

    def __call__(self, address: str) -> Place | None:
        """Return where an address is; None for what is no address, or is nowhere."""
        city = self.cities.find(address) if self.cities else {}
        network = self.networks.find(address) if self.networks else {}
        code = text_of(_at(city, "country", "iso_code"), 2)
        if self.cities is None:
            code = iptocc.country_code(address) or ""
        number = network.get("autonomous_system_number")
        place = Place(
            country_iso_code=code,
            country_name=_text(city, "country", "names", "en") or country_name(code),
            region_name=_text(_first(city.get("subdivisions")), "names", "en"),
            city_name=_text(city, "city", "names", "en"),
            as_number=number if isinstance(number, int) else None,
            as_organization=_text(network, "autonomous_system_organization"),
        )
        return place if place != Place() else None

    @property
    def by_registry(self) -> bool:
        """Return whether countries are those that an address was given to."""
        return self.cities is None


def open_atlas(cities: Path | None, networks: Path | None) -> Atlas:
    """Return what tells places by the files named. Raises AtlasError."""
    return Atlas(
        MaxMindFile(cities) if cities else None, MaxMindFile(networks) if networks else None
    )


def _opened(path: Path) -> maxminddb.Reader:
    try:
        return maxminddb.open_database(path)
    except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "no MaxMind file"
        raise AtlasError(f"{path} cannot be read ({why})") from None


def _marks(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _at(found: Any, *path: str) -> Any:
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _text(found: Any, *path: str) -> str:
    return printable(text_of(_at(found, *path)), NAME)


def _first(found: Any) -> Any:
    return found[0] if isinstance(found, list) and found else None
