"""AWS's errors as ours: whether to try again, when, and why."""

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from bot.aws.errors import AwsError, telling

ENCODED = "You are not authorized to perform this operation. Encoded message: " + "x" * 4000


def told(error: Exception) -> AwsError:
    with pytest.raises(AwsError) as raised, telling("read sg-1"):
        raise error
    assert raised.value.__cause__ is error
    return raised.value


def answer(
    code: str, message: str = "", status: int = 400, headers: dict[str, str] | None = None
) -> ClientError:
    metadata = {"HTTPStatusCode": status, "HTTPHeaders": headers or {}}
    return ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata},  # type: ignore[typeddict-item]
        "DescribeSecurityGroupRules",
    )


@pytest.mark.parametrize(
    ("error", "retry", "reason"),
    [
        pytest.param(
            answer("RequestLimitExceeded", status=503),
            True,
            "could not read sg-1: AWS asks for fewer calls (RequestLimitExceeded)",
            id="throttled by EC2",
        ),
        pytest.param(
            answer("Throttling"),
            True,
            "could not read sg-1: AWS asks for fewer calls (Throttling)",
            id="throttled by another service, as a bad request",
        ),
        pytest.param(
            answer("Later", status=429),
            True,
            "could not read sg-1: AWS asks for fewer calls (Later)",
            id="throttled by status alone",
        ),
        pytest.param(
            answer("ServiceUnavailable", "Oh no.", status=503),
            True,
            "could not read sg-1: Oh no. (ServiceUnavailable)",
            id="AWS's own trouble",
        ),
        pytest.param(
            answer("ExpiredToken", "It has expired.", status=403),
            True,
            "could not read sg-1: It has expired. (ExpiredToken)",
            id="credentials that ran out in flight",
        ),
        pytest.param(
            answer("UnauthorizedOperation", ENCODED, status=403),
            False,
            "could not read sg-1: no permission for DescribeSecurityGroupRules "
            "(UnauthorizedOperation)",
            id="denied, with an explanation that nobody can read",
        ),
        pytest.param(
            answer("AccessDenied", "User: x is not authorized to perform: ec2:DescribeIt on *"),
            False,
            "could not read sg-1: no permission for ec2:DescribeIt (AccessDenied)",
            id="denied, with the action's name",
        ),
        pytest.param(
            answer("InvalidPermission.Duplicate", "the specified rule …"),
            False,
            "could not read sg-1: the rule is there already (InvalidPermission.Duplicate)",
            id="there already",
        ),
        pytest.param(
            answer("InvalidPermission.NotFound"),
            False,
            "could not read sg-1: the rule is not there any more (InvalidPermission.NotFound)",
            id="there no more",
        ),
        pytest.param(
            answer("Strange", "y" * 1000),
            False,
            f"could not read sg-1: {'y' * 300} (Strange)",
            id="unknown and long",
        ),
        pytest.param(
            answer("Strange"),
            False,
            "could not read sg-1: AWS gave no reason (Strange)",
            id="unknown and silent",
        ),
    ],
)
def test_what_aws_answers(error: ClientError, retry: bool, reason: str) -> None:
    ours = told(error)
    assert (ours.retry, ours.reason, ours.code) == (retry, reason, error.response["Error"]["Code"])
    assert str(ours) == reason


@pytest.mark.parametrize(
    ("header", "after"),
    [
        pytest.param("7", 7.0, id="seconds"),
        pytest.param("0.5", 0.5, id="a part of one"),
        pytest.param("Wed, 21 Oct 2026 07:28:00 GMT", None, id="a date, which AWS does not send"),
    ],
)
def test_when_aws_says_to_try_again(header: str, after: float | None) -> None:
    assert told(answer("SlowDown", headers={"retry-after": header})).after == after


@pytest.mark.parametrize(
    ("error", "retry", "says"),
    [
        pytest.param(
            ResponseParserError("Unable to parse response: <html>"),
            True,
            "did not answer",
            id="a proxy's page instead of an answer",
        ),
        pytest.param(
            EndpointConnectionError(endpoint_url="x"), True, "did not answer", id="refused"
        ),
        pytest.param(ConnectTimeoutError(endpoint_url="x"), True, "did not answer", id="no way"),
        pytest.param(ReadTimeoutError(endpoint_url="x"), True, "did not answer", id="silence"),
        pytest.param(ConnectionClosedError(endpoint_url="x"), True, "did not answer", id="cut off"),
        pytest.param(NoCredentialsError(), True, "credentials", id="no credentials"),
        pytest.param(
            CredentialRetrievalError(provider="x", error_msg="y"),
            True,
            "credentials",
            id="credentials that cannot be had just now",
        ),
        pytest.param(NoRegionError(), False, "region", id="a call that makes no sense"),
    ],
)
def test_what_happens_on_the_way(error: BotoCoreError, retry: bool, says: str) -> None:
    ours = told(error)
    assert ours.retry is retry
    assert says in ours.reason
    assert ours.reason.startswith("could not read sg-1: ")


def test_a_defect_of_ours_is_not_aws_s() -> None:
    with pytest.raises(ZeroDivisionError), telling("divide"):
        raise ZeroDivisionError
