"""``/sgwatch exemptions edit EX-…``: the form, and the new version that it makes."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.commands import Refusal
from bot.alerts.life import Edit, may_change
from bot.exemptions.fields import FieldError
from bot.exemptions.model import Exemption
from bot.exemptions.policy import approval_needed
from bot.exemptions.problems import SHORTEST_REASON, problems
from bot.exemptions.text import parse_scope
from bot.slack.listeners.desk import Desk
from bot.slack.listeners.modals import Answer, fill
from bot.slack.listeners.payloads import Sent, Typed
from bot.slack.views.blocks import Json
from bot.slack.views.exemption_edit import (
    TITLE,
    EditFields,
    edit_form,
    ends_at,
    fields_of,
    is_too_long,
)
from bot.slack.views.exemption_request import waiting_modal
from bot.slack.views.names import Form
from bot.slack.views.preview import Tried
from bot.slack.views.refusal import refusal_modal
from bot.slack.views.version_ref import read_version
from bot.store.previewing import callers_hidden, preview_of

PLACES = {"reason": "reason", "expires_at": "ends"}
"""Where in the form each field of a refusal stands; what is not here is about the scope."""

LOOK = "Nothing is saved yet: look at what it would hide now, then press Save again."
TOO_LONG = Refusal(
    "Its scope is too long for a form: edit it on the command line (sgwatch exemptions edit)."
)


def ask_edit(client: WebClient, desk: Desk, typed: Typed, named: str) -> None:
    """Open the form for somebody who might submit it."""

    def view() -> Json:
        found = _held(desk, typed.user_id, named)
        if isinstance(found, Refusal):
            return refusal_modal(TITLE, found, desk.who_may(found))
        return edit_form(found, fields_of(found), _tried(desk, found))

    fill(client, typed.trigger_id, TITLE, view)


def register(app: App, desk: Desk) -> None:
    """Listen for the form."""

    @app.view(Form.EXEMPTION_EDIT)
    def submit(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        sent = Sent.model_validate(body)
        ref = read_version(sent.view.private_metadata)
        with Answer(ack, client, sent.view.id, TITLE) as answer:
            held = _held(desk, sent.user.id, ref.exemption)
            if isinstance(held, Refusal):
                answer.settle(held, desk, "")
                return
            given, now = _given(sent), desk.store.attention.now()
            new = _new(held, given, now, desk)
            if isinstance(new, dict):
                answer.wrong(new)
                return
            tried = _tried(desk, new)
            # The version that was shown stays in the form: who comes second must look anew.
            if given.digest != ref.tried:
                shown = replace(held, version=ref.version)
                answer.show(edit_form(shown, given, tried, LOOK))
                return
            _save(desk, sent.user.id, answer, Edit(new, given.reason, ref.version), tried)


def _save(desk: Desk, user: str, answer: Answer, command: Edit, tried: Tried) -> None:
    person = desk.viewer(user)
    if isinstance(person, Refusal):
        answer.settle(person, desk, "")
        return
    store = desk.store
    hides = callers_hidden(store, tried.exemption, store.attention.now(), tried.found)
    command = replace(command, hides=hides)
    decided = store.exemptions.decide(
        command.exemption.id, command, person, store.attention.now(), desk.exemptions
    )
    if isinstance(decided, Refusal):
        answer.settle(decided, desk, "")
    elif decided[0].pending:
        answer.show(waiting_modal(TITLE, decided[0].pending))
    else:
        answer.close("It is edited, and in force as it is now.")


def _held(desk: Desk, user: str, named: str) -> Exemption | Refusal:
    """Return the exemption, if this person may edit it."""
    person = desk.viewer(user)
    if isinstance(person, Refusal):
        return person
    store = desk.store.exemptions
    held = store.read(store.known_as(named))
    if held is None:
        return Refusal(f"There is no exemption {named}.")
    now = desk.store.attention.now()
    if refusal := may_change(held.exemption, person, now):
        wanted = Edit(held.exemption, "", held.exemption.version)
        store.refused(held.exemption.id, wanted, refusal, person, now)
        return refusal
    return TOO_LONG if is_too_long(held.exemption) else held.exemption


def _given(sent: Sent) -> EditFields:
    return EditFields(
        scope=sent.text("scope"),
        says=sent.text("says"),
        ends=sent.text("ends"),
        world=sent.choice("world") == "yes",
        reason=sent.text("reason"),
    )


def _new(
    held: Exemption, given: EditFields, now: datetime, desk: Desk
) -> Exemption | dict[str, str]:
    """Return the exemption as the form says it, or what is wrong by field."""
    wrong: dict[str, str] = {}
    scope, ends = held.scope, held.expires_at
    try:
        scope = parse_scope(given.scope, desk.names)
    except FieldError as error:
        wrong["scope"] = str(error)
    try:
        ends = ends_at(given.ends, held, now)
    except FieldError as error:
        wrong["ends"] = str(error)
    if len(given.says) < SHORTEST_REASON:
        wrong["says"] = "Give a reason that somebody can read in six months."
    new = replace(held, scope=scope, reason=given.says, expires_at=ends, allow_world=given.world)
    for problem in () if wrong else problems(new, now, desk.exemptions.longest):
        wrong.setdefault(PLACES.get(problem.field, "scope"), problem.message)
    return wrong or new


def _tried(desk: Desk, exemption: Exemption) -> Tried:
    now = desk.store.attention.now()
    why = approval_needed(exemption, desk.exemptions, now)
    return Tried(exemption, preview_of(desk.store, exemption, now), approval=why)
