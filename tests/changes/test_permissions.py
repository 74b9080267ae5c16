"""Group rules in AWS's forms and back: nothing is lost, and equal is what AWS calls equal."""

from typing import Any

import pytest
from botocore.session import get_session
from botocore.validate import ParamValidator
from hypothesis import given
from hypothesis import strategies as st

from bot.changes.permissions import (
    RuleFormError,
    permissions_from_rules,
    rule_from_description,
    rules_from_permissions,
)
from bot.changes.rules import Direction, GroupRule, Peer, PeerKind
from tests.changes.strategies import content, rules_of
from tests.cloudtrail.strategies import anything
from tests.records import ACCOUNT, permission

IN, OUT = Direction.INGRESS, Direction.EGRESS
WORLD = Peer(PeerKind.IPV4, "0.0.0.0/0")

EC2 = get_session().get_service_model("ec2")


def one(item: Any, owner: str = "") -> GroupRule:
    (rule,) = rules_from_permissions([item], IN, owner)
    return rule


@pytest.mark.parametrize(
    ("item", "protocol", "ports"),
    [
        pytest.param(permission(22), "tcp", (22, 22), id="one port"),
        pytest.param(permission(0, to_port=65535), "tcp", (0, 65535), id="all ports of TCP"),
        pytest.param(permission(None), "tcp", (0, 65535), id="TCP without ports"),
        pytest.param(permission(-1, protocol="udp"), "udp", (0, 65535), id="UDP with -1"),
        pytest.param(permission(22, protocol="6"), "tcp", (22, 22), id="TCP by number"),
        pytest.param(permission(53, protocol="17"), "udp", (53, 53), id="UDP by number"),
        pytest.param(permission(53, protocol="UDP"), "udp", (53, 53), id="in capitals"),
        pytest.param(permission(None, protocol="-1"), "-1", (None, None), id="all traffic"),
        pytest.param(permission(0, protocol="-1"), "-1", (None, None), id="all traffic with 0/0"),
        pytest.param(
            permission(0, to_port=65535, protocol="-1"), "-1", (None, None), id="with 0/65535"
        ),
        pytest.param({**permission(-1), "ipProtocol": -1}, "-1", (None, None), id="as a number"),
        pytest.param(permission(-1, protocol="icmp"), "icmp", (None, None), id="all of ICMP"),
        pytest.param(
            permission(8, to_port=-1, protocol="icmp"), "icmp", (8, None), id="one type of ICMP"
        ),
        pytest.param(
            permission(3, to_port=4, protocol="1"), "icmp", (3, 4), id="type and code by number"
        ),
        pytest.param(permission(-1, protocol="58"), "icmpv6", (None, None), id="ICMPv6 by number"),
        pytest.param(
            permission(0, protocol="50"), "50", (None, None), id="a protocol without ports"
        ),
        pytest.param({**permission(), "fromPort": "22"}, "tcp", (22, 22), id="ports as text"),
        pytest.param({**permission(), "fromPort": 22.0}, "tcp", (22, 22), id="ports as fractions"),
        pytest.param({**permission(), "ipProtocol": None}, "", (22, 22), id="no protocol"),
    ],
)
def test_protocol_and_ports(item: Any, protocol: str, ports: tuple[int | None, int | None]) -> None:
    rule = one(item)
    assert (rule.protocol, rule.from_port, rule.to_port) == (protocol, *ports)


@pytest.mark.parametrize(
    ("item", "peer"),
    [
        pytest.param(permission(22, "10.0.0.0/8"), Peer(PeerKind.IPV4, "10.0.0.0/8"), id="IPv4"),
        pytest.param(
            permission(22, "10.1.2.3/8"), Peer(PeerKind.IPV4, "10.0.0.0/8"), id="host bits"
        ),
        pytest.param(permission(22, "208.236.235.254/0"), WORLD, id="all with host bits"),
        pytest.param(
            permission(cidrs6=["2001:DB8:0::/32"]), Peer(PeerKind.IPV6, "2001:db8::/32"), id="IPv6"
        ),
        pytest.param(
            permission(groups=[{"groupId": "sg-1"}]), Peer(PeerKind.GROUP, "sg-1"), id="a group"
        ),
        pytest.param(
            permission(groups=[{"groupId": "sg-1", "userId": ACCOUNT}]),
            Peer(PeerKind.GROUP, "sg-1"),
            id="a group of the same account",
        ),
        pytest.param(
            permission(groups=[{"groupId": "sg-1", "userId": "210987654321"}]),
            Peer(PeerKind.GROUP, "sg-1", "210987654321"),
            id="a group of another account",
        ),
        pytest.param(
            permission(groups=[{"groupName": "web"}]), Peer(PeerKind.GROUP, "web"), id="by name"
        ),
        pytest.param(
            permission(prefix_lists=["pl-1"]), Peer(PeerKind.PREFIX_LIST, "pl-1"), id="a list"
        ),
        pytest.param(permission(22, "nonsense"), Peer(PeerKind.IPV4, "nonsense"), id="no range"),
    ],
)
def test_peers(item: Any, peer: Peer) -> None:
    assert one(item, ACCOUNT).peer == peer


