"""Mended calls about rules: each is done whole or not at all, and answers with all its rules."""

from typing import Any

import pytest

from sandbox.aws.actors import Actor
from tests.sandbox.group_rules import WORLD, admit, ingress, tcp
from tests.sandbox.refusals import refused


def test_an_authorize_answers_with_the_rules_of_every_permission(root: Actor, group: str) -> None:
    rules = admit(
        root,
        group,
        tcp(22, "10.0.0.0/8", "192.168.0.0/16"),
        tcp(80, Ipv6Ranges=[{"CidrIpv6": "::/0"}]),
    )
    peers = [(r["FromPort"], r.get("CidrIpv4") or r.get("CidrIpv6")) for r in rules]
    assert peers == [(22, "10.0.0.0/8"), (22, "192.168.0.0/16"), (80, "::/0")]
    assert {r["GroupOwnerId"] for r in rules} == {"123456789012"}
    assert len({r["SecurityGroupRuleId"] for r in rules}) == 3


def test_a_call_that_fails_in_part_changes_nothing(root: Actor, group: str) -> None:
    admit(root, group, tcp(22, WORLD))
    code = refused(
        root.ec2.authorize_security_group_ingress,
        GroupId=group,
        IpPermissions=[tcp(80, WORLD), tcp(22, WORLD)],
    )
    assert code == "InvalidPermission.Duplicate"
    code = refused(
        root.ec2.revoke_security_group_ingress,
        GroupId=group,
        IpPermissions=[tcp(22, WORLD), tcp(443, WORLD)],
    )
    assert code == "InvalidPermission.NotFound"
    assert [rule["FromPort"] for rule in ingress(root, group)] == [22]


def test_the_same_rule_twice_in_a_call_is_refused(root: Actor, group: str) -> None:
    code = refused(
        root.ec2.authorize_security_group_ingress,
        GroupId=group,
        IpPermissions=[tcp(22, "10.0.0.1/8", "10.0.0.2/8")],
    )
    assert code == "InvalidParameterValue"


def test_a_revoke_says_what_it_removed(root: Actor, group: str) -> None:
    one, two = admit(root, group, tcp(22, WORLD), tcp(80, UserIdGroupPairs=[{"GroupId": group}]))
    by_shape = root.ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[tcp(22, WORLD)])
    by_id = root.ec2.revoke_security_group_ingress(
        GroupId=group, SecurityGroupRuleIds=[two["SecurityGroupRuleId"]]
    )
    (first,) = by_shape["RevokedSecurityGroupRules"]
    (second,) = by_id["RevokedSecurityGroupRules"]
    assert first["SecurityGroupRuleId"] == one["SecurityGroupRuleId"]
    assert (first["CidrIpv4"], first["FromPort"], first["IsEgress"]) == (WORLD, 22, False)
    assert second["ReferencedGroupId"] == group
    assert ingress(root, group) == []


def test_an_id_of_the_other_direction_is_not_found(root: Actor, group: str) -> None:
    (rule,) = admit(root, group, tcp(22, WORLD))
    code = refused(
        root.ec2.revoke_security_group_egress,
        GroupId=group,
        SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]],
    )
    assert code == "InvalidSecurityGroupRuleId.NotFound"


