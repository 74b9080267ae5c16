"""Findings: what an investigation answered, as it stands among an alert's lines."""

from collections.abc import Collection

from bot.alerts.alert import Alert
from bot.alerts.fact import Question, Signal
from bot.alerts.questions import subjects_of
from bot.cloudtrail.text import printable

LOOKING = "looking…"
SIGNALS_SHOWN = 4
LINE = 160


def finding(alert: Alert, question: Question, asked: Collection[Question]) -> str:
    """Return the line that answers a question; empty where nobody is asked it.

    A line that is still to come stands there from the first post, so that no button moves.
    """
    subjects = subjects_of(alert, question)
    if question not in asked or not subjects:
        return ""
    told = (f for f in alert.facts if f.question is question and f.about in subjects)
    fact = next(told, None)
    if fact is None:
        return LOOKING
    if not fact.value:
        return f"not known: {printable(fact.unknown, LINE)}"
    as_of = f" (as of {fact.as_of:%H:%M} UTC)" if fact.as_of else ""
    return printable(fact.value, LINE) + as_of


def reasons(alert: Alert) -> str:
    """Return why the alert is as severe as it is: what was opened, and the signals, weighed."""
    if not alert.worst:
        return ""
    weighed = sorted(alert.signals, key=lambda signal: -abs(signal.weight))[:SIGNALS_SHOWN]
    return "; ".join([*alert.worst[0].reasons, *map(signal_text, weighed)])


def signal_text(signal: Signal) -> str:
    """Return a signal with its weight: "new country (+2)"."""
    return f"{printable(signal.text, LINE)} ({signal.weight:+d})"
