"""Alerts in the digest: no message, but listed, and shown when they get worse or are wanted."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.alerts.aside import DigestPolicy, Every, Instead
from bot.changes.severity import Severity
from bot.slack.views.message import alert_message
from bot.store.link import Link
from bot.store.store import connect
from sandbox.slack.people import ALERTS
from sandbox.slack.seen import SeenModal
from tests.builders import a_change, a_rule, a_sighting
from tests.slack.alerts import alert_of, quiet_sighting
from tests.slack.cases import SHOWN
from tests.slack.office import Office
from tests.slack.storms import POLICY, World, world
from tests.slack.test_changes import press
from tests.slack.test_trying import answer

ASIDE = replace(POLICY, digest=DigestPolicy(Every.WEEK, (Instead(),)))


@pytest.fixture
def sky(redis_url: str, link: Link) -> Iterator[World]:
    with world(connect(redis_url), link.keys.prefix) as opened:
        opened.worker = replace(opened.worker, policy=ASIDE)
        yield opened


def test_a_low_alert_has_no_message_but_is_kept_listed_and_counted(sky: World) -> None:
    low = sky.change("ci")
    sky.run(3)
    assert sky.slack.alerts == []
    assert sky.store.aside.listed(0, 9) == [low]
    assert sky.store.aside.count() == sky.store.timelines.count("severity:low") == 1


def test_once_it_is_worse_it_is_posted(sky: World) -> None:
    low = sky.change("ci")
    sky.run(2)
    assert sky.change("ci", Severity.MEDIUM) == low
    sky.run(3)
    assert sky.slack.alerts == [low]


def test_more_of_the_same_stays_aside(sky: World) -> None:
    low = sky.change("ci")
    sky.run(2)
    assert sky.change("ci") == low
    sky.run(3)
    assert sky.slack.alerts == []


def test_what_is_wanted_is_posted_and_kept_true(sky: World) -> None:
    low = sky.change("ci")
    sky.run(2)
    reading = sky.store.timelines.read(low)
    assert reading is not None
    wanted = replace(reading.progress, wanted=True)
    sky.store.timelines.save_progress(low, reading.progress, wanted)
    sky.store.channels.enqueue(reading.alert)
    sky.run(3)
    sky.change("ci")
    sky.run(40)
    assert sky.slack.alerts == [low]
    assert sky.slack.edits


def aside(at_work: Office, many: int) -> list[str]:
    names, now = [], at_work.store.attention.now()
    for number in range(many):
        change = a_change(f"aside-{number}", added=(a_rule(443, f"10.{number}.0.0/16"),))
        names.append(at_work.raise_alert(a_sighting(change, Severity.LOW, None), at=now))
        at_work.store.aside.add(at_work.alert(names[-1]), now)
    return names


def opened(at_work: Office, who: str) -> SeenModal:
    at_work.person(who).command("/sgwatch", "digest")
    return at_work.person(who).wait_modal(lambda modal: "One moment" not in modal.plain)


def test_the_list_is_paged_and_shows_one_in_the_channel(at_work: Office) -> None:
    names = aside(at_work, 12)
    modal = opened(at_work, "rosa")
    assert "1 to 10 of 12, the latest first" in modal.plain
    modal = press(at_work, "rosa", modal, "Next", "11 to 12 of 12")
    modal = press(at_work, "rosa", modal, "Previous", "1 to 10 of 12")
    modal = press(at_work, "rosa", modal, "Show here", "gets a message of its own")
    [wanted] = [name for name in names if f"👀 {name}" in modal.plain]
    assert wanted in at_work.store.channels.pending(ALERTS.id)
    reading = at_work.store.timelines.read(wanted)
    assert reading is not None
    assert reading.progress.wanted


def test_where_there_is_none_it_says_so(at_work: Office) -> None:
    assert "every alert has a message of its own" in opened(at_work, "rosa").plain


def test_whoever_may_not_see_alerts_sees_no_list(at_work: Office) -> None:
    [name] = aside(at_work, 1)
    modal = opened(at_work, "oscar")
    assert "right of a viewer" in modal.plain
    assert name not in modal.plain


def test_a_typo_is_understood(at_work: Office) -> None:
    answer(at_work, "rosa", "digst", "Did you mean /sgwatch digest?")


def test_a_low_alert_mentions_nobody() -> None:
    """What is low is quiet by default: no mention, and nothing in the channel beside it."""
    text = str(alert_message(alert_of(quiet_sighting()), SHOWN))
    assert not any(mention in text for mention in ("<@", "<!here", "<!channel", "<!subteam"))
