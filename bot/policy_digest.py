"""``[digest]`` in the policy file: how often it comes, and what is told in it alone."""

from typing import Self

from pydantic import field_validator, model_validator

from bot.alerts.aside import DigestPolicy, Every, Instead
from bot.policy_changes import ACCOUNT
from bot.tables import Table


class InsteadTable(Table):
    """``[[digest.instead]]``: account ids and ids of detections; without either it is any."""

    accounts: tuple[str, ...] = ()
    detections: tuple[str, ...] = ()

    @field_validator("accounts")
    @classmethod
    def _ids(cls, accounts: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := next((one for one in accounts if not ACCOUNT.fullmatch(one)), ""):
            raise ValueError(f"“{wrong}”: an account is written as its 12 digits")
        return accounts


class DigestTable(Table):
    """``[digest]``: "day", "week" or "never"; ``instead`` are low alerts without a message."""

    every: Every = Every.NEVER
    instead: tuple[InsteadTable, ...] = ()

    @field_validator("every", mode="before")
    @classmethod
    def _often(cls, given: object) -> object:
        if given not in list(Every):
            raise ValueError('must be "day", "week" or "never"')
        return given

    @model_validator(mode="after")
    def _is_read(self) -> Self:
        if self.instead and self.every is Every.NEVER:
            raise ValueError(
                'alerts that are in the digest instead would be told nowhere: set every = "day" or '
                '"week", or take [[digest.instead]] away'
            )
        return self

    @property
    def digest(self) -> DigestPolicy:
        """Return what the table says."""
        instead = tuple(Instead(each.accounts, each.detections) for each in self.instead)
        return DigestPolicy(self.every, instead)
