"""The executor: makes the calls of a plan."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from typing import Any

from botocore import xform_name

from bot.aws.errors import telling
from bot.aws.sessions import Sessions
from bot.containment.effects.denial import WHEN_CALLED
from bot.containment.plan import Call

MAKES: Mapping[str, tuple[str, ...]] = {
    "CreateSecurityGroup": ("GroupId",),
    "CreateNetworkAcl": ("NetworkAcl", "NetworkAclId"),
}
"""Calls that make something, and where their answer names it."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The request id of AWS's answer, and the id of what the call made, if it made anything."""

    request_id: str
    made: str = ""


@dataclass(frozen=True, slots=True)
class Executor:
    """Changes AWS, and is the only one that does."""

    sessions: Sessions
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def execute(self, call: Call, containment: str) -> Answered:
        """Make the call in the containment's own session.

        Raises AwsError; where it says to retry, the call may have been made all the same.
        """
        client = self.sessions.containing(containment, call.account, call.region, call.service)
        doing = f"{call.operation} on {call.about} in {call.account}/{call.region}"
        with telling(f"make the call {doing}"):
            method = getattr(client, xform_name(call.operation))
            answer: dict[str, Any] = method(**_as_of(call, self.clock()))
        return Answered(answer["ResponseMetadata"]["RequestId"], _made(call, answer))


def _made(call: Call, answer: Any) -> str:
    if call.operation not in MAKES:
        return ""
    return str(reduce(lambda part, key: part[key], MAKES[call.operation], answer))


def _as_of(call: Call, now: datetime) -> dict[str, Any]:
    """Return the parameters, with the moment of the call where one is to say it."""
    moment = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        name: value.replace(WHEN_CALLED, moment) if isinstance(value, str) else value
        for name, value in call.parameters.items()
    }
