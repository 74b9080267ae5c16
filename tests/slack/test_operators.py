"""The operators' channel, on a real Redis under a clock of the test's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis import Redis

from bot.slack.messages import Mark, SlackError
from bot.slack.operators import QUIET, Operators
from bot.store.link import Link
from bot.store.moment import to_ms
from bot.store.store import Store, connect, open_store
from sandbox.slack.blocks.checking import check_message

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PATIENCE = timedelta(minutes=10)


@dataclass
class Slack:
    """A channel that remembers what was posted under which mark, and what it was edited to."""

    posted: list[tuple[Mark, str]] = field(default_factory=list)
    edits: list[str] = field(default_factory=list)
    error: SlackError | None = None
    lose_answer: bool = False
    deleted: bool = False
    tried: int = 0
    shown: str = ""

    def post(self, channel: str, text: str, blocks: Sequence[Mapping[str, Any]], mark: Mark) -> str:
        check_message(list(blocks), text)
        self._fail()
        self.shown = str(blocks)
        self.posted.append((mark, text))
        if self.lose_answer:
            raise SlackError("timeout", retry=True)
        return f"{len(self.posted)}.0"

    def edit(self, channel: str, ts: str, text: str, blocks: Sequence[Mapping[str, Any]]) -> None:
        check_message(list(blocks), text)
        self._fail()
        if self.deleted:
            raise SlackError("message_not_found", retry=False)
        self.shown = str(blocks)
        self.edits.append(text)

    def reply(
        self,
        channel: str,
        ts: str,
        text: str,
        mark: Mark,
        *,
        broadcast: bool,
        blocks: Sequence[Mapping[str, Any]] = (),
    ) -> str:
        raise NotImplementedError

    def find(self, channel: str, mark: Mark, since: datetime) -> str | None:
        marks = [known for known, _ in self.posted]
        return f"{marks.index(mark) + 1}.0" if mark in marks else None

    def find_reply(self, channel: str, ts: str, mark: Mark) -> str | None:
        raise NotImplementedError

    def _fail(self) -> None:
        self.tried += 1
        if self.error is not None:
            raise self.error


@dataclass
class Desk:
    """The operators' chore, its store, its channel, and the time."""

    client: Redis
    prefix: str
    store: Store
    slack: Slack
    now: datetime = START

    def at(self, minutes: float) -> None:
        self.now = START + timedelta(minutes=minutes)
        self.client.set(f"{self.prefix}:clock", to_ms(self.now))

    def attend(self) -> datetime | None:
        return Operators(self.store, self.slack, "C0OPS").attend(lambda: None)


@pytest.fixture
def desk(redis_url: str, link: Link) -> Desk:
    client, prefix = connect(redis_url), link.keys.prefix
    clock = f"local function now_ms() return tonumber(redis.call('GET', '{prefix}:clock')) end\n"
    desk = Desk(client, prefix, open_store(Link(client, prefix, clock=clock)), Slack())
    desk.at(0)
    return desk


def test_what_fails_for_long_is_told_once_and_not_before(desk: Desk) -> None:
    desk.store.notices.tell("asking:SGW-1", "asking for SGW-1 fails: denied", PATIENCE)
    assert desk.attend() == START + PATIENCE
    assert desk.slack.posted == []
    desk.at(9)
    desk.store.notices.tell("asking:SGW-1", "asking for SGW-1 fails: denied", PATIENCE)
    desk.at(10)
    desk.attend()
    desk.attend()
    assert [text for _, text in desk.slack.posted] == ["⚠️ sgwatch: asking for SGW-1 fails: denied"]


def test_what_must_be_mended_by_people_is_told_at_once(desk: Desk) -> None:
    desk.store.notices.tell("channel:C1", "C1 cannot be written to (is_archived)")
    desk.attend()
    assert len(desk.slack.posted) == 1


def test_what_no_longer_fails_is_said_to_be_over(desk: Desk) -> None:
    desk.store.notices.tell("channel:C1", "C1 cannot be written to")
    desk.attend()
    assert desk.attend() == START + QUIET
    desk.at(QUIET.total_seconds() / 60)
    desk.attend()
    assert desk.slack.edits == ["✅ Over: C1 cannot be written to"]
    assert desk.store.notices.all() == []
    assert desk.attend() is None


@pytest.mark.parametrize("kind", ["dead:message", "missed:123456789012/eu-west-1", "deleted:SGW-1"])
def test_what_has_happened_is_neither_tried_again_nor_over(desk: Desk, kind: str) -> None:
    desk.store.notices.tell(kind, "an event went to the dead letters")
    desk.attend()
    assert "tried again" not in desk.slack.shown
    desk.at(QUIET.total_seconds() / 60)
    desk.attend()
    assert desk.slack.edits == ["☑️ No more of it: an event went to the dead letters"]
    assert "once, at" in desk.slack.shown


