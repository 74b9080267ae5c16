"""Any record as one change: each call, in each form that CloudTrail has written it in."""

from typing import Any

import pytest

from bot.changes.change import Change, GroupRef, Verb
from bot.changes.normalise import change_of, is_group_change
from bot.changes.rules import Direction
from bot.changes.sentence import rule_line
from bot.cloudtrail.record import parse_record
from tests.records import (
    ACCOUNT,
    GONE,
    GROUP,
    REGION,
    VPC,
    Json,
    a_record,
    authorize,
    create_group,
    failed,
    modify_rules,
    move_instance,
    permission,
    revoke,
    wrapped,
)

OTHER = "sg-0fedcba9876543210"
FLAT = {"groupId": GROUP, "ipPermissions": {}, "ipProtocol": "tcp", "fromPort": 22, "toPort": 22}
RULE = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": "0.0.0.0/0"}


def change(record: Json) -> Change:
    return change_of(parse_record(record))


def lines(record: Json) -> tuple[list[str], list[str], list[str]]:
    made = change(record)
    return (
        [rule_line(rule) for rule in made.added],
        [rule_line(rule) for rule in made.removed],
        [rule_line(rule) for rule in made.modified],
    )


def test_a_change_says_where_and_when() -> None:
    made = change(authorize())
    assert (made.event_id, made.at.isoformat()) == (
        "0e8b1f2a-0000-4000-8000-000000000001",
        "2026-03-02T12:00:00+00:00",
    )
    assert (made.account, made.region) == (ACCOUNT, REGION)
    assert (made.action, made.verb) == ("AuthorizeSecurityGroupIngress", Verb.AUTHORIZE)
    assert (made.group, made.caller) == (GroupRef(GROUP), "198.51.100.9")


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


def test_a_new_group_has_its_id_from_the_response_and_its_default_egress() -> None:
    made = change(create_group("web-prod"))
    assert (made.verb, made.group) == (Verb.CREATE, GroupRef(GROUP, "web-prod", VPC))
    assert [rule_line(rule) for rule in made.added] == ["out all → 0.0.0.0/0"]


TAGS = {"items": [{"key": "Name", "value": "web"}, {"key": "Team"}]}


@pytest.mark.parametrize(
    ("record", "verb", "group", "target", "detail"),
    [
        pytest.param(
            a_record("DeleteSecurityGroup"), Verb.DELETE, GroupRef(GROUP), "", "", id="deleted"
        ),
        pytest.param(
            a_record("DeleteSecurityGroup", requestParameters={"groupName": "web"}),
            Verb.DELETE,
            GroupRef("", "web"),
            "",
            "",
            id="deleted by name",
        ),
        pytest.param(
            a_record(
                "CreateTags",
                requestParameters={
                    "resourcesSet": {"items": [{"resourceId": GROUP}]},
                    "tagSet": TAGS,
                },
            ),
            Verb.TAG,
            GroupRef(GROUP),
            GROUP,
            "Name=web, Team",
            id="tagged",
        ),
        pytest.param(
            a_record(
                "DeleteTags",
                requestParameters={
                    "resourcesSet": {"items": [{"resourceId": GROUP}, {"resourceId": OTHER}]}
                },
            ),
            Verb.TAG,
            GroupRef(),
            f"{GROUP}, {OTHER}",
            "",
            id="untagged, several",
        ),
        pytest.param(
            a_record(
                "CreateTags",
                requestParameters={"resourcesSet": {"items": [{"resourceId": "i-1"}]}},
            ),
            Verb.OTHER,
            GroupRef(),
            "i-1",
            "",
            id="tags on something else",
        ),
        pytest.param(
            wrapped("AssociateSecurityGroupVpc", {"GroupId": GROUP, "VpcId": VPC}),
            Verb.ASSOCIATE,
            GroupRef(GROUP),
            VPC,
            "",
            id="associated",
        ),
        pytest.param(
            wrapped("DisassociateSecurityGroupVpc", {"GroupId": GROUP, "VpcId": VPC}),
            Verb.DISASSOCIATE,
            GroupRef(GROUP),
            VPC,
            "",
            id="disassociated",
        ),
        pytest.param(
            a_record(
                "CreateDefaultVpc",
                requestParameters={"CreateDefaultVpcRequest": ""},
                responseElements={"CreateDefaultVpcResponse": {"vpc": {"vpcId": VPC}}},
            ),
            Verb.CREATE,
            GroupRef("", "default", VPC),
            VPC,
            "",
            id="a default VPC",
        ),
    ],
)
def test_groups_as_a_whole(
    record: Json, verb: Verb, group: GroupRef, target: str, detail: str
) -> None:
    made = change(record)
    assert (made.verb, made.group, made.target, made.detail) == (verb, group, target, detail)


