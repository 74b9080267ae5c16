"""Managed: which tool manages the group, whether it was passed by, and what was announced.

One call at most, shared with the question about the group. What nothing tells is unknown: nobody
needs to read that in the alert itself.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from bot.alerts.alert import Alert
from bot.alerts.fact import Fact, Question, Signal
from bot.alerts.sighting import Origin
from bot.aws.errors import AwsError
from bot.changes.change import Change
from bot.cloudtrail.text import printable
from bot.investigation.drift import Events, past_the_tool
from bot.investigation.groups import Groups
from bot.investigation.run import Answer
from bot.investigation.tools import BY_ITSELF, Manager, manager_of, same_tool
from bot.investigation.windows import Runs, Window, inside, matches

HANDS = ("AWS console", "AWS CLI", "AWS Tools for PowerShell")
"""Tools in which a person decides."""

LINE = 110
WORD = 60
URL = 500
LISTED = 5
BY_HAND, INSIDE = 2, -2


@dataclass(frozen=True, slots=True)
class Managed:
    """Asks who manages the group of the worst change."""

    groups: Groups
    windows: Callable[[], Sequence[Window]] = tuple
    runs: Sequence[Runs] = ()
    events: Events | None = None

    def __call__(self, alert: Alert, now: datetime, /) -> Answer:
        """Return what manages the group. Raises AwsError where asking again may help, and
        StoreError.
        """
        change = alert.worst[0].change
        window = inside(alert, self.windows())
        run = run_of(alert, self.runs)
        manager, untold, gone = None, "", False
        try:
            group = self.groups.describe(change.account, change.region, change.group.id, now)
            manager, gone = (manager_of(group), False) if group else (None, True)
        except AwsError as error:
            if error.retry:
                raise
            untold = str(error)
        origins = origins_of(alert, change.group.id)
        undone = self._undone(alert, change.group.id, manager)
        told = _Told(manager, untold, gone, origins, window, run, undone)
        return told.answer(change.group.id)

    def _undone(self, alert: Alert, group: str, manager: Manager | None) -> tuple[Change, ...]:
        if self.events is None or manager is None or manager.tool == BY_ITSELF:
            return ()
        return past_the_tool(alert, group, manager.tool, self.events)


@dataclass(frozen=True, slots=True)
class _Told:
    """All that is known, to be put into words."""

    manager: Manager | None
    untold: str
    gone: bool
    origins: tuple[Origin, ...]
    window: Window | None
    run: str
    undone: tuple[Change, ...] = ()

    def answer(self, group: str) -> Answer:
        value = printable("; ".join([*self._managed(), *self._inside()]), LINE)
        unknown = "" if value else self._unknown
        more = tuple(line for line in self._lines() if line != unknown)
        fact = Fact(Question.MANAGED, group, value, unknown=unknown, more=more)
        return Answer((fact,), tuple(self._signals()))

    @property
    def _unknown(self) -> str:
        """Return why it is not known what manages the group; empty where it is."""
        if self.untold or self.manager:
            return self.untold
        return "the group is gone" if self.gone else "no tag or name says that a tool manages it"

    @property
    def by_hand(self) -> bool:
        return any(by_hand(origin) for origin in self.origins)

    def _managed(self) -> Iterator[str]:
        if self.manager is None:
            return
        if self.manager.tool == BY_ITSELF:
            yield f"made by {self.manager.tool}, managed by no tool"
        else:
            stack = f" ({self.manager.stack})" if self.manager.stack else ""
            yield f"Managed by {self.manager.tool}{stack}"
            yield from self._changed(self.manager.tool)

    def _changed(self, tool: str) -> Iterator[str]:
        """Yield by what it was changed, where that was not the manager."""
        others = [o for o in self.origins if not same_tool(tool, o.tool)]
        if self.by_hand:
            yield "changed by hand"
        elif others:
            yield f"changed with {printable(others[0].tool, WORD) or 'an unknown tool'}"
        else:
            yield f"changed by {tool}"
        if self.undone:
            changes = "a change" if len(self.undone) == 1 else f"{len(self.undone)} changes"
            yield f"undoes {changes} past it (drift correction)"

    def _inside(self) -> Iterator[str]:
        if self.window:
            yield f"inside {printable(self.window.id, WORD)}"

    def _lines(self) -> Iterator[str]:
        if self.manager and self.manager.known_by:
            yield f"Known by {self.manager.known_by}"
        if self.window:
            title = f": {printable(self.window.title, LINE)}" if self.window.title else ""
            begins, ends = self.window.begins, self.window.ends
            yield (
                f"{printable(self.window.id, WORD)}{title}, "
                f"{begins:%Y-%m-%d %H:%M} to {ends:%Y-%m-%d %H:%M %Z}"
            )
        if self.run:
            yield f"Run: {self.run}"
        for change in self.undone[:LISTED]:
            yield f"Undone: {printable(change.action, WORD)} of {change.at:%Y-%m-%d %H:%M} UTC"
        if self._unknown:
            yield self._unknown

    def _signals(self) -> Iterator[Signal]:
        if self.manager and self.manager.tool != BY_ITSELF and self.by_hand:
            text = f"by hand on a group that {self.manager.tool} manages"
            yield Signal("by_hand_on_managed", BY_HAND, text)
        if self.window:
            text = f"inside {printable(self.window.id, WORD)}"
            yield Signal("inside_change", INSIDE, text)


def by_hand(origin: Origin) -> bool:
    """Return whether a person made a call, going by an agent, which may say anything."""
    return not origin.automated and origin.tool.startswith(HANDS)


def origins_of(alert: Alert, group: str) -> tuple[Origin, ...]:
    """Return where the calls that changed a group came from."""
    found = (seen.origin for seen in alert.worst if seen.change.group.id == group)
    return tuple(dict.fromkeys(found))


def run_of(alert: Alert, runs: Sequence[Runs]) -> str:
    """Return where the run of an automated session is looked at; empty where that is not known.

    The session's name is what the caller chose, so it stays within its place in the URL.
    """
    principal = alert.principal
    if principal is None or not principal.session.strip("."):
        return ""
    if not alert.worst[0].origin.automated:
        return ""
    for one in runs:
        if not one.principals or matches(one.principals, (principal.id,)):
            session, account = quote(principal.session, safe=""), quote(principal.account, safe="")
            url = one.url.replace("{session}", session).replace("{account}", account)
            return printable(url, URL)
    return ""
