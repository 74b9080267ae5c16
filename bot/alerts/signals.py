"""Signals: what speaks for worse, what each weighs, and what they raise an alert to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from bot.alerts.fact import Signal
from bot.changes.severity import Severity

ORDER = (Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL)


class Known(NamedTuple):
    """What a signal weighs if the policy does not say, and when it is there."""

    weight: int
    meaning: str


KNOWN: Mapping[str, Known] = {
    "root": Known(4, "the account's root user did it"),
    "foreign_account": Known(4, "the principal is in an account that is not the organisation's"),
    "no_mfa": Known(2, "a person at the console, without a second factor"),
    "new_key": Known(2, "the access key is less than a day old"),
    "old_key": Known(1, "the access key is older than `[expected]` allows (90 days)"),
    "first_time": Known(2, "the principal's first group change in 90 days"),
    "first_here": Known(1, "their first group change in this account and region"),
    "usual": Known(-2, "changes groups here on five days of 90 or more, with this tool"),
    "new_country": Known(2, "from a country that the principal's changes never came from"),
    "new_network": Known(1, "from a network (AS) that they never came from"),
    "new_tool": Known(1, "with a tool that they were never made with"),
    "by_hand": Known(2, "by hand, by a principal that only automation was seen to use"),
    "denied_before": Known(2, "they were denied other calls in the half hour before"),
    "persistence_made": Known(3, "they made access that stays within an hour; 4 if to all of AWS"),
    "logging_disabled": Known(4, "they switched logging off within an hour"),
    "many_groups": Known(2, "they changed five groups or more within an hour"),
    "other_accounts": Known(3, "they changed groups of other accounts within an hour"),
    "listed_network": Known(2, "from a network that `[[networks]]` in the policy names"),
    "unexpected_country": Known(3, "from a country that `[expected]` does not list"),
    "unexpected_region": Known(3, "in an AWS region that `[expected]` does not list"),
    "unexpected_tool": Known(2, "with a tool that `[expected]` does not list"),
    "unexpected_principal": Known(2, "by somebody who is no administrator in `[expected]`"),
    "new_region": Known(3, "in an AWS region that no event had come from before"),
    "production": Known(2, "the group or its account is in production"),
    "reachable_now": Known(2, "something behind the group can be reached from the internet"),
    "nothing_behind": Known(-2, "nothing uses the group"),
    "by_hand_on_managed": Known(2, "by hand, on a group that a tool manages"),
    "reverted_before": Known(3, "does again what somebody reverted in the last 90 days"),
    "inside_change": Known(-2, "inside an announced change"),
}
"""Every signal that there is."""


@dataclass(frozen=True, slots=True)
class SignalPolicy:
    """What signals weigh, where not as usual, and how much raises by one step."""

    step: int = 4
    weights: Mapping[str, int] = field(default_factory=dict)

    def weighed(self, signals: Iterable[Signal]) -> tuple[Signal, ...]:
        """Return the signals with what they weigh under this policy; what weighs 0 is left out."""
        found = (replace(s, weight=self.weights.get(s.name, s.weight)) for s in signals)
        return tuple(signal for signal in found if signal.weight)


def signal(name: str, text: str) -> Signal:
    """Return a signal with its usual weight."""
    return Signal(name, KNOWN[name].weight, text)


def raised(base: Severity, signals: Sequence[Signal], policy: SignalPolicy) -> Severity:
    """Return what signals raise a severity to: a step for each ``step`` of weight, in sum.

    What speaks for the familiar takes from the sum, and never from the severity that the changes
    have by themselves: a stolen key does what its owner does.
    """
    weight = sum(signal.weight for signal in policy.weighed(signals))
    steps = max(weight, 0) // policy.step
    return ORDER[min(ORDER.index(base) + steps, len(ORDER) - 1)]
