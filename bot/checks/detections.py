"""The rule files: each that is not loaded, with the reason."""

from collections.abc import Iterator

from bot.checks.check import Check, fail, ok, warn
from bot.detections.loader import Loaded, Status, load, packaged
from bot.settings import Settings


def look(settings: Settings) -> Iterator[Check]:
    """Read the rule files as the poller would."""
    missing = [path for path in settings.detections if not path.exists()]
    for path in missing:
        yield fail("detections", f"there is no {path}", "mend SGWATCH_DETECTIONS")
    yield from told(packaged() + load(path for path in settings.detections if path.exists()))


def told(loaded: Loaded) -> Iterator[Check]:
    """Tell what became of the files."""
    yield ok("detections", f"{len(loaded.detections)} loaded")
    for file in loaded.problems:
        said = f"{file.path}: {'; '.join(file.reason.splitlines())}"
        if file.status is Status.INVALID:
            yield fail("detections", f"invalid: {said}", "mend the file, or take it away")
        else:
            mend = "nothing finds what it looks for: write it in a form that runs, or take it away"
            yield warn("detections", f"unsupported: {said}", mend)
