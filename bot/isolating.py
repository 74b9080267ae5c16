"""Isolating: the plans of quarantine, restriction and release for an alert, as AWS is now."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.alerts.alert import Alert, Containment
from bot.alerts.commands import Refusal
from bot.aws.actors import ActorReader
from bot.aws.errors import AwsError
from bot.aws.isolation import SiteReader
from bot.aws.network import Interface
from bot.aws.states.reading import StateReader
from bot.containment.isolation import Choices, Site
from bot.containment.plan import Call, Plan, resolved
from bot.containment.quarantine import quarantine_plan
from bot.containment.release import before_groups, looks, release_plan
from bot.containment.restrict import Actor, Reach, actor_of, restrict_plan
from bot.investigation.resources import INSTANCE, OTHER, resources_of

NO_GROUP = Refusal("This alert is about no security group, so nothing is known to be behind it.")


@dataclass(frozen=True, slots=True)
class Isolation:
    """``own`` gives the ARNs of the roles that sgwatch has in an account."""

    sites: SiteReader
    actors: ActorReader
    states: StateReader
    own: Callable[[str], frozenset[str]]

    def site(self, alert: Alert) -> Site | Refusal:
        """Return what is behind the alert's groups, in the account and region of its worst one."""
        grouped = [s.change for s in alert.worst if s.change.group.id]
        if not grouped:
            return NO_GROUP
        account, region = grouped[0].account, grouped[0].region
        here = (c.group.id for c in grouped if (c.account, c.region) == (account, region))
        try:
            return self.sites.read(account, region, tuple(dict.fromkeys(here)))
        except AwsError as error:
            return _untold(error)

    def quarantine(self, alert: Alert, choices: Choices) -> Plan | Refusal:
        """Return the plan that isolates what was chosen."""
        site = self.site(alert)
        if isinstance(site, Refusal):
            return site
        return quarantine_plan(site, choices, next_id(alert))

    def actor(self, alert: Alert) -> Actor | Refusal:
        """Return whom a restriction would stop, or why it cannot."""
        account = alert.principal.account if alert.principal else ""
        try:
            found = actor_of(alert.principal, self.own(account))
            return Refusal(found) if isinstance(found, str) else self.actors.read(found)
        except AwsError as error:
            return _untold(error)

    def restrict(self, alert: Alert, reach: Reach, *, switch_key: bool) -> Plan | Refusal:
        """Return the plan that denies the actor what was chosen."""
        actor = self.actor(alert)
        if isinstance(actor, Refusal):
            return actor
        return restrict_plan(actor, reach, next_id(alert), switch_key=switch_key)

    def release(self, containment: Containment) -> Plan | Refusal:
        """Return the plan that gives back what the containment took, where it is still so."""
        made = made_calls(containment)
        try:
            states = {look: self.states.read(look) for look in looks(made)}
            groups = before_groups(made)
            there = (
                self.sites.present(made[0].account, made[0].region, groups)
                if groups
                else frozenset[str]()
            )
        except AwsError as error:
            return _untold(error)
        return release_plan(made, states, there)


def made_calls(containment: Containment) -> tuple[Call, ...]:
    """Return the calls that were made, with the ids of what others made."""
    made = [state.made for state in containment.calls]
    return tuple(
        resolved(call, made)
        for call, state in zip(containment.plan.calls, containment.calls, strict=True)
        if state.ended and not state.error
    )


def owner_of(interface: Interface) -> tuple[str, str]:
    """Return the service that holds the interface and its name there; nothing where none does."""
    (found,) = resources_of([interface])
    return ("", "") if found.kind in {INSTANCE, OTHER} else (found.kind, found.name)


def next_id(alert: Alert) -> str:
    """Return the id of the next containment of the alert."""
    return f"{alert.id}-c{len(alert.containments) + 1}"


def _untold(error: AwsError) -> Refusal:
    return Refusal(f"AWS did not say how things are now: {error}.")
