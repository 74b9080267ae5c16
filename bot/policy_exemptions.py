"""How long exemptions last and which wait for approval, from the policy file: ``[exemptions]``."""

from pydantic import field_validator, model_validator

from bot.changes.severity import Severity
from bot.exemptions.fields import duration_text, parse_duration
from bot.exemptions.names import ACCOUNT
from bot.exemptions.policy import ExemptionPolicy
from bot.tables import Table

USUAL = ExemptionPolicy()


class ExemptionsTable(Table):
    """``[exemptions]``: spans are written as in ``/sgwatch exempt``: 30d, 12h, 2w."""

    default: str = duration_text(USUAL.lasts)
    longest: str = duration_text(USUAL.longest)
    request: str = duration_text(USUAL.request)
    approve_world: bool = False
    approve_severity: Severity | None = None
    approve_accounts: tuple[str, ...] = ()
    approve_longer_than: str = ""

    @field_validator("default", "longest", "request", "approve_longer_than")
    @classmethod
    def _spans(cls, text: str) -> str:
        if text:
            parse_duration(text)
        return text

    @field_validator("approve_accounts")
    @classmethod
    def _accounts(cls, accounts: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := next((word for word in accounts if not ACCOUNT.fullmatch(word)), ""):
            raise ValueError(f"“{wrong}”: an account is written as its 12 digits")
        return accounts

    @model_validator(mode="after")
    def _in_order(self) -> "ExemptionsTable":
        if parse_duration(self.default) > parse_duration(self.longest):
            raise ValueError(
                f"default is {self.default}, longest {self.longest}: the default may not be longer"
            )
        return self

    @property
    def policy(self) -> ExemptionPolicy:
        """Return it as exemptions are decided under it."""
        longer = self.approve_longer_than
        return ExemptionPolicy(
            lasts=parse_duration(self.default),
            longest=parse_duration(self.longest),
            request=parse_duration(self.request),
            approve_world=self.approve_world,
            approve_severity=self.approve_severity,
            approve_accounts=self.approve_accounts,
            approve_longer_than=parse_duration(longer) if longer else None,
        )
