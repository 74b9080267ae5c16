"""The digest in Slack: once a period, with its picture in the thread, and silent for nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from urllib.request import urlopen

import pytest
from PIL import Image

from bot.alerts.aside import Every
from bot.alerts.digest import last_period
from bot.changes.severity import Severity
from bot.digests import AGAIN, Digests
from bot.once import Once
from bot.slack.messages import SlackMessages
from bot.slack.upload import ThreadPictures
from bot.slack.views.plot import Bars, plot
from sandbox.slack.faults import Limited, Lost, Refused
from sandbox.slack.people import OPS
from sandbox.slack.seen import SeenMessage
from tests.builders import a_change, a_rule, a_sighting
from tests.slack.cases import SHOWN
from tests.slack.office import Office


@pytest.fixture(autouse=True)
def _one_day(at_work: Office) -> Iterator[None]:
    """What is posted is gone after each test: all are in one period."""
    yield
    for message in (*pictures(at_work), *posted(at_work)):
        at_work.client.chat_delete(channel=OPS.id, ts=message.ts)


def digests(at_work: Office) -> Digests:
    messages = SlackMessages(at_work.client, at_work.store.budgets)
    once = Once(at_work.store, messages, OPS.id)
    return Digests(at_work.store, once, ThreadPictures(at_work.client), SHOWN, Every.DAY)


def attend(at_work: Office) -> datetime | timedelta | None:
    return digests(at_work).attend(lambda: None)


def lately(at_work: Office) -> datetime:
    period = last_period(Every.DAY, at_work.store.attention.now())
    assert period is not None
    return period.until - timedelta(hours=1)


def alerts(at_work: Office) -> str:
    """Raise an alert that opens something to the world, and two low ones, one of them aside."""
    at = lately(at_work)
    grave = at_work.raise_alert(at=at)
    changes = (a_change(f"low-{n}", added=(a_rule(443, f"10.{n}.0.0/16"),)) for n in range(2))
    low = [at_work.raise_alert(a_sighting(c, Severity.LOW, None), at=at) for c in changes]
    at_work.store.aside.add(at_work.alert(low[0]), at_work.store.attention.now())
    return grave


def posted(at_work: Office) -> list[SeenMessage]:
    return [m for m in at_work.workspace.messages(OPS.id) if "Digest" in m.plain]


def pictures(at_work: Office) -> list[SeenMessage]:
    return [m for digest in posted(at_work) for m in at_work.workspace.thread(digest) if m.files]


def test_it_is_posted_once_with_its_picture_in_the_thread(at_work: Office) -> None:
    grave = alerts(at_work)
    for _ in range(2):
        due = attend(at_work)
        assert due == lately(at_work) + timedelta(hours=25)
    [message], [picture] = posted(at_work), pictures(at_work)
    assert "Digest: 3 alerts" in message.plain
    assert "🔴 1 critical · 🔵 2 low" in message.plain
    assert "3 open" in message.plain
    assert grave in message.plain[message.plain.index("Still open to the world") :]
    assert picture.is_reply
    [file] = picture.files
    assert "critical: 1 open; low: 2 open." in file["alt_txt"]
    with urlopen(file["url_private"]) as answer:
        assert Image.open(BytesIO(answer.read())).format == "PNG"


def test_its_button_lists_those_without_a_message(at_work: Office) -> None:
    alerts(at_work)
    attend(at_work)
    at_work.press("rosa", posted(at_work)[0], "Show them")
    at_work.person("rosa").wait_modal(lambda modal: "1 low alert without" in modal.plain)


def test_where_nothing_happened_it_is_silent(at_work: Office) -> None:
    at_work.raise_alert(a_sighting(severity=Severity.LOW, exposure=None))
    before = len(posted(at_work))
    assert isinstance(attend(at_work), datetime)
    assert len(posted(at_work)) == before
    alerts(at_work)
    attend(at_work)
    assert len(posted(at_work)) == before


def test_never_is_never(at_work: Office) -> None:
    chore = replace(digests(at_work), every=Every.NEVER)
    assert chore.attend(lambda: None) is None


def test_what_was_begun_is_looked_for(at_work: Office) -> None:
    alerts(at_work)
    at_work.server.order_fault("chat.postMessage", Lost())
    assert attend(at_work) == AGAIN
    attend(at_work)
    assert len(posted(at_work)) == len(pictures(at_work)) == 1


def test_a_429_is_waited_out(at_work: Office) -> None:
    alerts(at_work)
    at_work.server.order_fault("chat.postMessage", Limited(30))
    assert attend(at_work) == timedelta(seconds=30)


def test_a_picture_that_slack_does_not_take_is_told_to_the_operators(at_work: Office) -> None:
    alerts(at_work)
    at_work.server.order_fault("files.getUploadURLExternal", Refused("file_uploads_disabled"))
    for _ in range(2):
        attend(at_work)
    assert (len(posted(at_work)), len(pictures(at_work))) == (1, 0)
    [notice] = at_work.store.notices.all()
    assert "the picture of the digest cannot be sent" in notice.what


def test_the_longest_bar_fills_the_picture_and_is_in_its_pieces() -> None:
    rows = (("high", {"open": 3, "benign": 1}), ("low", {"open": 1}))
    bars = Bars("Title", rows, ("open", "benign"))
    image = Image.open(BytesIO(plot(bars))).convert("RGB")
    first, second = (0xD5, 0x5E, 0x00), (0xE6, 0x9F, 0x00)
    lines = [[image.getpixel((x, y)) for x in range(120, image.width)] for y in range(image.height)]
    found = {(line.count(first), line.count(second)) for line in lines}
    whole = max(one + two for one, two in found)
    assert whole > image.width * 0.7
    (three, one), (alone, none) = sorted(found, reverse=True)[0], sorted(found, reverse=True)[1]
    assert none == 0
    assert abs(three - 3 * one) < 9
    assert abs(alone - one) < 5
    assert bars.words == "Title. high: 3 open, 1 benign; low: 1 open."


def test_a_long_legend_takes_more_lines() -> None:
    pieces = tuple(f"outcome number {n}" for n in range(9))
    one, many = (Image.open(BytesIO(plot(Bars("Title", (), of)))) for of in (pieces[:1], pieces))
    assert many.height > one.height
