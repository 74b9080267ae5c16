"""The climb of an alert: whom it calls when, what stops it, and what has it climb again."""

from dataclasses import replace
from datetime import timedelta
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.alerts.alert import Status
from bot.alerts.climb_commands import EscalateNow, SnoozeUntil
from bot.alerts.climb_due import TellPagers, climb_moves
from bot.alerts.climb_entries import ClimbBegan, Escalated, PagerResolved, Reminded
from bot.alerts.climb_fold import pager_key
from bot.alerts.commands import Acknowledge, MarkBenign, Refusal, Reopen
from bot.alerts.due import due
from bot.alerts.entries import ENTRY, ActorAnswered, ActorAsked, Reply
from bot.alerts.people import SGWATCH
from bot.alerts.policy import AlertPolicy
from bot.alerts.progress import Paged, Progress, Trouble
from bot.changes.severity import Severity
from bot.escalation.climb import Call, Fate
from bot.escalation.ladder import EscalationPolicy, Ladder, Level, Rule
from bot.escalation.target import Way
from tests.alerts.climbing import GRAVE, LADDER, LEADS, ON_CALL, POLICY, PRIMARY, Climber, Luck
from tests.builders import ALICE, MARCUS, NOON, OSCAR, ROSA, a_change, a_sighting, raised, seen

MORE = EscalateNow("it spreads", LADDER)
ALL = ["on-call 0", "primary 5", "leads 15"]


def high() -> Climber:
    return Climber(entries=[raised(), seen(a_sighting(severity=Severity.HIGH))])


def pager_fails(call: Call) -> Fate:
    return Fate.FAILED if call.target.way is Way.PAGERDUTY else Fate.SENT


def test_nobody_answers() -> None:
    climber = Climber().minutes(60)
    assert climber.called == ALL
    assert climber.moves() == ([], [])


def test_low_calls_nobody() -> None:
    climber = Climber(entries=[raised(), seen(a_sighting(severity=Severity.LOW))])
    assert climber.minutes(60).called == []


def test_an_acknowledgement_stops_it_and_the_holder_is_reminded_then_it_climbs_again() -> None:
    climber = Climber().minutes(6)
    assert climber.say(Acknowledge(), ROSA) is None
    assert climber.minutes(35).called == ALL[:2]
    climber.minutes(36)
    reminded = [entry for entry in climber.entries if isinstance(entry, Reminded)]
    assert [entry.holder.name for entry in reminded] == ["Rosa Lindqvist"]
    climber.minutes(66)
    assert climber.alert.status is Status.OPEN
    assert climber.alert.reopened == (
        "Rosa Lindqvist was reminded at 12:36 UTC and has not answered"
    )
    assert climber.minutes(120).called == [*ALL[:2], "on-call 66", "primary 71", "leads 81"]


def test_what_is_resolved_calls_and_reminds_nobody() -> None:
    climber = Climber().minutes(1)
    climber.say(MarkBenign("planned", 1), ROSA)
    assert climber.minutes(200).called == ALL[:1]
    climber.say(Reopen("not planned"), ROSA)
    assert climber.minutes(220).called == [*ALL[:1], "on-call 200", "primary 205", "leads 215"]


def test_the_fallback_is_called_where_a_way_fails_and_the_level_is_not_passed() -> None:
    climber = Climber(luck=pager_fails).minutes(60)
    assert climber.called == ["on-call 0", "primary 5", "primary fallback 5", "leads 15"]


def test_where_all_fails_the_next_level_does_not_wait() -> None:
    climber = Climber(luck=lambda _: Fate.FAILED).minutes(60)
    assert climber.called == ["on-call 0", "primary 5", "primary fallback 5", "leads 5"]


def test_a_worse_change_has_the_one_who_acknowledged_less_climb_anew() -> None:
    climber = high().minutes(1)
    climber.say(Acknowledge(), ROSA)
    climber.entries.append(seen(a_sighting(a_change("event-2")), at=climber.now))
    assert climber.minutes(3).called == ["on-call 0", "on-call 1"]


def test_what_gets_worse_while_it_climbs_the_same_ladder_goes_on() -> None:
    climber = high().minutes(6)
    climber.entries.append(seen(a_sighting(a_change("event-2")), at=climber.now))
    assert climber.minutes(60).called == ALL


def test_what_gets_worse_climbs_the_ladder_of_its_severity() -> None:
    other = replace(LADDER, name="critical")
    rules = (Rule(other, frozenset({Severity.CRITICAL})), *POLICY.rules)
    climber = high()
    climber.policy = EscalationPolicy(rules)
    climber.minutes(6)
    climber.entries.append(seen(a_sighting(a_change("event-2")), at=climber.now))
    assert climber.minutes(7).called == ["on-call 0", "primary 5", "on-call 6"]


