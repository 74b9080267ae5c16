"""The questions about a principal: who they are, whether it is usual, from where, and what else
they did.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.alerts.fact import Question
from bot.investigation.activity import Activity
from bot.investigation.allowed import Permissions, Simulator
from bot.investigation.around import History, Surroundings
from bot.investigation.habit import Habits
from bot.investigation.lookups import Lookups
from bot.investigation.persistence import Persistence
from bot.investigation.place import Map, Memory, Places
from bot.investigation.run import Asker
from bot.investigation.who import Identities, Person, Who


@dataclass(frozen=True, slots=True)
class Remembered:
    """What we remember of principals, and of the events that were read."""

    memory: Memory
    history: History


@dataclass(frozen=True, slots=True)
class Surrounds:
    """What people have told: the map of addresses, and the accounts' names by their ids."""

    map: Map
    names: Mapping[str, str] = field(default_factory=dict)


def about_principal(
    identities: Identities,
    simulator: Simulator,
    person: Person,
    lookups: Lookups,
    remembered: Remembered,
    told: Surrounds,
) -> dict[Question, Asker]:
    """Return who answers the questions about a principal. Made once, for all workers."""
    accounts = told.map.organisation.accounts
    surroundings = Surroundings(remembered.history, lookups)
    return {
        Question.WHO: Who(identities, person, accounts, told.map.expected.key_age),
        Question.HABIT: Habits(remembered.memory, lookups, told.names),
        Question.PLACE: Places(told.map, remembered.memory),
        Question.ACTIVITY: Activity(surroundings),
        Question.PERSISTENCE: Persistence(surroundings, remembered.history, Permissions(simulator)),
    }
