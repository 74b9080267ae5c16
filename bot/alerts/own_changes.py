"""Our own changes: what undone reverts did to the groups, as changes that count with the others."""

from collections.abc import Iterator

from bot.alerts.alert import Alert, Containment
from bot.changes.change import Change, GroupRef, Verb
from bot.containment.action import Action
from bot.containment.effects.rules import ChangeRules
from bot.containment.plan import Call


def own_changes(alert: Alert) -> tuple[Change, ...]:
    """Return what our reverts and their undoing did; nothing if none was undone.

    A rule that an undo put back has another id than the one that the alert's change gave it, so
    without these a second revert would take it for somebody else's.
    """
    done = [c for c in alert.containments if c.verified and not c.dry]
    last = next((n for n, c in reversed(list(enumerate(done))) if c.action is Action.UNDO), -1)
    return tuple(
        change
        for containment in done[: last + 1]
        if containment.action in {Action.REVERT, Action.UNDO}
        for change in _changes(containment)
    )


def _changes(containment: Containment) -> Iterator[Change]:
    for number, (call, state) in enumerate(
        zip(containment.plan.calls, containment.calls, strict=True)
    ):
        if state.ended and not state.error and isinstance(call.effect, ChangeRules):
            yield _change(containment, number, call, call.effect)


def _change(containment: Containment, number: int, call: Call, does: ChangeRules) -> Change:
    return Change(
        event_id=f"{containment.id}-{number}",
        at=containment.at,
        account=call.account,
        region=call.region,
        action=call.operation,
        verb=Verb.REVOKE if does.closes else Verb.AUTHORIZE,
        group=GroupRef(does.group),
        added=() if does.closes else does.rules,
        removed=does.rules if does.closes else (),
    )
