"""Escalating: does the moves of an alert's climb.

What is decided is stored before anybody is called, so that an acknowledgement that comes in
between wins. A call that was begun and has not ended is sent again under its key.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol, assert_never

from bot.alerts.alert import Alert, Status
from bot.alerts.climb_commands import BeginClimb, CallLevel, Lapse, Remind
from bot.alerts.climb_due import (
    Begin,
    CallNext,
    LetLapse,
    LookAtPagers,
    Move,
    RemindHolder,
    Send,
    TellPagers,
)
from bot.alerts.climb_entries import CallTold, PagerResolved
from bot.alerts.climb_fold import pager_key
from bot.alerts.commands import Acknowledge
from bot.alerts.people import Person, Right
from bot.alerts.progress import Paged, Trouble, troubled
from bot.calling import Calling
from bot.cloudtrail.text import printable
from bot.escalation.climb import Call, Fate
from bot.escalation.target import Way
from bot.paging.page import Event, Page, PagerError
from bot.paging.pagerduty import Taken
from bot.paging.pagers import Pagers
from bot.store.deciding import decide_on
from bot.store.store import Store
from bot.store.timelines import Reading

log = logging.getLogger(__name__)

TRIES = 3
LONGEST_WAIT = timedelta(minutes=1)
"""Somebody else is called where a pager has us wait for longer, or fails so often."""

PATIENCE = timedelta(minutes=2)

Renew = Callable[[], None]


class Slack(Protocol):
    """What is asked of Slack. Each raises PagerError."""

    def page(self, reading: Reading, call: Call, *, again: bool, renew: Renew) -> None:
        """Send the page as a direct message; ``again`` looks for it first."""
        ...

    def link(self, reading: Reading) -> str:
        """Return the address of the alert's message, or nothing."""
        ...

    def person(self, email: str) -> Person | None:
        """Return who has this address, with their rights."""
        ...


