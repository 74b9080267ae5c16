"""The weekly review of exemptions: once a week, and only if there is something to say."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.once import Once
from bot.slack.directory import Directory
from bot.slack.messages import SlackMessages
from bot.store.attention import Subject, SubjectKind
from bot.weekly import AGAIN, Weekly, next_monday
from sandbox.slack.faults import Lost, Refused
from sandbox.slack.people import OPS
from sandbox.slack.seen import SeenMessage
from tests.slack.office import RIGHTS, Office
from tests.slack.test_owners import HOUR, deeds, made


@pytest.fixture(autouse=True)
def _one_week(at_work: Office) -> Iterator[None]:
    """What is posted is gone after each test: all are in one week."""
    yield
    for message in at_work.workspace.messages(OPS.id):
        at_work.client.chat_delete(channel=OPS.id, ts=message.ts)


def weekly(at_work: Office) -> Weekly:
    messages = SlackMessages(at_work.client, at_work.store.budgets)
    once = Once(at_work.store, messages, OPS.id)
    return Weekly(at_work.store, once, Directory(at_work.client, RIGHTS), wanted=True)


def attend(chore: Weekly) -> datetime | timedelta | None:
    """Attend until nothing is to be done at once."""
    while (again := chore.attend(lambda: None)) == timedelta(0):
        pass
    return again


def told(at_work: Office, name: str) -> list[SeenMessage]:
    return [m for m in at_work.workspace.messages(OPS.id) if name in m.plain]


def test_it_tells_once_of_those_to_look_at(at_work: Office) -> None:
    soon, left = made(at_work), made(at_work, "U0GONE", timedelta(days=40))
    used = made(at_work, left=timedelta(days=40))
    due = next_monday(at_work.store.attention.now())
    for _ in range(2):
        assert attend(weekly(at_work)) == due
    [message] = told(at_work, soon.id)
    assert "2 exemptions to look at" in message.plain
    assert "it ends within a week" in message.plain
    assert left.id in message.plain
    assert "its owner has left" in message.plain
    assert used.id not in message.plain


def test_one_is_ended_from_it(at_work: Office) -> None:
    exemption = made(at_work)
    attend(weekly(at_work))
    form = at_work.form("rosa", told(at_work, exemption.id)[0], "End…")
    at_work.person("rosa").submit(form, {"reason": {"value": "no longer needed"}})
    at_work.wait_until(lambda: "ended" in deeds(at_work, exemption))


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        pytest.param(True, timedelta(days=40), id="nothing to say"),
        pytest.param(False, HOUR, id="not wanted"),
    ],
)
def test_it_is_silent(at_work: Office, wanted: bool, left: timedelta) -> None:
    exemption = made(at_work, left=left)
    before = len(at_work.workspace.messages(OPS.id))
    chore = replace(weekly(at_work), wanted=wanted)
    assert attend(chore) == next_monday(at_work.store.attention.now())
    assert len(at_work.workspace.messages(OPS.id)) == before
    assert attend(replace(chore, wanted=True)) == next_monday(at_work.store.attention.now())
    assert not told(at_work, exemption.id)


def test_what_was_begun_is_looked_for(at_work: Office) -> None:
    exemption = made(at_work)
    at_work.server.order_fault("chat.postMessage", Lost())
    assert attend(weekly(at_work)) == AGAIN
    attend(weekly(at_work))
    assert len(told(at_work, exemption.id)) == 1


def test_nobody_has_left_because_slack_does_not_answer(at_work: Office) -> None:
    exemption = made(at_work)
    at_work.server.order_fault("users.info", Refused("internal_error"))
    assert attend(weekly(at_work)) == AGAIN
    attend(weekly(at_work))
    assert "has left" not in told(at_work, exemption.id)[0].plain


def test_what_an_earlier_version_stored_is_attended(at_work: Office) -> None:
    exemption, attention = made(at_work), at_work.store.attention
    subject = Subject(SubjectKind.EXEMPTION, exemption.id)
    assert attention.take("t") == subject
    attention.finish(subject, "t", None)
    assert attention.take("t") is None
    attend(weekly(at_work))
    assert attention.take("t") == subject


def test_the_next_is_on_monday() -> None:
    wednesday = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
    assert next_monday(wednesday) == datetime(2026, 3, 9, 8, tzinfo=UTC)
    assert next_monday(next_monday(wednesday)) == datetime(2026, 3, 16, 8, tzinfo=UTC)
