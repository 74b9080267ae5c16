"""Managed: which tool manages the group, whether it was passed by, and what was announced.

One call at most, shared with the question about the group.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from bot.alerts.alert import Alert
from bot.alerts.fact import Fact, Question, Signal
from bot.alerts.sighting import Origin
from bot.aws.errors import AwsError
from bot.cloudtrail.text import printable
from bot.investigation.groups import Groups
from bot.investigation.run import Answer
from bot.investigation.tools import BY_ITSELF, Manager, manager_of, same_tool
from bot.investigation.windows import Runs, Window, inside, matches

HANDS = ("AWS console", "AWS CLI", "AWS Tools for PowerShell")
"""Tools in which a person decides."""

LINE = 110
WORD = 60
URL = 500
BY_HAND, INSIDE = 2, -2


@dataclass(frozen=True, slots=True)
class Managed:
    """Asks who manages the group of the worst change."""

    groups: Groups
    windows: Callable[[], Sequence[Window]] = tuple
    runs: Sequence[Runs] = ()

    def __call__(self, alert: Alert, now: datetime, /) -> Answer:
        """Return what manages the group. Raises AwsError where asking again may help."""
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
        told = _Told(manager, untold, gone, origins_of(alert, change.group.id), window, run)
        return told.answer(change.group.id)


@dataclass(frozen=True, slots=True)
class _Told:
    """All that is known, to be put into words."""

    manager: Manager | None
    untold: str
    gone: bool
    origins: tuple[Origin, ...]
    window: Window | None
    run: str

    def answer(self, group: str) -> Answer:
        more = tuple(self._lines())
        if self.untold and not self.window:
            return Answer((Fact(Question.MANAGED, group, unknown=self.untold, more=more),))
        parts = [*self._managed(), *self._inside()]
        fact = Fact(Question.MANAGED, group, printable("; ".join(parts), LINE), more=more)
        return Answer((fact,), tuple(self._signals()))

    @property
    def by_hand(self) -> bool:
        return any(by_hand(origin) for origin in self.origins)

    def _managed(self) -> Iterator[str]:
        if self.untold:
            yield "not known what manages it"
        elif self.gone:
            yield "the group is gone"
        elif self.manager is None:
            yield "no tag or name says that a tool manages it"
        elif self.manager.tool == BY_ITSELF:
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
        if self.untold and self.window:
            yield self.untold

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
