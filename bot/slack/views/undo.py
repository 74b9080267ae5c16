"""The form that undoes a revert: it opens again what was closed, and says so."""

from slack_sdk.models.blocks import Block

from bot.alerts.alert import Alert
from bot.alerts.approval import Terms
from bot.containment.plan import Plan
from bot.slack.views.blocks import Json, modal, problem_section, reason_input, section
from bot.slack.views.heading import heading
from bot.slack.views.message import Shown
from bot.slack.views.mrkdwn import bold
from bot.slack.views.names import Form
from bot.slack.views.refs import form_ref, written
from bot.slack.views.revert import lists, plan_blocks, second_person, submit_label

TITLE = "Undo the revert"
NOTHING = "There is nothing to undo: the rules are as they were before the revert."


def undo_form(
    alert: Alert,
    shown: Shown,
    plan: Plan,
    digest: str,
    terms: Terms,
    reason: str = "",
    problem: str = "",
) -> Json:
    """Return the form for exactly this plan, or one that cannot be submitted if it has no calls."""
    head = heading(alert, shown)
    if not plan.calls:
        return modal(TITLE, [*head, section(NOTHING), *lists(plan)])
    warning = f"⚠️ {bold('This opens again what the revert has closed')}, and the alert with it."
    blocks: list[Block] = [*problem_section(problem), *head, section(warning)]
    blocks += [*plan_blocks(plan, shown), *second_person(terms)]
    return modal(
        TITLE,
        [*blocks, reason_input("Why undo it?", reason)],
        form=Form.UNDO,
        submit=submit_label("Undo", terms),
        close="Cancel",
        metadata=written(form_ref(alert, digest)),
    )
