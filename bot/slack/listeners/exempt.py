"""Exempt: such changes are expected, for a while, and somebody says why."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.commands import Exempt, Refusal
from bot.alerts.covering import Also, Covering
from bot.alerts.decide import APPROVAL, author
from bot.alerts.life import Make
from bot.alerts.people import Person
from bot.exemptions.matching import why_not
from bot.exemptions.model import Exemption, Scope
from bot.exemptions.policy import approval_needed
from bot.exemptions.problems import problems
from bot.slack.listeners.desk import Desk, to_resolve
from bot.slack.listeners.modals import Answer, ask, replace_view
from bot.slack.listeners.offering import (
    chosen_form,
    exemption_of,
    faulty_form,
    first_form,
    tried_form,
)
from bot.slack.listeners.payloads import Asked, Chosen, Click, Sent
from bot.slack.views.blocks import Json
from bot.slack.views.durations import chosen, durations
from bot.slack.views.exempt import FIELDS, TITLE, ExemptFields
from bot.slack.views.exemption_request import asked_modal
from bot.slack.views.names import Action, Form
from bot.slack.views.refs import FormRef
from bot.slack.views.refusal import refusal_modal
from bot.slack.views.scope_fields import ANY, DIRECTIONS, ScopeFields, scope_of
from bot.store.also import also_resolves
from bot.store.previewing import preview_of
from bot.store.store import Store
from bot.store.timelines import Reading


def register(app: App, desk: Desk) -> None:
    """Listen for the button, the buttons in the form, and the form."""

    @app.action(Action.EXEMPT)
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        ask_exempt(client, desk, Click.model_validate(body).asked)

    @app.action(Action.EXEMPT_OFFER)
    def choose(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        sent = Chosen.model_validate(body)
        given, user, offer = _given(desk, sent), sent.user.id, sent.offer
        view = _again(desk, sent, lambda found: chosen_form(desk, found, given, user, offer))
        replace_view(client, sent.view.id, view)

    @app.action(Action.EXEMPT_PREVIEW)
    def show_preview(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        sent = Sent.model_validate(body)
        given, user = _given(desk, sent), sent.user.id
        view = _again(desk, sent, lambda found: tried_form(desk, found, given, user))
        replace_view(client, sent.view.id, view)

    @app.view(Form.EXEMPT)
    def submit(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        sent = Sent.model_validate(body)
        with Answer(ack, client, sent.view.id, TITLE) as answer:
            _submitted(desk, sent, answer)


def ask_exempt(client: WebClient, desk: Desk, asked: Asked) -> None:
    """Open the form, prefilled so that it covers all of the alert's changes."""
    ask(client, desk, asked, TITLE, to_resolve, lambda found: first_form(desk, found, asked.user))


def _submitted(desk: Desk, sent: Sent, answer: Answer) -> None:
    ref, given = sent.ref, _given(desk, sent)
    scope = scope_of(given.scope, desk.names)
    if isinstance(scope, dict):
        answer.wrong({sent.block(name): why for name, why in scope.items()})
        return

    def command(reading: Reading, person: Person) -> Exempt | Refusal:
        exemption = exemption_of(desk.store, reading, person.slack_id, scope, given)
        wanted = _command(desk, reading, exemption, ref.seen)
        if not isinstance(wanted, Refusal) and not wanted.approval:
            _plan(desk.store, reading, exemption, person, ref)
        return wanted

    refusal = desk.decide(ref.alert, sent.user.id, command)
    if refusal is not None and refusal.field == APPROVAL:
        answer.show(_asked(desk, sent, scope, given))
    elif refusal is not None and refusal.field in FIELDS:
        answer.wrong({sent.block(FIELDS[refusal.field]): refusal.why})
    elif refusal is not None and refusal.field:
        why = refusal.why
        answer.show(_again(desk, sent, lambda found: faulty_form(desk, found, given, why)))
    else:
        answer.settle(refusal, desk, "Such changes are exempted from now on.")


def _again(desk: Desk, sent: Sent, form: Callable[[Reading], Json]) -> Json:
    """Return the form anew, for somebody who may still submit it."""
    found = desk.look(sent.ref.alert, sent.user.id, TITLE.lower(), to_resolve)
    if isinstance(found, Refusal):
        return refusal_modal(TITLE, found, desk.who_may(found))
    return form(found)


