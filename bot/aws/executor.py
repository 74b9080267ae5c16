"""The executor: makes the calls of a plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore import xform_name

from bot.aws.errors import telling
from bot.aws.sessions import Sessions
from bot.containment.plan import Call

MAKES: Mapping[str, str] = {"CreateSecurityGroup": "GroupId"}
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

    def execute(self, call: Call, containment: str) -> Answered:
        """Make the call in the containment's own session.

        Raises AwsError; where it says to retry, the call may have been made all the same.
        """
        client = self.sessions.containing(containment, call.account, call.region, call.service)
        doing = f"{call.operation} on {call.about} in {call.account}/{call.region}"
        with telling(f"make the call {doing}"):
            method = getattr(client, xform_name(call.operation))
            answer: dict[str, Any] = method(**call.parameters)
        made = str(answer.get(MAKES.get(call.operation, ""), ""))
        return Answered(answer["ResponseMetadata"]["RequestId"], made)
