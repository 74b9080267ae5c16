"""The policy file (TOML, in the user's Git): who may decide, who is who, grouping, severity …

Each error names the place in the file and says what to do about it.
"""

import hashlib
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator

from bot.alerts.asking import AskPolicy
from bot.alerts.policy import AlertPolicy, RightsPolicy
from bot.alerts.storm import StormPolicy
from bot.alerts.terms import ContainmentPolicy
from bot.changes.severity import Severity, SeverityPolicy
from bot.exemptions.fields import nearest
from bot.exemptions.policy import ExemptionPolicy
from bot.investigation.expected import Expected, Network
from bot.investigation.windows import Runs, Window
from bot.policy_changes import ChangeTable, RunsTable
from bot.policy_containment import ContainmentTable
from bot.policy_digest import DigestTable
from bot.policy_escalation import EscalationTable
from bot.policy_exemptions import ExemptionsTable
from bot.policy_signals import ExpectedTable, NetworkTable, Weights, signal_policy
from bot.tables import Table, read_file, read_table

PersonId = Annotated[str, Field(pattern=r"^[UW][A-Z0-9]{2,}$")]
PersonOrGroup = Annotated[str, Field(pattern=r"^[UWS][A-Z0-9]{2,}$")]

HINTS = {
    "string_pattern_mismatch": "must be a Slack id: a person's (U…) or a user group's (S…)",
    "enum": "must be low, medium, high or critical",
}

SITUATIONS = tuple(row.name for row in fields(SeverityPolicy))


class RightsTable(Table):
    """``[rights]``: Slack user ids (U…) and user group ids (S…) by right."""

    viewers: tuple[PersonOrGroup, ...] = ()
    responders: tuple[PersonOrGroup, ...] = ()
    approvers: tuple[PersonOrGroup, ...] = ()
    admins: tuple[PersonOrGroup, ...] = ()


class GroupingTable(Table):
    """``[grouping]``: how near changes must be to make one alert, and how long it may grow."""

    idle_minutes: float = Field(default=5, gt=0, le=60)
    longest_minutes: float = Field(default=30, gt=0, le=24 * 60)


class StormTable(Table):
    """``[storm]``: how many alerts not shown yet are too many, and how long it is calm after."""

    alerts: int = Field(default=20, ge=2, le=1000)
    calm_minutes: float = Field(default=10, gt=0, le=24 * 60)


class AskTable(Table):
    """``[ask]``: of which alerts whoever did it is asked, and which of them their "yes" closes."""

    severities: tuple[Severity, ...] = ()
    close_on_yes: tuple[Severity, ...] = ()

    @field_validator("close_on_yes", mode="before")
    @classmethod
    def _all_or_none(cls, given: object) -> object:
        if isinstance(given, bool):
            return tuple(Severity) if given else ()
        return given


class ReviewTable(Table):
    """``[review]``: whether who can change groups is reviewed each month, exemptions each week."""

    monthly: bool = False
    weekly: bool = True


class PolicyFile(Table):
    """The whole file. ``[people]`` maps Slack user ids to the AWS principals that they are,
    ``[severity]`` the situations of ``SeverityPolicy`` to how bad they are.
    """

    rights: RightsTable = RightsTable()
    people: dict[PersonId, tuple[str, ...]] = Field(default_factory=dict)
    grouping: GroupingTable = GroupingTable()
    storm: StormTable = StormTable()
    ask: AskTable = AskTable()
    escalation: EscalationTable = EscalationTable()
    review: ReviewTable = ReviewTable()
    digest: DigestTable = DigestTable()
    containment: ContainmentTable = ContainmentTable()
    exemptions: ExemptionsTable = ExemptionsTable()
    severity: dict[str, Severity] = Field(default_factory=dict)
    signals: Weights = Field(default_factory=dict)
    expected: ExpectedTable = ExpectedTable()
    networks: tuple[NetworkTable, ...] = ()
    changes: tuple[ChangeTable, ...] = ()
    runs: tuple[RunsTable, ...] = ()

    @field_validator("severity")
    @classmethod
    def _situations(cls, given: dict[str, Severity]) -> dict[str, Severity]:
        for name in given:
            if name not in SITUATIONS:
                known = f"the situations are {', '.join(SITUATIONS)}"
                raise ValueError(f"“{name}”: {nearest(name, SITUATIONS, known)}")
        return given

    @field_validator("signals")
    @classmethod
    def _weights(cls, given: dict[str, int]) -> dict[str, int]:
        signal_policy(given)
        return given


@dataclass(frozen=True, slots=True)
class Policy:
    """What the file says, as the rooms take it."""

    alerts: AlertPolicy
    rights: RightsPolicy
    severity: SeverityPolicy = field(default_factory=SeverityPolicy)
    changes: tuple[Window, ...] = ()
    runs: tuple[Runs, ...] = ()
    expected: Expected = field(default_factory=Expected)
    networks: tuple[Network, ...] = ()
    monthly_review: bool = False
    weekly_review: bool = True
    containment: ContainmentPolicy = field(default_factory=ContainmentPolicy)
    exemptions: ExemptionPolicy = field(default_factory=ExemptionPolicy)


def load_policy(path: Path | None, channel: str, setting: str = "SGWATCH_POLICY") -> Policy:
    """Return the policy in a file, or the default one. Raises FileError.

    ``setting`` is where the path was given.
    """
    content = b"" if path is None else read_file(path, setting)
    return read_policy(content, str(path or "the policy"), channel)


def read_policy(content: bytes, name: str, channel: str) -> Policy:
    """Return the policy in the bytes of a TOML file. Raises FileError."""
    file = read_table(content, name, PolicyFile, HINTS)
    version = hashlib.sha256(content).hexdigest()[:12]
    alerts = AlertPolicy(
        channel=channel,
        idle=timedelta(minutes=file.grouping.idle_minutes),
        longest=timedelta(minutes=file.grouping.longest_minutes),
        signals=signal_policy(file.signals),
        storm=StormPolicy(file.storm.alerts, timedelta(minutes=file.storm.calm_minutes)),
        ask=AskPolicy(file.ask.severities, file.ask.close_on_yes, file.people, version),
        escalation=file.escalation.policy(file.rights.responders, version),
        digest=file.digest.digest,
    )
    rights = RightsPolicy(
        viewers=file.rights.viewers,
        responders=file.rights.responders,
        approvers=file.rights.approvers,
        admins=file.rights.admins,
        principals=file.people,
        version=version,
    )
    return Policy(
        alerts,
        rights,
        SeverityPolicy(**file.severity),
        tuple(change.window for change in file.changes),
        tuple(runs.runs for runs in file.runs),
        file.expected.expected,
        tuple(table.network for table in file.networks),
        file.review.monthly,
        file.review.weekly,
        file.containment.policy(version),
        exemptions=file.exemptions.policy,
    )
