"""What people see, in every state: compared with stored files, and within Slack's limits."""

from collections.abc import Callable

import pytest

from bot.slack.views.blocks import Json
from bot.slack.views.message import Message
from sandbox.slack.blocks.checking import check_message, check_view
from tests.slack import approvals
from tests.slack.cases import MESSAGES, VIEWS, thread
from tests.slack.conftest import SNAPSHOTS

Compare = Callable[[str, object], None]


@pytest.mark.parametrize(("name", "message"), MESSAGES.items(), ids=MESSAGES)
def test_a_message_looks_as_stored(
    name: str, message: Callable[[], Message], snapshot: Compare
) -> None:
    shown = message()
    check_message(list(shown.blocks), shown.text)
    snapshot(f"message_{name}", {"text": shown.text, "blocks": shown.blocks})


@pytest.mark.parametrize(("name", "view"), VIEWS.items(), ids=VIEWS)
def test_a_view_looks_as_stored(name: str, view: Callable[[], Json], snapshot: Compare) -> None:
    check_view(view())
    snapshot(f"view_{name}", view())


def test_the_thread_reads_as_stored(snapshot: Compare) -> None:
    snapshot("thread", thread())


def test_the_thread_of_approvals_reads_as_stored(snapshot: Compare) -> None:
    snapshot("thread_approvals", approvals.thread())


def test_every_stored_file_is_of_a_surface_that_exists() -> None:
    known = {f"message_{name}" for name in MESSAGES} | {f"view_{name}" for name in VIEWS}
    assert {path.stem for path in SNAPSHOTS.glob("*.json")} == known | {
        "thread",
        "thread_approvals",
    }


@pytest.mark.parametrize(("name", "message"), MESSAGES.items(), ids=MESSAGES)
def test_a_notification_says_it_all_in_120_characters(
    name: str, message: Callable[[], Message]
) -> None:
    if name not in {"failed", "outdated", "exemptions_none"}:
        assert 0 < len(message().text) <= 120
