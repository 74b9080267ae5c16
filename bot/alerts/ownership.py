"""Promise 6: whether a record by our containment role is of a call that our executor made."""

from dataclasses import dataclass
from enum import Enum, auto

from bot.alerts.alert import Alert, CallState
from bot.changes.change import Change
from bot.containment.identity import matches_call
from bot.containment.plan import resolved


@dataclass(frozen=True, slots=True)
class Claim:
    """The call of a containment that the record is of."""

    containment: str
    call: int


class Doubt(Enum):
    """Why it cannot be told yet."""

    UNENDED = auto()


def claim_of(
    alert: Alert, containment: str, change: Change, request_id: str, *, patient: bool
) -> Claim | Doubt | None:
    """Return which call the record is of, None if it is none of ours, or a doubt to wait out.

    AWS's answer tells the request id. Where a crash lost the answer, the record may stand for one
    call that was begun, once; so it may where the answer has not come and is waited for no longer.
    """
    found = next((c for c in alert.containments if c.id == containment), None)
    if found is None:
        return None
    lost: Claim | Doubt | None = None
    made = [state.made for state in found.calls]
    for number, (call, state) in enumerate(zip(found.plan.calls, found.calls, strict=True)):
        if not state.begun or not matches_call(change, resolved(call, made)):
            continue
        if state.request_id and state.request_id == request_id:
            return Claim(containment, number)
        if _answer_lost(state):
            waited = state.ended or not patient
            lost = lost or (Claim(containment, number) if waited else Doubt.UNENDED)
    return lost


def _answer_lost(state: CallState) -> bool:
    return not state.request_id and not state.error and not state.record_seen
