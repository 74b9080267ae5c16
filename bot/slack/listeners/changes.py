"""All changes of an alert: a modal whose pages are turned, and the same as a file."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.alert import Alert
from bot.alerts.commands import Refusal
from bot.slack.listeners.desk import Desk, to_view
from bot.slack.listeners.modals import ask, replace_view
from bot.slack.listeners.payloads import Asked, Turned
from bot.slack.upload import deliver
from bot.slack.views.blocks import Json
from bot.slack.views.changes import PAGE, TITLE, Page, all_changes
from bot.slack.views.names import Action
from bot.slack.views.refs import ChangesRef
from bot.slack.views.refusal import refusal_modal
from bot.slack.views.sheet import Form, change_rows, written_rows
from bot.store.timelines import Reading, Timelines

DOWNLOADS = {Action.CHANGES_CSV: Form.CSV, Action.CHANGES_JSON: Form.JSON}
Done = Callable[[WebClient, Turned, Reading], tuple[Page, str]]
"""What a button in the modal does: the page to show then, and what to say above it."""


def register(app: App, desk: Desk) -> None:
    """Listen for the buttons in the modal."""

    def listen(action: Action, done: Done) -> None:
        @app.action(action)
        def pressed(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
            ack()
            _turn(desk, client, Turned.model_validate(body), done)

    def at(_: WebClient, turned: Turned, reading: Reading) -> tuple[Page, str]:
        return page_at(desk.store.timelines, reading.alert, turned.changes), ""

    def before(_: WebClient, turned: Turned, reading: Reading) -> tuple[Page, str]:
        return page_before(desk.store.timelines, reading.alert, turned.changes), ""

    listen(Action.CHANGES_ON, at)
    listen(Action.CHANGES_ORDER, at)
    listen(Action.CHANGES_BACK, before)
    for action, form in DOWNLOADS.items():
        listen(action, _downloading(desk, form))


def show_changes(client: WebClient, desk: Desk, asked: Asked) -> None:
    """Open all changes for somebody who may see the alert."""
    ask(client, desk, asked, TITLE, to_view, lambda reading: _first(desk, reading))


def page_at(timelines: Timelines, alert: Alert, ref: ChangesRef) -> Page:
    """Return the page that begins at a place."""
    if ref.worst:
        worst, end = alert.worst, ref.start + PAGE
        more = replace(ref, start=end, before=end) if end < len(worst) else None
        return Page(ref, worst[ref.start : end], more)
    found = timelines.sightings_from(ref.alert, ref.start, PAGE + 1)
    more = replace(ref, start=found[PAGE][0], before=ref.before + PAGE) if found[PAGE:] else None
    return Page(ref, [seen for _, seen in found[:PAGE]], more)


def page_before(timelines: Timelines, alert: Alert, ref: ChangesRef) -> Page:
    """Return the page that ends before a place."""
    if ref.worst:
        start = max(0, ref.start - PAGE)
        return page_at(timelines, alert, replace(ref, start=start, before=start))
    found = timelines.sightings_before(ref.alert, ref.start, PAGE)
    before = replace(ref, start=found[0][0], before=ref.before - len(found)) if found else ref
    return Page(before, [seen for _, seen in found], ref)


def _first(desk: Desk, reading: Reading) -> Json:
    ref = ChangesRef(reading.alert.id)
    return all_changes(reading.alert, page_at(desk.store.timelines, reading.alert, ref))


def _turn(desk: Desk, client: WebClient, turned: Turned, done: Done) -> None:
    """Do what was pressed, if the person may see the alert, and show what came of it."""
    found = desk.look(turned.changes.alert, turned.user.id, TITLE.lower(), to_view)
    if isinstance(found, Refusal):
        view = refusal_modal(TITLE, found, desk.who_may(found))
    else:
        view = all_changes(found.alert, *done(client, turned, found))
    replace_view(client, turned.view.id, view)


def _downloading(desk: Desk, form: Form) -> Done:
    def send(client: WebClient, turned: Turned, reading: Reading) -> tuple[Page, str]:
        alert = reading.alert
        sightings = desk.store.timelines.sightings(alert.id)
        rows = (row for seen in sightings for row in change_rows(seen))
        name = f"{alert.id}-changes.{form}"
        comment = f"All changes of {alert.id}, as they are now."
        told = deliver(client, turned.user.id, name, comment, written_rows(rows, form))
        return page_at(desk.store.timelines, reading.alert, turned.changes), told

    return send
