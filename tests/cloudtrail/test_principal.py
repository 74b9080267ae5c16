"""Who called: every kind of identity in one form, and no person that the caller made up."""

from typing import Any

import pytest
from hypothesis import given

from bot.cloudtrail.principal import Principal, PrincipalKind, principal_of
from bot.cloudtrail.record import parse_record
from tests.cloudtrail.strategies import anything, mutants
from tests.records import (
    ACCOUNT,
    BROWSER,
    CLI,
    Json,
    a_record,
    iam_user,
    role_session,
    service_session,
    sso_session,
)

SSO_PATH = "/aws-reserved/sso.amazonaws.com/"
SSO_ROLE = "AWSReservedSSO_Admin_0123456789abcdef"


def caller(identity: Any, **fields: Any) -> Principal:
    return principal_of(parse_record(a_record(userIdentity=identity, **fields)))


FEDERATED: Json = {
    "type": "FederatedUser",
    "principalId": f"{ACCOUNT}:helper",
    "arn": f"arn:aws:sts::{ACCOUNT}:federated-user/helper",
    "accountId": ACCOUNT,
    "sessionContext": {
        "sessionIssuer": {
            "type": "IAMUser",
            "arn": f"arn:aws:iam::{ACCOUNT}:user/broker",
            "userName": "broker",
        }
    },
}
SAML = {"type": "SAMLUser", "principalId": "idp:alice", "userName": "alice@example.com"}
WEB = {"type": "WebIdentityUser", "principalId": "accounts.example:app:7", "userName": "7"}
CENTER = {
    "type": "IdentityCenterUser",
    "accountId": ACCOUNT,
    "onBehalfOf": {
        "userId": "u-7",
        "identityStoreArn": f"arn:aws:identitystore::{ACCOUNT}:identitystore/d-1",
    },
}
OTHER_ACCOUNT = {"type": "AWSAccount", "principalId": "AIDAX:x", "accountId": "210987654321"}


@pytest.mark.parametrize(
    ("identity", "kind", "its_id", "label", "person"),
    [
        pytest.param(
            iam_user("alice"),
            PrincipalKind.USER,
            f"arn:aws:iam::{ACCOUNT}:user/alice",
            "alice",
            "",
            id="a user",
        ),
        pytest.param(
            {"type": "Root", "arn": f"arn:aws:iam::{ACCOUNT}:root", "userName": "our-company"},
            PrincipalKind.ROOT,
            f"arn:aws:iam::{ACCOUNT}:root",
            "root",
            "",
            id="root, whatever the account is called",
        ),
        pytest.param(
            role_session("Deployer", "run-42"),
            PrincipalKind.ROLE,
            f"arn:aws:iam::{ACCOUNT}:role/Deployer",
            "Deployer/run-42",
            "",
            id="a role, whose caller named the session",
        ),
        pytest.param(
            role_session("Deployer", "boss@example.com"),
            PrincipalKind.ROLE,
            f"arn:aws:iam::{ACCOUNT}:role/Deployer",
            "Deployer/boss@example.com",
            "",
            id="a caller who took another's name is no person",
        ),
        pytest.param(
            role_session(SSO_ROLE, "boss@example.com"),
            PrincipalKind.ROLE,
            f"arn:aws:iam::{ACCOUNT}:role/{SSO_ROLE}",
            f"{SSO_ROLE}/boss@example.com",
            "",
            id="a role that is only named like Identity Center's",
        ),
        pytest.param(
            role_session("Deployer", "boss@example.com", f"/mine{SSO_PATH}"),
            PrincipalKind.ROLE,
            f"arn:aws:iam::{ACCOUNT}:role/mine{SSO_PATH}Deployer",
            "Deployer/boss@example.com",
            "",
            id="a role under a path that only holds Identity Center's",
        ),
        pytest.param(
            role_session("Deployer", "boss@example.com", f"/x:role{SSO_PATH}"),
            PrincipalKind.ROLE,
            f"arn:aws:iam::{ACCOUNT}:role/x:role{SSO_PATH}Deployer",
            "Deployer/boss@example.com",
            "",
            id="a role under a path made to look like an ARN",
        ),
        pytest.param(
            role_session("Deployer", "boss@example.com", f"/arn:aws:iam::1:role{SSO_PATH}"),
            PrincipalKind.ROLE,
            f"arn:aws:iam::{ACCOUNT}:role/arn:aws:iam::1:role{SSO_PATH}Deployer",
            "Deployer/boss@example.com",
            "",
            id="a role under a path that holds a whole ARN",
        ),
        pytest.param(
            sso_session("alice@example.com"),
            PrincipalKind.ROLE,
            f"arn:aws:iam::{ACCOUNT}:role{SSO_PATH}eu-west-1/{SSO_ROLE}",
            "alice@example.com",
            "alice@example.com",
            id="a person through Identity Center",
        ),
        pytest.param(
            service_session(),
            PrincipalKind.ROLE,
            f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS",
            "AWSServiceRoleForRDS/SLRManagement",
            "",
            id="a service-linked role",
        ),
        pytest.param(
            {"type": "AssumedRole", "arn": f"arn:aws-cn:sts::{ACCOUNT}:assumed-role/Ops/bob"},
            PrincipalKind.ROLE,
            f"arn:aws-cn:iam::{ACCOUNT}:role/Ops",
            "Ops/bob",
            "",
            id="a role whose session tells nothing, in China",
        ),
        pytest.param(
            FEDERATED,
            PrincipalKind.FEDERATED,
            f"arn:aws:iam::{ACCOUNT}:user/broker",
            "broker",
            "",
            id="a federated user is the user who asked for it",
        ),
        pytest.param(
            SAML,
            PrincipalKind.SAML,
            "idp:alice",
            "alice@example.com",
            "alice@example.com",
            id="SAML",
        ),
        pytest.param(
            WEB, PrincipalKind.WEB_IDENTITY, "accounts.example:app:7", "7", "", id="web identity"
        ),
        pytest.param(
            CENTER,
            PrincipalKind.IDENTITY_CENTER,
            f"arn:aws:identitystore::{ACCOUNT}:identitystore/d-1/user/u-7",
            "u-7",
            "",
            id="Identity Center itself",
        ),
        pytest.param(
            OTHER_ACCOUNT,
            PrincipalKind.ACCOUNT,
            "210987654321/AIDAX",
            "210987654321",
            "",
            id="somebody in another account",
        ),
        pytest.param(
            {"type": "AWSService", "invokedBy": "ec2.amazonaws.com"},
            PrincipalKind.SERVICE,
            "ec2.amazonaws.com",
            "ec2.amazonaws.com",
            "",
            id="a service",
        ),
        pytest.param({}, PrincipalKind.UNKNOWN, "unknown", "unknown", "", id="nothing told"),
    ],
)
def test_the_principal(
    identity: Any, kind: PrincipalKind, its_id: str, label: str, person: str
) -> None:
    principal = caller(identity)
    assert (principal.kind, principal.id, principal.label, principal.person) == (
        kind,
        its_id,
        label,
        person,
    )


