"""The EventBridge pattern that lets in what detections and the investigation use, and no more."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.cloudtrail.record import Record
from bot.cloudtrail.text import text_of
from bot.detections.matcher import ACTION, PROVIDER, pinned
from bot.detections.rule import Detection

LONGEST = 2048
"""Characters of the longest pattern that EventBridge takes."""

DETAIL_TYPE = "AWS API Call via CloudTrail"

# What a responder asks about around a change, by the service that is asked: who may do what, what
# stands where, and what is being recorded.
INVESTIGATED = {
    "ec2": """
        AssociateAddress AssociateIamInstanceProfile AttachInternetGateway AttachNetworkInterface
        CreateNetworkInterface CreateRoute CreateVpcPeeringConnection DeleteFlowLogs
        DeleteNetworkAclEntry EnableSerialConsoleAccess ModifyImageAttribute ModifySnapshotAttribute
        ReplaceIamInstanceProfileAssociation ReplaceNetworkAclAssociation ReplaceNetworkAclEntry
        ReplaceRoute RunInstances UpdateSecurityGroupRuleDescriptionsEgress
        UpdateSecurityGroupRuleDescriptionsIngress
    """,
    "iam": """
        AddRoleToInstanceProfile AddUserToGroup AttachRolePolicy AttachUserPolicy CreateAccessKey
        CreateLoginProfile CreatePolicyVersion CreateRole CreateUser DeleteRolePermissionsBoundary
        DeleteUserPermissionsBoundary DeleteVirtualMFADevice PutGroupPolicy PutRolePolicy
        PutUserPolicy SetDefaultPolicyVersion UpdateAssumeRolePolicy UpdateLoginProfile
    """,
    "rds": "ModifyDBSnapshotAttribute",
    "cloudtrail": "DeleteTrail PutEventSelectors StopLogging UpdateTrail",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The events that are let in: which actions, of which services; None is of any."""

    services: frozenset[str] | None
    actions: frozenset[str]

    def takes(self, record: Record) -> bool:
        """Return whether the record is among them; of a service, as EventBridge's rule has it."""
        if record.event_name not in self.actions:
            return False
        if self.services is None:
            return True
        called = text_of(record.raw.get("eventType")) == "AwsApiCall"
        return called and _service(record.event_source) in self.services


def named_actions(detection: Detection) -> frozenset[str]:
    """Return the actions without one of which the detection cannot match; none if any could be."""
    return frozenset(pinned(detection.tree, ACTION) or ())


def wanted(detections: Iterable[Detection]) -> Wanted:
    """Return what the detections and the investigation use.

    A detection that names no action adds nothing: its events must be among the others.
    """
    services = set(INVESTIGATED)
    actions = {action for named in INVESTIGATED.values() for action in named.split()}
    for detection in detections:
        if found := named_actions(detection):
            actions |= found
            services |= {_service(name) for name in pinned(detection.tree, PROVIDER) or ()}
    return Wanted(frozenset(services), frozenset(actions))


def worth_learning(rules: Iterable[Detection]) -> Wanted:
    """Return the events that rules which learn what is usual look at."""
    rules = tuple(rules)
    named = [named_actions(rule) for rule in rules]
    if all(named):
        return Wanted(None, frozenset().union(*named))
    return Wanted(None, wanted(rules).actions)


def event_pattern(detections: Iterable[Detection]) -> dict[str, Any]:
    """Return the pattern for the actions that the detections name, and those investigated."""
    let_in = wanted(detections)
    pattern = {
        "source": [f"aws.{service}" for service in sorted(let_in.services or ())],
        "detail-type": [DETAIL_TYPE],
        "detail": {"eventName": sorted(let_in.actions)},
    }
    if (length := len(json.dumps(pattern))) > LONGEST:
        raise ValueError(
            f"the EventBridge pattern would have {length:,} characters, {LONGEST:,} are allowed: "
            "make several rules, each for some of the detections"
        )
    return pattern


def _service(provider: str) -> str:
    """Return the service's name in EventBridge: "ec2" for "ec2.amazonaws.com"."""
    return provider.partition(".")[0]
