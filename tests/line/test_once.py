"""``make demo ONCE=1``: it passes, and fails if any one thing does not happen."""

import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.once import STEPS

pytestmark = pytest.mark.line
ROOT = Path(__file__).parents[2]


def once(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sandbox.demo", "--once", *options]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False
    )


def test_it_plays_through_and_prints_the_conversation() -> None:
    played = once()
    assert played.returncode == 0, played.stdout + played.stderr
    for words in ("The conversation in #sg-alerts", "BENIGN", "EXEMPTED", "REVERTED"):
        assert words in played.stdout


SHORT = "alert"
"""One of the steps; the others are left out in the long tests: each takes half a minute."""


@pytest.mark.parametrize(
    "step", [pytest.param(s, marks=() if s == SHORT else pytest.mark.long) for s in STEPS]
)
def test_it_fails_if_a_step_does_not_happen(step: str) -> None:
    played = once("--without", step, "--patience", "6")
    assert played.returncode == 1, played.stdout + played.stderr
    assert f"  {step}: " in played.stdout