def test_revoking_an_ipv6_rule_that_is_not_there_is_not_found(root: Actor, group: str) -> None:
    permission = {"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}
    call = root.ec2.revoke_security_group_egress
    assert refused(call, GroupId=group, IpPermissions=[permission]) == "InvalidPermission.NotFound"


def test_the_flat_form_is_one_permission(root: Actor, group: str) -> None:
    flat: Any = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": WORLD}
    answer = root.ec2.authorize_security_group_ingress(GroupId=group, **flat)
    assert [rule["CidrIpv4"] for rule in answer["SecurityGroupRules"]] == [WORLD]
    root.ec2.revoke_security_group_ingress(GroupId=group, **flat)
    assert ingress(root, group) == []


def test_a_dry_run_changes_nothing(root: Actor, group: str) -> None:
    call = root.ec2.authorize_security_group_ingress
    code = refused(call, GroupId=group, IpPermissions=[tcp(22, WORLD)], DryRun=True)
    assert code == "DryRunOperation"
    assert ingress(root, group) == []


def test_a_full_group_refuses_one_rule_more(root: Actor, group: str) -> None:
    admit(root, group, tcp(22, *(f"10.0.{n}.0/24" for n in range(60))))
    code = refused(
        root.ec2.authorize_security_group_ingress, GroupId=group, IpPermissions=[tcp(22, WORLD)]
    )
    assert code == "RulesPerSecurityGroupLimitExceeded"


def test_descriptions_are_updated_by_id_and_by_shape(root: Actor, group: str) -> None:
    one, _ = admit(root, group, tcp(22, WORLD), tcp(80, WORLD))
    update = root.ec2.update_security_group_rule_descriptions_ingress
    update(
        GroupId=group,
        SecurityGroupRuleDescriptions=[
            {"SecurityGroupRuleId": one["SecurityGroupRuleId"], "Description": "by id"}
        ],
    )
    update(
        GroupId=group,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 80,
                "ToPort": 80,
                "IpRanges": [{"CidrIp": WORLD, "Description": "by shape"}],
            }
        ],
    )
    assert [rule["Description"] for rule in ingress(root, group)] == ["by id", "by shape"]
    update(
        GroupId=group,
        SecurityGroupRuleDescriptions=[{"SecurityGroupRuleId": one["SecurityGroupRuleId"]}],
    )
    assert "Description" not in ingress(root, group)[0]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            tcp(22, "10.0.0.0/8"),
            {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 23, "CidrIpv4": WORLD},
            {"FromPort": 22, "ToPort": 23, "CidrIpv4": WORLD},
            id="an IPv4 range",
        ),
        pytest.param(
            tcp(22, Ipv6Ranges=[{"CidrIpv6": "fd00::/8"}]),
            {"IpProtocol": "-1", "CidrIpv6": "::/0", "Description": "open"},
            {"IpProtocol": "-1", "CidrIpv6": "::/0", "Description": "open", "FromPort": -1},
            id="an IPv6 range, to all traffic",
        ),
    ],
)
def test_a_rule_is_modified_in_place(
    root: Actor, group: str, before: Any, after: Any, expected: dict[str, Any]
) -> None:
    (rule,) = admit(root, group, before)
    rule_id = rule["SecurityGroupRuleId"]
    root.ec2.modify_security_group_rules(
        GroupId=group,
        SecurityGroupRules=[{"SecurityGroupRuleId": rule_id, "SecurityGroupRule": after}],
    )
    (read,) = ingress(root, group)
    assert read["SecurityGroupRuleId"] == rule_id
    assert {key: read[key] for key in expected} == expected


def test_a_rule_of_a_prefix_list_takes_a_new_description(root: Actor, group: str) -> None:
    prefix_list = root.ec2.create_managed_prefix_list(
        PrefixListName="partners", MaxEntries=5, AddressFamily="IPv4"
    )["PrefixList"]["PrefixListId"]
    (rule,) = admit(root, group, tcp(22, PrefixListIds=[{"PrefixListId": prefix_list}]))
    after: Any = {"IpProtocol": "-1", "PrefixListId": prefix_list, "Description": "partners"}
    update: Any = {"SecurityGroupRuleId": rule["SecurityGroupRuleId"], "SecurityGroupRule": after}
    root.ec2.modify_security_group_rules(GroupId=group, SecurityGroupRules=[update])
    (read,) = ingress(root, group)
    assert (read["PrefixListId"], read["Description"]) == (prefix_list, "partners")


@pytest.mark.parametrize(
    ("after", "code"),
    [
        pytest.param(
            {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv6": "::/0"},
            "InvalidParameterValue",
            id="another kind of peer",
        ),
        pytest.param(
            {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIpv4": WORLD},
            "InvalidPermission.Duplicate",
            id="a rule that is there",
        ),
        pytest.param(
            {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80},
            "InvalidParameterCombination",
            id="no peer",
        ),
    ],
)
def test_a_modification_that_ec2_refuses(root: Actor, group: str, after: Any, code: str) -> None:
    rule, _ = admit(root, group, tcp(22, WORLD), tcp(80, WORLD))
    update = {"SecurityGroupRuleId": rule["SecurityGroupRuleId"], "SecurityGroupRule": after}
    call = root.ec2.modify_security_group_rules
    assert refused(call, GroupId=group, SecurityGroupRules=[update]) == code
    assert [rule["FromPort"] for rule in ingress(root, group)] == [22, 80]