def test_not_me_calls_everybody_anew_where_nobody_is_left_to_call() -> None:
    climber = Climber().minutes(60)
    asked = ActorAsked(at=climber.now, by=SGWATCH, slack_id="U0ALICE", name="Alice")
    no = ActorAnswered(at=climber.now, by=SGWATCH, reply=Reply.NO, reason="", seen=1)
    climber.entries += [asked, no]
    assert climber.minutes(61).called == [*ALL, "on-call 60"]


def test_escalate_now_calls_the_next_level_and_takes_the_alert_from_its_holder() -> None:
    climber = Climber().minutes(1)
    climber.say(Acknowledge(), ROSA)
    assert climber.say(MORE, ROSA) is None
    assert climber.alert.hold is None
    assert climber.alert.reopened == "Rosa Lindqvist wants more people: it spreads"
    assert climber.minutes(2).called == ["on-call 0", "primary 1"]
    climber.say(EscalateNow("still", LADDER), ROSA)
    assert climber.minutes(2).called == ["on-call 0", "primary 1", "leads 2"]


def test_escalate_now_climbs_also_what_the_policy_lets_lie() -> None:
    climber = Climber(entries=[raised(), seen(a_sighting(severity=Severity.LOW))])
    assert climber.say(MORE, ROSA) is None
    assert climber.minutes(30).called == ALL


def test_a_snooze_ends_and_what_gets_worse_ends_it_at_once() -> None:
    climber = Climber().minutes(1)
    assert climber.say(SnoozeUntil(timedelta(hours=1), "known, owner is on it"), ROSA) is None
    assert climber.minutes(60).called == ALL[:1]
    assert climber.minutes(62).called == [*ALL[:1], "on-call 61"]
    woken = high()
    woken.say(SnoozeUntil(timedelta(hours=1), "known, owner is on it"), ROSA)
    woken.entries.append(seen(a_sighting(a_change("event-2")), at=woken.now))
    assert woken.minutes(1).called == ["on-call 0"]


def test_a_snooze_puts_off_the_reminder() -> None:
    climber = Climber()
    climber.say(Acknowledge(), ROSA)
    climber.minutes(10).say(SnoozeUntil(timedelta(hours=1), "owner is on it"), ROSA)
    climber.minutes(99)
    assert not any(isinstance(entry, Reminded) for entry in climber.entries)
    climber.minutes(100)
    assert any(isinstance(entry, Reminded) for entry in climber.entries)


@pytest.mark.parametrize(
    ("command", "person", "why"),
    [
        (MORE, OSCAR, "You need the right of a responder"),
        (EscalateNow(" ", LADDER), ROSA, "Give a reason"),
        (EscalateNow("help", None), ROSA, "The policy names nobody"),
        (SnoozeUntil(timedelta(0), "known"), ROSA, "Snooze for a minute at least"),
        (SnoozeUntil(timedelta(days=2), "known"), ROSA, "for a day at most"),
        (SnoozeUntil(timedelta(hours=1), "known"), ALICE, "This is your own change"),
    ],
)
def test_refusals(command: EscalateNow | SnoozeUntil, person: object, why: str) -> None:
    refusal = Climber().say(command, person)  # type: ignore[arg-type]
    assert isinstance(refusal, Refusal)
    assert why in refusal.why


def test_the_policy_of_the_beginning_is_climbed_to_its_end() -> None:
    climber = Climber().minutes(1)
    climber.policy = EscalationPolicy()
    assert climber.minutes(60).called == ALL


def test_pagers_hear_how_it_stands_once_and_again_where_that_is_not_known() -> None:
    climber = Climber().minutes(6)
    key = pager_key("SGW-TEST0001", 1)
    assert [(pager.target, pager.key) for pager in climber.alert.pagers] == [(PRIMARY, key)]
    climber.say(Acknowledge(), ROSA)

    def told(progress: Progress) -> list[str]:
        moves, _ = climb_moves(climber.alert, progress, POLICY, climber.now)
        return [move.event for move in moves if isinstance(move, TellPagers)]

    assert told(Progress()) == ["acknowledge"]
    assert told(Progress(pager=Paged(told="1:acknowledge"))) == []
    failing = Paged(trouble=Trouble(1, climber.now + timedelta(seconds=2), "500"))
    assert told(Progress(pager=failing)) == []
    climber.say(MarkBenign("planned", 1), ROSA)
    assert told(Progress(pager=Paged(told="1:acknowledge"))) == ["resolve"]
    policy = AlertPolicy("C0", escalation=POLICY)
    assert due(climber.alert, Progress(queued=99), policy, climber.now).steps == (
        TellPagers("resolve", "1:resolve"),
    )


