"""Reading a stretch of event history: everything in it is asked for, in few pages."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cloudtrail.history import Stretch, asked_anew, home_region, is_read, read_on, whole

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
END = START + timedelta(hours=2)
WRITES = ("AuthorizeSecurityGroupIngress", "CreateUser", "RunInstances")
PAGE = 50


@dataclass(frozen=True)
class Happened:
    """One event of a history: its number, its name and when."""

    number: int
    name: str
    at: datetime


def page(history: list[Happened], stretch: Stretch) -> tuple[list[Happened], str]:
    """Answer as CloudTrail would: the newest first, 50 at a time."""
    asked = stretch.todo[0]
    fitting = [
        h
        for h in sorted(history, key=lambda h: (h.at, h.number), reverse=True)
        if asked.start <= h.at <= asked.end
        and (not is_read(h.name) if asked.key == "ReadOnly" else h.name == asked.value)
    ]
    first = int(stretch.token or 0)
    token = str(first + PAGE) if first + PAGE < len(fitting) else ""
    return fitting[first : first + PAGE], token


def read(history: list[Happened], names: tuple[str, ...]) -> tuple[set[int], int]:
    """Read all of a stretch; return what was found of the names, and in how many pages."""
    stretch, found = whole("1", "eu-west-1", START, END, names), set()
    while stretch.todo:
        events, token = page(history, stretch)
        found |= {event.number for event in events if event.name in names}
        oldest = min((event.at for event in events), default=None)
        before, stretch = stretch.share, read_on(stretch, oldest, token)
        assert 0 <= before <= 1
    return found, stretch.pages


def busy(count: int, name: str = "PutObject") -> list[Happened]:
    step = (END - START) / max(count, 1)
    return [Happened(n, name, START + n * step) for n in range(count)]


events = st.builds(
    Happened,
    st.integers(0, 10**9),
    st.sampled_from((*WRITES, "DescribeInstances", "PutObject")),
    st.integers(0, 7200).map(lambda s: START + timedelta(seconds=s)),
)


@given(st.lists(events, max_size=60), st.integers(0, 400))
def test_nothing_that_is_wanted_is_left_out(some: list[Happened], noise: int) -> None:
    wanted = (*WRITES, "DescribeInstances")
    history = [Happened(n, h.name, h.at) for n, h in enumerate(some)]
    history += [Happened(n + 1000, h.name, h.at) for n, h in enumerate(busy(noise))]
    found, _ = read(history, wanted)
    assert found == {h.number for h in history if h.name in wanted}


@pytest.mark.parametrize(
    ("noise", "pages"),
    [
        pytest.param(0, 1, id="a quiet place takes one page"),
        pytest.param(120, 3, id="few writes are read as they are"),
        pytest.param(5000, 6, id="of many, the rest is asked for by name"),
    ],
)
def test_the_pages_are_few(noise: int, pages: int) -> None:
    assert read(busy(noise), WRITES)[1] == pages


def test_calls_that_only_read_are_asked_for_by_name_alone() -> None:
    stretch = whole("1", "eu-west-1", START, END, ["AssumeRole", "GetParameter"])
    assert [question.value for question in stretch.todo] == ["AssumeRole", "GetParameter"]


def test_a_token_that_is_gone_costs_no_more_than_what_lies_before_it() -> None:
    stretch = whole("1", "eu-west-1", START, END, [f"Name{n}" for n in range(9)])
    half = START + timedelta(hours=1)
    again = asked_anew(read_on(stretch, half, "token"))
    assert (again.token, again.todo[0].end, again.todo[0].start) == ("", half, START)


@pytest.mark.parametrize(
    ("region", "home"),
    [
        pytest.param("eu-west-1", "us-east-1", id="the usual partition"),
        pytest.param("us-gov-east-1", "us-gov-west-1", id="GovCloud"),
        pytest.param("cn-northwest-1", "cn-north-1", id="China"),
    ],
)
def test_where_global_events_are(region: str, home: str) -> None:
    assert home_region(region) == home
