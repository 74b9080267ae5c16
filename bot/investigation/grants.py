"""Grants: who in an account can change security groups, by the policies that IAM tells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.investigation.policies import (
    ACTIONS,
    Effect,
    Statement,
    effect_of,
    sources_of,
)

SERVICE_PATH = "/aws-service-role/"


class Kind(StrEnum):
    """What sort of identity it is."""

    USER = "user"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Identity:
    """A user or role, and what its policies say; ``boundary`` is None where there is none.

    ``unread`` are policies that it has and IAM did not tell.
    """

    arn: str
    name: str
    kind: Kind
    path: str
    statements: tuple[Statement, ...]
    boundary: tuple[Statement, ...] | None = None
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grant:
    """Somebody who can change groups, or perhaps can: ``sure`` says which.

    ``by`` are the policies that allow it, ``but`` is what keeps us from being sure.
    """

    arn: str
    name: str
    kind: Kind
    actions: tuple[str, ...]
    by: tuple[str, ...]
    sure: bool
    but: str = ""
    of_service: bool = False


@dataclass(frozen=True, slots=True)
class Identities:
    """An account's users and roles; ``cut`` is that there are more than were read."""

    all: Sequence[Identity] = field(default_factory=tuple)
    cut: bool = False


def grants_of(identities: Sequence[Identity]) -> tuple[Grant, ...]:
    """Return who can change groups, those that surely can first."""
    found = (grant for identity in identities for grant in _grant(identity))
    return tuple(sorted(found, key=lambda grant: (not grant.sure, grant.arn)))


def _grant(identity: Identity) -> Iterator[Grant]:
    effects: Mapping[str, Effect] = {action: _effect(identity, action) for action in ACTIONS}
    allowed = tuple(action for action, effect in effects.items() if effect is Effect.ALLOWS)
    perhaps = tuple(action for action, effect in effects.items() if effect is Effect.PERHAPS)
    actions = allowed or perhaps
    if not actions and not identity.unread:
        return
    yield Grant(
        identity.arn,
        identity.name,
        identity.kind,
        actions,
        sources_of(identity.statements, actions),
        bool(allowed),
        _doubt(identity, perhaps=bool(perhaps and not allowed)),
        identity.path.startswith(SERVICE_PATH),
    )


def _effect(identity: Identity, action: str) -> Effect:
    """Return what policies and boundary say together: the boundary only takes away."""
    effect = effect_of(identity.statements, action)
    if identity.boundary is None:
        return effect
    return min(effect, effect_of(identity.boundary, action), key=lambda each: each.value)


def _doubt(identity: Identity, *, perhaps: bool) -> str:
    if identity.unread:
        return f"not read: {', '.join(identity.unread)}"
    return "a condition, a denial or the boundary decides" if perhaps else ""
