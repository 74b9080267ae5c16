"""Refusals that several decisions share: want of a right, one's own change, no reason."""

from bot.alerts.alert import Alert
from bot.alerts.commands import Refusal
from bot.alerts.people import Person, Right

SHORTEST_REASON = 3
"""Characters: enough for "ok" to be refused and a ticket number to pass."""


def needs(person: Person, right: Right) -> Refusal | None:
    """Return the refusal of somebody who has less than this right."""
    if person.right < right:
        article = "an" if right is Right.APPROVER or right is Right.ADMIN else "a"
        return Refusal(f"You need the right of {article} {right} to do this.", needs=right)
    return None


def own_change(alert: Alert, person: Person, who: Right | None = None) -> Refusal | None:
    """Return the refusal of somebody whose own change it is; with that right others may."""
    if is_actor(alert, person):
        return Refusal(
            "This is your own change: somebody else has to decide on it. "
            "You may acknowledge it, and write in its thread.",
            needs=who,
        )
    return None


def is_actor(alert: Alert, person: Person) -> bool:
    """Return whether the alert's changes are this person's own."""
    actor = alert.principal
    if actor is None:
        return False
    return bool(names(person) & {name.casefold() for name in actor.names})


def names(person: Person) -> set[str]:
    """Return every name by which AWS may know the person, in lower case."""
    return {name.casefold() for name in (*person.principals, person.email) if name}


def reason_refusal(reason: str) -> Refusal | None:
    """Return the refusal of a reason that says nothing."""
    if len(reason.strip()) < SHORTEST_REASON:
        return Refusal("Give a reason that somebody can read in six months.", field="reason")
    return None
