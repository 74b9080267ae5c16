"""Permissions: what IAM says that a principal's policies allow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.aws.errors import telling
from bot.aws.sessions import Sessions
from bot.cloudtrail.history import home_region

if TYPE_CHECKING:
    from mypy_boto3_iam.type_defs import EvaluationResultTypeDef, SimulatePolicyResponseTypeDef

ALLOWED = "allowed"
MOST = 100
"""Decisions that are asked for: an action on a resource each."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Whether an action on a resource is allowed."""

    action: str
    resource: str
    allowed: bool


@dataclass(frozen=True, slots=True)
class PolicySimulator:
    """Asks IAM's simulator. It reads policies, and tries nothing."""

    sessions: Sessions

    def decide(
        self,
        account: str,
        region: str,
        principal: str,
        actions: Sequence[str],
        resources: Sequence[str],
    ) -> tuple[Decided, ...]:
        """Return what policies say to each action on each resource: one call. Raises AwsError."""
        client = self.sessions.identities(account, home_region(region))
        with telling(f"ask what {principal} may do"):
            answer: SimulatePolicyResponseTypeDef = client.simulate_principal_policy(
                PolicySourceArn=principal,
                ActionNames=list(actions),
                ResourceArns=list(resources),
                MaxItems=MOST,
            )
        return tuple(one for found in answer["EvaluationResults"] for one in _decided(found))


def _decided(found: "EvaluationResultTypeDef") -> Iterator[Decided]:
    """Yield a decision for each resource: IAM tells them apart or below one another."""
    action = found["EvalActionName"]
    below = found.get("ResourceSpecificResults", [])
    if not below:
        yield Decided(action, found.get("EvalResourceName", "*"), _allows(found["EvalDecision"]))
    for one in below:
        yield Decided(action, one["EvalResourceName"], _allows(one["EvalResourceDecision"]))


def _allows(decision: str) -> bool:
    return decision == ALLOWED
