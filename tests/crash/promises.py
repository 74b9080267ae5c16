"""The promises, asked of the stand-ins and of the timelines after all is quiet."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from bot.alerts.entries import (
    Acknowledged,
    CallEnded,
    ChangeSeen,
    ContainmentAsked,
    ContainmentEnded,
    Entry,
    Exempted,
    MarkedBenign,
    OwnCallSeen,
    Raised,
)
from bot.slack.views.thread import thread_line
from tests.crash.lane import Lane
from tests.crash.scenario import Case, dead, mark_of

OURS = ":assumed-role/sgwatch-contain/"
ONCE = (
    Acknowledged,
    CallEnded,
    ContainmentAsked,
    ContainmentEnded,
    Exempted,
    MarkedBenign,
    Raised,
)


def check(case: Case) -> None:
    """Assert that nothing was lost and nothing came twice."""
    each_event_once(case.lane, _stamps(case), entries_of(case))
    check_alerts(case)


def check_alerts(case: Case) -> None:
    """Assert that each alert is shown, decided and carried out once."""
    each_message_once(case)
    each_decision_once(case)
    each_call_once(case)
    assert dead(case.lane) == 0, "an event is among the dead letters"


def entries_of(case: Case) -> list[Entry]:
    """Return the entries of all timelines."""
    return [entry for alert in case.alerts for entry in case.entries(alert)]


def _stamps(case: Case) -> dict[str, datetime]:
    """Return the records that are the bot's business, with their times."""
    return {
        record["eventID"]: datetime.fromisoformat(record["eventTime"])
        for record in case.records
        if record["eventName"].endswith(("SecurityGroupIngress", "SecurityGroupEgress"))
    }


def each_event_once(lane: Lane, events: dict[str, datetime], entries: Iterable[Entry]) -> None:
    """Assert that what became of each event is stored, and that it is in one timeline, once."""
    events_of = lane.store.events
    unknown = [e for e, at in events.items() if events_of.outcome(at.date(), e) is None]
    assert not unknown, f"{len(unknown)} events are lost: {unknown[:5]}"
    counted = sum(n for name, n in events_of.counts().items() if name.startswith("events:"))
    assert counted == len(events), f"{counted} outcomes were counted of {len(events)} events"
    seen = Counter(event_of(entry) for entry in entries)
    del seen[""]
    twice = [event for event, times in seen.items() if times > 1]
    assert not twice, f"{len(twice)} events are in the timelines twice: {twice[:5]}"
    assert set(seen) == set(events), f"not in a timeline: {sorted(set(events) - set(seen))[:5]}"


def event_of(entry: Entry) -> str:
    """Return the event that an entry is the trace of."""
    match entry:
        case ChangeSeen():
            return entry.sighting.change.event_id
        case OwnCallSeen():
            return entry.event_id
        case _:
            return ""


def each_message_once(case: Case) -> None:
    """Assert that each alert has one message, and its thread each line once."""
    wanted = Counter((alert, 0) for alert in case.alerts)
    for alert in case.alerts:
        reading = case.lane.store.timelines.read(alert)
        assert reading is not None
        for number, entry in enumerate(case.entries(alert)):
            if thread_line(entry, number, reading.alert):
                wanted[alert, number] += 1
    shown = Counter(mark_of(message) for message in case.messages())
    assert shown == wanted, f"in Slack {_differing(shown, wanted)}, as (alert, entry): times"


def each_decision_once(case: Case) -> None:
    """Assert that nothing was decided twice; a call may be begun again, and ends once."""
    for alert in case.alerts:
        decided = Counter(_what(e) for e in case.entries(alert) if isinstance(e, ONCE))
        twice = {what: n for what, n in decided.items() if n > 1}
        assert not twice, f"{alert} was decided twice: {twice}"


def _what(decision: Entry) -> str:
    if isinstance(decision, CallEnded):
        return f"{decision.kind} {decision.call}"
    return decision.kind


def each_call_once(case: Case) -> None:
    """Assert that AWS was asked for exactly the calls of the plans, once each."""
    made = [r["eventName"] for r in case.records if OURS in r["userIdentity"].get("arn", "")]
    planned = [
        call.operation
        for entry in entries_of(case)
        if isinstance(entry, ContainmentAsked)
        for call in entry.plan.calls
    ]
    assert Counter(made) == Counter(planned), f"AWS was asked for {made}, the plans say {planned}"


def _differing(shown: Counter[tuple[str, int]], wanted: Counter[tuple[str, int]]) -> str:
    missing, extra = wanted - shown, shown - wanted
    return f"are missing {dict(missing)}, are too many {dict(extra)}"
