"""What the exempt form offers: scopes for an alert, each tried on the alerts of late."""

from collections.abc import Sequence
from itertools import chain, count

from bot.alerts.alert import Alert
from bot.alerts.commands import Refusal
from bot.exemptions.fields import parse_duration
from bot.exemptions.model import Exemption, Scope
from bot.exemptions.offers import Offer, Usual, offers
from bot.exemptions.policy import approval_needed
from bot.exemptions.preview import Preview
from bot.exemptions.problems import scope_problems
from bot.slack.listeners.desk import Desk
from bot.slack.views.blocks import Json
from bot.slack.views.durations import chosen
from bot.slack.views.exempt import ExemptFields, exempt_form
from bot.slack.views.offers import Offered
from bot.slack.views.preview import Tried
from bot.slack.views.scope_fields import fields_of, scope_of
from bot.store.also import also_resolves
from bot.store.previewing import past_change, previews_of
from bot.store.store import Store
from bot.store.timelines import Reading


def offers_for(desk: Desk, alert: Alert) -> tuple[Offer, ...]:
    """Return the scopes that cover all of the alert's changes. Raises StoreError."""
    principal = alert.principal
    if principal is None:
        return ()
    seen = list(desk.store.timelines.sightings(alert.id))
    known = desk.store.familiar.known(principal)
    usual = Usual(desk.networks, known.long_from(alert.first_at or alert.raised_at))
    automated = all(each.origin.automated for each in seen)
    return offers(list(map(past_change, seen)), principal, usual, automated=automated)


def first_form(desk: Desk, reading: Reading, user: str) -> Json:
    """Return the form as it opens: with the narrowest scope in its fields."""
    alert = reading.alert
    found = offers_for(desk, alert)
    scope = fields_of(found[0].scope if found else Scope())
    lasts = chosen(desk.exemptions.lasts)
    given = ExemptFields(scope, expiry=lasts, world=bool(alert.counts.world))
    return _form(desk, reading, given, found, user)


def chosen_form(desk: Desk, reading: Reading, given: ExemptFields, user: str, number: int) -> Json:
    """Return the form with another of the scopes in its fields."""
    found = offers_for(desk, reading.alert)
    if number < len(found):
        scope = fields_of(found[number].scope)
        # Slack keeps what stands in a field, but in one of another name it shows what we say.
        given = ExemptFields(scope, given.reason, given.expiry, given.world, given.filled + 1)
    return _form(desk, reading, given, found, user)


def tried_form(desk: Desk, reading: Reading, given: ExemptFields, user: str) -> Json:
    """Return the form as it was filled in, with what that would have hidden."""
    return _form(desk, reading, given, offers_for(desk, reading.alert), user)


def faulty_form(desk: Desk, reading: Reading, given: ExemptFields, problem: str) -> Json:
    """Return the form as it was filled in, with what is wrong."""
    return exempt_form(reading.alert, desk.shown, given, problem, policy=desk.exemptions)


def exemption_of(
    store: Store, reading: Reading, owner: str, scope: Scope, given: ExemptFields
) -> Exemption:
    """Return the exemption; its id comes from the decision that may make it."""
    alert = reading.alert
    return Exemption(
        id=_free_id(store, f"EX-{alert.id.removeprefix('SGW-')}-{alert.version}"),
        scope=scope,
        reason=given.reason,
        owner=owner,
        created_at=reading.now,
        expires_at=reading.now + parse_duration(given.expiry),
        allow_world=given.world,
        alert=alert.id,
    )


def _free_id(store: Store, wanted: str) -> str:
    """Return the id, or one like it that is free: another may have waited, or waits, in vain."""
    ids = chain([wanted], (f"{wanted}-{number}" for number in count(2)))
    return next(each for each in ids if store.exemptions.read(each) is None)


def _form(
    desk: Desk, reading: Reading, given: ExemptFields, found: Sequence[Offer], user: str
) -> Json:
    scope = scope_of(given.scope, desk.names)
    problem = _problem(scope)
    scopes = [offer.scope for offer in found]
    scopes += [] if problem or isinstance(scope, dict) else [scope]
    exemptions = {each: exemption_of(desk.store, reading, "", each, given) for each in scopes}
    previews = previews_of(desk.store, list(exemptions.values()), reading.now)
    tried = dict(zip(exemptions, previews, strict=True))
    offered = [Offered(offer, tried[offer.scope]) for offer in found]
    told = None
    if not problem and not isinstance(scope, dict):
        told = _told(desk, reading, exemptions[scope], tried[scope], user)
    return exempt_form(reading.alert, desk.shown, given, problem, told, offered, desk.exemptions)


def _told(desk: Desk, reading: Reading, exemption: Exemption, found: Preview, user: str) -> Tried:
    """Return what the exemption would have hidden, and what saving it also resolves."""
    principal, person = reading.alert.principal, desk.viewer(user)
    whose = principal.id if principal else ""
    if isinstance(person, Refusal):
        return Tried(exemption, found, whose)
    why = approval_needed(exemption, desk.exemptions, reading.now)
    also = () if why else also_resolves(desk.store, exemption, person, reading.now)
    return Tried(exemption, found, whose, also, why)


def _problem(scope: Scope | dict[str, str]) -> str:
    if isinstance(scope, dict):
        return " ".join(scope.values())
    wrong = scope_problems(scope)
    return wrong[0].message if wrong else ""
