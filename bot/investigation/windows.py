"""Change windows: the announced changes, and which of them an alert is inside of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase

from bot.alerts.alert import Alert


@dataclass(frozen=True, slots=True)
class Window:
    """One announced change, such as a ticket. Without accounts or principals it is for all.

    Principals are ARNs or a person's name at the identity provider; ``*`` stands for anything.
    """

    id: str
    begins: datetime
    ends: datetime
    accounts: tuple[str, ...] = ()
    principals: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Runs:
    """Where the runs of an automated session are looked at: a URL with {session} and {account}."""

    url: str
    principals: tuple[str, ...] = ()


def inside(alert: Alert, windows: Iterable[Window]) -> Window | None:
    """Return the window that holds all of an alert's changes; of several the one that ends first.

    An alert that has changes outside of it is not inside.
    """
    principal = alert.principal
    if principal is None or alert.first_at is None or alert.last_at is None:
        return None
    accounts = {seen.change.account for seen in alert.worst}
    names = (principal.id, principal.person)
    fitting = [
        window
        for window in windows
        if window.begins <= alert.first_at
        and alert.last_at <= window.ends
        and (not window.accounts or accounts <= set(window.accounts))
        and (not window.principals or matches(window.principals, names))
    ]
    return min(fitting, key=lambda window: window.ends, default=None)


def matches(patterns: Iterable[str], names: Iterable[str]) -> bool:
    """Return whether one of some names matches one of some patterns."""
    known = [name for name in names if name]
    return any(fnmatchcase(name, pattern) for pattern in patterns for name in known)
