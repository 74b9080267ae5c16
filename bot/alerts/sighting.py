"""Sightings: one matched change, as it was judged when it came in."""

from dataclasses import dataclass, field

from bot.changes.change import Change
from bot.changes.exposure import Exposure
from bot.changes.known import GroupBefore
from bot.changes.normalise import moved_into
from bot.changes.rules import GroupRule
from bot.changes.severity import Severity
from bot.cloudtrail.principal import Principal
from bot.exemptions.circumstances import Circumstances


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a call came from. ``tool`` is the agent's readable name ("Terraform 1.9").

    ``endpoint`` is the VPC endpoint that it came through, if it did. ``country`` is the ISO code of
    the address's country, where it was known.
    """

    address: str = ""
    user_agent: str = ""
    tool: str = ""
    automated: bool = False
    endpoint: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class DetectionRef:
    """The detection that matched, as the rule file named it then."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """One matched change, as it was judged when it came in.

    ``before`` are rules of the group as they were, where the record does not tell them: those that
    were edited or taken away by id, or all of a group that was deleted. ``group_before`` is
    what the group was called and tagged, as it was read from AWS before the change. ``ou`` is the
    account's, as accounts.toml told it then. ``unread`` are the groups of a move whose rules were
    not known; None where that was not kept yet.
    """

    principal: Principal
    change: Change
    origin: Origin
    exposure: Exposure | None
    severity: Severity
    reasons: tuple[str, ...]
    detections: tuple[DetectionRef, ...]
    before: tuple[GroupRule, ...] = ()
    group_before: GroupBefore = field(default_factory=GroupBefore)
    ou: str = ""
    unread: tuple[str, ...] | None = None

    @property
    def around(self) -> Circumstances:
        """Return what exemptions ask for beside the change."""
        return Circumstances(
            address=self.origin.address,
            tool=self.origin.tool,
            group_name=self.group_before.name,
            group_tags=self.group_before.tags,
            country=self.origin.country,
            severity=self.severity,
            ou=self.ou,
            unread=moved_into(self.change) if self.unread is None else self.unread,
        )
