"""Policy about alerts: how they are grouped, routed and kept, and who may decide."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.alerts.aside import DigestPolicy
from bot.alerts.asking import AskPolicy
from bot.alerts.fact import Question
from bot.alerts.signals import SignalPolicy
from bot.alerts.storm import StormPolicy
from bot.alerts.terms import ContainmentPolicy
from bot.escalation.ladder import EscalationPolicy


@dataclass(frozen=True, slots=True)
class AlertPolicy:
    """Where alerts go, what makes one alert of many changes, and how long it is kept.

    ``session_longest`` bounds the alert of one automated session: AWS's longest role session.
    ``questions`` are those that there is somebody to ask.
    """

    channel: str
    idle: timedelta = timedelta(minutes=5)
    longest: timedelta = timedelta(minutes=30)
    session_longest: timedelta = timedelta(hours=12)
    retention: timedelta = timedelta(days=400)
    questions: frozenset[Question] = frozenset({Question.GROUP_NAME})
    signals: SignalPolicy = field(default_factory=SignalPolicy)
    storm: StormPolicy = field(default_factory=StormPolicy)
    ask: AskPolicy = field(default_factory=AskPolicy)
    containment: ContainmentPolicy = field(default_factory=ContainmentPolicy)
    escalation: EscalationPolicy = field(default_factory=EscalationPolicy)
    digest: DigestPolicy = field(default_factory=DigestPolicy)


@dataclass(frozen=True, slots=True)
class RightsPolicy:
    """Who may do what: Slack user ids (U…, W…) and user group ids (S…), by right.

    ``principals`` maps a Slack user id to the AWS principal ids known to be that person's.
    ``version`` is a short hash of the policy, kept with every decision made under it.
    """

    viewers: tuple[str, ...] = ()
    responders: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()
    admins: tuple[str, ...] = ()
    principals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    version: str = ""
