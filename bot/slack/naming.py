"""Naming: what people in Slack call whoever is behind a principal."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.alerts.asking import Whom, whom
from bot.alerts.people import Person
from bot.cloudtrail.principal import Principal
from bot.slack.actors import LOOK_UPS
from bot.slack.directory import DirectoryError
from bot.slack.messages import A_MINUTE
from bot.store.budgets import Budgets

log = logging.getLogger(__name__)


class People(Protocol):
    """Who there is. Raises DirectoryError."""

    def find(self, whom: Whom) -> Person | None:
        """Return the full member."""
        ...


@dataclass(frozen=True, slots=True)
class Naming:
    """Finds a principal's person; ``principals`` maps Slack user ids to who they are in AWS."""

    people: People
    budgets: Budgets
    principals: Mapping[str, Sequence[str]]

    def __call__(self, principal: Principal) -> str:
        """Return what they are called; empty where that is nobody known, or Slack is silent."""
        wanted = whom(principal, self.principals)
        if wanted is None or self.budgets.spend("users.lookup", LOOK_UPS, A_MINUTE):
            return ""
        try:
            person = self.people.find(wanted)
        except DirectoryError as error:
            log.info("%s", error)
            return ""
        return person.name if person else ""