def groups(*ids: str) -> Json:
    return {"groupSet": {"items": [{"groupId": group_id} for group_id in ids]}}


def run(*sets: Json, **request: Any) -> Json:
    """Return instances being started, each with these groups in the response."""
    made = [{"instanceId": f"i-{number}"} | groups_ for number, groups_ in enumerate(sets, 1)]
    return a_record(
        "RunInstances",
        requestParameters={"instancesSet": {"items": [{"imageId": "ami-1"}]}} | request,
        responseElements={"instancesSet": {"items": made}} if made else None,
    )


def interface(request: Json, response: Json) -> Json:
    made = {"networkInterface": {"networkInterfaceId": "eni-1"} | response}
    return a_record("CreateNetworkInterface", requestParameters=request, responseElements=made)


@pytest.mark.parametrize(
    ("record", "target", "after", "group"),
    [
        pytest.param(
            move_instance(GROUP),
            "i-0123456789abcdef0",
            (GROUP,),
            GROUP,
            id="an instance, one group",
        ),
        pytest.param(
            move_instance(GROUP, OTHER), "i-0123456789abcdef0", (GROUP, OTHER), "", id="two groups"
        ),
        pytest.param(
            a_record(
                "ModifyNetworkInterfaceAttribute",
                requestParameters={"networkInterfaceId": "eni-1"} | groups(OTHER),
            ),
            "eni-1",
            (OTHER,),
            OTHER,
            id="an interface",
        ),
        pytest.param(
            run(groups(GROUP), groups(GROUP)), "i-1, i-2", (GROUP,), GROUP, id="started instances"
        ),
        pytest.param(
            run({"networkInterfaceSet": {"items": [groups(OTHER)]}}),
            "i-1",
            (OTHER,),
            OTHER,
            id="started, groups on the interface",
        ),
        pytest.param(run(**groups(GROUP)), "", (GROUP,), GROUP, id="started, the request tells"),
        pytest.param(
            run(networkInterfaceSet={"items": [groups(GROUP, OTHER)]}),
            "",
            (GROUP, OTHER),
            "",
            id="started, the request's interface tells",
        ),
        pytest.param(
            interface({"groupSet": {}}, groups(GROUP)), "eni-1", (GROUP,), GROUP, id="by default"
        ),
        pytest.param(interface(groups(GROUP), {}), "eni-1", (GROUP,), GROUP, id="as asked"),
    ],
)
def test_members_moved(record: Json, target: str, after: tuple[str, ...], group: str) -> None:
    made = change(record)
    assert (made.verb, made.target, made.groups_after, made.group.id) == (
        Verb.MOVE,
        target,
        after,
        group,
    )


