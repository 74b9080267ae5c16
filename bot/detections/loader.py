"""Reading rule files: each is loaded, not supported, or invalid, and says why."""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from pydantic import ValidationError

from bot.detections.exceptions import ExceptionFile
from bot.detections.kql.error import KqlError
from bot.detections.rule import Detection
from bot.detections.rule_file import RuleFile
from bot.detections.stateful import MOST_EVENTS

LARGEST = 1_000_000
"""Characters of the largest file read."""

EXCEPTIONS = "exceptions"
"""The type of a file that holds no rule but exceptions for others."""


class Status(StrEnum):
    """What became of a rule file."""

    LOADED = "loaded"
    UNSUPPORTED = "unsupported"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Read:
    """What became of one rule file, and as much of it as could be read.

    The detection of an invalid file is that of its last good version, which runs on.
    """

    path: str
    status: Status
    reason: str = ""
    rule_id: str = ""
    name: str = ""
    type: str = ""
    language: str = ""
    detection: Detection | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of every file that was found, in the order of their paths."""

    files: tuple[Read, ...]

    @property
    def detections(self) -> tuple[Detection, ...]:
        """Return the rules that can be evaluated."""
        found = (file.detection for file in self.files if file.status is not Status.UNSUPPORTED)
        return tuple(detection for detection in found if detection is not None)

    @property
    def problems(self) -> tuple[Read, ...]:
        """Return the files that are not loaded."""
        return tuple(file for file in self.files if file.status is not Status.LOADED)

    def __add__(self, more: "Loaded") -> "Loaded":
        """Return both; of two rules with the same id, the first."""
        return Loaded(tuple(_once([*self.files, *more.files])))


def packaged() -> Loaded:
    """Return the rules that come with sgwatch."""
    return _loaded(_rules("packs", files("bot.detections") / "packs"))


def load(places: Iterable[Traversable]) -> Loaded:
    """Read the rule files given, and all below the folders given."""
    return _loaded(rule_files(places))


def renewed(old: Loaded, new: Loaded) -> Loaded:
    """Return what is to run once the files were read again.

    What an invalid file, or a folder that is gone, held before runs on: a slip in an editor must
    not switch a detection off. A rule that another file holds by now is that file's.
    """
    taken = {detection.id for detection in new.detections}
    kept: list[Read] = []
    for file in new.files:
        lost = _lost(old, file, taken) if file.status is Status.INVALID else []
        same = next((was for was in lost if was.path == file.path), None)
        kept.append(replace(file, detection=same.detection) if same else file)
        kept += [was for was in lost if was is not same]
        taken |= {was.detection.id for was in lost if was.detection}
    return Loaded(tuple(kept))


def _lost(old: Loaded, place: Read, taken: set[str]) -> list[Read]:
    """Return what ran before of a file, or below a folder, that is invalid now."""
    return [
        file
        for file in old.files
        if file.detection is not None
        and file.status is not Status.UNSUPPORTED
        and file.detection.id not in taken
        and (file.path == place.path or file.path.startswith(f"{place.path}/"))
    ]


def _loaded(found: Iterable[tuple[str, Traversable]]) -> Loaded:
    opened = {path: _open(place) for path, place in dict(found).items()}
    beside = [e for content in opened.values() if (e := _exceptions(content)) is not None]
    return Loaded(tuple(_once(_read(path, content, beside) for path, content in opened.items())))


def read(path: str, text: str) -> Read:
    """Read one rule file's text."""
    return _read(path, _parsed(text))


Content = dict[str, Any] | str
"""What a file holds; text is why it cannot be read."""


def _parsed(text: str) -> Content:
    if len(text) > LARGEST:
        return f"larger than {LARGEST:,} characters"
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return f"not TOML: {error}"


def _read(path: str, content: Content, beside: Sequence[ExceptionFile] = ()) -> Read:
    if isinstance(content, str):
        return Read(path, Status.INVALID, content)
    rule = content.get("rule")
    if isinstance(rule, dict):
        return _judged(path, content, rule, beside)
    if rule is not None or "exceptions" not in content:
        return Read(path, Status.INVALID, "has no [rule] table")
    try:
        name = ExceptionFile.model_validate(content).metadata.list_name
    except ValidationError as error:
        return Read(path, Status.INVALID, _said(error), type=EXCEPTIONS)
    return Read(path, Status.LOADED, name=name, type=EXCEPTIONS)


