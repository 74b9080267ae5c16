"""The form with the exact plan of a quarantine, a restriction or a release; and its commands."""

from slack_sdk.models.blocks import Block

from bot.alerts.alert import Alert
from bot.alerts.approval import Terms
from bot.containment.action import Action, Intent
from bot.containment.plan import Plan
from bot.slack.views.blocks import Json, modal, problem_section, reason_input, section
from bot.slack.views.heading import heading
from bot.slack.views.how_to_revert import how_to
from bot.slack.views.message import Shown
from bot.slack.views.names import Form
from bot.slack.views.refs import PlanRef, written
from bot.slack.views.revert import lists, plan_blocks, second_person, submit_label

TITLES = {
    Action.QUARANTINE: "Quarantine",
    Action.RESTRICT: "Restrict",
    Action.RELEASE: "Release",
}
MIND = "Mind"
NOTHING = "There is nothing to call."
RELEASED = "There is nothing to call: it is as it was before. Releasing it ends it here too."


def isolation_form(
    intent: Intent,
    alert: Alert,
    shown: Shown,
    plan: Plan,
    digest: str,
    terms: Terms,
    reason: str = "",
    problem: str = "",
) -> Json:
    """Return the form for exactly this plan, or one that cannot be submitted if it has no calls.

    Where sgwatch itself may not change AWS, return the commands to copy.
    """
    if not shown.containment:
        return _commands(alert, shown, intent.action, plan)
    title, release = TITLES[intent.action], intent.action is Action.RELEASE
    blocks: list[Block] = [*problem_section(problem), *heading(alert, shown)]
    if not plan.calls:
        blocks += [section(RELEASED if release else NOTHING), *lists(plan, MIND)]
        if not release:
            return modal(title, blocks)
    else:
        blocks += [*plan_blocks(plan, shown, MIND), *second_person(terms)]
    blocks.append(reason_input(f"Why {title.lower()}?", reason))
    return modal(
        title,
        blocks,
        form=Form.ISOLATE,
        submit=submit_label(title, terms),
        close="Cancel",
        metadata=written(PlanRef(alert.id, alert.counts.changes, digest, intent)),
    )


def _commands(alert: Alert, shown: Shown, action: Action, plan: Plan) -> Json:
    """Return the commands to copy, where sgwatch itself may not change AWS."""
    return how_to(f"How to {TITLES[action].lower()}", NOTHING, alert, shown, plan, MIND)
