"""Who may have AWS changed (``[containment]``), from TOML: asking, approving, and by itself."""

import re
from datetime import timedelta
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from bot.alerts.people import Right
from bot.alerts.terms import Automatic, ContainmentPolicy, ContainmentRule
from bot.changes.severity import Severity
from bot.containment.action import Action
from bot.exemptions.fields import nearest
from bot.tables import Table

RIGHTS = (Right.RESPONDER.value, Right.APPROVER.value, Right.ADMIN.value)
ACTIONS = tuple(action.value for action in Action)
ACCOUNT = re.compile(r"[0-9]{12}")


def _right(given: object) -> object:
    if given not in RIGHTS:
        raise ValueError(f"must be {', '.join(RIGHTS[:-1])} or {RIGHTS[-1]}")
    return given


def _action(given: object) -> object:
    if given not in ACTIONS:
        known = f"the actions are {', '.join(ACTIONS)}"
        raise ValueError(f"“{given}”: {nearest(str(given), ACTIONS, known)}")
    return given


def _account(given: object) -> object:
    if not isinstance(given, str) or not ACCOUNT.fullmatch(given):
        raise ValueError(f"“{given}”: an account is written as its 12 digits, in quotes")
    return given


GivenRight = Annotated[Right, BeforeValidator(_right)]
GivenAction = Annotated[Action, BeforeValidator(_action)]
GivenAccount = Annotated[str, BeforeValidator(_account)]


class RuleTable(Table):
    """``[[containment.rules]]``: what is not as usual, for the alerts that fit."""

    actions: tuple[GivenAction, ...] = ()
    environments: tuple[str, ...] = ()
    accounts: tuple[GivenAccount, ...] = ()
    severities: tuple[Severity, ...] = ()
    ask: GivenRight | None = None
    approve: GivenRight | None = None
    two_people: bool | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.ask is None and self.approve is None and self.two_people is None:
            raise ValueError("it changes nothing: give it ask, approve or two_people")
        return self

    @property
    def rule(self) -> ContainmentRule:
        """Return the rule as the alerts take it."""
        return ContainmentRule(
            self.actions,
            self.environments,
            self.accounts,
            self.severities,
            self.ask,
            self.approve,
            self.two_people,
        )


class AutomaticTable(Table):
    """``[containment.automatic]``: which detections revert by themselves, and where."""

    detections: tuple[str, ...] = ()
    accounts: tuple[GivenAccount, ...] = ()
    an_hour: int = Field(default=3, ge=1, le=100)

    @model_validator(mode="after")
    def _where(self) -> Self:
        if self.detections and not self.accounts:
            raise ValueError("name the accounts in which it reverts by itself: accounts = […]")
        if self.accounts and not self.detections:
            raise ValueError("name the detections that revert by themselves: detections = […]")
        return self

    @property
    def automatic(self) -> Automatic:
        """Return it as the alerts take it."""
        return Automatic(frozenset(self.detections), frozenset(self.accounts), self.an_hour)


class ContainmentTable(Table):
    """``[containment]``: the whole table."""

    expires_minutes: float = Field(default=30, ge=1, le=24 * 60)
    rules: tuple[RuleTable, ...] = ()
    automatic: AutomaticTable = AutomaticTable()

    def policy(self, version: str) -> ContainmentPolicy:
        """Return the policy of this version of the file."""
        return ContainmentPolicy(
            rules=tuple(rule.rule for rule in self.rules),
            lasting=timedelta(minutes=self.expires_minutes),
            automatic=self.automatic.automatic,
            version=version,
        )
