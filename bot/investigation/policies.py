"""IAM policies, read as far as it takes to say whether one lets somebody change security groups.

It is careful: a statement with a condition, a variable or a resource that covers only some groups
is "perhaps", said in words. Service control policies and session policies are not seen here.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any

from bot.cloudtrail.text import printable

ACTIONS = (
    "AuthorizeSecurityGroupEgress",
    "AuthorizeSecurityGroupIngress",
    "CreateSecurityGroup",
    "DeleteSecurityGroup",
    "ModifySecurityGroupRules",
    "RevokeSecurityGroupEgress",
    "RevokeSecurityGroupIngress",
)
"""The calls of EC2 that change security groups or their rules."""

GROUP_ARN = ("arn", "aws", "ec2", "", "", "security-group/")
WORD, NAMED = 100, 3


class Effect(Enum):
    """What a policy says of a call."""

    NOTHING = 0
    PERHAPS = 1
    ALLOWS = 2


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, and the policy that it stands in."""

    policy: str
    allows: bool
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    resources: tuple[str, ...]
    not_resources: tuple[str, ...]
    conditions: tuple[str, ...]

    def is_about(self, action: str) -> bool:
        """Return whether it is about a call of EC2."""
        name = f"ec2:{action}".lower()
        if self.not_actions:
            return not any(fnmatchcase(name, each.lower()) for each in self.not_actions)
        return any(fnmatchcase(name, each.lower()) for each in self.actions)

    @property
    def is_about_groups(self) -> bool:
        """Return whether it may be about some security group."""
        return bool(self.not_resources) or any(map(_may_be_group, self.resources))

    @property
    def is_plain(self) -> bool:
        """Return whether it holds for every group, whenever and from wherever."""
        return not self.conditions and "*" in self.resources

    @property
    def words(self) -> str:
        """Return the policy, on what, and under which conditions."""
        where = f"resource {_few(self.resources)}"
        if self.not_resources:
            where = f"all resources but {_few(self.not_resources)}"
        when = f"; only if {_few(self.conditions)}" if self.conditions else ""
        return f"{printable(self.policy, WORD)} ({where}{when})"


def statements_of(policy: str, document: object) -> tuple[Statement, ...]:
    """Return the statements of a policy document; what is none is left out."""
    found = document.get("Statement", []) if isinstance(document, Mapping) else []
    listed = [found] if isinstance(found, Mapping) else found if isinstance(found, list) else []
    return tuple(_statement(policy, each) for each in listed if isinstance(each, Mapping))


def effect_of(statements: Sequence[Statement], action: str) -> Effect:
    """Return what statements say of a call. A denial that may not hold makes it "perhaps"."""
    about = [s for s in statements if s.is_about(action) and s.is_about_groups]
    denials = [s for s in about if not s.allows]
    if any(denial.is_plain for denial in denials):
        return Effect.NOTHING
    allowing = [s for s in about if s.allows]
    if not allowing:
        return Effect.NOTHING
    sure = not denials and any(not s.conditions and not _is_vague(s) for s in allowing)
    return Effect.ALLOWS if sure else Effect.PERHAPS


def sources_of(statements: Iterable[Statement], actions: Sequence[str]) -> tuple[str, ...]:
    """Return the policies that allow any of the calls, in words, the plain ones first."""
    held = (s for s in statements if s.is_about_groups and any(map(s.is_about, actions)))
    allowing = sorted((s for s in held if s.allows), key=lambda s: not s.is_plain)
    return tuple(dict.fromkeys(s.words for s in allowing))


def _statement(policy: str, given: Mapping[str, Any]) -> Statement:
    conditions = given.get("Condition")
    keys = (
        f"{operator} {key}"
        for operator, tested in (conditions.items() if isinstance(conditions, Mapping) else ())
        for key in (tested if isinstance(tested, Mapping) else ())
    )
    return Statement(
        policy,
        given.get("Effect") == "Allow",
        _texts(given.get("Action")),
        _texts(given.get("NotAction")),
        _texts(given.get("Resource")),
        _texts(given.get("NotResource")),
        tuple(keys),
    )


def _texts(given: object) -> tuple[str, ...]:
    listed = given if isinstance(given, list) else [given]
    return tuple(each for each in listed if isinstance(each, str))


def _may_be_group(resource: str) -> bool:
    """Return whether the pattern of an ARN may stand for a security group's."""
    if "*" in resource.partition(":")[0]:
        return True
    parts = resource.split(":", 5)
    if len(parts) < len(GROUP_ARN):
        return False
    known = zip(parts[:3], GROUP_ARN[:3], strict=False)
    if not all(fnmatchcase(want, _loose(part)) for part, want in known):
        return False
    start = re.split(r"[*?$]", parts[5])[0]
    return start.startswith(GROUP_ARN[5]) or GROUP_ARN[5].startswith(start)


def _loose(part: str) -> str:
    """Return a part of an ARN in which any partition of AWS's is the first."""
    return re.sub(r"^aws(-[\w-]+)?$", "aws", part)


def _is_vague(statement: Statement) -> bool:
    """Return whether which groups it is about cannot be told here."""
    return bool(statement.not_resources) or any("${" in r for r in statement.resources)


def _few(texts: Sequence[str]) -> str:
    more = len(texts) - NAMED
    shown = ", ".join(printable(text, WORD) for text in texts[:NAMED])
    return f"{shown} and {more} more" if more > 0 else shown
