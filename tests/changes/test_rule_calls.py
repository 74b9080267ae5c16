"""Calls about rules: authorise, revoke, edit and describe, in each form of any age."""

from typing import Any

import pytest

from bot.changes.change import GroupRef, Verb
from bot.changes.rules import Direction
from bot.changes.sentence import rule_line
from tests.changes.reading import change
from tests.records import (
    GONE,
    GROUP,
    Json,
    a_record,
    authorize,
    modify_rules,
    permission,
    revoke,
    wrapped,
)

OTHER = "sg-0fedcba9876543210"
FLAT = {"groupId": GROUP, "ipPermissions": {}, "ipProtocol": "tcp", "fromPort": 22, "toPort": 22}
RULE = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": "0.0.0.0/0"}


def lines(record: Json) -> tuple[list[str], list[str], list[str]]:
    made = change(record)
    return (
        [rule_line(rule) for rule in made.added],
        [rule_line(rule) for rule in made.removed],
        [rule_line(rule) for rule in made.modified],
    )


@pytest.mark.parametrize(
    ("record", "added"),
    [
        pytest.param(authorize(), ["in tcp 22 ← 0.0.0.0/0"], id="by permissions"),
        pytest.param(
            authorize(permission(None, protocol="-1", cidrs6=["::/0"]), egress=True),
            ["out all → ::/0"],
            id="egress, IPv6",
        ),
        pytest.param(
            authorize(permission(80), permission(443, "10.0.0.0/8", cidrs6=["fd00::/8"])),
            ["in tcp 80 ← 0.0.0.0/0", "in tcp 443 ← 10.0.0.0/8", "in tcp 443 ← fd00::/8"],
            id="several permissions, one with both versions",
        ),
        pytest.param(
            authorize(responseElements={"_return": True}),
            ["in tcp 22 ← 0.0.0.0/0"],
            id="of 2020: the response names no rules",
        ),
        pytest.param(
            authorize(requestParameters=FLAT | {"cidrIp": "0.0.0.0/0"}),
            ["in tcp 22 ← 0.0.0.0/0"],
            id="flat, beside empty permissions",
        ),
        pytest.param(
            authorize(
                requestParameters=FLAT | {"cidrIp": "1.2.3.4/0"}, responseElements={"_return": True}
            ),
            ["in tcp 22 ← 0.0.0.0/0"],
            id="flat, with host bits, of 2020",
        ),
        pytest.param(
            a_record(
                "AuthorizeSecurityGroupIngress",
                requestParameters={
                    "groupName": "web",
                    "sourceSecurityGroupName": "lb",
                    "sourceSecurityGroupOwnerId": "amazon-elb",
                },
                responseElements=None,
            ),
            ["in all ← amazon-elb/lb"],
            id="flat, from a group by name",
        ),
        pytest.param(
            authorize(requestParameters=GONE),
            ["in tcp 22 ← 0.0.0.0/0"],
            id="the response alone tells",
        ),
        pytest.param(
            authorize(permission(8, protocol="icmp", to_port=0), permission(-1, protocol="icmp")),
            ["in icmp 8:0 ← 0.0.0.0/0", "in icmp all ← 0.0.0.0/0"],
            id="ICMP",
        ),
    ],
)
def test_authorized_rules(record: Json, added: list[str]) -> None:
    assert lines(record) == (added, [], [])


def test_the_response_tells_ids_and_the_request_what_the_response_left_out() -> None:
    record = authorize(permission(22, "10.0.0.9/8", description="jump"))
    del record["responseElements"]["securityGroupRuleSet"]["items"][0]["description"]
    (rule,) = change(record).added
    assert (rule.rule_id, rule.description) == ("sgr-00000000000000001", "jump")


def test_a_rule_missing_from_the_response_is_not_lost() -> None:
    record = authorize(permission(22), permission(80))
    record["responseElements"]["securityGroupRuleSet"]["items"][0]["cidrIpv4"] = None
    assert [(rule.from_port, rule.rule_id) for rule in change(record).added] == [
        (22, ""),
        (80, "sgr-00000000000000002"),
    ]


def test_the_response_resolves_names() -> None:
    record = authorize(permission(22, groups=[{"groupName": "lb"}]))
    record["requestParameters"] |= {"groupId": None, "groupName": "web"}
    made = change(record)
    assert made.group == GroupRef(GROUP, "web")
    assert [str(rule.peer) for rule in made.added] == [GROUP]


BY_ID = {"groupId": GROUP, "securityGroupRuleIds": {"items": ["sgr-1", "sgr-2"]}}
REVOKED = {
    "items": [
        {
            "securityGroupRuleId": "sgr-1",
            "groupId": GROUP,
            "isEgress": False,
            "ipProtocol": "tcp",
            "fromPort": 22,
            "toPort": 22,
            "cidrIpv4": "10.0.0.0/8",
        }
    ]
}


