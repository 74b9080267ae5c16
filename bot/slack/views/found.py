"""What was found: every question of the investigation with its whole answer, and the signals."""

from collections.abc import Collection, Iterator

from slack_sdk.models.blocks import Block, DividerBlock

from bot.alerts.alert import Alert
from bot.alerts.fact import Fact, Question
from bot.alerts.questions import AFTER, subjects_of
from bot.slack.views.acts import act_sections
from bot.slack.views.blocks import Json, code_sections, context, modal, section
from bot.slack.views.findings import LOOKING, finding, signal_text
from bot.slack.views.mrkdwn import bold, both_clocks, code, escape, in_code

TITLE = "What was found"
ANSWER, LINES, LINE = 500, 40, 160
COMMAND = 2000
SIGNALS = 30

ASKED: dict[Question, str] = {
    Question.GROUP: "Which group",
    Question.MANAGED: "Who manages it",
    Question.REPEATED: "Was it reverted before",
    Question.BEHIND: "What sits behind it",
    Question.WHO: "Who",
    Question.HABIT: "Is it usual for them",
    Question.PLACE: "From where, with what",
    Question.ACTIVITY: "What else they did",
    Question.PERSISTENCE: "Signs of persistence",
    Question.FLOW_LOGS: "Do flow logs tell who connected",
}
"""The questions of the investigation guide, in its order."""


def found_view(alert: Alert, asked: Collection[Question]) -> Json:
    """Return the modal."""
    blocks: list[Block] = []
    for question, words in ASKED.items():
        # What arises only after a revert is no question before.
        if question in asked and (question not in AFTER or subjects_of(alert, question)):
            blocks += _answer(alert, question, words, asked)
    return modal(TITLE, [*blocks, DividerBlock(), *_signals(alert)])


def _answer(
    alert: Alert, question: Question, words: str, asked: Collection[Question]
) -> Iterator[Block]:
    shown = finding(alert, question, asked) or "nothing to ask about"
    facts = [fact for fact in alert.facts if fact.question is question]
    yield section(f"{bold(words)}\n{escape(shown, ANSWER)}")
    for fact in facts:
        yield from act_sections(fact.acts, fact.about)
    lines = [line for fact in facts for line in fact.more]
    if lines:
        most = COMMAND if question is Question.FLOW_LOGS else LINE
        yield from code_sections([in_code(line, most) for line in lines[:LINES]])
    if len(lines) > LINES:
        yield context(f"… and {len(lines) - LINES} more")
    if shown != LOOKING and (about := _about(alert, question, facts)):
        yield context(about)


def _about(alert: Alert, question: Question, facts: list[Fact]) -> str:
    at = next((asked.at for asked in alert.asked if asked.question is question), None)
    fields = ", ".join(code(fact.field) for fact in facts if fact.field)
    return " · ".join(filter(None, (f"last asked {both_clocks(at)}" if at else "", fields)))


def _signals(alert: Alert) -> Iterator[Block]:
    changes = f"The changes alone are {bold(alert.base.value)}."
    weighed = sorted(alert.signals, key=lambda signal: -signal.weight)[:SIGNALS]
    if not weighed:
        yield section(f"{bold('Signals')}\nNone. {changes}")
        return
    listed = "\n".join(f"• {escape(signal_text(signal), 200)}" for signal in weighed)
    yield section(f"{bold('Signals')}\n{listed}"[:2900])
    raised = f" Signals raise it to {bold(alert.severity.value)}."
    yield context(changes + (raised if alert.severity > alert.base else ""))
