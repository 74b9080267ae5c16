"""Terms: who may ask for a containment, who approves it, and whether it takes two people."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.alerts.alert import Alert
from bot.alerts.approval import Terms
from bot.alerts.people import Right
from bot.changes.severity import Severity
from bot.containment.action import Action
from bot.containment.opening import only_opens
from bot.containment.plan import Plan

USUAL: Mapping[Action, Terms] = MappingProxyType(
    {
        Action.REVERT: Terms(),
        Action.UNDO: Terms(ask=Right.APPROVER),
        Action.QUARANTINE: Terms(two=True),
        Action.RESTRICT: Terms(two=True),
        Action.RELEASE: Terms(ask=Right.APPROVER),
    }
)
"""Closing is quick; what opens again, or stops work, is not for one person in a hurry."""


@dataclass(frozen=True, slots=True)
class ContainmentRule:
    """What the policy changes of the usual terms, for alerts that fit. An empty list fits all.

    What is None stays as usual.
    """

    actions: tuple[Action, ...] = ()
    environments: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()
    ask: Right | None = None
    approve: Right | None = None
    two: bool | None = None

    def changed(self, terms: Terms) -> Terms:
        """Return the terms under this rule."""
        return replace(
            terms,
            ask=terms.ask if self.ask is None else self.ask,
            approve=terms.approve if self.approve is None else self.approve,
            two=terms.two if self.two is None else self.two,
        )


@dataclass(frozen=True, slots=True)
class Automatic:
    """Which detections revert by themselves, in which accounts, and how often an hour at most."""

    detections: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    an_hour: int = 3


@dataclass(frozen=True, slots=True)
class ContainmentPolicy:
    """``off`` is that AWS is not changed at all, ``always_two`` that one person is never enough.

    ``environments`` maps account ids to their environments; ``version`` is the policy's.
    """

    rules: tuple[ContainmentRule, ...] = ()
    lasting: timedelta = timedelta(minutes=30)
    automatic: Automatic = Automatic()
    off: bool = False
    always_two: bool = False
    environments: Mapping[str, str] = field(default_factory=dict)
    version: str = ""

    def terms(self, alert: Alert, action: Action, plan: Plan) -> Terms:
        """Return the terms of this plan for the alert: the first rule that fits decides."""
        action = judged_as(action, plan)
        usual = replace(USUAL[action], lasting=self.lasting, off=self.off)
        rule = next((rule for rule in self.rules if self._fits(rule, action, alert)), None)
        terms = usual if rule is None else rule.changed(usual)
        return replace(terms, two=terms.two or self.always_two)

    def _fits(self, rule: ContainmentRule, action: Action, alert: Alert) -> bool:
        account = account_of(alert)
        environment = self.environments.get(account, "")
        return (
            (not rule.actions or action in rule.actions)
            and (not rule.environments or environment in rule.environments)
            and (not rule.accounts or account in rule.accounts)
            and (not rule.severities or alert.severity in rule.severities)
        )


def account_of(alert: Alert) -> str:
    """Return the account that the alert is in: an alert is of one."""
    return alert.worst[0].change.account if alert.worst else ""


def judged_as(action: Action, plan: Plan) -> Action:
    """Return which action's terms hold: a revert that only opens is what undoing one is."""
    return Action.UNDO if action is Action.REVERT and only_opens(plan) else action


def until(terms: Terms, now: datetime) -> datetime:
    """Return when a request that is made now expires."""
    return now + terms.lasting
