"""Isolating: the plans of quarantine, restriction and release for an alert, as AWS is now."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import assert_never

from bot.alerts.alert import Alert, Containment
from bot.alerts.approving import next_id
from bot.alerts.commands import Refusal
from bot.aws.actors import ActorReader
from bot.aws.errors import AwsError
from bot.aws.isolation import SiteReader
from bot.aws.network import Interface
from bot.aws.states.reading import StateReader
from bot.containment.action import Intent
from bot.containment.choice import Isolate, Stop
from bot.containment.isolation import Site
from bot.containment.plan import Call, Plan, resolved
from bot.containment.quarantine import quarantine_plan
from bot.containment.release import before_groups, looks, release_plan
from bot.containment.restrict import Actor, actor_of, restrict_plan
from bot.investigation.resources import INSTANCE, OTHER, resources_of

ASSUMED = re.compile(r"arn:(aws[\w-]*):sts::(\d{12}):assumed-role/([^/]+)/.+")
NOTHING = "There is no such containment."
NO_GROUP = "This alert is about no security group, so nothing is known to be behind it."


@dataclass(frozen=True, slots=True)
class Isolation:
    """What raises, raises AwsError. ``own`` gives the ARNs of sgwatch's roles in an account."""

    sites: SiteReader
    actors: ActorReader
    states: StateReader
    own: Callable[[str], frozenset[str]]

    def behind(self, alert: Alert) -> Site | Refusal:
        """Return what may be isolated, or why nothing is known of it. Raises nothing."""
        try:
            return self.site(alert) or Refusal(NO_GROUP)
        except AwsError as error:
            return Refusal(f"AWS did not say what is behind the group: {error}.")

    def whom(self, alert: Alert) -> Actor | Refusal:
        """Return whom a restriction would stop, or why it cannot. Raises nothing."""
        try:
            found = self.actor(alert)
        except AwsError as error:
            return Refusal(f"AWS did not say whether they are there: {error}.")
        return Refusal(found) if isinstance(found, str) else found

    def plan(self, alert: Alert, intent: Intent) -> Plan:
        """Return the plan for what somebody wants; one that cannot be has no calls and says why."""
        containment = intent.containment or next_id(alert)
        match intent.choice:
            case Isolate():
                return self.quarantine(alert, intent.choice, containment)
            case Stop():
                return self.restrict(alert, intent.choice, containment)
            case None:
                held = next((c for c in alert.containments if c.id == intent.of), None)
                return _refused(NOTHING) if held is None else self.release(held)
            case _:
                assert_never(intent.choice)

    def site(self, alert: Alert) -> Site | None:
        """Return what is behind the alert's groups, in the account and region of its worst one."""
        grouped = [s.change for s in alert.worst if s.change.group.id]
        if not grouped:
            return None
        account, region = grouped[0].account, grouped[0].region
        here = (c.group.id for c in grouped if (c.account, c.region) == (account, region))
        return self.sites.read(account, region, tuple(dict.fromkeys(here)))

    def actor(self, alert: Alert) -> Actor | str:
        """Return whom a restriction would stop, or why it cannot and what can."""
        account = alert.principal.account if alert.principal else ""
        found = actor_of(alert.principal, self.own(account))
        return found if isinstance(found, str) else self.actors.read(found)

    def quarantine(self, alert: Alert, choice: Isolate, containment: str) -> Plan:
        """Return the plan that isolates what was chosen."""
        site = self.site(alert)
        return _refused(NO_GROUP) if site is None else quarantine_plan(site, choice, containment)

    def restrict(self, alert: Alert, choice: Stop, containment: str) -> Plan:
        """Return the plan that denies the actor what was chosen."""
        actor = self.actor(alert)
        if isinstance(actor, str):
            return _refused(actor)
        return restrict_plan(actor, choice, containment)

    def release(self, containment: Containment) -> Plan:
        """Return the plan that gives back what the containment took, where it is still so."""
        made = made_calls(containment)
        states = {look: self.states.read(look) for look in looks(made)}
        groups = before_groups(made)
        there = self.sites.present(made[0].account, made[0].region, groups) if groups else ()
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


def _refused(why: str) -> Plan:
    return Plan((), cannot=(why,), complete=False)


def own_roles(roles: Sequence[str], arn: str, account: str) -> frozenset[str]:
    """Return the ARNs of sgwatch's roles in an account: those it assumes, and who it is itself."""
    named = {role.replace("{account}", account) for role in roles if role}
    session = ASSUMED.fullmatch(arn)
    own = f"arn:{session[1]}:iam::{session[2]}:role/{session[3]}" if session else arn
    return frozenset({*named, own})
