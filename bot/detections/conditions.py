"""What a rule asks beyond its query, in words: how many events, what is new, how often it tells.

The words hold names from the rule file as they are there: each surface escapes them.
"""

import re
from datetime import timedelta

from bot.changes.sentence import number_of
from bot.detections.kql.printer import printed
from bot.detections.rule import Detection
from bot.detections.stateful import LOOK_BACK

_BACK = re.compile(r"now-([0-9]+)([smhHdwMy])")
_UNITS = {
    "s": "second",
    "m": "minute",
    "h": "hour",
    "H": "hour",
    "d": "day",
    "w": "week",
    "M": "month",
    "y": "year",
}


def counts(rule: Detection) -> str:
    """Return how many events it takes; empty if one does, whatever was before it."""
    counted = rule.threshold
    if counted is None:
        return ""
    alike = f" with the same {_listed(counted.fields)}" if counted.fields else ""
    span = _back(rule.since or LOOK_BACK)
    within = f" within {span}" if span else f" since {rule.since}"
    varied = "".join(f", with at least {n} different {f}" for f, n in counted.cardinality)
    return f"at least {number_of(counted.value, 'event')}{alike}{within}{varied}"


def new(rule: Detection) -> str:
    """Return what must not have been seen before; empty if nothing must."""
    terms = rule.new_terms
    if terms is None:
        return ""
    span = _back(terms.since)
    before = f"in the {span} before" if span else f"since {terms.since}"
    return f"{_listed(terms.fields)} not seen {before}"


def once(rule: Detection) -> str:
    """Return for how long one alert stands for all; empty if each has its own."""
    suppressed = rule.suppression
    if suppressed is None:
        return ""
    alike = f" for the same {_listed(suppressed.by)}" if suppressed.by else ""
    return f"within {lasting(suppressed.duration)}{alike}"


def excepted(rule: Detection) -> tuple[str, ...]:
    """Return what is expected and so does not match, a line each."""
    return tuple(
        ": ".join(filter(None, (each.name, printed(each.tree)))) for each in rule.exceptions
    )


def lasting(span: timedelta) -> str:
    """Return a length of time in the largest unit that it has a whole number of."""
    seconds = int(span.total_seconds())
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        if seconds % length == 0 and seconds:
            return number_of(seconds // length, unit)
    return str(span)


def _back(since: str) -> str:
    """Return how far date math looks back; empty if it rounds, or has several steps."""
    found = _BACK.fullmatch(since)
    return number_of(int(found[1]), _UNITS[found[2]]) if found else ""


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(names)
