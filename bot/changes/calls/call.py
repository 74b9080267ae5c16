"""A call: one record's request and response, opened, and the change that is made of them."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import ip_address
from typing import NamedTuple

from bot.changes.change import Change, GroupRef, Verb
from bot.changes.rules import Direction, GroupRule, Peer, PeerKind
from bot.changes.shapes import Node, items, part, within, word_at
from bot.cloudtrail.record import Record, succeeded
from bot.cloudtrail.text import text_of

DEFAULT_EGRESS = GroupRule(Direction.EGRESS, "-1", None, None, Peer(PeerKind.IPV4, "0.0.0.0/0"))
"""The rule that AWS puts into every new group of a VPC, without a record of its own."""


class Call(NamedTuple):
    """One record as its normaliser sees it.

    ``direction`` is what the call's name tells. ``error`` is empty where the call did something.
    """

    record: Record
    request: Node
    response: Node
    account: str
    direction: Direction
    error: str

    def group(self, otherwise: str = "") -> GroupRef:
        """Return the group that the request names; ``otherwise`` is its id from elsewhere."""
        return GroupRef(word_at(self.request, "groupId") or otherwise, self.name())

    def name(self) -> str:
        """Return the group's name, where the request tells it."""
        return word_at(self.request, "groupName")

    def change(
        self,
        verb: Verb,
        group: GroupRef = GroupRef(),  # noqa: B008 - a value, never changed
        *,
        added: tuple[GroupRule, ...] = (),
        removed: tuple[GroupRule, ...] = (),
        modified: tuple[GroupRule, ...] = (),
        rule_ids: tuple[str, ...] = (),
        target: str = "",
        groups_after: tuple[str, ...] = (),
        detail: str = "",
        cidrs_added: tuple[str, ...] = (),
        cidrs_removed: tuple[str, ...] = (),
    ) -> Change:
        """Return the change. A call that failed did nothing: its rules are only asked for."""
        record, did = self.record, not self.error
        return Change(
            event_id=record.event_id,
            at=record.event_time,
            account=self.account,
            region=record.aws_region,
            action=record.event_name,
            verb=verb,
            group=group,
            added=added if did else (),
            removed=removed if did else (),
            modified=modified if did else (),
            asked=() if did else added + removed + modified,
            rule_ids=rule_ids,
            target=target,
            groups_after=groups_after if did else (),
            detail=detail,
            error=self.error,
            cidrs_added=cidrs_added if did else (),
            cidrs_removed=cidrs_removed if did else (),
            caller=_address(record.source_ip_address),
        )


def opened(record: Record) -> Call:
    """Return the record as a call."""
    name = record.event_name
    account = record.recipient_account_id or text_of(record.user_identity.get("accountId"), 64)
    return Call(
        record,
        within(record.request_parameters, f"{name}Request"),
        within(record.response_elements, f"{name}Response"),
        account,
        Direction.EGRESS if name.endswith("Egress") else Direction.INGRESS,
        "" if succeeded(record) else record.error_code or "failed",
    )


def groups_in(*nodes: Node) -> tuple[GroupRef, ...]:
    """Return the groups that some nodes list, each once."""
    found: dict[str, GroupRef] = {}
    for node in nodes:
        listed = (*items(part(node, "groupSet")), *items(part(node, "securityGroupId")))
        for leaf in listed:
            group = _group(leaf)
            if key := group.id or group.name:
                found.setdefault(key, group)
    return tuple(found.values())


def only(groups: Sequence[GroupRef]) -> GroupRef:
    """Return the one group, or none where there are several: no one of them stands for all."""
    return groups[0] if len(groups) == 1 else GroupRef()


def ids(groups: Sequence[GroupRef]) -> tuple[str, ...]:
    """Return the groups' ids, or their names where the ids are not told."""
    return tuple(group.id or group.name for group in groups)


def _group(leaf: Node) -> GroupRef:
    if isinstance(leaf, dict) and "content" not in leaf:
        return GroupRef(word_at(leaf, "groupId"), word_at(leaf, "groupName"))
    return GroupRef(word_at({"groupId": leaf}, "groupId"))


@lru_cache(maxsize=4096)
def _address(text: str) -> str:
    """Return the caller's address; services call from a name."""
    try:
        return str(ip_address(text))
    except ValueError:
        return ""
