"""Who answers which question about an alert: made once, so that all workers share what was read."""

from bot.accounts import Accounts
from bot.alerts.fact import Question
from bot.aws.history import EventHistory
from bot.aws.identities import IdentityReader
from bot.aws.permissions import PolicySimulator
from bot.aws.reader import GroupReader
from bot.aws.sessions import Sessions
from bot.aws.surroundings import NetworkReader
from bot.investigation.about_group import Known, about_group
from bot.investigation.about_principal import Remembered, Surrounds, about_principal
from bot.investigation.atlas import Atlas
from bot.investigation.before import KnownBefore
from bot.investigation.hosts import Hosts
from bot.investigation.lookups import Lookups
from bot.investigation.names import GroupNames
from bot.investigation.place import Map
from bot.investigation.repeated import Repeated
from bot.investigation.run import Asker
from bot.investigation.who import Person
from bot.policy import Policy
from bot.policy_changes import Announced
from bot.settings import Settings
from bot.store.store import Store


def askers(
    sessions: Sessions,
    settings: Settings,
    policy: Policy,
    accounts: Accounts,
    store: Store,
    atlas: Atlas,
    person: Person,
) -> dict[Question, Asker]:
    """Return who answers which question. Raises FileError."""
    reader = GroupReader(sessions)
    known = Known(
        {account.id: account.environment for account in accounts.known},
        Announced(policy.changes, settings.changes),
        policy.runs,
        KnownBefore(store.baselines),
        store.events,
    )
    places = Map(
        atlas,
        atlas.by_registry,
        accounts.organisation,
        policy.networks,
        policy.expected,
        Hosts() if settings.reverse_dns else None,
    )
    principal = about_principal(
        IdentityReader(sessions),
        PolicySimulator(sessions),
        person,
        Lookups(EventHistory(sessions), store.budgets),
        Remembered(store.familiar, store.events),
        Surrounds(places, accounts.names),
    )
    return {
        **principal,
        Question.GROUP_NAME: GroupNames(reader),
        Question.REPEATED: Repeated(store.timelines),
        **about_group(reader, NetworkReader(sessions), known),
    }
