"""What must hold of a simulated run when all is quiet: the promises."""

from collections import Counter

from bot.alerts.alert import Alert, ResolutionKind
from bot.alerts.asking import SETTLED, question_state
from bot.alerts.entries import ContainmentAsked, Entry
from tests.simulation.run import World, message_of, question_of, reply_to


def check(world: World) -> None:
    """Assert promises 1, 2, 3, 5 and 10 on what the world holds now."""
    alerts = _alerts(world)
    _no_event_lost_or_counted_twice(world, alerts)
    _slack_shows_each_alert_once_and_as_it_is(world, alerts)
    _aws_was_changed_only_as_decided_and_once(world, alerts)
    _the_actor_was_asked_once_and_sees_what_they_said(world, alerts)


def _the_actor_was_asked_once_and_sees_what_they_said(
    world: World, alerts: dict[str, tuple[Alert, list[Entry]]]
) -> None:
    asked = Counter(message.mark.alert for message in world.slack.directs)
    assert not asked or max(asked.values()) == 1
    shown = {message.mark.alert: message.text for message in world.slack.directs}
    for name, (alert, _) in alerts.items():
        text = shown.get(f"ask:{name}")
        if alert.actor is None:
            assert text is None
        elif text is not None:
            assert text == question_of(alert).text
        else:
            assert question_state(alert) == SETTLED, "nobody was asked"


def _alerts(world: World) -> dict[str, tuple[Alert, list[Entry]]]:
    stem = f"{world.clock.prefix}:alert:"
    names = {str(k).removeprefix(stem).split(":")[0] for k in world.clock.client.keys(f"{stem}*")}
    found = {}
    for name in names:
        reading = world.store.timelines.read(name)
        assert reading is not None
        found[name] = (reading.alert, world.store.timelines.entries(name, 0))
    return found


def _no_event_lost_or_counted_twice(
    world: World, alerts: dict[str, tuple[Alert, list[Entry]]]
) -> None:
    assert not world.queue.held, "events are left in the queue"
    assert not world.queue.dead, world.queue.dead
    counted = Counter(
        change.event_id for name in alerts for change in world.store.timelines.changes(name)
    )
    assert counted == Counter(record["eventID"] for record in world.sent)


def _slack_shows_each_alert_once_and_as_it_is(
    world: World, alerts: dict[str, tuple[Alert, list[Entry]]]
) -> None:
    shown = Counter(message.mark.alert for message in world.slack.messages)
    assert shown == Counter(list(alerts))
    for message in world.slack.messages:
        alert, entries = alerts[message.mark.alert]
        assert message.text == message_of(alert).text
        replies = [reply_to(entry, number, alert) for number, entry in enumerate(entries)]
        told = [reply.text for reply in replies if reply is not None]
        assert [reply.text for reply in world.slack.replies.get(message.ts, [])] == told


def _aws_was_changed_only_as_decided_and_once(
    world: World, alerts: dict[str, tuple[Alert, list[Entry]]]
) -> None:
    planned = [
        (entry.containment, call)
        for _, entries in alerts.values()
        for entry in entries
        if isinstance(entry, ContainmentAsked)
        for call in entry.plan.calls
    ]
    assert all(effect in planned for effect in world.aws.effects)
    assert len(set(world.aws.effects)) == len(world.aws.effects), "a call took effect twice"
    for name, (alert, _) in alerts.items():
        assert alert.running is None, "a containment never ended"
        if alert.resolution is not None and alert.resolution.kind is ResolutionKind.REVERTED:
            for change in world.store.timelines.changes(name):
                assert not set(change.added) & world.aws.groups[change.group.id]
