"""Restrict plans: whom they may stop, what the policy says, and the way out where they may not."""

import json
from dataclasses import replace

import pytest

from bot.cloudtrail.principal import Principal, PrincipalKind
from bot.containment.choice import Reach, Stop
from bot.containment.effects.denial import WHEN_CALLED, Deny, SwitchKey
from bot.containment.restrict import Actor, actor_of, document, restrict_plan
from tests.containment.sites import ACCOUNT, CONTAINMENT

IAM = f"arn:aws:iam::{ACCOUNT}"
OWN = (f"{IAM}:role/sgwatch-contain", f"{IAM}:role/sgwatch-read")
MALLORY = Principal(
    PrincipalKind.USER, f"{IAM}:user/team/mallory", ACCOUNT, "mallory", access_key="AKIAMALLORY"
)
CI = Principal(PrincipalKind.ROLE, f"{IAM}:role/ci/deploy", ACCOUNT, "deploy", "deploy", "run-1")
USER = Actor("user", "mallory", ACCOUNT, "us-east-1", "AKIAMALLORY", "Active")


def test_a_user_and_a_role_are_found_by_name_without_their_path() -> None:
    assert actor_of(MALLORY, OWN) == replace(USER, status="")
    assert actor_of(CI, OWN) == Actor("role", "deploy", ACCOUNT, "us-east-1")


def test_a_console_session_of_a_user_has_no_key_to_switch_off() -> None:
    found = actor_of(replace(MALLORY, access_key="ASIATEMPORARY"), OWN)
    assert isinstance(found, Actor)
    assert found.key == ""


SSO = f"{IAM}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1"


@pytest.mark.parametrize(
    ("principal", "says"),
    [
        (replace(CI, id=SSO), "IAM Identity Center"),
        (replace(CI, id=f"{IAM}:role/AWSReservedSSO_Admin_1"), "IAM Identity Center"),
        (
            replace(CI, id=f"{IAM}:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS"),
            "service-linked",
        ),
        (replace(CI, id=OWN[0]), "role of sgwatch itself"),
        (replace(CI, kind=PrincipalKind.ROOT, id=f"{IAM}:root"), "root user"),
        (replace(CI, kind=PrincipalKind.SERVICE, id="ec2.amazonaws.com"), "AWS service"),
        (replace(CI, kind=PrincipalKind.ACCOUNT), "Another account"),
        (replace(CI, kind=PrincipalKind.FEDERATED), "federated"),
        (replace(CI, kind=PrincipalKind.IDENTITY_CENTER), "IAM Identity Center"),
        (replace(CI, kind=PrincipalKind.SAML), "provider"),
        (replace(CI, invoked_by="cloudformation.amazonaws.com"), "cloudformation"),
        (replace(CI, kind=PrincipalKind.UNKNOWN, id="somebody"), "neither a role nor a user"),
        (None, "do not say who"),
    ],
)
def test_whom_it_may_not_stop_is_refused_with_the_way_out(
    principal: Principal | None, says: str
) -> None:
    refusal = actor_of(principal, OWN)
    assert isinstance(refusal, str)
    assert says in refusal


def test_a_user_is_denied_and_the_key_switched_off_by_choice() -> None:
    plan = restrict_plan(USER, Stop(Reach.GROUPS, switch_key=True), CONTAINMENT)
    deny, key = (call.effect for call in plan.calls)
    assert isinstance(deny, Deny)
    assert (deny.operation, deny.policy) == ("PutUserPolicy", f"sgwatch-{CONTAINMENT}")
    assert key == SwitchKey("mallory", "AKIAMALLORY", active=False)
    without = restrict_plan(USER, Stop(Reach.GROUPS, switch_key=False), CONTAINMENT)
    assert [call.effect for call in without.calls] == [deny]
    assert without.leaves == ("The key AKIAMALLORY stays active.",)


def test_a_role_is_denied_for_all_who_use_it() -> None:
    plan = restrict_plan(
        Actor("role", "deploy", ACCOUNT, "us-east-1"), Stop(Reach.ALL, switch_key=True), CONTAINMENT
    )
    assert [call.operation for call in plan.calls] == ["PutRolePolicy"]
    assert any("Everybody who uses the role deploy" in text for text in plan.cannot)


def test_what_is_gone_is_nothing_to_do() -> None:
    plan = restrict_plan(replace(USER, there=False), Stop(Reach.ALL, switch_key=True), CONTAINMENT)
    assert plan.calls == ()
    inactive = replace(USER, status="Inactive")
    plan = restrict_plan(inactive, Stop(Reach.ALL, switch_key=True), CONTAINMENT)
    assert [call.operation for call in plan.calls] == ["PutUserPolicy"]
    assert "already" in plan.leaves[0]


@pytest.mark.parametrize("reach", list(Reach))
def test_the_policy_only_denies_and_fits_what_aws_allows(reach: Reach) -> None:
    text = document(reach)
    policy = json.loads(text)
    assert {each["Effect"] for each in policy["Statement"]} == {"Deny"}
    ending = policy["Statement"][1]
    assert ending["Action"] == ["*"]
    assert ending["Condition"] == {"DateLessThan": {"aws:TokenIssueTime": WHEN_CALLED}}
    assert len(text) < 2048, "AWS's limit for all inline policies of a user"


def test_the_denial_of_groups_cannot_be_taken_off_by_whom_it_denies() -> None:
    denied = json.loads(document(Reach.GROUPS))["Statement"][0]["Action"]
    assert {"iam:DeleteUserPolicy", "iam:DeleteRolePolicy", "iam:CreateAccessKey"} <= set(denied)
