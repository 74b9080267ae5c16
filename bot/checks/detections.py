"""The rule files: each not loaded or not wholly done, and why, and those that still learn."""

from collections.abc import Iterator

from bot.checks.check import Check, fail, ok, warn
from bot.checks.redis import WITHIN
from bot.detections.loader import Loaded, Status, load, packaged
from bot.settings import Settings
from bot.store.link import Link, StoreError
from bot.store.store import connect, open_store


def look(settings: Settings) -> Iterator[Check]:
    """Read the rule files as the poller would."""
    missing = [path for path in settings.detections if not path.exists()]
    for path in missing:
        yield fail("detections", f"there is no {path}", "mend SGWATCH_DETECTIONS")
    yield from told(_loaded(settings))


def learning(settings: Settings) -> Iterator[Check]:
    """Tell which rules learn what is usual, and so say nothing yet."""
    client = connect(settings.redis_url.get_secret_value(), within=WITHIN)
    store = open_store(Link(client, settings.redis_prefix))
    try:
        found = store.detections.learning(_loaded(settings).detections)
    except StoreError as error:
        yield fail("learning", f"cannot be read ({error})", "see what is said of Redis")
        return
    for rule in found:
        until = f"{rule.until:%Y-%m-%d %H:%M} UTC"
        yield ok("learning", f"“{rule.detection.name}” learns what is usual until {until}")


def told(loaded: Loaded) -> Iterator[Check]:
    """Tell what became of the files."""
    yield ok("detections", f"{len(loaded.detections)} loaded")
    for file in loaded.problems:
        # What is indented draws a place in the query with a caret, which makes no sense in a line.
        reasons = [line for line in file.reason.splitlines() if not line.startswith(" ")]
        said = f"{file.path}: {'; '.join(reasons)}"
        if file.status is Status.INVALID:
            mend = "mend the file, or take it away; a poller that could read it runs what it held"
            yield fail("detections", f"invalid: {said}", mend)
        else:
            mend = "nothing finds what it looks for: write it in a form that runs, or take it away"
            yield warn("detections", f"unsupported: {said}", mend)
    for detection in loaded.detections:
        if detection.notices:
            said = f"{detection.path}: {'; '.join(detection.notices)}"
            yield warn("detections", said, "the rule runs without it: see that this is enough")


def _loaded(settings: Settings) -> Loaded:
    return packaged() + load(path for path in settings.detections if path.exists())
