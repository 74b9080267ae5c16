"""Who called: one normal form for every kind of CloudTrail ``userIdentity``."""

from dataclasses import dataclass
from enum import StrEnum


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
