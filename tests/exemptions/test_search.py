"""Searching exemptions: by the scope's clauses and by words."""

import pytest

from bot.exemptions.fields import FieldError
from bot.exemptions.model import Exemption
from bot.exemptions.search import parse_search
from bot.exemptions.text import parse_scope
from tests.builders import NOON

HELD = Exemption(
    "EX-1",
    parse_scope(
        "principal=role/ci-*,role/deploy account=123456789012 group=sg-0a1b peers=10.0.0.0/8,sg-2 "
        'tool="AWS CLI" ports=443'
    ),
    "CHG-12: the rollout",
    "U0ROSA",
    NOON,
    NOON,
    alert="SGW-1",
    file="team-web",
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "principal=role/deploy",
        "principal=DEPLOY",
        "principal=role/ci-prod",
        "principal=role/*",
        "group=sg-0a1b account=123456789012",
        "peers=10.1.2.3",
        "peers=10.1.0.0/16",
        "tool=cli",
        "tool=“aws cli”",
        "ports=22,443",
        "ports=443",
        "owner=U0ROSA alert=sgw-1 file=team",
        "rollout chg-12",
        '"the rollout"',
        "ex-1",
        "group=sg-0a1b rollout",
    ],
)
def test_it_is_found(text: str) -> None:
    assert parse_search(text).finds(HELD)


@pytest.mark.parametrize(
    "text",
    [
        "principal=role/web",
        "group=sg-2",
        "peers=11.0.0.0/8",
        "peers=0.0.0.0/0",
        "region=eu-west-1",
        "file=team-api",
        "rollback",
        '"rollout the"',
        "group=sg-0a1b rollback",
    ],
)
def test_it_is_not_found(text: str) -> None:
    assert not parse_search(text).finds(HELD)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("grup=sg-1", "“grup”: did you mean group?", id="a typo"),
        pytest.param("xyz=1", "look by principal, ", id="no such clause"),
        pytest.param("group=", "say which: group=…", id="no value"),
    ],
)
def test_what_cannot_be_looked_by_is_told(text: str, said: str) -> None:
    with pytest.raises(FieldError, match=said):
        parse_search(text)
