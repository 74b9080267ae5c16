"""``sgwatch doctor`` tries what an investigation reads, in each account."""

import json

import pytest

from bot.aws.probes import PROBES
from bot.checks.check import Status
from tests.checks.conftest import PROD, STAGING, Surroundings, named

OK, WARN, _ = Status
SUBJECT = "read permissions"


def test_what_may_be_read_everywhere_is_well(around: Surroundings) -> None:
    around.undo.append(lambda: around.aws.enforce_policies(on=False))
    around.aws.enforce_policies()
    told = named(around.look(SUBJECT), SUBJECT, OK)
    assert told.startswith(f"all {len(PROBES)} that were tried, in {PROD}, {STAGING}")


def test_each_permission_that_is_missing_is_named_with_its_accounts(around: Surroundings) -> None:
    statement = {"Effect": "Allow", "Action": ["ec2:Describe*", "iam:GetRole"], "Resource": "*"}
    around.root.iam.create_role(RoleName="meagre", AssumeRolePolicyDocument="{}")
    around.root.iam.put_role_policy(
        RoleName="meagre",
        PolicyName="little",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    around.undo.append(lambda: around.aws.enforce_policies(on=False))
    around.aws.enforce_policies()
    told = named(around.look(SUBJECT, read_role=f"arn:aws:iam::{PROD}:role/meagre"), SUBJECT, WARN)
    assert told.startswith(
        f"{PROD}: no permission for rds:DescribeDBInstances, "
        "elasticloadbalancing:DescribeLoadBalancers, iam:ListAccessKeys → "
    )


def test_an_account_that_cannot_be_entered_is_not_called_well(
    around: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    around.root.iam.create_user(UserName="outsider")
    key = around.root.iam.create_access_key(UserName="outsider")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    around.undo.append(lambda: around.aws.enforce_policies(on=False))
    around.aws.enforce_policies()
    told = named(around.look(SUBJECT), SUBJECT, WARN)
    assert told.startswith(f"{PROD}, {STAGING}: not known, it cannot be entered → ")


def test_of_many_accounts_the_first_are_tried_and_the_rest_counted(
    around: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.checks.permissions.MOST", 1)
    assert "tried in the first 1 of 2 accounts" in named(around.look(SUBJECT), SUBJECT, WARN)
