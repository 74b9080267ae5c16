"""Signs: access that was made to stay, and logging that was switched off, by them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.alerts.fact import Act, Signal
from bot.alerts.signals import signal
from bot.investigation.acts import Whose, told, within
from bot.investigation.weighty import ALMIGHTY, Category, kind_of

HOUR = timedelta(hours=1)
TEXT = 90
ALMIGHTY_WEIGHS = 4


def staying(acts: Iterable[Act]) -> list[Act]:
    """Return the calls that made access which outlasts a session."""
    return [a for a in acts if not a.error and kind_of(a.service, a.action).stays]


def blinding(acts: Iterable[Act]) -> list[Act]:
    """Return the calls that switched logging off."""
    return [
        act
        for act in acts
        if not act.error and kind_of(act.service, act.action).category is Category.LOGGING
    ]


def signs(acts: Sequence[Act], who: Whose, span: tuple[datetime, datetime]) -> Iterator[Signal]:
    """Yield what they did within an hour that speaks for worse."""
    first, last = span
    theirs = [a for a in acts if who.theirs(a) and first - HOUR <= a.at <= last + HOUR]
    if made := staying(theirs):
        text = within(TEXT, told(made, who))
        found = signal("persistence_made", f"made access that stays: {text}")
        yield replace(found, weight=ALMIGHTY_WEIGHS) if any(map(almighty, made)) else found
    if off := blinding(theirs):
        text = within(TEXT, told(off, who))
        yield signal("logging_disabled", f"switched logging off: {text}")


def almighty(act: Act) -> bool:
    """Return whether the call gives one of AWS's policies that allow everything."""
    return act.about.partition(", ")[0] in ALMIGHTY
