"""Authorizations: an account's users and roles with all their policies, as IAM tells at once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from bot.aws.errors import telling
from bot.aws.sessions import Sessions
from bot.cloudtrail.history import home_region
from bot.cloudtrail.text import printable

PAGES, ITEMS = 100, 500
"""Pages of one account at most, and what is in each: 50,000 users, groups, roles and policies."""

NAME = 128


@dataclass(frozen=True, slots=True)
class Holder:
    """A user or role: its own policies by name, and the ARNs of those attached to it.

    Those of a user's groups are among them, under ``group GROUP: …``.
    """

    arn: str
    name: str
    path: str
    is_role: bool
    inline: Mapping[str, object] = field(default_factory=dict)
    attached: tuple[tuple[str, str], ...] = ()
    boundary: str = ""


@dataclass(frozen=True, slots=True)
class Authorizations:
    """Who there is, and the documents of managed policies by ARN; ``cut`` is that there is more."""

    holders: tuple[Holder, ...]
    policies: Mapping[str, object]
    cut: bool = False


def read_authorizations(sessions: Sessions, account: str) -> Authorizations:
    """Return what IAM tells of an account. Raises AwsError. One call for each 500 of them."""
    client = sessions.identities(account, home_region(sessions.region))
    found: dict[str, list[Any]] = {"User": [], "Group": [], "Role": []}
    policies: dict[str, object] = {}
    paginator = client.get_paginator("get_account_authorization_details")
    last: Any = {}
    with telling(f"read who may do what in {account}"):
        for page in islice(paginator.paginate(PaginationConfig={"PageSize": ITEMS}), PAGES):
            last = page
            found["User"] += page.get("UserDetailList", [])
            found["Group"] += page.get("GroupDetailList", [])
            found["Role"] += page.get("RoleDetailList", [])
            policies |= {policy["Arn"]: _document(policy) for policy in page.get("Policies", [])}
    groups = {group["GroupName"]: group for group in found["Group"]}
    users = tuple(_user(user, groups) for user in found["User"])
    roles = tuple(_holder(role, "Role") for role in found["Role"])
    return Authorizations((*users, *roles), policies, bool(last.get("IsTruncated")))


def _document(policy: Mapping[str, Any]) -> object:
    versions = policy.get("PolicyVersionList", [])
    return next((v.get("Document") for v in versions if v.get("IsDefaultVersion")), None)


def _holder(given: Mapping[str, Any], kind: str) -> Holder:
    boundary = given.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", "")
    return Holder(
        given["Arn"],
        printable(given[f"{kind}Name"], NAME),
        given.get("Path", "/"),
        kind == "Role",
        dict(_inline(given.get(f"{kind}PolicyList", []))),
        tuple(_attached(given.get("AttachedManagedPolicies", []))),
        boundary,
    )


def _user(given: Mapping[str, Any], groups: Mapping[str, Mapping[str, Any]]) -> Holder:
    user = _holder(given, "User")
    inline, attached = dict(user.inline), list(user.attached)
    for name in given.get("GroupList", []):
        group = groups.get(name, {})
        of_group = f"group {printable(name, NAME)}: "
        inline |= _inline(group.get("GroupPolicyList", []), of_group)
        attached += _attached(group.get("AttachedManagedPolicies", []), of_group)
    return Holder(
        user.arn, user.name, user.path, user.is_role, inline, tuple(attached), user.boundary
    )


def _inline(given: Iterable[Mapping[str, Any]], start: str = "") -> Iterator[tuple[str, object]]:
    for policy in given:
        yield f"{start}{printable(policy['PolicyName'], NAME)}", policy.get("PolicyDocument")


def _attached(given: Iterable[Mapping[str, Any]], start: str = "") -> Iterator[tuple[str, str]]:
    for policy in given:
        yield f"{start}{printable(policy['PolicyName'], NAME)}", policy["PolicyArn"]
