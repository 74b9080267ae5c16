"""Deciding through the store: read, decide, append; read again where the version has passed."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.alerts.alert import Alert
from bot.alerts.commands import Command, Refusal, no_such_alert
from bot.alerts.decide import decide, refused
from bot.alerts.entries import Entry
from bot.alerts.evolve import evolve
from bot.alerts.people import Person
from bot.store.store import Store
from bot.store.timelines import Reading

TRIES = 8
"""Each lost race means that somebody else's decision was stored, so few are enough."""

CommandOf = Callable[[Reading], Command | Refusal]


@dataclass(frozen=True, slots=True)
class Decision:
    """What was appended, and the alert with it."""

    alert: Alert
    entries: tuple[Entry, ...]


def decide_on(
    store: Store, alert_id: str, command: Command | CommandOf, person: Person | None
) -> Decision | Refusal:
    """Decide on the alert as it is now. A person's refusal is recorded in the timeline.

    ``command`` may be a function of the reading, for a command that depends on what is read.
    Raises StoreError.
    """
    for _ in range(TRIES):
        reading = store.timelines.read(alert_id)
        if reading is None:
            return no_such_alert(alert_id)
        wanted = command(reading) if callable(command) else command
        if isinstance(wanted, Refusal):
            return wanted
        decided = decide(reading.alert, wanted, person, reading.now)
        if isinstance(decided, Refusal):
            if person is not None:
                entry = refused(wanted.name, person, decided, reading.now)
                store.timelines.observe(alert_id, entry)
            return decided
        if store.timelines.append(reading.alert, decided):
            return Decision(evolve(reading.alert, decided), decided)
    return Refusal("Others are deciding on this alert right now. Try again.")
