"""Groups as they are now, read once for all the questions that look at them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.aws.network import Described
from bot.changes.rules import GroupRule
from bot.containment.states import GroupState
from bot.investigation.kept import Kept


class Reader(Protocol):
    """What is needed of AWS. Every method raises AwsError."""

    def describe(self, account: str, region: str, group_id: str) -> Described | None:
        """Return a group without its rules; None where it is gone."""
        ...

    def read_group(self, account: str, region: str, group_id: str) -> GroupState:
        """Return a group's rules."""
        ...

    def referring(self, account: str, region: str, peer: str) -> tuple[Described, ...]:
        """Return the other groups whose rules name a group or a prefix list."""
        ...

    def referring_networks(self, account: str, region: str, group_id: str) -> tuple[str, ...]:
        """Return the VPCs whose groups name a group through a peering or transit gateway."""
        ...


@dataclass(frozen=True, slots=True)
class Groups:
    """Reads groups, and keeps what it read for a minute. Every method raises AwsError."""

    reader: Reader
    _described: Kept[Described | None] = field(default_factory=Kept)
    _rules: Kept[tuple[GroupRule, ...] | None] = field(default_factory=Kept)
    _referring: Kept[tuple[Described, ...]] = field(default_factory=Kept)
    _networks: Kept[tuple[str, ...]] = field(default_factory=Kept)

    def describe(self, account: str, region: str, group: str, now: datetime) -> Described | None:
        """Return a group without its rules; None where it is gone."""
        key = (account, region, group)
        return self._described.get(
            key, now, None, lambda: self.reader.describe(account, region, group)
        )

    def rules(
        self, account: str, region: str, group: str, now: datetime, since: datetime | None
    ) -> tuple[GroupRule, ...] | None:
        """Return a group's rules, read after ``since``; None where it is gone."""
        key = (account, region, group)
        return self._rules.get(
            key, now, since, lambda: self.reader.read_group(account, region, group).rules
        )

    def referring(
        self, account: str, region: str, peer: str, now: datetime
    ) -> tuple[Described, ...]:
        """Return the other groups whose rules name a group or a prefix list."""
        key = (account, region, peer)
        return self._referring.get(
            key, now, None, lambda: self.reader.referring(account, region, peer)
        )

    def referring_networks(
        self, account: str, region: str, group: str, now: datetime
    ) -> tuple[str, ...]:
        """Return the VPCs whose groups name a group through a peering or transit gateway."""
        key = (account, region, group)
        return self._networks.get(
            key, now, None, lambda: self.reader.referring_networks(account, region, group)
        )
