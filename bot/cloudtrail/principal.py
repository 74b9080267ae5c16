"""Who called: one normal form for every kind of CloudTrail ``userIdentity``."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.cloudtrail.agent import from_console, invoked_by_of
from bot.cloudtrail.record import Record
from bot.cloudtrail.text import flag_of, text_of

UNKNOWN = "unknown"
"""The id of a principal of whom the record tells nothing."""

LONGEST = 2048
"""Characters of an ARN at most, says AWS; other parts are shorter."""

SSO_ROLE = re.compile(r"arn:aws[\w-]*:iam::\d+:role/aws-reserved/sso\.amazonaws\.com/.+")
"""The ARN of a role of IAM Identity Center. Nobody else can make a role under that path, but
anybody can under one that holds it further on: the whole ARN must match."""

ARN = re.compile(r"arn:(aws[\w-]*):(?:iam|sts)::(\w*):([\w-]+)(?:/(.*))?", re.DOTALL)


class PrincipalKind(StrEnum):
    """What sort of identity made the call."""

    USER = "user"
    ROLE = "role"
    ROOT = "root"
    FEDERATED = "federated"
    SAML = "saml"
    WEB_IDENTITY = "web_identity"
    IDENTITY_CENTER = "identity_center"
    ACCOUNT = "account"
    SERVICE = "service"
    UNKNOWN = "unknown"


KINDS = {
    "IAMUser": PrincipalKind.USER,
    "AssumedRole": PrincipalKind.ROLE,
    "Role": PrincipalKind.ROLE,
    "Root": PrincipalKind.ROOT,
    "FederatedUser": PrincipalKind.FEDERATED,
    "SAMLUser": PrincipalKind.SAML,
    "WebIdentityUser": PrincipalKind.WEB_IDENTITY,
    "IdentityCenterUser": PrincipalKind.IDENTITY_CENTER,
    "AWSAccount": PrincipalKind.ACCOUNT,
    "AWSService": PrincipalKind.SERVICE,
}


@dataclass(frozen=True, slots=True)
class Principal:
    """The role or user that called, and what its session says.

    ``id`` is what two calls by the same principal share: the ARN of the role or user, without
    the session. ``person`` is set only where the identity provider, never the caller, chose it.
    """

    kind: PrincipalKind
    id: str
    account: str
    name: str
    role: str = ""
    session: str = ""
    person: str = ""
    access_key: str = ""
    mfa: bool | None = None
    console: bool = False
    invoked_by: str = ""
    source_identity: str = ""

    @property
    def label(self) -> str:
        """Return what people call it: the person, else the role with its session, else the name."""
        if self.person:
            return self.person
        if self.role:
            return f"{self.role}/{self.session}" if self.session else self.role
        return self.name or self.id

    @property
    def names(self) -> tuple[str, ...]:
        """Return all that tells whose calls they are. Some of it the caller chose: it proves
        nothing, but it is enough to refuse.
        """
        told = (self.id, self.person, self.label, self.source_identity)
        return tuple(dict.fromkeys(filter(None, told)))


@dataclass(frozen=True, slots=True)
class _Named:
    """The parts that each kind of identity tells in its own way."""

    id: str
    name: str
    role: str = ""
    session: str = ""
    person: str = ""


class _Identity:
    """A ``userIdentity``, read as text whatever its types."""

    __slots__ = ("arn", "fields", "issuer", "name", "principal_id")

    def __init__(self, fields: dict[str, Any]) -> None:
        self.fields = fields
        self.arn = self.text("arn")
        self.name = self.text("userName")
        self.principal_id = self.text("principalId")
        self.issuer = self.text("sessionContext", "sessionIssuer", "arn")

    def text(self, *path: str) -> str:
        value: Any = self.fields
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return text_of(value, LONGEST)


def principal_of(record: Record, *, named_by_provider: Collection[str] = ()) -> Principal:
    """Return who called.

    ``named_by_provider`` are ARNs of roles whose sessions only an identity provider can name
    (SAML, web identity): such a session's name is a person. IAM Identity Center's are known.
    """
    identity = _Identity(record.user_identity)
    kind = KINDS.get(identity.text("type"), PrincipalKind.UNKNOWN)
    account = identity.text("accountId") or _account(identity.arn) or record.recipient_account_id
    named = _named(kind, identity, account, named_by_provider)
    invoked_by = invoked_by_of(record)
    return Principal(
        kind=kind,
        id=named.id or identity.arn or identity.principal_id or invoked_by or UNKNOWN,
        account=account,
        name=named.name,
        role=named.role,
        session=named.session,
        person=named.person,
        access_key=identity.text("accessKeyId"),
        mfa=flag_of(identity.text("sessionContext", "attributes", "mfaAuthenticated")),
        console=from_console(record),
        invoked_by=invoked_by,
        source_identity=identity.text("sessionContext", "sourceIdentity"),
    )


def _named(
    kind: PrincipalKind, identity: _Identity, account: str, trusted: Collection[str]
) -> _Named:
    match kind:
        case PrincipalKind.ROLE:
            return _role(identity, trusted)
        case PrincipalKind.USER | PrincipalKind.UNKNOWN:
            return _Named(identity.arn, identity.name or _last(identity.arn))
        case PrincipalKind.ROOT:
            return _Named(identity.arn, "root")
        case PrincipalKind.FEDERATED:
            return _federated(identity)
        case PrincipalKind.SAML:
            # Here the name is what the provider asserted, so it is a person.
            return _Named(identity.principal_id, identity.name, person=identity.name)
        case PrincipalKind.WEB_IDENTITY:
            return _Named(identity.principal_id, identity.name)
        case PrincipalKind.IDENTITY_CENTER:
            return _identity_center(identity)
        case PrincipalKind.ACCOUNT:
            return _Named(
                f"{account}/{identity.principal_id.partition(':')[0]}".strip("/"), account
            )
        case PrincipalKind.SERVICE:
            service = identity.text("invokedBy")
            return _Named(service, service)


def _role(identity: _Identity, trusted: Collection[str]) -> _Named:
    role = identity.text("sessionContext", "sessionIssuer", "userName")
    session, arn = "", identity.issuer
    if found := ARN.fullmatch(identity.arn):
        partition, account, resource, path = found[1], found[2], found[3], found[4] or ""
        if resource == "assumed-role":
            named, _, session = path.partition("/")
            role = role or named
            arn = arn or f"arn:{partition}:iam::{account}:role/{named}"
        else:
            role = role or _last(identity.arn)
    session = session or identity.principal_id.partition(":")[2]
    provider_named = SSO_ROLE.fullmatch(identity.issuer) or arn in trusted
    person = session if provider_named else ""
    return _Named(arn or identity.arn, role or session, role, session, person)


def _federated(identity: _Identity) -> _Named:
    """Return the user who got the federated session; who got it also chose its name."""
    issuer = identity.text("sessionContext", "sessionIssuer", "userName")
    session = _last(identity.arn)
    return _Named(identity.issuer or identity.arn, issuer or session, session=session)


def _identity_center(identity: _Identity) -> _Named:
    user = identity.text("onBehalfOf", "userId")
    store = identity.text("onBehalfOf", "identityStoreArn")
    known = f"{store}/user/{user}" if store else user
    return _Named(known if user else "", identity.name or user, person=identity.name)


def _account(arn: str) -> str:
    found = ARN.fullmatch(arn)
    return found[2] if found else ""


def _last(arn: str) -> str:
    return arn.rpartition("/")[2] if "/" in arn else arn.rpartition(":")[2]
