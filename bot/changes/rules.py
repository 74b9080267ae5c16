"""Group rules: one line of a security group each, as a value that AWS would call the same."""

from dataclasses import dataclass, field
from enum import StrEnum

ALL_PROTOCOLS = "-1"


class Direction(StrEnum):
    """Which way traffic that the rule allows flows, seen from the group's members.

    UNKNOWN is for rules edited by their id: such a record does not tell the direction.
    """

    INGRESS = "ingress"
    EGRESS = "egress"
    UNKNOWN = "unknown"

    # Rules are hashed often, and an enum's own hash is slow. It equals the text's, being text.
    __hash__ = str.__hash__


class PeerKind(StrEnum):
    """What a rule names on its other side."""

    IPV4 = "ipv4"
    IPV6 = "ipv6"
    GROUP = "group"
    PREFIX_LIST = "prefix_list"

    __hash__ = str.__hash__


@dataclass(frozen=True, slots=True, order=True)
class Peer:
    """The other side of a rule: a CIDR in canonical form, a group id, or a prefix list id."""

    kind: PeerKind
    value: str
    account: str = ""

    def __str__(self) -> str:
        return f"{self.account}/{self.value}" if self.account else self.value


@dataclass(frozen=True, slots=True, order=True)
class GroupRule:
    """One rule. Ports are None for all; for ICMP they are type and code, as in AWS's API.

    Equality is AWS's: a rule that differs only in description or id is a duplicate there.
    """

    direction: Direction
    protocol: str
    from_port: int | None
    to_port: int | None
    peer: Peer
    description: str = field(default="", compare=False)
    rule_id: str = field(default="", compare=False)
