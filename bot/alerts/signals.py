"""Signals: what speaks for worse, and what it raises an alert to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.alerts.entries import Signal
from bot.changes.severity import Severity

ORDER = (Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL)


@dataclass(frozen=True, slots=True)
class SignalPolicy:
    """What signals weigh, where not as their question says, and how much raises by one step."""

    step: int = 4
    weights: Mapping[str, int] = field(default_factory=dict)

    def weighed(self, signal: Signal) -> int:
        """Return the signal's weight."""
        return self.weights.get(signal.name, signal.weight)


def raised(base: Severity, signals: Sequence[Signal], policy: SignalPolicy) -> Severity:
    """Return what signals raise a severity to: a step for each ``step`` of weight, in sum.

    What speaks for the familiar takes from the sum, and never from the severity that the changes
    have by themselves: a stolen key does what its owner does.
    """
    weight = sum(policy.weighed(signal) for signal in signals)
    steps = max(weight, 0) // policy.step
    return ORDER[min(ORDER.index(base) + steps, len(ORDER) - 1)]
