"""Patterns match as the naive model says, and never over a part of a path."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exemptions.patterns import fits, fits_path


@given(st.text(st.sampled_from("ab*"), min_size=1, max_size=8), st.text("ab", max_size=8))
def test_a_pattern_fits_what_a_shell_would_match(pattern: str, value: str) -> None:
    assert fits(pattern, value) is (value != "" and fnmatchcase(value, pattern))


@pytest.mark.parametrize(
    ("pattern", "fit", "unfit"),
    [
        pytest.param("arn:aws:iam::1:role/ci-*", "role/ci-web", "role/ci-web/admin", id="path"),
        pytest.param("arn:aws:iam::1:role/*", "role/x", "role/x/y", id="a path is no name"),
        pytest.param("arn:aws:iam::1:*/ci", "user/ci", "role/a/ci", id="either kind"),
        pytest.param("arn:aws:iam::*:role/ci", "role/ci", "role/ci2", id="any account"),
    ],
)
def test_a_star_stays_within_its_part(pattern: str, fit: str, unfit: str) -> None:
    assert fits_path(pattern, f"arn:aws:iam::1:{fit}")
    assert not fits_path(pattern, f"arn:aws:iam::1:{unfit}")