@pytest.mark.parametrize(
    ("record", "added", "removed", "target"),
    [
        pytest.param(
            wrapped(
                "ModifyManagedPrefixList",
                {
                    "PrefixListId": "pl-1",
                    "AddEntry": {"Description": "x", "cidr": "0.0.0.0/0", "tag": "1"},
                    "RemoveEntry": [{"Cidr": "10.0.0.0/8"}, {"Cidr": "10.1.2.3/16"}],
                },
            ),
            ("0.0.0.0/0",),
            ("10.0.0.0/8", "10.1.0.0/16"),
            "pl-1",
            id="entries come and go",
        ),
        pytest.param(
            wrapped("DeleteManagedPrefixList", {"PrefixListId": "pl-1"}), (), (), "pl-1", id="gone"
        ),
        pytest.param(
            wrapped("RestoreManagedPrefixListVersion", {"PrefixListId": "pl-1"}),
            (),
            (),
            "pl-1",
            id="restored",
        ),
        pytest.param(
            wrapped("CreateManagedPrefixList", {"Entry": {"Cidr": "0.0.0.0/0", "tag": 1}}),
            (),
            (),
            "",
            id="new: no group can name it yet",
        ),
    ],
)
def test_prefix_lists(
    record: Json, added: tuple[str, ...], removed: tuple[str, ...], target: str
) -> None:
    made = change(record)
    assert (made.verb, made.cidrs_added, made.cidrs_removed, made.target) == (
        Verb.PREFIX_LIST,
        added,
        removed,
        target,
    )


@pytest.mark.parametrize(
    ("record", "target", "detail"),
    [
        pytest.param(
            a_record(
                "ModifyInstanceAttribute",
                requestParameters={"instanceId": "i-1", "disableApiTermination": {"value": False}},
            ),
            "i-1",
            "disableApiTermination=false",
            id="an instance's other attributes",
        ),
        pytest.param(
            a_record(
                "ModifyNetworkInterfaceAttribute",
                requestParameters={"networkInterfaceId": "eni-1", "groupSet": {}},
            ),
            "eni-1",
            "",
            id="an interface's",
        ),
        pytest.param(
            a_record(
                "AttachGroupPolicy",
                eventSource="iam.amazonaws.com",
                requestParameters={"groupName": "admins", "policyArn": "arn:x"},
            ),
            "admins",
            "policyArn=arn:x",
            id="a group of people",
        ),
        pytest.param(
            wrapped("CreateFlowLogs", {"ResourceId": {"tag": 1, "content": "vpc-1"}, "tag": 1}),
            "vpc-1",
            "",
            id="a newer call",
        ),
        pytest.param(a_record("StopLogging", requestParameters=None), "", "", id="no parameters"),
        pytest.param(
            a_record("X", requestParameters={"name": "a\n<!channel>", "b": {"c": {"d": {"e": 1}}}}),
            "a <!channel>",
            "",
            id="hostile and deep parameters",
        ),
        pytest.param(
            a_record("X", requestParameters={str(n): n for n in range(99)}),
            "",
            "0=0, 1=1, 2=2, 3=3, 4=4, 5=5, 6=6, 7=7, and 91 more",
            id="many parameters",
        ),
        pytest.param(
            authorize(eventSource="other.amazonaws.com"),
            GROUP,
            "",
            id="a call of the same name on another service",
        ),
    ],
)
def test_any_other_call(record: Json, target: str, detail: str) -> None:
    made = change(record)
    assert (made.verb, made.target, made.detail) == (Verb.OTHER, target, detail)
    assert not is_group_change(parse_record(record))
    assert made.touched == ()


@pytest.mark.parametrize(
    "record",
    [authorize(), revoke(), modify_rules(RULE), create_group(), move_instance()],
    ids=lambda record: record["eventName"],
)
def test_a_call_that_failed_did_nothing_and_tells_what_it_was_asked(record: Json) -> None:
    did, did_not = change(record), change(failed(record))
    assert did_not.touched == ()
    assert did_not.groups_after == ()
    assert did_not.error == "Client.UnauthorizedOperation"
    assert did_not.asked == did.touched
    assert did.asked == ()
    assert did_not.verb is did.verb
    assert is_group_change(parse_record(record))


def test_the_account_may_be_told_by_the_caller_alone() -> None:
    assert change(authorize(recipientAccountId=GONE)).account == ACCOUNT
    assert change(authorize(recipientAccountId="210987654321")).account == "210987654321"


def test_a_service_calls_from_no_address() -> None:
    assert change(authorize(sourceIPAddress="rds.amazonaws.com")).caller == ""
