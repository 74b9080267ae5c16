"""The forms of what waits for approval: the exact plan, with a yes, a no, or the broken glass."""

from slack_sdk.models.blocks import Block

from bot.alerts.alert import Alert, Containment
from bot.slack.views.blocks import Json, modal, problem_section, reason_input, section
from bot.slack.views.heading import heading
from bot.slack.views.message import Shown
from bot.slack.views.mrkdwn import bold, clock, escape
from bot.slack.views.names import Form
from bot.slack.views.refs import form_ref, written
from bot.slack.views.revert import plan_blocks

TITLE = "Approve"
GLASS = "Break the glass"
DECLINE = "Decline"
REASON = 1000


def approve_form(
    alert: Alert, shown: Shown, waiting: Containment, digest: str, problem: str = ""
) -> Json:
    """Return the form that approves exactly this plan."""
    return modal(
        TITLE,
        [*problem_section(problem), *_about(alert, shown, waiting)],
        form=Form.APPROVE,
        submit=TITLE,
        close="Cancel",
        metadata=written(form_ref(alert, digest)),
    )


def glass_form(
    alert: Alert,
    shown: Shown,
    waiting: Containment,
    digest: str,
    reason: str = "",
    problem: str = "",
) -> Json:
    """Return the form by which an admin goes ahead with what they have asked for themselves."""
    warning = (
        f"🚨 {bold('You asked for this yourself, so a second person should approve it.')} "
        "As an admin you may go ahead alone where nobody can be reached: the channel and the "
        "operators are told at once, and it is kept who did it and why."
    )
    return modal(
        GLASS,
        [
            *problem_section(problem),
            section(warning),
            *_about(alert, shown, waiting),
            reason_input("Why can nobody else approve it?", reason),
        ],
        form=Form.GLASS,
        submit=GLASS,
        close="Cancel",
        metadata=written(form_ref(alert, digest)),
    )


def decline_form(alert: Alert, shown: Shown) -> Json:
    """Return the form that declines what waits, or takes back what one asked for."""
    blocks = list(heading(alert, shown))
    if alert.waiting is not None:
        blocks.append(_request(alert.waiting))
    return modal(
        DECLINE,
        [*blocks, reason_input("Why not?")],
        form=Form.DECLINE,
        submit=DECLINE,
        close="Cancel",
        metadata=written(form_ref(alert)),
    )


def _about(alert: Alert, shown: Shown, waiting: Containment) -> list[Block]:
    return [*heading(alert, shown), _request(waiting), *plan_blocks(waiting.plan, shown)]


def _request(waiting: Containment) -> Block:
    asks = bold(f"{escape(waiting.by.name)} asks for the {waiting.action.noun}")
    until = f" It expires {clock(waiting.approval.until)}." if waiting.approval else ""
    return section(f"🔔 {asks}: “{escape(waiting.reason, REASON)}”.{until}")
