"""Untrusted text on one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cloudtrail.text import printable


@pytest.mark.parametrize(
    ("text", "limit", "line"),
    [
        pytest.param("plain", 10, "plain", id="plain text stays"),
        pytest.param("a\nb\r\n\tc", 10, "a b c", id="lines become one"),
        pytest.param("a\x1b[31mb\x00", 10, "a[31mb", id="no terminal sequence begins"),
        pytest.param("user\u202egpj.exe", 20, "usergpj.exe", id="the writing direction stays"),
        pytest.param("ad\u200bmin\ufeff", 10, "admin", id="nothing without width"),
        pytest.param("half\ud800", 10, "half", id="no half of a surrogate pair"),
        pytest.param(
            "<!channel> *x*", 20, "<!channel> *x*", id="marks stay: escaping is elsewhere"
        ),
        pytest.param("Zoë 🔴", 10, "Zoë 🔴", id="other scripts and pictures stay"),
        pytest.param("0123456789a", 10, "012345678…", id="too long is cut, and told"),
        pytest.param(" " * 99 + "a", 10, "…", id="what lies far behind blanks is cut"),
        pytest.param("", 10, "", id="nothing"),
    ],
)
def test_text_becomes_one_line(text: str, limit: int, line: str) -> None:
    assert printable(text, limit) == line


@given(st.text(), st.integers(1, 50))
def test_the_line_is_short_printable_and_stays_as_it_is(text: str, limit: int) -> None:
    line = printable(text, limit)
    assert len(line) <= limit
    assert line.isprintable()
    assert printable(line, limit) == line
