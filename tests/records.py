"""Builders of CloudTrail records, as JSON objects in the shapes that AWS writes.

Keyword arguments are the record's own top-level fields; ``GONE`` takes one away.
"""

import json
from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]

GONE = object()

ACCOUNT = "123456789012"
REGION = "eu-west-1"
GROUP = "sg-0a1b2c3d4e5f60718"
VPC = "vpc-0f1e2d3c4b5a69788"
TERRAFORM = (
    "APN/1.0 HashiCorp/1.0 Terraform/1.9.5 (+https://www.terraform.io)"
    " terraform-provider-aws/5.64.0"
    " aws-sdk-go-v2/1.30.4 os/linux"
)
CLI = (
    "aws-cli/2.17.32 md/awscrt#0.21.2 ua/2.0 os/linux#6.8 md/arch#x86_64 lang/python#3.11.9"
    " md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe md/command#ec2.example"
)
BROWSER = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0"
    " Safari/537.36"
)
PEER_KEYS = ("ipRanges", "ipv6Ranges", "prefixListIds", "groups")


def iam_user(name: str = "alice", account: str = ACCOUNT) -> Json:
    """Return a user with an access key: such calls have no session context."""
    return {
        "type": "IAMUser",
        "principalId": "AIDAEXAMPLEUSER00001",
        "arn": f"arn:aws:iam::{account}:user/{name}",
        "accountId": account,
        "accessKeyId": "AKIAEXAMPLEKEY000001",
        "userName": name,
    }


def role_session(
    role: str = "Deployer", session: str = "run-42", path: str = "/", mfa: bool = False
) -> Json:
    """Return a session of a role; whoever assumed it chose the session's name."""
    return {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLEROLE00001:{session}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}",
        "accountId": ACCOUNT,
        "accessKeyId": "ASIAEXAMPLEKEY000001",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": "AROAEXAMPLEROLE00001",
                "arn": f"arn:aws:iam::{ACCOUNT}:role{path}{role}",
                "accountId": ACCOUNT,
                "userName": role,
            },
            "webIdFederationData": {},
            "attributes": {
                "creationDate": "2026-03-02T11:02:00Z",
                "mfaAuthenticated": str(mfa).lower(),
            },
        },
    }


def sso_session(person: str = "alice@example.com", permission_set: str = "Admin") -> Json:
    """Return a session of IAM Identity Center, which names it after the person."""
    role = f"AWSReservedSSO_{permission_set}_0123456789abcdef"
    return role_session(role, person, f"/aws-reserved/sso.amazonaws.com/{REGION}/")


def service_session(service: str = "rds.amazonaws.com", role: str = "AWSServiceRoleForRDS") -> Json:
    """Return a session of a service-linked role."""
    identity = role_session(role, "SLRManagement", f"/aws-service-role/{service}/")
    del identity["accessKeyId"]
    return identity | {"invokedBy": service}


def a_record(event_name: str = "AuthorizeSecurityGroupIngress", **fields: Any) -> Json:
    """Return a record of a call that succeeded; the fields given replace the usual ones."""
    record: Json = {
        "eventVersion": "1.09",
        "userIdentity": iam_user(),
        "eventTime": "2026-03-02T12:00:00Z",
        "eventSource": "ec2.amazonaws.com",
        "eventName": event_name,
        "awsRegion": REGION,
        "sourceIPAddress": "198.51.100.9",
        "userAgent": CLI,
        "requestParameters": {"groupId": GROUP},
        "responseElements": {"requestId": "6f0d0c9a-0000-4000-8000-000000000001", "_return": True},
        "requestID": "6f0d0c9a-0000-4000-8000-000000000001",
        "eventID": "0e8b1f2a-0000-4000-8000-000000000001",
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": f"ec2.{REGION}.amazonaws.com",
        },
    }
    return {key: value for key, value in (record | fields).items() if value is not GONE}


def failed(record: Json, code: str = "Client.UnauthorizedOperation") -> Json:
    """Return the record of the same call as AWS writes it when the call fails."""
    return record | {"errorCode": code, "errorMessage": "It failed.", "responseElements": None}


def permission(
    port: int | None = 22,
    *cidrs: str,
    protocol: str = "tcp",
    to_port: int | None = None,
    cidrs6: Sequence[str] = (),
    groups: Sequence[Json] = (),
    prefix_lists: Sequence[str] = (),
    description: str = "",
) -> Json:
    """Return one of a request's permissions. Without any peer it is for the whole internet."""
    if not (cidrs or cidrs6 or groups or prefix_lists):
        cidrs = ("0.0.0.0/0",)
    note = {"description": description} if description else {}
    item: Json = {
        "ipProtocol": protocol,
        "groups": _items([dict(group) | note for group in groups]),
        "ipRanges": _items([{"cidrIp": cidr} | note for cidr in cidrs]),
        "ipv6Ranges": _items([{"cidrIpv6": cidr} | note for cidr in cidrs6]),
        "prefixListIds": _items([{"prefixListId": pl} | note for pl in prefix_lists]),
    }
    if port is not None:
        item |= {"fromPort": port, "toPort": port if to_port is None else to_port}
    return item


