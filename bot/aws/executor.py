"""The executor: makes the calls of a plan."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict, assert_never

from bot.aws.errors import telling
from bot.aws.sessions import Sessions
from bot.changes.permissions import permissions_from_rules
from bot.containment.plan import Call, Operation

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_ec2.type_defs import ResponseMetadataTypeDef


@dataclass(frozen=True, slots=True)
class Executor:
    """Changes AWS, and is the only one that does."""

    sessions: Sessions

    def execute(self, call: Call, containment: str) -> str:
        """Make the call in the containment's own session; return the request id of AWS's answer.

        Raises AwsError; where it says to retry, the call may have been made all the same.
        """
        client = self.sessions.containing(containment, call.account, call.region)
        doing = f"{call.operation} on {call.group_id} in {call.account}/{call.region}"
        with telling(f"make the call {doing}"):
            return _made(client, call)


def _made(client: "EC2Client", call: Call) -> str:
    match call.operation:
        case Operation.REVOKE_INGRESS:
            return _request(
                client.revoke_security_group_ingress(
                    GroupId=call.group_id, SecurityGroupRuleIds=_ids(call)
                )
            )
        case Operation.REVOKE_EGRESS:
            return _request(
                client.revoke_security_group_egress(
                    GroupId=call.group_id, SecurityGroupRuleIds=_ids(call)
                )
            )
        case Operation.AUTHORIZE_INGRESS:
            return _request(
                client.authorize_security_group_ingress(
                    GroupId=call.group_id, IpPermissions=_permissions(call)
                )
            )
        case Operation.AUTHORIZE_EGRESS:
            return _request(
                client.authorize_security_group_egress(
                    GroupId=call.group_id, IpPermissions=_permissions(call)
                )
            )
        case _:
            assert_never(call.operation)


def _ids(call: Call) -> list[str]:
    return [rule.rule_id for rule in call.rules]


def _permissions(call: Call) -> Any:
    """Return the rules in boto3's form, whose own types are too deep for a plain dict."""
    return permissions_from_rules(call.rules)


class _Answer(TypedDict):
    ResponseMetadata: "ResponseMetadataTypeDef"


def _request(answer: _Answer) -> str:
    return answer["ResponseMetadata"]["RequestId"]
