"""CloudTrail records of the simulated account, in AWS's shapes, as small as they can be."""

import json
from datetime import datetime
from typing import Any

from bot.changes.rules import GroupRule
from bot.containment.effects.rules import Operation
from bot.containment.plan import Call
from tests.builders import rules_of

ACCOUNT, REGION = "123456789012", "eu-west-1"
CONTAIN_ROLE = "arn:aws:iam::{account}:role/sgwatch-contain"


def authorize_record(
    event_id: str, principal: str, group: str, rule: GroupRule, at: datetime
) -> dict[str, Any]:
    """Return the record of a user who opened one rule."""
    request = {"groupId": group, "ipPermissions": {"items": [_permission(rule)]}}
    identity = {
        "type": "IAMUser",
        "principalId": f"AIDA{principal.upper()}",
        "arn": f"arn:aws:iam::{ACCOUNT}:user/{principal}",
        "accountId": ACCOUNT,
        "accessKeyId": f"AKIA{principal.upper()}",
        "userName": principal,
    }
    answer = {"_return": True, "securityGroupRuleSet": {"items": [_answered(group, rule)]}}
    name = "AuthorizeSecurityGroupIngress"
    return _record(name, event_id, f"r-{event_id}", identity, request, answer, at)


def own_record(call: Call, session: str, request_id: str, at: datetime) -> str:
    """Return the SQS body of the record of a call that our executor made."""
    role = CONTAIN_ROLE.format(account=ACCOUNT)
    return json.dumps(_own(call, session, request_id, role, at))


def _own(call: Call, session: str, request_id: str, role: str, at: datetime) -> dict[str, Any]:
    identity = {
        "type": "AssumedRole",
        "principalId": f"AROASGWATCH:{session}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/sgwatch-contain/{session}",
        "accountId": ACCOUNT,
        "accessKeyId": "ASIASGWATCH",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": "AROASGWATCH",
                "arn": role,
                "accountId": ACCOUNT,
                "userName": "sgwatch-contain",
            }
        },
    }
    request: dict[str, Any] = {"groupId": call.about, "ipPermissions": {}}
    answer: dict[str, Any] = {"_return": True}
    if call.operation in {Operation.REVOKE_INGRESS, Operation.REVOKE_EGRESS}:
        ids = [{"securityGroupRuleId": rule.rule_id} for rule in rules_of(call)]
        request["securityGroupRuleIds"] = {"items": ids}
    else:
        request["ipPermissions"] = {"items": [_permission(rule) for rule in rules_of(call)]}
        answered = [_answered(call.about, rule) for rule in rules_of(call)]
        answer["securityGroupRuleSet"] = {"items": answered}
    event_id = f"e-{request_id}"
    return _record(call.operation, event_id, request_id, identity, request, answer, at)


def _permission(rule: GroupRule) -> dict[str, Any]:
    return {
        "ipProtocol": rule.protocol,
        "fromPort": rule.from_port,
        "toPort": rule.to_port,
        "groups": {},
        "ipRanges": {"items": [{"cidrIp": rule.peer.value}]},
        "ipv6Ranges": {},
        "prefixListIds": {},
    }


def _answered(group: str, rule: GroupRule) -> dict[str, Any]:
    return {
        "groupOwnerId": ACCOUNT,
        "groupId": group,
        "securityGroupRuleId": rule.rule_id,
        "isEgress": False,
        "ipProtocol": rule.protocol,
        "fromPort": rule.from_port,
        "toPort": rule.to_port,
        "cidrIpv4": rule.peer.value,
    }


def _record(
    name: str,
    event_id: str,
    request_id: str,
    identity: dict[str, Any],
    request: dict[str, Any],
    answer: dict[str, Any],
    at: datetime,
) -> dict[str, Any]:
    return {
        "eventVersion": "1.10",
        "userIdentity": identity,
        "eventTime": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": "ec2.amazonaws.com",
        "eventName": name,
        "awsRegion": REGION,
        "sourceIPAddress": "198.51.100.9",
        "userAgent": "aws-cli/2.17.0",
        "requestParameters": request,
        "responseElements": answer | {"requestId": request_id},
        "requestID": request_id,
        "eventID": event_id,
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
    }
