"""Who can change groups, by the policies of an account: what is sure, and what only perhaps."""

from typing import Any

import pytest

from bot.investigation.grants import Identity, Kind, grants_of
from bot.investigation.policies import ACTIONS, statements_of

INGRESS = "ec2:AuthorizeSecurityGroupIngress"
GROUP = "arn:aws:ec2:eu-west-1:123456789012:security-group/sg-1"


def allow(action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return allow(action, resource, **more) | {"Effect": "Deny"}


def without(action: str) -> dict[str, Any]:
    return {"Effect": "Allow", "NotAction": [action], "Resource": "*"}


MFA = {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}
CAN, PERHAPS, CANNOT = "can", "perhaps", "cannot"


@pytest.mark.parametrize(
    ("statements", "boundary", "verdict", "by"),
    [
        pytest.param([allow()], None, CAN, "p (resource *)", id="an administrator"),
        pytest.param([allow("ec2:*")], None, CAN, "p (resource *)", id="all of EC2"),
        pytest.param([allow("EC2:authorize*")], None, CAN, "p (resource *)", id="in any case"),
        pytest.param([allow([INGRESS])], None, CAN, "p (resource *)", id="one call"),
        pytest.param([allow(INGRESS, GROUP)], None, CAN, f"p (resource {GROUP})", id="one group"),
        pytest.param(
            [allow(INGRESS, "arn:aws-cn:ec2:*:*:security-group*")],
            None,
            CAN,
            "p (resource arn:aws-cn:ec2:*:*:security-group*)",
            id="groups of another partition",
        ),
        pytest.param([allow("ec2:Describe*")], None, CANNOT, "", id="only reading"),
        pytest.param([allow("*", "arn:aws:s3:::bucket/*")], None, CANNOT, "", id="something else"),
        pytest.param(
            [allow("*", "arn:aws:ec2:*:*:instance/*")], None, CANNOT, "", id="only instances"
        ),
        pytest.param([without("iam:*")], None, CAN, "p (resource *)", id="all but IAM"),
        pytest.param([without("ec2:*")], None, CANNOT, "", id="all but EC2"),
        pytest.param(
            [allow(INGRESS, **MFA)],
            None,
            PERHAPS,
            "p (resource *; only if Bool aws:MultiFactorAuthPresent)",
            id="under a condition",
        ),
        pytest.param([allow(), deny("ec2:*")], None, CANNOT, "", id="denied"),
        pytest.param(
            [allow(), deny("ec2:*", **MFA)], None, PERHAPS, "p (resource *)", id="perhaps denied"
        ),
        pytest.param(
            [allow(), deny("ec2:*", GROUP)], None, PERHAPS, "p (resource *)", id="denied on one"
        ),
        pytest.param([allow(), deny("s3:*")], None, CAN, "p (resource *)", id="denied others"),
        pytest.param([allow()], [allow("s3:*")], CANNOT, "", id="out of the boundary"),
        pytest.param([allow()], [allow("ec2:*")], CAN, "p (resource *)", id="in the boundary"),
        pytest.param(
            [allow()], [allow("ec2:*", **MFA)], PERHAPS, "p (resource *)", id="perhaps in it"
        ),
        pytest.param([allow("s3:*")], [allow()], CANNOT, "", id="a boundary grants nothing"),
        pytest.param(
            [{"Effect": "Allow", "Action": "*", "NotResource": GROUP}],
            None,
            PERHAPS,
            f"p (all resources but {GROUP})",
            id="all resources but one",
        ),
        pytest.param(
            [allow(INGRESS, "arn:aws:ec2:*:*:security-group/${aws:username}")],
            None,
            PERHAPS,
            "p (resource arn:aws:ec2:*:*:security-group/${aws:username})",
            id="a variable",
        ),
        pytest.param([{}], None, CANNOT, "", id="nothing"),
        pytest.param(["text", 5, None], None, CANNOT, "", id="what is no statement"),
    ],
)
def test_who_can(statements: list[Any], boundary: list[Any] | None, verdict: str, by: str) -> None:
    identity = Identity(
        "arn:aws:iam::123456789012:user/alice",
        "alice",
        Kind.USER,
        "/",
        statements_of("p", {"Statement": statements}),
        None if boundary is None else statements_of("b", {"Statement": boundary}),
    )
    found = grants_of([identity])
    if verdict == CANNOT:
        assert not found
        return
    (grant,) = found
    assert (CAN if grant.sure else PERHAPS, grant.by) == (verdict, (by,))
    assert bool(grant.but) is (verdict == PERHAPS)
    assert set(grant.actions) <= set(ACTIONS)


@pytest.mark.parametrize("document", [None, "text", {}, {"Statement": "x"}, {"Statement": None}])
def test_what_is_no_policy_says_nothing(document: object) -> None:
    assert statements_of("p", document) == ()


def test_one_statement_needs_no_list() -> None:
    assert len(statements_of("p", {"Statement": allow()})) == 1


def test_a_policy_that_was_not_read_is_a_doubt() -> None:
    identity = Identity("arn:x", "x", Kind.ROLE, "/", (), unread=("Mystery",))
    (grant,) = grants_of([identity])
    assert (grant.sure, grant.but) == (False, "not read: Mystery")
