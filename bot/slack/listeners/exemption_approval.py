"""Approve: a second person puts into force what waits for one, by a button or a command."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.commands import Refusal
from bot.alerts.covering import Also, Covering
from bot.alerts.decide import author
from bot.alerts.exemption_approval import Approve
from bot.alerts.people import Person
from bot.exemptions.model import Exemption
from bot.slack.listeners.answers import privately, refuse
from bot.slack.listeners.desk import Desk
from bot.slack.listeners.exempt import resolve_approved
from bot.slack.listeners.payloads import Click
from bot.slack.views.exemption_request import approved_message
from bot.slack.views.message import Message
from bot.slack.views.names import Action
from bot.slack.views.version_ref import read_version
from bot.store.also import also_resolves, resolvable
from bot.store.previewing import callers_hidden
from bot.store.store import Store


def register(app: App, desk: Desk) -> None:
    """Listen for the button."""

    @app.action(Action.EXEMPTION_APPROVE)
    def press(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        click = Click.model_validate(body)
        ref = read_version(click.actions[0].carried if click.actions else "")
        decided = approve(desk, click.user.id, ref.exemption, ref.version, ref.also)
        if isinstance(decided, Refusal):
            refuse(client, desk, click, decided)
        else:
            privately(client, click, decided)


def approve(
    desk: Desk, user: str, name: str, seen: int | None = None, shown: Sequence[tuple[str, int]] = ()
) -> Message | Refusal:
    """Approve it as version ``seen``, or as it is now; the alert it was asked from is resolved, and
    those ``shown`` to be resolved as well, as far as that is still so.
    """
    person = desk.viewer(user)
    if isinstance(person, Refusal):
        return person
    store, now = desk.store, desk.store.attention.now()
    held = store.exemptions.read(name)
    if held is None:
        return Refusal(f"There is no exemption {name}.")
    pending = held.exemption.pending
    hides = callers_hidden(store, pending.exemption, now) if pending else ()
    version = held.exemption.version if seen is None else seen
    also = _plan(store, held.exemption, person, shown, now)
    decided = store.exemptions.decide(name, Approve(version, hides), person, now, desk.exemptions)
    if isinstance(decided, Refusal):
        return decided
    exemption, line = decided
    if not exemption.alert or line.before is not None:
        return approved_message(replace(exemption, alert=""), also=also)
    refusal = resolve_approved(desk, user, exemption)
    return approved_message(exemption, refusal.why if refusal else "", also)


def _plan(
    store: Store, held: Exemption, person: Person, shown: Sequence[tuple[str, int]], now: datetime
) -> tuple[Also, ...]:
    """Have resolved what the request said; its own alert too, if we die between the two."""
    if held.pending is None or held.is_in_force(now):
        return ()
    wanted = held.pending.exemption
    named = {Also(*each) for each in shown}
    found = also_resolves(store, wanted, person, now) if named else ()
    also = tuple(each for each in found if each in named)
    own = resolvable(store, wanted.alert, person, now) if wanted.alert else None
    if planned := (*([own] if own else []), *also):
        store.coverings.plan(Covering(held.id, author(person), planned, now))
    return also
