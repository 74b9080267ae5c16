"""The part of policy that alerts are grouped, routed and kept by."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class AlertPolicy:
    """Where alerts go, what makes one alert of many changes, and how long it is kept.

    ``session_longest`` bounds the alert of one automated session: AWS's longest role session.
    """

    channel: str
    idle: timedelta = timedelta(minutes=5)
    longest: timedelta = timedelta(minutes=30)
    session_longest: timedelta = timedelta(hours=12)
    retention: timedelta = timedelta(days=400)
