"""The form that reverts: the exact calls, each with why, and what is not touched."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from bot.alerts.alert import Alert
from bot.alerts.approval import TERMS, Terms
from bot.alerts.people import Right
from bot.changes.sentence import number_of
from bot.containment.plan import Call, Plan
from bot.slack.views.blocks import (
    BLOCK_LINES,
    Json,
    code_sections,
    modal,
    problem_section,
    reason_input,
    section,
)
from bot.slack.views.heading import heading
from bot.slack.views.message import Shown
from bot.slack.views.mrkdwn import bold, code, escape, in_code
from bot.slack.views.names import Form
from bot.slack.views.refs import form_ref, written

TITLE = "Revert"
CANNOT = "Cannot be restored"
VOWELS = {Right.APPROVER, Right.ADMIN}
CALLS_SHOWN = 40
"""Two blocks each: with the others they fit the 100 of a modal."""

LINES_SHOWN = 8


def revert_form(
    alert: Alert,
    shown: Shown,
    plan: Plan,
    digest: str,
    terms: Terms = TERMS,
    reason: str = "",
    problem: str = "",
) -> Json:
    """Return the form for exactly this plan, or one that cannot be submitted if it has no calls."""
    head = heading(alert, shown)
    if not plan.calls:
        return modal(TITLE, [*head, section(_nothing(plan)), *lists(plan)])
    blocks: list[Block] = [*problem_section(problem), *head, *plan_blocks(plan, shown)]
    blocks += [*second_person(terms), reason_input("Why revert?", reason)]
    return modal(
        TITLE,
        blocks,
        form=Form.REVERT,
        submit=submit_label(TITLE, terms),
        close="Cancel",
        metadata=written(form_ref(alert, digest)),
    )


def plan_blocks(plan: Plan, shown: Shown, cannot: str = CANNOT) -> list[Block]:
    """Return exactly what would be called, and what is left alone."""
    many = len(plan.calls) > 1
    these = f"These {len(plan.calls)} calls to AWS" if many else "This call to AWS"
    blocks: list[Block] = [section(f"{these} would be made, and the result read back:")]
    if shown.dry:
        blocks = [section(f"⚪ {bold('Dry run')}: nothing is called. {these} would be made:")]
    for number, call in enumerate(plan.calls[:CALLS_SHOWN], 1):
        blocks += _call(number, call, shown)
    return [*blocks, *_more(plan.calls[CALLS_SHOWN:]), *lists(plan, cannot)]


def second_person(terms: Terms) -> list[Block]:
    """Return that somebody else has to approve it, where that is so."""
    if not terms.two:
        return []
    minutes = number_of(max(1, round(terms.lasting.total_seconds() / 60)), "minute")
    right = f"An {terms.approve}" if terms.approve in VOWELS else f"A {terms.approve}"
    who = f"{bold('A second person has to approve this')}, within {minutes}."
    return [section(f"🔔 {who} {right} other than you sees this plan in the channel.")]


def submit_label(title: str, terms: Terms) -> str:
    """Return what the button says: that it is done, or asked for."""
    return "Ask for approval" if terms.two else title


def _nothing(plan: Plan) -> str:
    if plan.complete and not plan.drift:
        return "There is nothing to revert."
    return "There is nothing more that this can revert. *What is left needs a person:*"


def lists(plan: Plan, cannot: str = CANNOT) -> list[Block]:
    """Return what is left alone, what cannot be restored, and what has drifted."""
    named = (
        ("Left alone", plan.leaves),
        (cannot, plan.cannot),
        ("Changed since then", plan.drift),
    )
    return [section(_list(name, sentences)) for name, sentences in named if sentences]


def _call(number: int, call: Call, shown: Shown) -> list[Block]:
    where = f"{code(call.about)} in {escape(shown.account(call.account))} {escape(call.region)}"
    head = f"{bold(f'{number}. {call.operation}')} on {where}\n{escape(call.why, 500)}"
    told = call.effect.lines
    lines = [in_code(line) for line in told[: BLOCK_LINES - 1]]
    if len(told) > len(lines):
        lines.append(f"… and {len(told) - len(lines)} more")
    return [section(head), *code_sections(lines)]


def _more(calls: Sequence[Call]) -> list[Block]:
    if not calls:
        return []
    things = number_of(len({call.about for call in calls}), "resource")
    return [section(f"… and {number_of(len(calls), 'call')} more of this kind, on {things}.")]


def _list(name: str, sentences: Sequence[str]) -> str:
    lines = [f"• {escape(sentence, 300)}" for sentence in sentences[:LINES_SHOWN]]
    if len(sentences) > LINES_SHOWN:
        lines.append(f"• … and {len(sentences) - LINES_SHOWN} more")
    return "\n".join([bold(name), *lines])
