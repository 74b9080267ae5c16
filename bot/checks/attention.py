"""What is overdue: subjects that no worker attends, and alerts that nobody has seen."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.alerts.notice import Notice
from bot.changes.sentence import number_of
from bot.checks.check import Check, fail, ok, warn
from bot.checks.redis import WITHIN
from bot.settings import Settings
from bot.store.attention import Backlog
from bot.store.channels import Waiting
from bot.store.link import Link, StoreError
from bot.store.store import Store, connect, open_store

LATE, TOO_LATE = timedelta(minutes=1), timedelta(minutes=5)
"""Longer than any lease: what is attended right now is due, too."""


def look(settings: Settings) -> Iterator[Check]:
    """Look at what is due and at what the channel has still to show."""
    client = connect(settings.redis_url.get_secret_value(), within=WITHIN)
    store = open_store(Link(client, settings.redis_prefix))
    try:
        backlog, waiting = store.attention.backlog(), store.channels.waiting(settings.channel)
        now = store.attention.now()
        trouble, notices = _trouble(store, waiting.unseen), store.notices.all()
    except StoreError as error:
        yield fail("attention", f"cannot be read ({error})", "see what is said of Redis")
        return
    yield attention(backlog)
    yield unseen(waiting, now, trouble)
    for notice in notices:
        yield _noticed(notice, now)


def _noticed(notice: Notice, now: datetime) -> Check:
    """Tell what the operators' channel was told of: what fails still, and what has happened."""
    ago = _span(now - notice.last)
    if notice.past:
        said = f"{notice.what} ({number_of(notice.times, 'time')}, last {ago} ago)"
        return warn("has happened", said, "nothing is lost; the operators' channel was told")
    said = f"{notice.what} ({number_of(notice.times, 'time')} in {_span(now - notice.since)})"
    return warn("keeps failing", said, "it is tried again; the log says more")


def attention(backlog: Backlog) -> Check:
    """Tell whether workers keep up with what is due."""
    if backlog.late < LATE:
        return ok("attention", f"{backlog.due} due, none late")
    said = f"{backlog.due} due; {backlog.first} is {_span(backlog.late)} late"
    mend = "run a worker, or more of them; the log of those that run says what holds them up"
    return (fail if backlog.late >= TOO_LATE else warn)("attention", said, mend)


def unseen(waiting: Waiting, now: datetime, trouble: str) -> Check:
    """Tell whether alerts wait that nobody has seen yet."""
    age = now - waiting.since if waiting.since else timedelta(0)
    if age < LATE:
        return ok("unseen alerts", f"none has waited long; {waiting.alerts} to be shown or edited")
    why = f"; Slack says {trouble}" if trouble else ""
    said = f"{waiting.unseen} has waited for {_span(age)} to be seen in Slack{why}"
    mend = "see what is said of Slack and of attention; the worker's log says more"
    return (fail if age >= TOO_LATE else warn)("unseen alerts", said, mend)


def _trouble(store: Store, alert_id: str) -> str:
    """Return what Slack answered when the alert was last tried."""
    reading = store.timelines.read(alert_id) if alert_id else None
    trouble = reading.progress.present if reading else None
    return trouble.error if trouble else ""


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    days, hours = divmod(minutes // 60, 24)
    return (
        f"{days} d {hours} h"
        if days
        else f"{hours} h {minutes % 60} min"
        if hours
        else (f"{minutes} min")
    )