def _given(desk: Desk, sent: Sent) -> ExemptFields:
    direction, expiry = sent.choice("direction"), sent.choice("expiry")
    policy = desk.exemptions
    return ExemptFields(
        scope=ScopeFields(
            principal=sent.text("principal"),
            accounts=sent.text("accounts"),
            regions=sent.text("regions"),
            groups=sent.text("groups"),
            actions=sent.text("actions"),
            direction=direction if direction in DIRECTIONS else ANY,
            ports=sent.text("ports"),
            peers=sent.text("peers"),
            more=sent.text("more"),
        ),
        reason=sent.text("reason"),
        expiry=expiry if expiry in durations(policy) else chosen(policy.lasts),
        world=sent.ticked("world"),
        filled=sent.filled,
    )


def _command(desk: Desk, reading: Reading, exemption: Exemption, seen: int) -> Exempt | Refusal:
    if wrong := problems(exemption, reading.now, desk.exemptions.longest):
        return Refusal(wrong[0].message, field=wrong[0].field)
    hides = preview_of(desk.store, exemption, reading.now).callers
    why = approval_needed(exemption, desk.exemptions, reading.now)
    return Exempt(exemption, tuple(_uncovered(desk.store, reading, exemption)), seen, hides, why)


def _asked(desk: Desk, sent: Sent, scope: Scope, given: ExemptFields) -> Json:
    """Have the exemption wait for a second person; the alert stays as it is."""
    person, reading = desk.viewer(sent.user.id), desk.store.timelines.read(sent.ref.alert)
    if isinstance(person, Refusal) or reading is None:
        raise LookupError(sent.ref.alert)
    exemption = exemption_of(desk.store, reading, person.slack_id, scope, given)
    if waiting := _asked_already(desk.store, exemption, reading.now):
        return asked_modal(TITLE, waiting)
    hides = preview_of(desk.store, exemption, reading.now).callers
    decided = desk.store.exemptions.decide(
        exemption.id, Make(exemption, hides), person, reading.now, desk.exemptions
    )
    if isinstance(decided, Refusal):
        return refusal_modal(TITLE, decided, desk.who_may(decided))
    return asked_modal(TITLE, decided[0])


def _asked_already(store: Store, wanted: Exemption, now: datetime) -> Exemption | None:
    """Return what waits already of the same person's same wish: a form may be sent twice."""
    for held in store.exemptions.current():
        if held.pending is None or not held.is_asked(now):
            continue
        new = held.pending.exemption
        ends = new.created_at + (wanted.expires_at - wanted.created_at)
        if new == replace(wanted, id=new.id, created_at=new.created_at, expires_at=ends):
            return held
    return None


def resolve_approved(desk: Desk, user: str, exemption: Exemption) -> Refusal | None:
    """Resolve the alert that an exemption was asked from, by whoever has approved it."""

    def command(reading: Reading, _: Person) -> Exempt | Refusal:
        held = desk.store.exemptions.read(exemption.id)
        if held is None or held.exemption != exemption:
            return Refusal(f"{exemption.id} has changed since it was approved.")
        uncovered = tuple(_uncovered(desk.store, reading, exemption))
        return Exempt(exemption, uncovered, reading.alert.counts.changes)

    return desk.decide(exemption.alert, user, command)


def _plan(
    store: Store, reading: Reading, exemption: Exemption, person: Person, ref: FormRef
) -> None:
    """Have resolved what the form said that it also resolves, as far as that is still so."""
    shown = {Also(*each) for each in ref.also}
    found = also_resolves(store, exemption, person, reading.now) if shown else ()
    also = tuple(each for each in found if each in shown)
    if also:
        store.coverings.plan(Covering(exemption.id, author(person), also, reading.now))


def _uncovered(store: Store, reading: Reading, exemption: Exemption) -> Iterator[str]:
    """Yield, for each change that the exemption would not have hidden, which clause keeps it."""
    for seen in store.timelines.sightings(reading.alert.id):
        change, ids = seen.change, [detection.id for detection in seen.detections]
        reason = why_not(
            exemption, change, seen.principal, ids, reading.now, seen.exposure, seen.around
        )
        if reason:
            yield f"{change.action} on {change.target or change.group}: {reason}"
