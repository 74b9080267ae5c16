"""AWS's errors as ours: whether to try again, when, and why in words fit for people."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's own, which the built-in one is no parent of
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
)
from botocore.parsers import ResponseParserError

THROTTLED = frozenset(
    {
        "RequestLimitExceeded",
        "RequestThrottled",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
DENIED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthFailure",
        "OptInRequired",
        "UnauthorizedOperation",
    }
)
PASSING = frozenset({"ExpiredToken", "ExpiredTokenException", "InternalError", "Unavailable"})
"""Codes of what passes by itself: a credential that ran out in flight, or AWS's own trouble."""

MEANINGS = {
    "InvalidPermission.Duplicate": "the rule is there already",
    "InvalidPermission.NotFound": "the rule is not there any more",
    "InvalidSecurityGroupRuleId.NotFound": "the rule is not there any more",
    "InvalidGroup.NotFound": "the group does not exist",
    "RulesPerSecurityGroupLimitExceeded": "the group holds as many rules as AWS allows",
    "AWS.SimpleQueueService.NonExistentQueue": "the queue does not exist",
    "QueueDoesNotExist": "the queue does not exist",
}
KEPT = 300
"""Characters of AWS's own message; a denial's encoded explanation may have thousands."""


class AwsError(Exception):
    """AWS did not do as asked. ``after`` is in seconds, where AWS said when to try again.

    ``retry`` says that the same call may succeed later. After a call that changes AWS it also says
    that the call may have been made: look first.
    """

    def __init__(
        self, reason: str, *, retry: bool, after: float | None = None, code: str = ""
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry = retry
        self.after = after
        self.code = code


@contextmanager
def telling(doing: str) -> Iterator[None]:
    """Raise botocore's errors as ours; ``doing`` completes "could not …"."""
    try:
        yield
    except ClientError as error:
        raise _from_answer(error, doing) from error
    except (ConnectionError, HTTPClientError, ResponseParserError) as error:
        reason = f"could not {doing}: AWS did not answer ({type(error).__name__})"
        raise AwsError(reason, retry=True) from error
    except (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError) as error:
        reason = f"could not {doing}: no AWS credentials; give sgwatch a role or a profile"
        raise AwsError(reason, retry=True) from error
    except BotoCoreError as error:
        raise AwsError(f"could not {doing}: {str(error)[:KEPT]}", retry=False) from error


def _from_answer(error: ClientError, doing: str) -> AwsError:
    answer = error.response
    code = str(answer.get("Error", {}).get("Code", "unknown"))
    metadata = answer.get("ResponseMetadata", {})
    headers = metadata.get("HTTPHeaders", {})
    throttled = code in THROTTLED or metadata.get("HTTPStatusCode") == 429
    failed = code in PASSING or int(metadata.get("HTTPStatusCode", 0)) >= 500
    return AwsError(
        f"could not {doing}: {_why(error, code, throttled=throttled)} ({code})",
        retry=throttled or failed,
        after=_seconds(headers.get("retry-after", "")),
        code=code,
    )


def _why(error: ClientError, code: str, *, throttled: bool) -> str:
    message = str(error.response.get("Error", {}).get("Message", ""))
    if throttled:
        return "AWS asks for fewer calls"
    if code in DENIED:
        named = re.search(r"perform: ([\w-]+:\w+)", message)
        return f"no permission for {named[1] if named else error.operation_name}"
    return MEANINGS.get(code) or message[:KEPT] or "AWS gave no reason"


def _seconds(header: str) -> float | None:
    return float(header) if re.fullmatch(r"\d{1,6}(\.\d+)?", header) else None