def _exceptions(content: Content) -> ExceptionFile | None:
    """Return what a file of exceptions for other files' rules holds."""
    if isinstance(content, str) or "rule" in content or "exceptions" not in content:
        return None
    try:
        return ExceptionFile.model_validate(content)
    except ValidationError:
        return None


_UNSUPPORTED_TYPES = {
    "eql": "EQL is not evaluated; write the condition of its first event in KQL, as type query",
    "esql": "ES|QL is not evaluated; write the condition in KQL, as type query or threshold",
    "machine_learning": "needs a job of Elastic's; new_terms finds what is new without one",
    "saved_query": "the query is kept in Kibana; put it in the file, as type query",
    "threat_match": "needs an index of indicators; list them in a KQL query, as type query",
}


def _judged(
    path: str, content: dict[str, Any], rule: dict[str, Any], beside: Sequence[ExceptionFile]
) -> Read:
    kind, language = _text(rule, "type"), _text(rule, "language")
    if kind == "query":
        language = language or "kuery"

    def became(status: Status, reason: str = "", detection: Detection | None = None) -> Read:
        names = (_text(rule, "rule_id"), _text(rule, "name"), kind, language)
        return Read(path, status, reason, *names, detection)

    if reason := _unsupported(kind, language, rule):
        return became(Status.UNSUPPORTED, reason)
    try:
        detection = RuleFile.model_validate(content).detection(path, beside)
    except ValidationError as error:
        return became(Status.INVALID, _said(error))
    except KqlError as error:
        return became(Status.INVALID, f"query, {error}")
    return became(Status.LOADED, detection=detection)


def _unsupported(kind: str, language: str, rule: dict[str, Any]) -> str:
    """Return why a rule of a form that Kibana knows cannot be evaluated; empty if it can."""
    if kind in _UNSUPPORTED_TYPES:
        return f"type {kind}: {_UNSUPPORTED_TYPES[kind]}"
    if language == "lucene":
        return "language lucene: Lucene queries are not evaluated; write the query in KQL"
    if kind == "threshold" and (value := _counted(rule)) > MOST_EVENTS:
        return f"threshold.value {value:,}: at most {MOST_EVENTS:,} events are counted"
    if rule.get("filters"):
        return "filters: Elasticsearch's own are not evaluated; put the condition in the query"
    return ""


def _counted(rule: dict[str, Any]) -> int:
    threshold = rule.get("threshold")
    value = threshold.get("value") if isinstance(threshold, dict) else None
    return value if isinstance(value, int) else 0


def _text(rule: dict[str, Any], key: str) -> str:
    value = rule.get(key)
    return value if isinstance(value, str) else ""


def _said(error: ValidationError) -> str:
    """Return what pydantic found wrong: a line for each place."""
    return "\n".join(
        f"{'.'.join(map(str, found['loc']))}: {found['msg'].removeprefix('Value error, ')}"
        for found in error.errors(include_url=False)
    )


def rule_files(places: Iterable[Traversable]) -> Iterator[tuple[str, Traversable]]:
    """Return the rule files given, and all below the folders given, with their paths."""
    for place in places:
        yield from _rules(str(place), place)


def _rules(path: str, place: Traversable) -> Iterator[tuple[str, Traversable]]:
    """Return the place itself if it is no folder, else the rule files below it, by name.

    What is hidden is passed over: Kubernetes keeps the files of a volume in ``..data`` besides, and
    editors keep what is not saved yet under such names.
    """
    items = _items(place) if _is_folder(place) else None
    if items is None:
        yield path, place
        return
    for item in items:
        if not item.name.startswith(".") and (item.name.endswith(".toml") or _is_folder(item)):
            yield from _rules(f"{path}/{item.name}", item)


def _items(place: Traversable) -> list[Traversable] | None:
    try:
        return sorted(place.iterdir(), key=lambda item: item.name)
    except OSError:
        return None


def _is_folder(place: Traversable) -> bool:
    try:
        return place.is_dir()
    except OSError:
        return True  # which reading it will tell


def _open(place: Traversable) -> Content:
    try:
        return _parsed(place.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        return f"cannot be read: {error}"


def _once(found: Iterable[Read]) -> Iterator[Read]:
    """Refuse a rule whose id another file has already."""
    first: dict[str, str] = {}
    for file in found:
        if file.detection is None or first.setdefault(file.rule_id, file.path) == file.path:
            yield file
        else:
            reason = f"rule_id {file.rule_id} is that of {first[file.rule_id]} already"
            yield replace(file, status=Status.INVALID, reason=reason, detection=None)