@dataclass(frozen=True, slots=True)
class Escalator:
    """Raises StoreError, and LeaseLostError from ``renew``."""

    store: Store
    calling: Calling
    pagers: Pagers
    slack: Slack
    summary: Callable[[Alert], str]

    def move(self, reading: Reading, move: Move, renew: Renew) -> None:
        """Do one move."""
        match move:
            case Begin():
                self._decide(reading, BeginClimb(move.climb, move.ladder))
            case CallNext():
                self._call_next(reading, move)
            case Send():
                for key in move.calls:
                    self._send(reading, key, renew)
            case RemindHolder():
                self._decide(reading, Remind())
            case LetLapse():
                self._decide(reading, Lapse())
            case TellPagers():
                self._tell(reading, move, renew)
            case LookAtPagers():
                self._look(reading, renew)
            case _:
                assert_never(move)

    def _decide(self, reading: Reading, command: BeginClimb | CallLevel | Remind | Lapse) -> None:
        decide_on(self.store, reading.alert.id, command, None)

    def _call_next(self, reading: Reading, move: CallNext) -> None:
        climb = reading.alert.climb
        if climb is not None:
            calls = self.calling.calls(reading.alert, climb, move.coming, reading.now)
            self._decide(reading, CallLevel(move.coming, calls))

    def _send(self, reading: Reading, key: str, renew: Renew) -> None:
        """Send one call of the climb, and note what came of it."""
        alert, climb = reading.alert, reading.alert.climb
        call = next((c for c in climb.waiting if c.key == key), None) if climb else None
        if call is None:
            return
        name = f"{climb.number}/{key}" if climb else key
        before = reading.progress.calling.get(name)
        if before is None and (why := self.calling.held(alert, call)):
            self._told(reading, call, Fate.HELD, why)
            return
        if before is None:
            self._calling(reading, name, Trouble(0, reading.now, "begun", reading.now))
        try:
            self._deliver(reading, call, again=before is not None, renew=renew)
        except PagerError as error:
            self._failed(reading, call, name, before, error)
        else:
            self._told(reading, call, Fate.SENT, "")

    def _deliver(self, reading: Reading, call: Call, *, again: bool, renew: Renew) -> None:
        renew()
        if call.target.way is Way.DM:
            self.slack.page(reading, call, again=again, renew=renew)
        else:
            number = reading.alert.climb.number if reading.alert.climb else 1
            page = self._page(reading, pager_key(reading.alert.id, number))
            self.pagers.send(call.target, Event.TRIGGER, page)

    def _failed(
        self, reading: Reading, call: Call, name: str, before: Trouble | None, error: PagerError
    ) -> None:
        """Try again soon, or leave it to the fallback and the levels above."""
        alert_id, said = reading.alert.id, printable(error.reason, 200)
        trouble = troubled(before, said, reading.now, alert_id)
        if error.wait is not None:
            trouble = replace(trouble, next_try=reading.now + error.wait)
        soon = error.wait is None or error.wait <= LONGEST_WAIT
        if error.retry and soon and trouble.attempts < TRIES:
            self._calling(reading, name, trouble)
            return
        log.warning("%s could not be paged about %s: %s", call.whom, alert_id, said)
        self.store.notices.tell(f"paging:{call.target}", f"{call.whom} cannot be paged: {said}")
        self._told(reading, call, Fate.FAILED, said)

    def _told(self, reading: Reading, call: Call, fate: Fate, told: str) -> None:
        climb = reading.alert.climb
        entry = CallTold(
            at=reading.now,
            climb=climb.number if climb else 0,
            key=call.key,
            whom=call.whom,
            fate=fate,
            told=told,
        )
        self.store.timelines.observe(reading.alert.id, entry)

    def _page(self, reading: Reading, key: str) -> Page:
        alert = reading.alert
        change = alert.worst[0].change if alert.worst else None
        climb = alert.climb
        level = climb.ladder.levels[climb.rungs[-1].level].name if climb and climb.rungs else ""
        held = alert.hold.by.name if alert.hold else ""
        return Page(
            key,
            alert.id,
            alert.severity,
            self.summary(alert),
            change.account if change else "",
            change.region if change else "",
            self._link(reading),
            level,
            alert.resolution.by.name if alert.resolution else held,
        )

    def _link(self, reading: Reading) -> str:
        """Return where the alert is; a page goes out without it while Slack is silent."""
        try:
            return self.slack.link(reading)
        except PagerError:
            return ""

    def _tell(self, reading: Reading, move: TellPagers, renew: Renew) -> None:
        """Tell every pager that was called how the alert stands; telling twice changes nothing."""
        before = self._fresh(reading).progress.pager
        trouble = None
        for pager in reading.alert.pagers:
            renew()
            try:
                page = self._page(reading, pager.key)
                self.pagers.send(pager.target, Event(move.event), page)
            except PagerError as error:
                said = printable(error.reason, 200)
                what = f"{pager.target} cannot be told of {reading.alert.id}: {said}"
                self.store.notices.tell(f"pager:{pager.target}", what, PATIENCE)
                if error.retry:
                    trouble = troubled(before.trouble, said, reading.now, reading.alert.id)
        told = before.told if trouble else move.told
        self._pager(reading, replace(before, told=told, trouble=trouble))

    def _look(self, reading: Reading, renew: Renew) -> None:
        """Take over what somebody did in the pager."""
        before = self._fresh(reading).progress.pager
        pager = reading.alert.pagers[-1]
        renew()
        try:
            taken = self.pagers.taken(pager.target, pager.key)
        except PagerError as error:
            what = f"{pager.target} cannot be asked: {printable(error.reason, 200)}"
            self.store.notices.tell("pager:asking", what, PATIENCE)
            taken = None
        if taken is not None:
            self._take(reading, taken)
        self._pager(reading, replace(before, looked=reading.now))

    def _take(self, reading: Reading, taken: Taken) -> None:
        alert = reading.alert
        if alert.status is Status.OPEN:
            decide_on(self.store, alert.id, Acknowledge(), self._person(taken))
        if taken.resolved:
            entry = PagerResolved(at=reading.now, name=taken.name, pager="PagerDuty")
            self.store.timelines.observe(alert.id, entry)

    def _person(self, taken: Taken) -> Person:
        """Return who took it. Whom Slack does not know may have been paged all the same."""
        known = None
        try:
            known = self.slack.person(taken.email) if taken.email else None
        except PagerError as error:
            log.info("who %s is in Slack is not known: %s", printable(taken.name, 80), error.reason)
        if known is not None and known.right >= Right.RESPONDER:
            return known
        return Person("", f"{printable(taken.name, 80)} (PagerDuty)", Right.RESPONDER)

    def _calling(self, reading: Reading, name: str, trouble: Trouble) -> None:
        before = self._fresh(reading).progress
        after = replace(before, calling={**before.calling, name: trouble})
        self.store.timelines.save_progress(reading.alert.id, before, after)

    def _pager(self, reading: Reading, pager: Paged) -> None:
        before = self._fresh(reading).progress
        self.store.timelines.save_progress(reading.alert.id, before, replace(before, pager=pager))

    def _fresh(self, reading: Reading) -> Reading:
        """Return the alert as it is by now: another move of the same turn may have been done."""
        return self.store.timelines.read(reading.alert.id) or reading
