"""Exempt: such changes are expected, for a while, and somebody says why."""

from collections.abc import Iterator
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.alert import Alert
from bot.alerts.commands import Exempt, Refusal
from bot.alerts.life import LONGEST
from bot.alerts.people import Person
from bot.exemptions.fields import parse_duration
from bot.exemptions.matching import why_not
from bot.exemptions.model import Exemption, Scope
from bot.exemptions.problems import problems, scope_problems
from bot.exemptions.suggest import suggest_scope
from bot.slack.listeners.desk import Desk, to_resolve
from bot.slack.listeners.modals import Answer, ask, replace_view
from bot.slack.listeners.payloads import Asked, Click, Sent
from bot.slack.views.blocks import Json
from bot.slack.views.exempt import DURATIONS, FIELDS, TITLE, ExemptFields, exempt_form
from bot.slack.views.names import Action, Form
from bot.slack.views.preview import Tried
from bot.slack.views.refusal import refusal_modal
from bot.slack.views.scope_fields import ANY, DIRECTIONS, ScopeFields, fields_of, scope_of
from bot.store.previewing import preview_of
from bot.store.store import Store
from bot.store.timelines import Reading


def register(app: App, desk: Desk) -> None:
    """Listen for the button and the form."""

    @app.action(Action.EXEMPT)
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        ask_exempt(client, desk, Click.model_validate(body).asked)

    @app.action(Action.EXEMPT_PREVIEW)
    def show_preview(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        sent = Sent.model_validate(body)
        replace_view(client, sent.view.id, _previewed(desk, sent))

    @app.view(Form.EXEMPT)
    def submit(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        sent = Sent.model_validate(body)
        ref, given = sent.ref, _given(sent)
        with Answer(ack, client, sent.view.id, TITLE) as answer:
            scope = scope_of(given.scope)
            if isinstance(scope, dict):
                answer.wrong(scope)
                return

            def command(reading: Reading, person: Person) -> Exempt | Refusal:
                return _command(
                    desk.store,
                    reading,
                    _exemption(reading, person.slack_id, scope, given),
                    ref.seen,
                )

            refusal = desk.decide(ref.alert, sent.user.id, command)
            if refusal is not None and refusal.field in FIELDS:
                answer.wrong({FIELDS[refusal.field]: refusal.why})
            elif refusal is not None and refusal.field:
                answer.show(_again(desk, ref.alert, given, refusal))
            else:
                answer.settle(refusal, desk, "Such changes are exempted from now on.")


def ask_exempt(client: WebClient, desk: Desk, asked: Asked) -> None:
    """Open the form, prefilled so that it covers all of the alert's changes."""

    def form(found: Reading) -> Json:
        scope = _suggested(desk.store, found.alert)
        given = ExemptFields(fields_of(scope), world=bool(found.alert.counts.world))
        tried = _tried(desk.store, found, scope, given)
        return exempt_form(found.alert, desk.shown, given, tried=tried)

    ask(client, desk, asked, TITLE, to_resolve, form)


def _previewed(desk: Desk, sent: Sent) -> Json:
    """Return the form as it was filled in, with what that would have hidden."""
    found = desk.look(sent.ref.alert, sent.user.id, TITLE.lower(), to_resolve)
    if isinstance(found, Refusal):
        return refusal_modal(TITLE, found, desk.who_may(found))
    given = _given(sent)
    scope = scope_of(given.scope)
    if isinstance(scope, dict):
        return exempt_form(found.alert, desk.shown, given, " ".join(scope.values()))
    if wrong := scope_problems(scope):
        return exempt_form(found.alert, desk.shown, given, wrong[0].message)
    tried = _tried(desk.store, found, scope, given)
    return exempt_form(found.alert, desk.shown, given, tried=tried)


def _tried(store: Store, reading: Reading, scope: Scope, given: ExemptFields) -> Tried:
    """Return what the form's exemption would have hidden, whoever saves it."""
    principal = reading.alert.principal
    exemption = _exemption(reading, "", scope, given)
    found = preview_of(store, exemption, reading.now)
    return Tried(exemption, found, principal.id if principal else "")


def _suggested(store: Store, alert: Alert) -> Scope:
    if alert.principal is None:
        return Scope()
    return suggest_scope(list(store.timelines.changes(alert.id)), alert.principal)


def _given(sent: Sent) -> ExemptFields:
    direction, expiry = sent.choice("direction"), sent.choice("expiry")
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
        ),
        reason=sent.text("reason"),
        expiry=expiry if expiry in DURATIONS else next(iter(DURATIONS)),
        world=sent.ticked("world"),
    )


def _exemption(reading: Reading, owner: str, scope: Scope, given: ExemptFields) -> Exemption:
    """Return the exemption; its id comes from the one decision that may make it."""
    alert = reading.alert
    return Exemption(
        id=f"EX-{alert.id.removeprefix('SGW-')}-{alert.version}",
        scope=scope,
        reason=given.reason,
        owner=owner,
        created_at=reading.now,
        expires_at=reading.now + parse_duration(given.expiry),
        allow_world=given.world,
        alert=alert.id,
    )


def _command(store: Store, reading: Reading, exemption: Exemption, seen: int) -> Exempt | Refusal:
    if wrong := problems(exemption, reading.now, LONGEST):
        return Refusal(wrong[0].message, field=wrong[0].field)
    return Exempt(exemption, tuple(_uncovered(store, reading, exemption)), seen)


def _uncovered(store: Store, reading: Reading, exemption: Exemption) -> Iterator[str]:
    """Yield, for each change that the exemption would not have hidden, which clause keeps it."""
    for seen in store.timelines.sightings(reading.alert.id):
        change, ids = seen.change, [detection.id for detection in seen.detections]
        reason = why_not(
            exemption, change, seen.principal, ids, reading.now, seen.exposure, seen.around
        )
        if reason:
            yield f"{change.action} on {change.target or change.group}: {reason}"


def _again(desk: Desk, alert_id: str, given: ExemptFields, refusal: Refusal) -> Json:
    reading = desk.store.timelines.read(alert_id)
    if reading is None:
        raise LookupError(alert_id)
    return exempt_form(reading.alert, desk.shown, given, refusal.why)
