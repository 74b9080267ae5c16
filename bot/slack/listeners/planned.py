"""Forms that show a plan: made again and compared when they are submitted, then asked for."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.alerts.alert import Alert
from bot.alerts.approval import Terms
from bot.alerts.commands import PersonCommand, Refusal
from bot.containment.action import Intent
from bot.containment.digest import digest_of
from bot.containment.plan import Plan
from bot.slack.listeners.desk import TO_BE_GIVEN, Desk, Probe
from bot.slack.listeners.modals import Answer
from bot.slack.listeners.payloads import Sent
from bot.slack.views.blocks import Json
from bot.slack.views.message import Shown
from bot.slack.views.refs import FormRef, PlanRef
from bot.slack.views.refusal import refusal_modal

MOVED = "The rules have changed since you looked. This is what would be done now: read it again."
ASKED = "It is asked for; the alert says how it ends."

View = Callable[[Alert, Shown, Plan, str, Terms, str, str], Json]
"""A form: of an alert, a plan with its digest, who may have it, the reason, and a problem."""


@dataclass(frozen=True, slots=True)
class PlanForm:
    """What one intent asks for, and how its form looks.

    ``command`` takes the alert, the plan, the reason, how many changes were shown, and the terms.
    ``may_look`` is what somebody must be allowed who sees a plan that cannot be asked for; one
    that is ``copyable`` is shown so where sgwatch itself may not change AWS.
    """

    title: str
    intent: Intent
    may_look: Probe
    command: Callable[[Alert, Plan, str, int, Terms], PersonCommand]
    view: View
    copyable: bool = False

    def open(self, desk: Desk, alert_id: str, user: str) -> Json:
        """Return the form, or why this person may not ask for this plan."""
        plan = desk.plan(alert_id, self.intent)
        if isinstance(plan, Refusal):
            return refusal_modal(self.title, plan)
        may_be_asked = bool(plan.calls) and (desk.shown.containment or not self.copyable)

        def probe(alert: Alert) -> PersonCommand:
            if not may_be_asked:
                return self.may_look(alert)
            return self._asking(desk, alert, plan, TO_BE_GIVEN, alert.counts.changes)

        found = desk.look(alert_id, user, self.title.lower(), probe)
        if isinstance(found, Refusal):
            return refusal_modal(self.title, found, desk.who_may(found))
        return self._form(desk, found.alert, plan)

    def submit(self, desk: Desk, sent: Sent, ref: FormRef | PlanRef, answer: Answer) -> None:
        """Have it decided if the plan is still the one that was shown; else show what it is now."""
        plan, reason = desk.plan(ref.alert, self.intent), sent.text("reason")
        if isinstance(plan, Refusal):
            answer.settle(plan, desk, "")
        elif digest_of(plan) != ref.digest:
            self._show_again(desk, sent, ref.alert, plan, answer)
        else:
            refusal = desk.decide(
                ref.alert,
                sent.user.id,
                lambda reading, _: self._asking(desk, reading.alert, plan, reason, ref.seen),
            )
            answer.settle(refusal, desk, ASKED)

    def _show_again(
        self, desk: Desk, sent: Sent, alert_id: str, plan: Plan, answer: Answer
    ) -> None:
        found = desk.look(alert_id, sent.user.id, self.title.lower(), self.may_look)
        if isinstance(found, Refusal):
            answer.settle(found, desk, "")
        else:
            answer.show(self._form(desk, found.alert, plan, sent.text("reason"), MOVED))

    def _asking(
        self, desk: Desk, alert: Alert, plan: Plan, reason: str, seen: int
    ) -> PersonCommand:
        terms = desk.terms(alert, self.intent.action, plan)
        return self.command(alert, plan, reason, seen, terms)

    def _form(
        self, desk: Desk, alert: Alert, plan: Plan, reason: str = "", problem: str = ""
    ) -> Json:
        terms = desk.terms(alert, self.intent.action, plan)
        return self.view(alert, desk.shown, plan, digest_of(plan), terms, reason, problem)
