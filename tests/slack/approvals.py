"""Containments that wait for a second person, and what becomes of them."""

from collections.abc import Callable
from dataclasses import replace

from bot.alerts.alert import Alert
from bot.alerts.approval import (
    Approval,
    ContainmentApproved,
    ContainmentDeclined,
    ContainmentExpired,
    ContainmentPlanned,
    LeftToPeople,
    Terms,
)
from bot.alerts.decide import author
from bot.alerts.entries import CallBegun, ContainmentAsked, ContainmentEnded, Entry
from bot.alerts.evolve import evolve
from bot.alerts.people import SGWATCH, Right
from bot.containment.action import Action
from bot.containment.digest import digest_of
from bot.containment.effects.rules import Operation
from bot.containment.plan import Plan, rule_call
from bot.slack.views.approve import approve_form, decline_form, glass_form
from bot.slack.views.blocks import Json
from bot.slack.views.message import Message, Shown, alert_message
from bot.slack.views.revert import revert_form
from bot.slack.views.thread import thread_line
from bot.slack.views.undo import undo_form
from tests.builders import MARCUS, ROSA, a_rule, later, raised, seen
from tests.slack.alerts import (
    ACCOUNT,
    ASKED,
    CLOSED,
    PLAN,
    PLAN_WITH_ALL,
    READ_BACK,
    alert_of,
    console_sighting,
    open_alert,
    reverted_alert,
)

SHOWN = Shown(containment=True, accounts={ACCOUNT: "prod"})
TWO = Terms(two=True)
WAITING = replace(ASKED, by=author(ROSA), approval=Approval(Right.APPROVER, later(35)))
PLANNED = ContainmentPlanned(
    at=later(6), by=SGWATCH, containment=ASKED.containment, plan=PLAN_WITH_ALL
)
APPROVED = ContainmentApproved(
    at=later(7), by=author(MARCUS), containment=ASKED.containment, digest=digest_of(PLAN)
)
GLASS = replace(
    APPROVED, by=replace(author(ROSA), right=Right.ADMIN), glass=True, reason="Nobody answers"
)
DECLINED = ContainmentDeclined(
    at=later(7), by=author(MARCUS), containment=ASKED.containment, reason="It is the migration"
)
EXPIRED = ContainmentExpired(at=later(35), by=SGWATCH, containment=ASKED.containment)
LEFT = LeftToPeople(at=later(1), by=SGWATCH, why="3 reverts an hour are the most")
DRY = ContainmentEnded(
    at=later(6),
    by=SGWATCH,
    containment=ASKED.containment,
    verified=False,
    told="Nothing was called. It would have been: RevokeSecurityGroupIngress on sg-0a1b.",
    dry=True,
)
ITSELF = replace(ASKED, by=SGWATCH, reason="the policy reverts what “Ingress to the world” finds")
OPENING = Plan(
    (
        rule_call(
            Operation.AUTHORIZE_INGRESS,
            ACCOUNT,
            "eu-west-1",
            "sg-0a1b",
            (a_rule(rule_id=""),),
            "opens again what the revert closed, with the descriptions that it had",
        ),
    ),
    cannot=("Rules that are put back get new ids, and no tags.",),
)
UNDO = ContainmentAsked(
    at=later(9),
    by=author(MARCUS),
    seen=1,
    containment="SGW-TEST0001-c2",
    plan=OPENING,
    reason="The vendor needs it until four",
    action=Action.UNDO,
    of=ASKED.containment,
)
REOPENING = CallBegun(at=later(9.5), by=SGWATCH, containment="SGW-TEST0001-c2", call=0)
UNDONE = replace(
    READ_BACK,
    at=later(10),
    containment=UNDO.containment,
    told="sg-0a1b: put back in tcp 22 ← 0.0.0.0/0.",
)


def after(*entries: Entry) -> Alert:
    return alert_of(console_sighting(), after=entries)


def waiting_alert() -> Alert:
    return after(WAITING)


def _shown(*entries: Entry) -> Callable[[], Message]:
    return lambda: alert_message(after(*entries), SHOWN)


MESSAGES: dict[str, Callable[[], Message]] = {
    "waiting": _shown(WAITING),
    "approved": _shown(WAITING, APPROVED),
    "glass_broken": _shown(WAITING, GLASS),
    "declined": _shown(WAITING, DECLINED),
    "expired": _shown(WAITING, EXPIRED),
    "dry_run": _shown(ASKED, DRY),
    "left_to_people": _shown(LEFT),
    "reverting_by_itself": _shown(ITSELF),
    "undoing": _shown(ASKED, READ_BACK, UNDO),
    "undone": _shown(ASKED, READ_BACK, CLOSED, UNDO, REOPENING, UNDONE),
    "waiting_for_undo": _shown(ASKED, READ_BACK, replace(UNDO, approval=WAITING.approval)),
}


def _glass() -> Json:
    alert = waiting_alert()
    assert alert.waiting is not None
    return glass_form(alert, SHOWN, alert.waiting, "digest")


def _approve(problem: str = "") -> Json:
    alert = after(WAITING, PLANNED) if problem else waiting_alert()
    assert alert.waiting is not None
    return approve_form(alert, SHOWN, alert.waiting, "digest", problem)


VIEWS: dict[str, Callable[[], Json]] = {
    "revert_form_two": lambda: revert_form(open_alert(), SHOWN, PLAN, "digest", terms=TWO),
    "revert_form_dry": lambda: revert_form(open_alert(), replace(SHOWN, dry=True), PLAN, "digest"),
    "approve_form": _approve,
    "approve_form_moved": lambda: _approve("The rules have moved."),
    "glass_form": _glass,
    "decline_form": lambda: decline_form(waiting_alert(), SHOWN),
    "undo_form": lambda: undo_form(reverted_alert(), SHOWN, OPENING, "digest", Terms()),
    "undo_nothing": lambda: undo_form(reverted_alert(), SHOWN, Plan(()), "digest", Terms()),
}


def thread() -> list[Json | None]:
    """Return what the thread says of requests and of what became of them."""
    stories: tuple[tuple[Entry, ...], ...] = (
        (WAITING, PLANNED, APPROVED),
        (WAITING, GLASS),
        (WAITING, DECLINED),
        (WAITING, EXPIRED),
        (ASKED, DRY),
        (LEFT,),
        (ITSELF, READ_BACK, UNDO, UNDONE),
    )
    return [line for story in stories for line in _told(story)]


def _told(story: tuple[Entry, ...]) -> list[Json | None]:
    entries = (raised(), seen(console_sighting()), *story)
    lines: list[Json | None] = []
    for number, entry in enumerate(entries[2:], 2):
        alert = evolve(None, entries[: number + 1])
        reply = thread_line(entry, number, alert, lambda right: f"{right}s may: <!subteam^S0LEADS>")
        told = reply and {"text": reply.text, "broadcast": reply.broadcast, "blocks": reply.blocks}
        lines.append({"entry": entry.kind, **(told or {})})
    return lines
