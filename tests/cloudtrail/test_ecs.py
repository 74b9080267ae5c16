"""A record in Elastic's fields."""

from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import given

from bot.cloudtrail.ecs import EcsView
from bot.cloudtrail.ecs_document import EcsDocument
from bot.cloudtrail.record import parse_record
from tests.cloudtrail.strategies import anything
from tests.records import (
    ACCOUNT,
    BROWSER,
    CLI,
    GONE,
    GROUP,
    TERRAFORM,
    a_record,
    authorize,
    failed,
    permission,
    role_session,
    service_session,
)

WHO = "aws.cloudtrail.user_identity"
REQUEST = "aws.cloudtrail.flattened.request_parameters"
RESPONSE = "aws.cloudtrail.flattened.response_elements"
LOGIN = "aws.cloudtrail.console_login.additional_eventdata"


def view(record: dict[str, Any]) -> EcsView:
    return EcsView(parse_record(record))


def login(outcome: str, **fields: Any) -> dict[str, Any]:
    return a_record(
        "ConsoleLogin",
        eventSource="signin.amazonaws.com",
        responseElements={"ConsoleLogin": outcome},
        additionalEventData={"MFAUsed": "No", "MobileVersion": "Yes", "LoginTo": "https://x/"},
        **fields,
    )