def test_the_pager_is_asked_until_somebody_resolved_it_there() -> None:
    climber = Climber().minutes(6)
    looking = replace(POLICY, looks=True)
    moves, _ = climb_moves(climber.alert, Progress(), looking, climber.now)
    assert [type(move).__name__ for move in moves] == ["LookAtPagers"]
    asked = Progress(pager=Paged(looked=climber.now))
    moves, waits = climb_moves(climber.alert, asked, looking, climber.now)
    assert not moves
    assert min(waits) == climber.now + timedelta(seconds=15)
    climber.entries.append(PagerResolved(at=climber.now, name="Ana", pager="PagerDuty"))
    assert climb_moves(climber.alert, asked, looking, climber.now)[0] == []


def test_stored_entries_of_a_climb_are_read_back() -> None:
    climber = Climber(luck=pager_fails).minutes(60)
    for entry in climber.entries:
        assert ENTRY.validate_json(ENTRY.dump_json(entry)) == entry


def test_a_reminder_without_a_holder_is_too_late() -> None:
    climber = Climber()
    climber.say(Acknowledge(), ROSA)
    moves, _ = climb_moves(climber.alert, Progress(), POLICY, climber.now + timedelta(minutes=30))
    climber.say(MarkBenign("planned", 1), ROSA)
    climber._do(moves[0])
    assert not any(isinstance(entry, Reminded) for entry in climber.entries)


DEEDS = st.sampled_from(["ack", "reopen", "benign", "more", "snooze", "worse", "wait"])


@st.composite
def policies(draw: st.DrawFn) -> EscalationPolicy:
    gaps = draw(st.lists(st.integers(1, 20), min_size=1, max_size=4))
    levels = tuple(
        Level(
            f"level {number}",
            timedelta(minutes=sum(gaps[:number])),
            draw(st.sampled_from([(), (ON_CALL,), (PRIMARY,), (PRIMARY, LEADS)])),
            draw(st.sampled_from([(), (LEADS,)])),
        )
        for number in range(len(gaps))
    )
    return EscalationPolicy((Rule(Ladder("any", levels, draw(st.integers(0, 2))), GRAVE),))


@settings(max_examples=25)
@given(
    policies(),
    st.lists(st.tuples(DEEDS, st.integers(0, 25)), max_size=6),
    st.lists(st.sampled_from([Fate.SENT, Fate.FAILED, Fate.HELD]), min_size=1, max_size=5),
)
def test_whatever_people_do_it_goes_up_stops_for_a_holder_and_ends(
    policy: EscalationPolicy, deeds: list[tuple[str, int]], fates: list[Fate]
) -> None:
    one, other = (
        _played(Climber(policy, _luck(fates), restarts), deeds) for restarts in (False, True)
    )
    assert one.entries == other.entries
    _goes_up(one)
    ends_at = one.now + timedelta(days=2)
    if one.alert.status is not Status.OPEN:
        return
    one.until(ends_at)
    last = one.entries[-1].at
    assert last < ends_at - timedelta(days=1)
    _goes_up(one)


def _luck(fates: list[Fate]) -> Luck:
    return lambda call: fates[crc32(call.key.encode()) % len(fates)]


def _played(climber: Climber, deeds: list[tuple[str, int]]) -> Climber:
    for number, (deed, minutes) in enumerate(deeds):
        climber.until(climber.now + timedelta(minutes=minutes))
        match deed:
            case "ack":
                climber.say(Acknowledge(), MARCUS)
            case "reopen":
                climber.say(Reopen("once more"), MARCUS)
            case "benign":
                climber.say(MarkBenign("fine", climber.alert.counts.changes), MARCUS)
            case "more":
                climber.say(EscalateNow(f"more {number}", None), MARCUS)
            case "snooze":
                climber.say(SnoozeUntil(timedelta(minutes=30), "known"), MARCUS)
            case "worse":
                change = a_change(f"event-{number + 2}")
                climber.entries.append(seen(a_sighting(change), at=climber.now))
            case _:
                pass
    return climber


def _goes_up(climber: Climber) -> None:
    """Each climb goes up level by level, only while the alert is open and not snoozed."""
    climbs = [entry for entry in climber.entries if isinstance(entry, ClimbBegan)]
    assert [entry.climb for entry in climbs] == list(range(1, len(climbs) + 1))
    for began in climbs:
        called = [
            (entry.round, entry.level, entry.fallback)
            for entry in climber.entries
            if isinstance(entry, Escalated) and entry.climb == began.climb
        ]
        assert called == sorted(set(called))
        plain = [level for round_, level, fallback in called if round_ == 0 and not fallback]
        assert plain == list(range(began.first, began.first + len(plain)))
    for place, entry in enumerate(climber.entries):
        if isinstance(entry, Escalated):
            before = Climber(entries=climber.entries[:place]).alert
            assert before.status is Status.OPEN
            assert before.snooze is None or before.snooze.until <= entry.at
    assert climber.now >= NOON