def test_each_peer_makes_a_rule_and_each_rule_is_once() -> None:
    item = permission(22, "10.0.0.0/8", "10.9.9.9/8", cidrs6=["::/0"], description="jump host")
    rules = rules_from_permissions({"items": [item, item]}, IN)
    assert [str(rule.peer) for rule in rules] == ["10.0.0.0/8", "::/0"]
    assert {rule.description for rule in rules} == {"jump host"}


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(
            {
                "IpProtocol": "tcp",
                "FromPort": 22,
                "ToPort": 22,
                "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "jump"}],
                "UserIdGroupPairs": [{"GroupId": "sg-1", "UserId": ACCOUNT}],
            },
            id="as boto3 has it",
        ),
        pytest.param(
            {
                "IpProtocol": "tcp",
                "FromPort": 22,
                "ToPort": 22,
                "tag": 1,
                "IpRanges": {"CidrIp": "10.0.0.0/8", "Description": "jump", "tag": 1},
                "Groups": {"GroupId": "sg-1", "tag": 1},
            },
            id="as CloudTrail has newer calls, one of each",
        ),
        pytest.param(
            [
                {
                    "IpProtocol": 6,
                    "FromPort": 22,
                    "ToPort": 22,
                    "IpRanges": r,
                    "Groups": g,
                    "tag": n,
                }
                for n, (r, g) in enumerate(
                    [([{"CidrIp": "10.0.0.0/8", "tag": 1}], ""), ("", {"GroupId": "sg-1"})]
                )
            ],
            id="as CloudTrail has newer calls, several",
        ),
    ],
)
def test_other_spellings_mean_the_same(written: Any) -> None:
    usual = permission(22, "10.0.0.0/8", groups=[{"groupId": "sg-1"}])
    expected = set(rules_from_permissions([usual], IN))
    assert set(rules_from_permissions(written, IN, ACCOUNT)) == expected


@given(st.sampled_from((IN, OUT)).flatmap(lambda way: st.tuples(st.just(way), rules_of(way))))
def test_rules_to_permissions_to_rules_is_the_identity(
    given_rules: tuple[Direction, list[GroupRule]],
) -> None:
    direction, rules = given_rules
    permissions = permissions_from_rules(rules)
    shape = EC2.operation_model("AuthorizeSecurityGroupIngress").input_shape
    assert shape is not None
    report = ParamValidator().validate({"GroupId": "sg-1", "IpPermissions": permissions}, shape)
    assert not report.has_errors(), report.generate_report()
    again = rules_from_permissions(permissions, direction)
    assert {content(rule) for rule in again} == {content(rule) for rule in rules}


def test_rules_with_the_same_ports_share_a_permission() -> None:
    ssh = [GroupRule(IN, "tcp", 22, 22, Peer(PeerKind.IPV4, f"10.{n}.0.0/16")) for n in range(3)]
    (item,) = permissions_from_rules(ssh)
    assert item["IpRanges"] == [{"CidrIp": f"10.{n}.0.0/16"} for n in range(3)]


DESCRIBED = {
    "SecurityGroupRuleId": "sgr-1",
    "GroupId": "sg-1",
    "GroupOwnerId": ACCOUNT,
    "IsEgress": False,
    "IpProtocol": "tcp",
    "FromPort": 22,
    "ToPort": 22,
    "CidrIpv4": "10.0.0.0/8",
    "Description": "jump",
    "Tags": [],
}
OWN = {"GroupId": "sg-2", "UserId": ACCOUNT}
THEIRS = {"GroupId": "sg-2", "UserId": "210987654321"}


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        pytest.param(
            {}, GroupRule(IN, "tcp", 22, 22, Peer(PeerKind.IPV4, "10.0.0.0/8")), id="IPv4"
        ),
        pytest.param(
            {"CidrIpv4": "", "CidrIpv6": "::/0", "IsEgress": True},
            GroupRule(OUT, "tcp", 22, 22, Peer(PeerKind.IPV6, "::/0")),
            id="IPv6, outgoing",
        ),
        pytest.param(
            {"CidrIpv4": "0.0.0.0/0", "IpProtocol": "-1", "FromPort": -1, "ToPort": -1},
            GroupRule(IN, "-1", None, None, WORLD),
            id="all traffic",
        ),
        pytest.param(
            {"CidrIpv4": None, "ReferencedGroupInfo": OWN},
            GroupRule(IN, "tcp", 22, 22, Peer(PeerKind.GROUP, "sg-2")),
            id="a group of the same account",
        ),
        pytest.param(
            {"CidrIpv4": None, "ReferencedGroupInfo": THEIRS},
            GroupRule(IN, "tcp", 22, 22, Peer(PeerKind.GROUP, "sg-2", "210987654321")),
            id="a group of another account",
        ),
        pytest.param(
            {"CidrIpv4": None, "PrefixListId": "pl-1"},
            GroupRule(IN, "tcp", 22, 22, Peer(PeerKind.PREFIX_LIST, "pl-1")),
            id="a prefix list",
        ),
    ],
)
def test_a_rule_as_aws_describes_it(fields: dict[str, Any], rule: GroupRule) -> None:
    read = rule_from_description(DESCRIBED | fields)
    assert read == rule
    assert (read.rule_id, read.description) == ("sgr-1", "jump")


@pytest.mark.parametrize("missing", ["CidrIpv4", "IsEgress"])
def test_a_rule_that_cannot_be_read_is_not_passed_over(missing: str) -> None:
    with pytest.raises(RuleFormError, match="sgr-1"):
        rule_from_description({key: v for key, v in DESCRIBED.items() if key != missing})


@given(anything)
def test_anything_is_some_permissions(value: Any) -> None:
    rules = rules_from_permissions(value, IN)
    assert all(rule.peer.value for rule in rules)
    permissions_from_rules(rules)