def test_what_passed_by_itself_is_never_told(desk: Desk) -> None:
    desk.store.notices.tell("asking:SGW-1", "asking fails", timedelta(minutes=30))
    desk.at(11)
    desk.attend()
    assert (desk.slack.posted, desk.store.notices.all()) == ([], [])


def test_a_post_whose_answer_was_lost_is_not_posted_again(desk: Desk) -> None:
    desk.slack.lose_answer = True
    desk.store.notices.tell("channel:C1", "C1 cannot be written to")
    assert desk.attend() == START + timedelta(minutes=1)
    desk.attend()
    assert len(desk.slack.posted) == 1


def test_while_slack_is_down_the_notice_waits(desk: Desk) -> None:
    desk.slack.error = SlackError("ratelimited", retry=True, wait=timedelta(seconds=30))
    desk.store.notices.tell("channel:C1", "C1 cannot be written to")
    assert desk.attend() == START + timedelta(seconds=30)
    desk.slack.error = None
    desk.attend()
    assert len(desk.slack.posted) == 1


def test_a_notice_whose_message_was_deleted_still_ends(desk: Desk) -> None:
    desk.store.notices.tell("channel:C1", "C1 cannot be written to")
    desk.attend()
    desk.slack.error = SlackError("message_not_found", retry=False)
    desk.at(11)
    desk.attend()
    assert desk.store.notices.all() == []


def test_telling_makes_the_operators_chore_due(desk: Desk) -> None:
    desk.store.notices.tell("channel:C1", "C1 cannot be written to")
    assert str(desk.store.attention.take("t")) == "chore:operators"


def test_what_failed_once_and_works_again_is_not_told(desk: Desk) -> None:
    desk.store.notices.tell("polling", "polling is held up", timedelta(minutes=5))
    for minute in range(1, 12):
        desk.at(minute)
        desk.attend()
    assert desk.slack.posted == []
    assert desk.store.notices.all() == []


def test_two_hundred_things_of_a_kind_are_three_messages(desk: Desk) -> None:
    for number in range(200):
        key, what = f"reconciling:{number:012}", f"account {number:012} cannot be entered"
        desk.store.notices.tell(key, what)
    for _ in range(200):
        desk.attend()
    assert len(desk.slack.posted) == 3
    assert "197 more" in desk.slack.posted[-1][1]


def test_what_fails_later_is_added_to_the_last_message_of_its_kind(desk: Desk) -> None:
    for number in range(6):
        desk.at(number)
        desk.store.notices.tell(f"asking:{number}", f"asking for SGW-{number} fails")
        desk.attend()
    assert len(desk.slack.posted) == 3
    assert desk.slack.edits[-1] == "⚠️ sgwatch: asking for SGW-2 fails (and 3 more)"
    desk.store.notices.tell("polling", "polling is held up")
    desk.attend()
    assert len(desk.slack.posted) == 4


def test_a_message_of_many_is_over_with_the_last_of_them(desk: Desk) -> None:
    for number in range(5):
        desk.store.notices.tell(f"asking:{number}", f"asking for SGW-{number} fails")
    for _ in range(5):
        desk.attend()
    desk.at(5)
    desk.store.notices.tell("asking:4", "asking for SGW-4 fails")
    desk.at(11)
    for _ in range(5):
        desk.attend()
    assert [edit for edit in desk.slack.edits if "SGW-2" in edit or "SGW-4" in edit] == []
    desk.at(16)
    desk.attend()
    assert desk.slack.edits[-1] == "✅ Over: asking for SGW-4 fails"
    assert desk.store.notices.all() == []


def test_what_follows_a_deleted_message_gets_another(desk: Desk) -> None:
    for number in range(4):
        desk.store.notices.tell(f"asking:{number}", f"asking for SGW-{number} fails")
    for _ in range(3):
        desk.attend()
    desk.store.notices.tell("asking:4", "asking for SGW-4 fails")
    desk.slack.deleted = True
    desk.attend()
    assert len(desk.slack.posted) == 4
    assert "asking for SGW-4 fails" in desk.slack.posted[-1][1]


def test_a_slack_that_is_down_is_tried_once_and_the_log_says_what_was_to_be_told(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.slack.error = SlackError("URLError", retry=True)
    for number in range(5):
        desk.store.notices.tell(f"asking:{number}", f"asking for SGW-{number} fails")
    assert desk.attend() == START + timedelta(minutes=1)
    assert desk.slack.tried == 1
    assert "asking for SGW-0 fails" in caplog.text
