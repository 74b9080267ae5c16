"""Mended rules: EC2 reads, compares and describes them in ways that moto does not."""

from typing import Any

import pytest

from sandbox.aws.actors import Actor
from tests.sandbox.group_rules import WORLD, admit, ingress, tcp
from tests.sandbox.refusals import refused


@pytest.mark.parametrize(
    ("permission", "expected"),
    [
        pytest.param(
            {"IpProtocol": "icmpv6", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
            ("icmpv6", -1, -1),
            id="ICMPv6 without ports is all of it",
        ),
        pytest.param(
            {"IpProtocol": "58", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
            ("icmpv6", -1, -1),
            id="58 is ICMPv6",
        ),
        pytest.param(
            {"IpProtocol": "icmp", "FromPort": 8, "ToPort": 0, "IpRanges": [{"CidrIp": WORLD}]},
            ("icmp", 8, 0),
            id="ICMP's ports are type and code",
        ),
        pytest.param(
            {"IpProtocol": "50", "IpRanges": [{"CidrIp": WORLD}]},
            ("50", -1, -1),
            id="protocol 50 has no ports",
        ),
        pytest.param(
            {"IpProtocol": "-1", "FromPort": 0, "ToPort": 0, "IpRanges": [{"CidrIp": WORLD}]},
            ("-1", -1, -1),
            id="all traffic has all ports, whatever the call says",
        ),
        pytest.param(
            {"IpProtocol": "6", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": WORLD}]},
            ("tcp", 22, 22),
            id="6 is TCP",
        ),
    ],
)
def test_protocols_and_ports(
    root: Actor, group: str, permission: Any, expected: tuple[str, int, int]
) -> None:
    (answered,) = admit(root, group, permission)
    (read,) = ingress(root, group)
    for rule in (answered, read):
        assert (rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) == expected
    root.ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[permission])
    assert ingress(root, group) == []


@pytest.mark.parametrize(
    ("permission", "code"),
    [
        pytest.param(
            {"IpProtocol": "tcp", "IpRanges": [{"CidrIp": WORLD}]},
            "InvalidParameterValue",
            id="TCP without ports",
        ),
        pytest.param(
            {"FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": WORLD}]},
            "InvalidParameterValue",
            id="no protocol",
        ),
        pytest.param(tcp(22, "10.0.0.0/40"), "InvalidParameterValue", id="no such prefix"),
        pytest.param(tcp(22, "10.0.0.1"), "InvalidParameterValue", id="an address alone"),
        pytest.param(tcp(22, "::/0"), "InvalidParameterValue", id="IPv6 as IPv4"),
        pytest.param(
            tcp(22, UserIdGroupPairs=[{"GroupId": "sg-00000000000000000"}]),
            "InvalidGroup.NotFound",
            id="no such group",
        ),
    ],
)
def test_what_ec2_refuses(root: Actor, group: str, permission: Any, code: str) -> None:
    call = root.ec2.authorize_security_group_ingress
    assert refused(call, GroupId=group, IpPermissions=[permission]) == code
    assert ingress(root, group) == []


def test_ranges_are_kept_as_the_network_that_they_name(root: Actor, group: str) -> None:
    rules = admit(
        root,
        group,
        tcp(22, "100.68.0.18/18", "1.2.3.4/0", Ipv6Ranges=[{"CidrIpv6": "2001:DB8::1/32"}]),
    )
    peers = [r.get("CidrIpv4") or r.get("CidrIpv6") for r in rules]
    assert peers == ["100.68.0.0/18", "0.0.0.0/0", "2001:db8::/32"]
    code = refused(
        root.ec2.authorize_security_group_ingress,
        GroupId=group,
        IpPermissions=[tcp(22, "100.68.0.19/18")],
    )
    assert code == "InvalidPermission.Duplicate"


def test_every_kind_of_peer_shows_its_description(root: Actor, group: str) -> None:
    prefix_list = root.ec2.create_managed_prefix_list(
        PrefixListName="partners", MaxEntries=5, AddressFamily="IPv4"
    )["PrefixList"]["PrefixListId"]
    permission = {
        "IpProtocol": "tcp",
        "FromPort": 22,
        "ToPort": 22,
        "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "v4"}],
        "Ipv6Ranges": [{"CidrIpv6": "fd00::/8", "Description": "v6"}],
        "UserIdGroupPairs": [{"GroupId": group, "Description": "self"}],
        "PrefixListIds": [{"PrefixListId": prefix_list, "Description": "list"}],
    }
    rules = admit(root, group, permission)
    assert [rule["Description"] for rule in rules] == ["v4", "v6", "self", "list"]
    assert [rule["Description"] for rule in ingress(root, group)] == ["v4", "v6", "self", "list"]
    pair = rules[2]["ReferencedGroupInfo"]
    assert (pair["GroupId"], pair["UserId"]) == (group, "123456789012")


def test_a_described_group_pair_is_revoked_without_its_description(root: Actor, group: str) -> None:
    pair = {"GroupId": group, "Description": "members may talk"}
    admit(root, group, tcp(22, UserIdGroupPairs=[pair]))
    root.ec2.revoke_security_group_ingress(
        GroupId=group, IpPermissions=[tcp(22, UserIdGroupPairs=[{"GroupId": group}])]
    )
    assert ingress(root, group) == []


def test_a_group_of_another_account_is_taken_at_its_word(root: Actor, group: str) -> None:
    pair = {"GroupId": "sg-0123456789abcdef0", "UserId": "999999999999"}
    (rule,) = admit(root, group, tcp(22, UserIdGroupPairs=[pair]))
    assert rule["ReferencedGroupInfo"]["UserId"] == "999999999999"