DEACTIVATED = a_record(
    "DeactivateMFADevice",
    eventSource="iam.amazonaws.com",
    requestParameters={"userName": "bob"},
)
ATTACHED = a_record(
    "AttachRolePolicy",
    eventSource="iam.amazonaws.com",
    requestParameters={"roleName": "deploy", "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
    userIdentity={
        "arn": "arn:aws:sts::123456789012:assumed-role/Admin/s",
        "accessKeyId": "AKIAEXAMPLEKEY000001",
        "sessionContext": {
            "sessionIssuer": {"userName": "Admin", "arn": "arn:aws:iam::123456789012:role/Admin"}
        },
    },
)
ON_BEHALF = {"type": "IdentityCenterUser", "onBehalfOf": {"userId": "u-1"}}


@pytest.mark.parametrize(
    ("record", "field", "values"),
    [
        pytest.param(
            a_record(),
            "@timestamp",
            (datetime(2026, 3, 2, 12, tzinfo=UTC),),
            id="the time of the event, as a date",
        ),
        pytest.param(a_record(), "event.action", ("AuthorizeSecurityGroupIngress",), id="the call"),
        pytest.param(a_record(), "event.provider", ("ec2.amazonaws.com",), id="the service"),
        pytest.param(a_record(), "event.dataset", ("aws.cloudtrail",), id="the data set"),
        pytest.param(a_record(), "data_stream.dataset", ("aws.cloudtrail",), id="its later name"),
        pytest.param(a_record(), "event.outcome", ("success",), id="success"),
        pytest.param(failed(a_record()), "event.outcome", ("failure",), id="failure"),
        pytest.param(
            a_record(errorMessage="no"), "event.outcome", ("failure",), id="failure by message"
        ),
        pytest.param(login("Success"), "event.outcome", ("success",), id="a login"),
        pytest.param(login("Failure"), "event.outcome", ("failure",), id="a failed login"),
        pytest.param(login("Success"), f"{LOGIN}.mfa_used", (False,), id="a login without MFA"),
        pytest.param(login("Success"), f"{LOGIN}.mobile_version", (True,), id="a mobile login"),
        pytest.param(a_record(), f"{LOGIN}.mfa_used", (), id="no login says nothing of MFA"),
        pytest.param(a_record(), "event.kind", ("event",), id="the kind"),
        pytest.param(a_record(), "event.type", ("info",), id="the type"),
        pytest.param(a_record(), "event.category", (), id="no category"),
        pytest.param(DEACTIVATED, "event.category", ("iam",), id="a category by action"),
        pytest.param(DEACTIVATED, "event.type", ("user", "change"), id="types by action"),
        pytest.param(DEACTIVATED, "user.target.name", ("bob",), id="the user acted upon"),
        pytest.param(DEACTIVATED, "related.user", ("alice", "bob"), id="all users named"),
        pytest.param(ATTACHED, "entity.target.id", ("deploy",), id="the role acted upon"),
        pytest.param(DEACTIVATED, "entity.target.id", ("bob",), id="the user as an entity"),
        pytest.param(a_record(), "entity.target.id", (), id="no entity told of other services"),
        pytest.param(
            ATTACHED,
            "related.entity",
            (
                "AKIAEXAMPLEKEY000001",
                "arn:aws:sts::123456789012:assumed-role/Admin/s",
                "Admin",
                "arn:aws:iam::123456789012:role/Admin",
                "deploy",
                "arn:aws:iam::aws:policy/ReadOnlyAccess",
            ),
            id="all entities named",
        ),
        pytest.param(
            a_record(requestParameters={"policyArn": "p"}, userIdentity={"userName": "alice"}),
            "related.entity",
            ("alice",),
            id="of other services, only the caller",
        ),
        pytest.param(a_record(), "cloud.account.id", (ACCOUNT,), id="the caller's account"),
        pytest.param(
            a_record(userIdentity={"type": "AWSService"}),
            "cloud.account.id",
            (ACCOUNT,),
            id="else the account that was called",
        ),
        pytest.param(a_record(), "cloud.region", ("eu-west-1",), id="the region"),
        pytest.param(a_record(awsRegion=GONE), "cloud.region", (), id="no region"),
        pytest.param(a_record(), "source.address", ("198.51.100.9",), id="the address"),
        pytest.param(
            a_record(), "source.ip", (ip_address("198.51.100.9"),), id="the address, as one"
        ),
        pytest.param(
            a_record(sourceIPAddress="rds.amazonaws.com"),
            "source.address",
            ("rds.amazonaws.com",),
            id="a service's name for an address",
        ),
        pytest.param(
            a_record(sourceIPAddress="rds.amazonaws.com"),
            "source.ip",
            (),
            id="a service's name is no IP address",
        ),
        pytest.param(a_record(), "user_agent.original", (CLI,), id="the agent"),
        pytest.param(a_record(), "user_agent.name", ("aws-cli",), id="the agent's name"),
        pytest.param(
            a_record(userAgent=TERRAFORM),
            "user_agent.name",
            ("aws-sdk-go-v2",),
            id="Terraform by its SDK, as Elasticsearch names it",
        ),
        pytest.param(a_record(userAgent=BROWSER), "user_agent.name", ("Chrome",), id="a browser"),
        pytest.param(
            a_record(userAgent="rds.amazonaws.com"), "user_agent.name", ("Other",), id="another"
        ),
        pytest.param(a_record(userAgent=GONE), "user_agent.name", (), id="no agent"),
        pytest.param(a_record(), "user.name", ("alice",), id="a user's name"),
        pytest.param(
            a_record(userIdentity=role_session("Deployer")),
            "user.name",
            ("Deployer",),
            id="a role's name for a session",
        ),
        pytest.param(a_record(), "user.id", ("AIDAEXAMPLEUSER00001",), id="a user's id"),
        pytest.param(a_record(userIdentity=ON_BEHALF), "user.id", ("u-1",), id="a person's id"),
        pytest.param(
            a_record(userIdentity=role_session()),
            f"{WHO}.session_context.mfa_authenticated",
            ("false",),
            id="MFA is text",
        ),
        pytest.param(
            a_record(userIdentity=role_session()),
            f"{WHO}.session_context.creation_date",
            (datetime(2026, 3, 2, 11, 2, tzinfo=UTC),),
            id="when the session began, as a date",
        ),
        pytest.param(
            a_record(userIdentity=role_session()),
            f"{WHO}.session_context.session_issuer.arn",
            (f"arn:aws:iam::{ACCOUNT}:role/Deployer",),
            id="the role of a session",
        ),
        pytest.param(
            a_record(userIdentity=service_session()),
            f"{WHO}.invoked_by",
            ("rds.amazonaws.com",),
            id="the service that called",
        ),
        pytest.param(a_record(), "aws.cloudtrail.read_only", (False,), id="read-only, a boolean"),
        pytest.param(
            a_record(readOnly=GONE), "aws.cloudtrail.read_only", (), id="read-only, not told"
        ),
        pytest.param(
            a_record(), "aws.cloudtrail.management_event", ("true",), id="a keyword of a boolean"
        ),
        pytest.param(
            a_record(sessionCredentialFromConsole=True),
            "aws.cloudtrail.session_credential_from_console",
            ("true",),
            id="from the console, told as a boolean",
        ),
        pytest.param(
            failed(a_record(), "Client.DryRunOperation"),
            "aws.cloudtrail.error_code",
            ("Client.DryRunOperation",),
            id="the error",
        ),
        pytest.param(a_record(), "tls.version", ("1.3",), id="the version of TLS"),
        pytest.param(a_record(), "tls.version_protocol", ("tls",), id="the protocol of TLS"),
        pytest.param(
            a_record(resources=[{"ARN": "arn:x", "accountId": "1"}, "odd"]),
            "aws.cloudtrail.resources.arn",
            ("arn:x",),
            id="a resource's ARN",
        ),
        pytest.param(a_record(), f"{REQUEST}.groupId", (GROUP,), id="a request's leaf"),
        pytest.param(
            authorize(permission(22), permission(443)),
            f"{REQUEST}.ipPermissions.items.fromPort",
            ("22", "443"),
            id="leaves in a list, as text",
        ),
        pytest.param(
            authorize(), f"{RESPONSE}._return", ("true",), id="a boolean of a response, as text"
        ),
        pytest.param(authorize(), f"{REQUEST}.ipPermissions", (), id="an object is no leaf"),
        pytest.param(
            a_record(), REQUEST, (GROUP,), id="the whole of a request, for all its leaves"
        ),
        pytest.param(
            a_record(requestParameters={"a": "", "b": None}),
            REQUEST,
            (),
            id="empty leaves are none",
        ),
        pytest.param(
            a_record(requestParameters={"a.b": {"c": 1.5e10}}),
            f"{REQUEST}.a.b.c",
            ("1.5E10",),
            id="a key with a dot, and a large number",
        ),
        pytest.param(
            a_record(requestParameters={"b": {"c": ["x", "y"]}, "a": 1, "d": {}}),
            "aws.cloudtrail.request_parameters",
            ("{a=1, b={c=[x, y]}}",),
            id="a request as text",
        ),
        pytest.param(
            a_record(requestParameters={"a": {}}),
            "aws.cloudtrail.request_parameters",
            (),
            id="an empty request has no text",
        ),
        pytest.param(
            a_record(requestParameters=None),
            "aws.cloudtrail.request_parameters",
            (),
            id="no request",
        ),
        pytest.param(a_record(userIdentity="odd"), f"{WHO}.arn", (), id="an identity that is none"),
        pytest.param(a_record(), "no.such.field", (), id="a field that there is not"),
    ],
)
def test_a_field_is_read_off_the_record(
    record: dict[str, Any], field: str, values: tuple[object, ...]
) -> None:
    assert view(record).values(field) == values


def test_an_account_told_by_the_envelope_alone_is_known() -> None:
    record = parse_record(a_record(recipientAccountId=GONE), account="210987654321")
    assert EcsView(record).values("aws.cloudtrail.recipient_account_id") == ("210987654321",)


def test_what_is_named_has_a_value_and_the_other_way_round() -> None:
    asked = view(authorize(userIdentity=role_session()))
    names = asked.names()
    assert len(names) == len(set(names))
    assert all(asked.values(name) for name in names)
    assert f"{REQUEST}.ipPermissions.items.ipRanges.items.cidrIp" in names
    assert "aws.cloudtrail.error_code" not in names


def test_the_objects_of_a_list_are_documents_of_their_own() -> None:
    first, second = view(authorize(permission(22), permission(443))).inner(
        f"{REQUEST}.ipPermissions.items"
    )
    assert first.values("fromPort") == ("22",)
    assert second.values("ipRanges.items.cidrIp") == ("0.0.0.0/0",)
    assert second.inner("ipRanges.items")[0].values("cidrIp") == ("0.0.0.0/0",)


def test_only_what_is_asked_is_made() -> None:
    record = parse_record(a_record(requestParameters={"a": 1}))
    asked = EcsView(record)
    assert asked.values("event.action")
    record.raw["requestParameters"]["a"] = 2
    assert asked.values(f"{REQUEST}.a") == ("2",)
    record.raw["requestParameters"]["a"] = 3
    assert asked.values(f"{REQUEST}.a") == ("2",)


@given(anything, anything, anything)
def test_no_shape_of_a_record_raises(identity: Any, request: Any, other: Any) -> None:
    record = a_record(
        userIdentity=identity,
        requestParameters=request,
        responseElements=other,
        additionalEventData=other,
        resources=request,
        userAgent=other,
        tlsDetails=identity,
        readOnly=other,
    )
    asked = view(record)
    assert all(asked.values(name) for name in asked.names())
    assert asked.inner(REQUEST) is not None


def test_a_document_keeps_json_types_and_null_is_nothing() -> None:
    document = EcsDocument({"a": [1, "x", None, {"b": True}], "source": {"ip": "10.0.0.1"}})
    assert document.values("a") == (1, "x")
    assert document.values("a.b") == (True,)
    assert document.values("source.ip") == (ip_address("10.0.0.1"),)
    assert document.names() == ["a", "a.b", "source.ip"]