def test_a_session_tells_its_role_key_factor_and_source() -> None:
    identity = role_session("Deployer", "run-42", "/ci/", mfa=True)
    identity["sessionContext"]["sourceIdentity"] = "alice"
    principal = caller(identity)
    assert (principal.role, principal.session) == ("Deployer", "run-42")
    assert principal.access_key == "ASIAEXAMPLEKEY000001"
    assert principal.mfa is True
    assert principal.source_identity == "alice"
    assert principal.account == ACCOUNT


def test_a_key_tells_nothing_of_a_second_factor() -> None:
    assert caller(iam_user()).mfa is None


def test_a_policy_may_say_that_a_provider_names_a_roles_sessions() -> None:
    record = parse_record(a_record(userIdentity=role_session("Sso", "alice@example.com")))
    named = principal_of(record, named_by_provider={f"arn:aws:iam::{ACCOUNT}:role/Sso"})
    assert named.person == "alice@example.com"
    assert principal_of(record, named_by_provider={"arn:aws:iam::1:role/Sso"}).person == ""


def test_two_sessions_of_a_role_are_one_principal() -> None:
    first, second = role_session(session="a"), role_session(session="b")
    assert caller(first).id == caller(second).id
    del second["sessionContext"]
    assert caller(first).id == caller(second).id


@pytest.mark.parametrize(
    ("identity", "fields", "console"),
    [
        pytest.param({}, {"userAgent": "console.ec2.amazonaws.com"}, True, id="the EC2 console"),
        pytest.param({}, {"userAgent": "signin.amazonaws.com"}, True, id="the old console"),
        pytest.param({"invokedBy": "signin.amazonaws.com"}, {}, True, id="by the sign-in service"),
        pytest.param({}, {"userAgent": BROWSER}, True, id="a browser"),
        pytest.param({}, {"sessionCredentialFromConsole": "true"}, True, id="marked, as text"),
        pytest.param({}, {"sessionCredentialFromConsole": True}, True, id="marked"),
        pytest.param({}, {"eventType": "AwsConsoleSignIn"}, True, id="the sign-in itself"),
        pytest.param({}, {"userAgent": CLI}, False, id="the CLI"),
        pytest.param(
            {"invokedBy": "cloudformation.amazonaws.com"},
            {"sessionCredentialFromConsole": "true", "userAgent": "cloudformation.amazonaws.com"},
            False,
            id="CloudFormation, for a session of the console",
        ),
        pytest.param({"invokedBy": "AWS Internal"}, {}, False, id="within AWS"),
        pytest.param(
            {"invokedBy": "AWS Internal"},
            {"sessionCredentialFromConsole": "true"},
            True,
            id="the console, through the inside of AWS",
        ),
    ],
)
def test_whether_it_was_the_console(identity: Json, fields: Json, console: bool) -> None:
    principal = caller(iam_user() | identity, **fields)
    assert principal.console is console
    assert bool(principal.invoked_by) is (not console and bool(identity))


@given(anything)
def test_any_identity_is_a_principal(identity: Any) -> None:
    assert caller(identity).id


@pytest.mark.parametrize("identity", [iam_user(), role_session(), service_session(), FEDERATED])
def test_no_wrong_value_makes_a_person_of_somebody(identity: Json) -> None:
    for name, mutant in mutants({"userIdentity": identity}):
        principal = caller(mutant.get("userIdentity"))
        assert principal.id, name
        assert principal.person == "", name
