"""Simulation: what the policies of a user or role allow, which moto enforces but does not tell."""

from types import SimpleNamespace
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.access_control import (
    AssumedRoleAccessKey,
    IAMPolicy,
    IAMUserAccessKey,
    PermissionResult,
)
from moto.iam.exceptions import NoSuchEntity
from moto.iam.responses import IamResponse

from sandbox.aws.patches import Patches


def mend_simulation(patches: Patches) -> None:
    """Answer SimulatePrincipalPolicy by the policies' actions and resources, without conditions."""
    patches.add(IamResponse, "simulate_principal_policy", _simulate_principal_policy)


def _simulate_principal_policy(self: Any) -> Any:
    policies = [
        IAMPolicy(found) for found in _policies(self.backend, self._get_param("PolicySourceArn"))
    ]
    results = [
        {
            "EvalActionName": action,
            "EvalResourceName": resource,
            "EvalDecision": _decision(policies, action, resource),
            "MatchedStatements": [],
            "MissingContextValues": [],
        }
        for action in self._get_param("ActionNames", [])
        for resource in self._get_param("ResourceArns", []) or ["*"]
    ]
    return ActionResult({"EvaluationResults": results, "IsTruncated": False})


def _policies(iam: Any, arn: str) -> list[Any]:
    """Return a principal's policies, as moto collects those of a key's owner."""
    found: list[Any]
    for user in iam.users.values():
        if user.arn == arn:
            owner = SimpleNamespace(backend=iam, _owner_user_name=user.name)
            found = IAMUserAccessKey.collect_policies(owner)
            return found
    for role in iam.roles.values():
        if role.arn == arn:
            owner = SimpleNamespace(backend=iam, _owner_role_name=role.name)
            found = AssumedRoleAccessKey.collect_policies(owner)
            return found
    raise NoSuchEntity(f"The entity {arn} cannot be found.")


def _decision(policies: list[IAMPolicy], action: str, resource: str) -> str:
    said = {policy.is_action_permitted(action, resource) for policy in policies}
    if PermissionResult.DENIED in said:
        return "explicitDeny"
    return "allowed" if PermissionResult.PERMITTED in said else "implicitDeny"
