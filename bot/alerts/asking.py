"""Asking the actor: "did you just…?" Who may be asked, who may answer, and what it changes."""

from datetime import datetime

from bot.alerts.alert import Alert, Status
from bot.alerts.commands import AnswerAsActor, AskActor, Refusal
from bot.alerts.entries import ActorAnswered, ActorAsked, Entry, Reopened, Reply
from bot.alerts.people import SGWATCH, Author

SHORTEST_REASON = 3

Decided = tuple[Entry, ...] | Refusal


def asked(alert: Alert, command: AskActor, by: Author, now: datetime) -> Decided:
    """Return the entry that has the actor asked, or why they are not."""
    if alert.status is Status.RESOLVED:
        return Refusal("This alert is resolved: there is nothing to ask any more.")
    if alert.actor is not None:
        return Refusal(f"{alert.actor.name} has been asked already.")
    return (ActorAsked(at=now, by=by, slack_id=command.slack_id, name=command.name_of_actor),)


def answered(alert: Alert, command: AnswerAsActor, by: Author, now: datetime) -> Decided:
    """Return the entries of an answer. Only who was asked may give it, and "no" always counts.

    Whoever holds the session may hold the Slack account too, so a "yes" can be taken back, and a
    "no" cannot.
    """
    actor = alert.actor
    if actor is None or actor.slack_id != by.slack_id:
        return Refusal("Only the person who was asked can answer this.")
    if actor.answer is not None and (command.reply is not Reply.NO or actor.answer is Reply.NO):
        return Refusal(f"You have answered “{actor.answer.words}” already.")
    if command.reply is Reply.YES and len(command.reason.strip()) < SHORTEST_REASON:
        return Refusal("Say what it was for, such as a ticket.", field="reason")
    answer = ActorAnswered(at=now, by=by, reply=command.reply, reason=command.reason.strip())
    if command.reply is Reply.NO and alert.status is Status.RESOLVED:
        why = f"{actor.name} says it was not them"
        return (answer, Reopened(at=now, by=SGWATCH, reason=why))
    return (answer,)
