"""Calls that create, delete, tag or associate groups."""

from bot.changes.calls.call import DEFAULT_EGRESS, Call
from bot.changes.change import Change, GroupRef, Verb
from bot.changes.shapes import items, part, word_at
from bot.cloudtrail.text import printable

DETAIL = 200


def created(call: Call) -> Change:
    """CreateSecurityGroup: the id is in the response alone; the default egress is in neither."""
    group = GroupRef(word_at(call.response, "groupId"), call.name(), word_at(call.request, "vpcId"))
    return call.change(Verb.CREATE, group, added=(DEFAULT_EGRESS,))


def created_default_vpc(call: Call) -> Change:
    """CreateDefaultVpc: comes with a group named default, whose id is told nowhere."""
    vpc = word_at(part(call.response, "vpc"), "vpcId")
    group = GroupRef(name="default", vpc=vpc)
    return call.change(Verb.CREATE, group, added=(DEFAULT_EGRESS,), target=vpc)


def deleted(call: Call) -> Change:
    """DeleteSecurityGroup, by id or by name."""
    return call.change(Verb.DELETE, call.group())


def tagged(call: Call) -> Change:
    """CreateTags and DeleteTags; on anything but groups they are no group change."""
    resources = [word_at(leaf, "resourceId") for leaf in items(part(call.request, "resourcesSet"))]
    groups = [resource for resource in resources if resource.startswith("sg-")]
    tags = [
        f"{word_at(leaf, 'key')}={word_at(leaf, 'value')}".removesuffix("=")
        for leaf in items(part(call.request, "tagSet"))
    ]
    return call.change(
        Verb.TAG if groups else Verb.OTHER,
        GroupRef(groups[0]) if len(groups) == 1 else GroupRef(),
        target=printable(", ".join(filter(None, groups or resources)), DETAIL),
        detail=printable(", ".join(tags), DETAIL),
    )


def associated(call: Call) -> Change:
    """AssociateSecurityGroupVpc: lets members in another VPC use the group."""
    return call.change(Verb.ASSOCIATE, call.group(), target=word_at(call.request, "vpcId"))


def disassociated(call: Call) -> Change:
    """DisassociateSecurityGroupVpc."""
    return call.change(Verb.DISASSOCIATE, call.group(), target=word_at(call.request, "vpcId"))
