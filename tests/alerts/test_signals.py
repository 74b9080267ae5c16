"""Signals: each is known by name, weighed under the policy, and told in the docs."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.alerts.fact import Signal
from bot.alerts.signals import KNOWN, SignalPolicy, signal
from bot.policy import read_policy
from bot.tables import FileError

ROOT = Path(__file__).parents[2]


def named() -> Iterator[str]:
    """Yield the names of all signals that the investigation makes."""
    for path in sorted((ROOT / "bot" / "investigation").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                first = node.args[0] if node.args else None
                if node.func.id in {"Signal", "signal"} and isinstance(first, ast.Constant):
                    yield str(first.value)


def test_every_signal_is_known_and_none_is_known_in_vain() -> None:
    assert set(named()) == set(KNOWN)


def test_the_docs_have_them_all() -> None:
    text = (ROOT / "docs" / "severity.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| ([+-]\d+) \| (.+) \|$", text, re.MULTILINE)
    assert rows == [(name, f"{k.weight:+d}", k.meaning) for name, k in KNOWN.items()]


def test_a_policy_weighs_and_leaves_out() -> None:
    policy = read_policy(
        b"[signals]\nstep = 6\nnew_country = 5\nroot = 0", "p", "C0"
    ).alerts.signals
    assert policy == SignalPolicy(6, {"new_country": 5, "root": 0})
    weighed = policy.weighed(
        [signal("new_country", "x"), signal("root", "y"), signal("usual", "z")]
    )
    assert weighed == (Signal("new_country", 5, "x"), Signal("usual", KNOWN["usual"].weight, "z"))
    assert policy.weighed(weighed) == weighed


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param("[signals]\nnew_contry = 1", "did you mean new_country?", id="a misspelt one"),
        pytest.param("[signals]\nsteps = 1", "did you mean step?", id="a misspelt step"),
        pytest.param("[signals]\nqqqq = 1", "docs/severity.md lists", id="nothing like it"),
        pytest.param("[signals]\nstep = 0", "step must be 1 or more", id="no step"),
        pytest.param("[signals]\nroot = 99", "root must weigh from -20 to 20", id="too heavy"),
        pytest.param("[signals]\nroot = true", "signals.root: ", id="no number"),
        pytest.param("[expected]\ncountries = ['Germany']", "write DE", id="a country's name"),
        pytest.param("[expected]\ncountries = ['de']", "write DE", id="a code in small letters"),
        pytest.param("[expected]\ncountries = ['XX']", "write its ISO code", id="no country"),
        pytest.param("[expected]\nkey_days = 0", "expected.key_days: ", id="no age at all"),
        pytest.param(
            "[[networks]]\nname = 'VPN'\ncidrs = ['203.0.113.0/33']",
            "networks.#1.cidrs: “203.0.113.0/33” is no range",
            id="no range",
        ),
        pytest.param("[[networks]]\nname = 'VPN'\ncidrs = []", "networks.#1.cidrs: ", id="none"),
    ],
)
def test_a_wrong_policy_names_the_place(content: str, says: str) -> None:
    with pytest.raises(FileError) as caught:
        read_policy(content.encode(), "p.toml", "C0ALERTS")
    assert says in str(caught.value)


def test_what_is_expected_is_taken_from_the_policy() -> None:
    content = (
        b"[expected]\ncountries = ['DE']\nkey_days = 30\n"
        b"[[networks]]\nname = 'VPN'\ncidrs = ['203.0.113.0/24']"
    )
    policy = read_policy(content, "p", "C0")
    assert policy.expected.countries == ("DE",)
    assert policy.expected.key_age.days == 30
    assert policy.networks[0].name == "VPN"
