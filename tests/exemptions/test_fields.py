"""Ports, peers, groups and durations: what people write, and what they are told."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exemptions.fields import (
    FieldError,
    duration_text,
    parse_cidrs,
    parse_duration,
    parse_groups,
    parse_peer_groups,
    parse_ports,
    ports_text,
)
from bot.exemptions.model import PortRange
from tests.exemptions.strategies import port_ranges

TCP, UDP = "tcp", "udp"


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        pytest.param("443/tcp", [PortRange(TCP, 443, 443)], id="a port"),
        pytest.param("443", [PortRange(TCP, 443, 443)], id="TCP where no protocol is named"),
        pytest.param("8000-8100/UDP", [PortRange(UDP, 8000, 8100)], id="a range, in capitals"),
        pytest.param("all", [PortRange("-1", None, None)], id="all traffic"),
        pytest.param("all/tcp", [PortRange(TCP, None, None)], id="all of a protocol"),
        pytest.param("all/50", [PortRange("50", None, None)], id="a protocol by number"),
        pytest.param("443/6", [PortRange(TCP, 443, 443)], id="a number that has a name"),
        pytest.param("8/icmp", [PortRange("icmp", 8, None)], id="an ICMP type"),
        pytest.param("3:4/icmp", [PortRange("icmp", 3, 4)], id="an ICMP type and code"),
        pytest.param("", [], id="nothing"),
        pytest.param(
            "443/tcp, 80/tcp\n22, 443/tcp",
            [PortRange(TCP, 443, 443), PortRange(TCP, 80, 80), PortRange(TCP, 22, 22)],
            id="a list, each once",
        ),
    ],
)
def test_ports(text: str, ports: list[PortRange]) -> None:
    assert parse_ports(text) == tuple(ports)


@given(st.lists(port_ranges, unique=True))
def test_ports_printed_and_read_are_equal(ports: list[PortRange]) -> None:
    assert parse_ports(", ".join(map(ports_text, ports))) == tuple(ports)


def test_cidrs() -> None:
    words = "10.0.0.0/8, 192.0.2.7 2001:DB8::/32,10.0.0.0/8"
    assert parse_cidrs(words) == ("10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32")


def test_groups() -> None:
    assert parse_groups("sg-0a1b, sg-2 sg-0a1b") == ("sg-0a1b", "sg-2")
    peers = "sg-0a1b, 123456789012/sg-2, pl-3"
    assert parse_peer_groups(peers) == ("sg-0a1b", "123456789012/sg-2", "pl-3")


@pytest.mark.parametrize(
    ("parse", "text", "word", "mend"),
    [
        pytest.param(parse_ports, "22/tpc", "22/tpc", "did you mean tcp?", id="mistyped protocol"),
        pytest.param(parse_ports, "443/999", "443/999", "number", id="no such protocol number"),
        pytest.param(parse_ports, "22, al/tcp", "al/tcp", "did you mean all?", id="mistyped all"),
        pytest.param(parse_ports, "tcp", "tcp", "did you mean tcp?", id="only a protocol"),
        pytest.param(parse_ports, "70000/tcp", "70000/tcp", "65535", id="a port too high"),
        pytest.param(parse_ports, "90-80/tcp", "90-80/tcp", "80-90/tcp", id="range backwards"),
        pytest.param(parse_ports, "80:90/tcp", "80:90/tcp", "80-90/tcp", id="colon for a dash"),
        pytest.param(parse_ports, "3-4/icmp", "3-4/icmp", "3:4/icmp", id="dash for a colon"),
        pytest.param(parse_ports, "300/icmp", "300/icmp", "255", id="an ICMP type too high"),
        pytest.param(parse_ports, "22/50", "22/50", "all/50", id="ports where there are none"),
        pytest.param(parse_cidrs, "10.0.0.0/33", "10.0.0.0/33", "10.0.0.0/8", id="length too long"),
        pytest.param(parse_cidrs, "a 10.1.2.3/8", "a", "10.0.0.0/8", id="a word that is no range"),
        pytest.param(parse_cidrs, "10.1.2.3/8", "10.1.2.3/8", "10.0.0.0/8?", id="bits beyond"),
        pytest.param(parse_groups, "web-prod", "web-prod", "sg-", id="a name for an id"),
        pytest.param(parse_peer_groups, "12/sg-1", "12/sg-1", "123456789012/", id="bad account"),
        pytest.param(parse_duration, "30", "30", "30d", id="a duration without a unit"),
        pytest.param(parse_duration, "3m", "3m", "30d", id="minutes or months: neither"),
        pytest.param(parse_duration, "0d", "0d", "some time", id="no time at all"),
        pytest.param(parse_duration, " soon ", "soon", "30d", id="no duration"),
    ],
)
def test_an_error_points_at_the_word_and_says_what_to_write(
    parse: Callable[[str], Any], text: str, word: str, mend: str
) -> None:
    with pytest.raises(FieldError) as raised:
        parse(text)
    assert raised.value.word == word
    assert mend in raised.value.mend
    assert str(raised.value) == f"“{word}”: {raised.value.mend}"


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        pytest.param("12h", 12, id="hours"),
        pytest.param("30d", 720, id="days"),
        pytest.param("2w", 336, id="weeks"),
        pytest.param(" 30 Days ", 720, id="in words"),
        pytest.param("1 hour", 1, id="one"),
    ],
)
def test_durations(text: str, hours: int) -> None:
    assert parse_duration(text) == timedelta(hours=hours)


@given(st.integers(1, 20_000))
def test_a_duration_printed_and_read_is_equal(hours: int) -> None:
    assert parse_duration(duration_text(timedelta(hours=hours))) == timedelta(hours=hours)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (parse_ports, parse_cidrs, parse_groups, parse_peer_groups, parse_duration):
        with suppress(FieldError):
            parse(text)
