"""Storms on a real Redis: one notice, nothing dropped, critical alerts first and alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts.commands import Acknowledge
from bot.alerts.storm import Storm
from bot.changes.severity import Severity
from bot.slack.messages import SlackError
from bot.store.deciding import decide_on
from bot.store.link import Link
from bot.store.store import connect
from tests.builders import ROSA
from tests.slack.storms import CHANNEL, DOWN, KilledError, World, world


@pytest.fixture
def sky(redis_url: str, link: Link) -> Iterator[World]:
    with world(connect(redis_url), link.keys.prefix) as opened:
        yield opened


def flood(
    sky: World, many: int, severity: Severity = Severity.LOW, stem: str = "role"
) -> list[str]:
    """Let so many principals change something at once."""
    return [sky.change(f"{stem}-{number}", severity) for number in range(many)]


def test_200_principals_are_one_notice_and_the_critical_ones(sky: World) -> None:
    low = flood(sky, 190)
    high = flood(sky, 7, Severity.HIGH, "loud")
    critical = flood(sky, 3, Severity.CRITICAL, "grave")
    sky.run(15)
    assert sky.slack.alerts == critical
    (notice,) = sky.slack.notices
    assert notice.text == "🌪️ STORM: 197 alerts by 197 principals in 1 account, at worst high"
    assert len(sky.slack.sent) + len(sky.slack.edits) <= 6
    assert sky.listed(sky.storm().id) == high + low


def test_every_alert_of_a_storm_is_found_wherever_one_looks(sky: World) -> None:
    ids = set(flood(sky, 200))
    sky.run(5)
    assert set(sky.listed(sky.storm().id)) == ids
    assert set(sky.store.timelines.listed("status:open", 1000)) == ids
    for alert_id in ids:
        assert len(sky.store.timelines.entries(alert_id, 0)) == 2
    assert sky.store.channels.pending(CHANNEL) == []


@pytest.mark.parametrize(
    ("many", "notices"),
    [
        pytest.param(19, 0, id="below the threshold each is posted alone"),
        pytest.param(20, 1, id="at the threshold a storm begins"),
    ],
)
def test_a_storm_begins_at_the_backlog_that_the_policy_says(
    sky: World, many: int, notices: int
) -> None:
    flood(sky, many)
    sky.run(25)
    assert (len(sky.slack.notices), len(sky.slack.alerts)) == (notices, 0 if notices else many)


def test_the_gravest_is_posted_first_whatever_waits(sky: World) -> None:
    ids = {severity: flood(sky, 3, severity, str(severity)) for severity in Severity}
    sky.run(20)
    worst_first = [alert_id for severity in reversed(Severity) for alert_id in ids[severity]]
    assert sky.slack.alerts == worst_first


def test_a_critical_alert_comes_before_the_notice_and_what_was_posted(sky: World) -> None:
    flood(sky, 50)
    (critical,) = flood(sky, 1, Severity.CRITICAL, "grave")
    sky.run(5)
    assert [sent.mark.alert for sent in sky.slack.sent.values()] == [critical, sky.storm().id]


def test_a_later_change_is_told_by_the_notice_and_no_message(sky: World) -> None:
    flood(sky, 30)
    sky.run(10)
    edits = len(sky.slack.edits)
    sky.change("role-20", Severity.HIGH)
    sky.run(10)
    assert sky.slack.alerts == []
    assert sky.slack.notices[0].text.endswith("at worst high")
    assert len(sky.slack.edits) == edits + 1


def test_one_that_becomes_critical_gets_its_own_message(sky: World) -> None:
    ids = flood(sky, 30)
    sky.run(5)
    sky.change("role-7", Severity.CRITICAL)
    sky.run(5)
    assert sky.slack.alerts == [ids[7]]


def test_one_that_somebody_wants_gets_its_own_message(sky: World) -> None:
    ids = flood(sky, 30)
    sky.run(5)
    reading = sky.store.timelines.read(ids[3])
    assert reading is not None
    wanted = replace(reading.progress, wanted=True)
    sky.store.timelines.save_progress(ids[3], reading.progress, wanted)
    sky.store.channels.enqueue(reading.alert)
    sky.run(3)
    assert sky.slack.alerts == [ids[3]]


def test_one_that_somebody_decides_on_gets_its_own_message(sky: World) -> None:
    ids = flood(sky, 30)
    sky.run(5)
    decide_on(sky.store, ids[3], Acknowledge(), ROSA)
    sky.run(3)
    assert sky.slack.alerts == [ids[3]]


def test_edits_of_the_notice_are_merged(sky: World) -> None:
    for second in range(60):
        flood(sky, 5, stem=f"s{second}")
        sky.run(1)
    assert len(sky.slack.notices) == 1
    assert len(sky.slack.edits) <= 60 / 5 + len(sky.slack.alerts) + 1
    sky.run(6)
    told = len(sky.listed(sky.storm().id))
    assert sky.slack.notices[0].text.startswith(f"🌪️ STORM: {told} alerts")
    assert told + len(sky.slack.alerts) == 300


def test_when_it_is_calm_the_notice_says_so_and_the_next_storm_is_another(sky: World) -> None:
    flood(sky, 30)
    sky.run(10)
    sky.pass_by(600)
    sky.work()
    assert (
        sky.slack.notices[0].text
        == "✅ Storm over: 30 alerts by 30 principals in 1 account, at worst low"
    )
    assert sky.store.storms.raging(CHANNEL) is None
    flood(sky, 30, stem="again")
    sky.run(5)
    assert len(sky.slack.notices) == 2


def test_a_trickle_after_the_flood_is_posted_alone(sky: World) -> None:
    flood(sky, 30)
    sky.run(10)
    sky.pass_by(120)
    (late,) = flood(sky, 1, stem="late")
    sky.work()
    assert sky.slack.alerts == [late]
    assert len(sky.listed(sky.storm().id)) == 30


def test_a_flood_that_goes_on_stays_in_one_notice_though_little_waits(sky: World) -> None:
    flood(sky, 30)
    sky.run(5)
    for part in range(10):
        flood(sky, 2, stem=f"part-{part}")
        sky.run(5)
    assert (len(sky.slack.notices), sky.slack.alerts) == (1, [])
    assert len(sky.listed(sky.storm().id)) == 50


def test_an_old_backlog_is_one_notice_too(sky: World) -> None:
    flood(sky, 30)
    sky.slack.fails = [DOWN] * 3
    sky.run(120)
    assert (len(sky.slack.notices), sky.slack.alerts) == (1, [])


def test_a_change_after_the_storm_is_shown_like_any_other(sky: World) -> None:
    ids = flood(sky, 30)
    sky.run(10)
    sky.pass_by(600)
    sky.work()
    sky.store.timelines.observe(ids[4], sky.store.timelines.entries(ids[4], 1)[0])
    sky.run(3)
    assert sky.slack.alerts == [ids[4]]


@pytest.mark.parametrize("after", [True, False], ids=["after Slack took it", "before"])
def test_a_worker_killed_while_it_posts_the_notice_posts_no_second_one(
    sky: World, after: bool
) -> None:
    flood(sky, 30)
    if after:
        sky.slack.lost = KilledError()
    else:
        sky.slack.fails = [KilledError()]
    with pytest.raises(KilledError):
        sky.work()
    sky.restart()
    sky.pass_by(40)
    sky.run(10)
    (notice,) = sky.slack.notices
    assert notice.text.startswith("🌪️ STORM: 30 alerts")
    assert sky.storm().ts
    assert sky.slack.alerts == []


def test_an_alert_that_was_posted_before_the_storm_is_not_listed_too(sky: World) -> None:
    ids = flood(sky, 1)
    sky.slack.lost = KilledError()
    with pytest.raises(KilledError):
        sky.work()
    sky.restart()
    flood(sky, 30, stem="storm")
    sky.work()
    sky.pass_by(40)
    sky.run(10)
    assert sky.slack.alerts == ids
    assert not set(ids) & set(sky.listed(sky.storm().id))


def test_a_notice_whose_answer_was_lost_is_found(sky: World) -> None:
    flood(sky, 30)
    sky.slack.lost = DOWN
    sky.run(30)
    assert len(sky.slack.notices) == 1
    assert sky.storm().trouble is None


def test_a_notice_that_was_deleted_is_posted_again_and_the_operators_hear(sky: World) -> None:
    flood(sky, 30)
    sky.run(10)
    sky.slack.fails = [SlackError("message_not_found", retry=False)]
    flood(sky, 15, stem="more")
    sky.run(20)
    assert len(sky.slack.notices) == 2
    assert any("was deleted in Slack" in notice.what for notice in sky.store.notices.all())


def test_a_429_on_the_notice_holds_the_channel(sky: World) -> None:
    flood(sky, 30)
    sky.slack.fails = [SlackError("ratelimited", retry=True, wait=timedelta(seconds=30))]
    sky.run(25)
    assert sky.slack.sent == {}
    sky.run(10)
    assert len(sky.slack.notices) == 1


def test_what_comes_while_the_list_is_made_joins_it(
    sky: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    storms, late = sky.store.storms, list[str]()
    raging = storms.raging

    def and_then_one_more(channel: str) -> Storm | None:
        found = raging(channel)
        if found is not None and found.ts and not late and not storms.unseen(channel, 0, 1):
            late.append(sky.change("late"))
            reading = sky.store.timelines.read(late[0])
            assert reading is not None
            sky.store.channels.enqueue(reading.alert)
        return found

    flood(sky, 30)
    sky.run(2)
    monkeypatch.setattr(storms, "raging", and_then_one_more)
    flood(sky, 5, stem="more")
    sky.run(10)
    assert sky.slack.alerts == []
    assert late
    assert set(late) <= set(sky.listed(sky.storm().id))
