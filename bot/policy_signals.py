"""What is usual, from the policy file: ``[signals]``, ``[expected]`` and ``[[networks]]``."""

from datetime import timedelta

from pydantic import Field, StrictInt, field_validator

from bot.alerts.signals import KNOWN, SignalPolicy
from bot.changes.addresses import interval_of
from bot.exemptions.fields import nearest
from bot.investigation.countries import NAMES
from bot.investigation.expected import Expected, Network
from bot.tables import Table

STEP = "step"
HEAVIEST = 20


def signal_policy(given: dict[str, int]) -> SignalPolicy:
    """Return what signals weigh. Raises ValueError, with what to do about it."""
    usual = SignalPolicy()
    step = given.get(STEP, usual.step)
    if step < 1:
        raise ValueError("step must be 1 or more: so much weight raises an alert by one severity")
    weights = {name: weight for name, weight in given.items() if name != STEP}
    for name, weight in weights.items():
        if name not in KNOWN:
            known = "docs/severity.md lists the signals"
            raise ValueError(f"“{name}”: {nearest(name, [STEP, *KNOWN], known)}")
        if abs(weight) > HEAVIEST:
            raise ValueError(f"{name} must weigh from -{HEAVIEST} to {HEAVIEST}")
    return SignalPolicy(step, weights)


Weights = dict[str, StrictInt]


class ExpectedTable(Table):
    """``[expected]``: what is usual here; what is not listed is a signal."""

    countries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    administrators: tuple[str, ...] = ()
    key_days: int = Field(default=90, ge=1, le=3650)

    @field_validator("countries")
    @classmethod
    def _codes(cls, countries: tuple[str, ...]) -> tuple[str, ...]:
        for code in countries:
            if code not in NAMES:
                by_name = {name.casefold(): known for known, name in NAMES.items()}
                meant = by_name.get(code.casefold(), code.upper())
                mend = f"write {meant}" if meant in NAMES else "write its ISO code, such as DE"
                raise ValueError(f"“{code}”: {mend}")
        return countries

    @property
    def expected(self) -> Expected:
        """Return it as the investigation takes it."""
        age = timedelta(days=self.key_days)
        return Expected(self.countries, self.regions, self.tools, self.administrators, age)


class NetworkTable(Table):
    """``[[networks]]``: ranges with a name, such as a VPN's exits."""

    name: str = Field(min_length=1, max_length=60)
    cidrs: tuple[str, ...] = Field(min_length=1)

    @field_validator("cidrs")
    @classmethod
    def _ranges(cls, cidrs: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := next((cidr for cidr in cidrs if interval_of(cidr) is None), ""):
            raise ValueError(f"“{wrong}” is no range of addresses, such as 203.0.113.0/24")
        return cidrs

    @property
    def network(self) -> Network:
        """Return it as the investigation takes it."""
        return Network(self.name, self.cidrs)
