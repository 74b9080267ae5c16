"""The detections that run: read from disk, and read again when the files there have changed.

Looked at by whoever needs them, at most every few seconds, so there is no thread that watches, and
none that could die unseen.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from time import monotonic

from bot.alerts.judge import Judge
from bot.cloudtrail.text import printable
from bot.detections.loader import Loaded, Read, Status, load, packaged, renewed, rule_files
from bot.detections.matcher import Matcher
from bot.detections.rule import Detection

log = logging.getLogger(__name__)

EVERY = 5.0
"""Seconds between two looks at the files."""

REASON = 500
"""Characters of the reason that is logged of a file."""

Fingerprint = frozenset[tuple[str, int, int, int]]


@dataclass(slots=True)
class Catalogue:
    """The detections that come with sgwatch, and those in ``paths``; safe for several threads.

    ``judge`` is what records are judged by but for the detections. ``told`` hears what became of
    the files, at first and whenever they have changed.
    """

    paths: tuple[Path, ...]
    judge: Judge
    told: Callable[[Loaded], None] = lambda _: None
    clock: Callable[[], float] = monotonic
    _loaded: Loaded = field(default=Loaded(()), init=False)
    _seen: Fingerprint = field(default=frozenset(), init=False)
    _next: float = field(default=0.0, init=False)
    _looking: Lock = field(default_factory=Lock, init=False)

    def __post_init__(self) -> None:
        self._look()

    def judging(self) -> Judge:
        """Return what records are judged by, with the detections as they are on disk."""
        self._refresh()
        return self.judge

    def loaded(self) -> Loaded:
        """Return what became of every file."""
        self._refresh()
        return self._loaded

    def detection(self, detection_id: str) -> Detection | None:
        """Return a detection that runs, by its id."""
        found = self.loaded().detections
        return next((detection for detection in found if detection.id == detection_id), None)

    def _refresh(self) -> None:
        """Look at the files if it is time; who comes while another looks takes what there is."""
        if self.clock() < self._next or not self._looking.acquire(blocking=False):
            return
        try:
            self._look()
        finally:
            self._looking.release()

    def _look(self) -> None:
        self._next = self.clock() + EVERY
        # Taken before the files are read: what is written meanwhile is read at the next look.
        seen = fingerprint(self.paths)
        if seen == self._seen and self._loaded.files:
            return
        old, new = self._loaded, renewed(self._loaded, packaged() + load(self.paths))
        self.judge = replace(self.judge, matcher=Matcher(new.detections))
        self._loaded, self._seen = new, seen
        _log(old, new)
        self.told(new)


def fingerprint(paths: Iterable[Path]) -> Fingerprint:
    """Return what changes when a rule file does: its place, time, size, and which file it is.

    A link is followed, so that it changes when it points elsewhere.
    """
    return frozenset(_marks(path) for path, _ in rule_files(paths))


def _marks(path: str) -> tuple[str, int, int, int]:
    try:
        found = Path(path).stat()
    except OSError:
        return path, 0, 0, 0
    return path, found.st_mtime_ns, found.st_size, found.st_ino


def _log(old: Loaded, new: Loaded) -> None:
    """Say what has changed: each problem and notice once, as long as it stays the same."""
    known = {(file.path, file.reason) for file in old.problems}
    for file in new.problems:
        if (file.path, file.reason) not in known:
            _log_problem(file, new.detections)
    mended = {file.path for file in old.problems} - {file.path for file in new.problems}
    for path in sorted(mended):
        log.info("rule file %s is no longer a problem", printable(path, REASON))
    before, now = set(old.detections), set(new.detections)
    for detection in new.detections:
        for notice in detection.notices if detection in now - before else ():
            log.warning(
                "rule file %s: %s", printable(detection.path, REASON), printable(notice, REASON)
            )
    log.info(
        "%d detections run: %d new or changed, %d gone or replaced",
        len(new.detections),
        len(now - before),
        len(before - now),
    )


def _log_problem(file: Read, running: Iterable[Detection]) -> None:
    level = logging.ERROR if file.status is Status.INVALID else logging.WARNING
    kept = any(f"{detection.path}/".startswith(f"{file.path}/") for detection in running)
    log.log(
        level,
        "rule file %s is %s: %s%s",
        printable(file.path, REASON),
        file.status,
        printable(file.reason, REASON),
        "; what it last held runs on" if kept else "",
    )
