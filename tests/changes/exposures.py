"""Exposures for tests: an organisation, rules to ranges, and what a change of them opens."""

from dataclasses import replace
from typing import Any

from bot.changes.exposure import Exposure, Organisation, exposure_of
from bot.changes.permissions import cidr_peer
from bot.changes.rules import GroupRule
from tests.builders import a_change, a_rule

OURS = Organisation(
    accounts=frozenset({"210987654321"}),
    cidrs=("203.0.113.0/24", "192.0.0.0/8", "2001:db8::/32"),
    aws_cidrs=("52.92.0.0/14", "3.0.0.0/9"),
)


def rule(cidr: str, port: int | None = 22, to_port: int | None = None, **fields: Any) -> GroupRule:
    return replace(
        a_rule(port, **fields), peer=cidr_peer(cidr), to_port=port if to_port is None else to_port
    )


def exposure(*rules: GroupRule, before: Any = None, **fields: Any) -> Exposure | None:
    change = a_change(added=rules, **fields)
    return exposure_of(change, organisation=OURS, before=before)


def certain(found: Exposure | None) -> Exposure:
    assert found is not None
    return found