@pytest.mark.parametrize(
    ("record", "removed", "left"),
    [
        pytest.param(revoke(), ["in tcp 22 ← 0.0.0.0/0"], (), id="by permissions"),
        pytest.param(
            revoke(permission(0, to_port=0, protocol="-1"), egress=True),
            ["out all → 0.0.0.0/0"],
            (),
            id="default egress, as Terraform writes it",
        ),
        pytest.param(
            revoke(requestParameters=FLAT | {"cidrIp": "0.0.0.0/0"}),
            ["in tcp 22 ← 0.0.0.0/0"],
            (),
            id="flat",
        ),
        pytest.param(revoke(requestParameters=BY_ID), [], ("sgr-1", "sgr-2"), id="by rule id"),
        pytest.param(
            revoke(
                requestParameters={
                    "securityGroupRuleIds": {"items": [{"securityGroupRuleId": "sgr-1"}]}
                }
            ),
            [],
            ("sgr-1",),
            id="by rule id, in an object",
        ),
        pytest.param(
            revoke(
                requestParameters=BY_ID, responseElements={"revokedSecurityGroupRuleSet": REVOKED}
            ),
            ["in tcp 22 ← 10.0.0.0/8"],
            ("sgr-2",),
            id="by rule id, and the response tells one",
        ),
        pytest.param(
            revoke(
                requestParameters=BY_ID,
                responseElements={"revokedSecurityGroupRuleSet": {"item": REVOKED["items"][0]}},
            ),
            ["in tcp 22 ← 10.0.0.0/8"],
            ("sgr-2",),
            id="by rule id, and the response tells one as newer calls do",
        ),
        pytest.param(
            revoke(
                permission(22),
                permission(80),
                responseElements={"unknownIpPermissionSet": {"items": [permission(80)]}},
            ),
            ["in tcp 22 ← 0.0.0.0/0"],
            (),
            id="one of the rules was never there",
        ),
    ],
)
def test_revoked_rules(record: Json, removed: list[str], left: tuple[str, ...]) -> None:
    assert lines(record) == ([], removed, [])
    assert change(record).rule_ids == left


@pytest.mark.parametrize(
    ("rules", "modified"),
    [
        pytest.param([RULE], ["in or out tcp 22 ↔ 0.0.0.0/0"], id="one"),
        pytest.param(
            [RULE, RULE | {"IpProtocol": -1}],
            ["in or out tcp 22 ↔ 0.0.0.0/0", "in or out all ↔ 0.0.0.0/0"],
            id="several, one of whose protocols became a number",
        ),
        pytest.param(
            [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 23, "PrefixListId": "pl-1"}],
            ["in or out tcp 22-23 ↔ pl-1"],
            id="a prefix list",
        ),
        pytest.param(
            [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "ReferencedGroupId": OTHER}],
            [f"in or out tcp 22 ↔ {OTHER}"],
            id="a group",
        ),
    ],
)
def test_edited_rules(rules: list[Json], modified: list[str]) -> None:
    record = modify_rules(*rules)
    assert lines(record) == ([], [], modified)
    made = change(record)
    assert (made.verb, made.group.id) == (Verb.MODIFY, GROUP)
    assert [rule.rule_id for rule in made.modified] == [
        f"sgr-{n:017x}" for n in range(1, len(rules) + 1)
    ]
    assert {rule.direction for rule in made.modified} == {Direction.UNKNOWN}


def test_an_edit_that_tells_no_rule_tells_its_id() -> None:
    made = change(modify_rules({"Description": 7}))
    assert (made.modified, made.rule_ids) == ((), ("sgr-00000000000000001",))


@pytest.mark.parametrize(
    ("request_", "modified", "left"),
    [
        pytest.param(
            {
                "GroupId": GROUP,
                "IpPermissions": {
                    "IpProtocol": "tcp",
                    "FromPort": 22,
                    "ToPort": 22,
                    "tag": 1,
                    "IpRanges": {"CidrIp": "10.0.0.0/8", "Description": 7, "tag": 1},
                },
            },
            ["in tcp 22 ← 10.0.0.0/8"],
            (),
            id="by permissions",
        ),
        pytest.param(
            {"SecurityGroupRuleDescription": {"SecurityGroupRuleId": "sgr-1", "Description": "x"}},
            [],
            ("sgr-1",),
            id="by rule id",
        ),
        pytest.param("", [], (), id="an empty request"),
    ],
)
def test_described_rules(request_: Any, modified: list[str], left: tuple[str, ...]) -> None:
    record = wrapped("UpdateSecurityGroupRuleDescriptionsIngress", request_)
    assert lines(record) == ([], [], modified)
    assert (change(record).verb, change(record).rule_ids) == (Verb.DESCRIBE, left)
