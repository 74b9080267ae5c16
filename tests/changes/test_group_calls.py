"""Calls about groups as a whole, their members, and prefix lists."""

from typing import Any

import pytest

from bot.changes.change import GroupRef, Verb
from bot.changes.sentence import rule_line
from tests.changes.reading import change
from tests.records import GROUP, VPC, Json, a_record, create_group, move_instance, wrapped

OTHER = "sg-0fedcba9876543210"


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