def authorize(*permissions: Json, egress: bool = False, **fields: Any) -> Json:
    """Return an Authorize call by permissions, with the rules that AWS answers since 2021."""
    permissions = permissions or (permission(),)
    request = {"groupId": GROUP, "ipPermissions": _items(list(permissions))}
    rules = [rule for item in permissions for rule in _answered(item, egress)]
    for number, rule in enumerate(rules, start=1):
        rule["securityGroupRuleId"] = f"sgr-{number:017x}"
    response = {
        "requestId": "6f0d0c9a-0000-4000-8000-000000000001",
        "_return": True,
        "securityGroupRuleSet": _items(rules),
    }
    name = f"AuthorizeSecurityGroup{'Egress' if egress else 'Ingress'}"
    return a_record(name, **{"requestParameters": request, "responseElements": response} | fields)


def revoke(*permissions: Json, egress: bool = False, **fields: Any) -> Json:
    """Return a Revoke call by permissions; its answer names no rules."""
    items = list(permissions or (permission(),))
    request = {"groupId": GROUP, "ipPermissions": _items(items)}
    name = f"RevokeSecurityGroup{'Egress' if egress else 'Ingress'}"
    return a_record(name, **{"requestParameters": request} | fields)


def modify_rules(*rules: Json, **fields: Any) -> Json:
    """Return a ModifySecurityGroupRules call; each rule is in the API's own names."""
    edits = [
        {
            "SecurityGroupRuleId": f"sgr-{number:017x}",
            "tag": number,
            "SecurityGroupRule": rule,
        }
        for number, rule in enumerate(rules, start=1)
    ]
    request = {"GroupId": GROUP, "SecurityGroupRule": edits[0] if len(edits) == 1 else edits}
    return wrapped("ModifySecurityGroupRules", request, **fields)


def wrapped(event_name: str, request: Json | str, **fields: Any) -> Json:
    """Return a record of one of EC2's newer calls, which CloudTrail writes in another form."""
    parameters = {"requestParameters": {f"{event_name}Request": request}}
    response = {
        f"{event_name}Response": {
            "xmlns": "http://ec2.amazonaws.com/doc/2016-11-15/",
            "requestId": "6f0d0c9a-0000-4000-8000-000000000001",
            "return": True,
        }
    }
    return a_record(event_name, **parameters | {"responseElements": response} | fields)


def create_group(name: str = "web-prod", **fields: Any) -> Json:
    """Return the creation of a group; its id is in the answer alone."""
    request = {"groupName": name, "groupDescription": "made by a test", "vpcId": VPC}
    response = {
        "requestId": "6f0d0c9a-0000-4000-8000-000000000001",
        "_return": True,
        "groupId": GROUP,
    }
    return a_record(
        "CreateSecurityGroup",
        **{"requestParameters": request, "responseElements": response} | fields,
    )


def move_instance(*groups: str, instance: str = "i-0123456789abcdef0", **fields: Any) -> Json:
    """Return an instance's groups being replaced by these."""
    items = _items([{"groupId": group} for group in groups or (GROUP,)])
    request = {"instanceId": instance, "groupSet": items}
    return a_record("ModifyInstanceAttribute", **{"requestParameters": request} | fields)


def eventbridge(record: Json, detail_type: str = "AWS API Call via CloudTrail") -> str:
    """Return the text of the EventBridge event that delivers a record."""
    return json.dumps(
        {
            "version": "0",
            "id": "c0ffee00-0000-4000-8000-000000000001",
            "detail-type": detail_type,
            "source": "aws.ec2",
            "account": ACCOUNT,
            "time": "2026-03-02T12:00:00Z",
            "region": REGION,
            "resources": [],
            "detail": record,
        }
    )


def _items(values: list[Json]) -> Json:
    return {"items": values} if values else {}


def _answered(item: Json, egress: bool) -> list[Json]:
    """Return the rules that AWS answers to one permission: each peer is a rule of its own."""
    everything = item["ipProtocol"] == "-1"
    base = {
        "groupOwnerId": ACCOUNT,
        "groupId": GROUP,
        "isEgress": egress,
        "ipProtocol": item["ipProtocol"],
        "fromPort": -1 if everything else item.get("fromPort", -1),
        "toPort": -1 if everything else item.get("toPort", -1),
    }
    rules = []
    for leaf in (leaf for key in PEER_KEYS for leaf in item[key].get("items", [])):
        note = {"description": leaf["description"]} if "description" in leaf else {}
        rules.append(base | _answered_peer(leaf) | note)
    return rules


def _answered_peer(leaf: Json) -> Json:
    if "cidrIp" in leaf:
        return {"cidrIpv4": leaf["cidrIp"]}
    if "cidrIpv6" in leaf:
        return {"cidrIpv6": leaf["cidrIpv6"]}
    if "prefixListId" in leaf:
        return {"prefixListId": leaf["prefixListId"]}
    named = {"groupId": leaf.get("groupId", GROUP), "userId": leaf.get("userId", ACCOUNT)}
    return {"referencedGroupInfo": named}
