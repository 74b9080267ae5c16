"""The lists that an alert belongs in."""

from collections.abc import Iterator

from bot.alerts.alert import Alert, Containment, Status
from bot.containment.effects.rules import ChangeRules


def index(alert: Alert) -> frozenset[str]:
    """Return the names of the lists: by status, severity while unresolved, holder, principal, and
    each group that it put back.
    """
    names = {f"status:{alert.status}"}
    if alert.status is not Status.RESOLVED:
        names.add(f"severity:{alert.severity}")
    if alert.hold is not None:
        names.add(f"holder:{alert.hold.by.slack_id}")
    if alert.principal is not None:
        names.add(f"principal:{alert.principal.id}")
    for containment in alert.containments:
        if containment.verified:
            names |= {reverted_list(effect.group) for effect in rule_effects(containment)}
    return frozenset(names)


def rule_effects(containment: Containment) -> Iterator[ChangeRules]:
    """Yield what a containment does to the rules of groups."""
    yield from (c.effect for c in containment.plan.calls if isinstance(c.effect, ChangeRules))


def reverted_list(group: str) -> str:
    """Return the name of the list of alerts in which a group was put back."""
    return f"reverted:{group}"
