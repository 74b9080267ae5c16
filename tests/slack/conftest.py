"""Snapshots: one readable file per surface and state. ``RENEW_SNAPSHOTS=1`` writes them anew."""

import difflib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.store.store import Store
from sandbox.slack.server import SlackServer
from sandbox.slack.timing import Timing
from tests.slack.office import Office, office

SNAPSHOTS = Path(__file__).parents[1] / "snapshots"
RENEW = "RENEW_SNAPSHOTS"


@pytest.fixture
def snapshot() -> Callable[[str, object], None]:
    def compare(name: str, value: object) -> None:
        path = SNAPSHOTS / f"{name}.json"
        now = json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
        if os.environ.get(RENEW):
            path.write_text(now, encoding="utf-8")
        stored = path.read_text(encoding="utf-8") if path.exists() else ""
        changes = difflib.unified_diff(stored.splitlines(), now.splitlines(), "stored", "now")
        assert stored == now, "\n".join(
            [f"{name} looks different. If that is right: {RENEW}=1 make test", *changes]
        )

    return compare


@pytest.fixture(scope="module")
def slack() -> Iterator[SlackServer]:
    """Slack, more patient than it is: the machine may be busy with other tests."""
    with SlackServer(limits=False, timing=Timing(ack=10, trigger=10)) as server:
        yield server


@pytest.fixture
def at_work(slack: SlackServer, store: Store) -> Iterator[Office]:
    with office(slack, store) as opened:
        yield opened
