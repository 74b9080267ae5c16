"""A storm's list: its pages, one severity alone, an alert's own message, and the list as a file."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.alert import Alert
from bot.alerts.commands import Refusal
from bot.slack.listeners.desk import Desk
from bot.slack.listeners.modals import fill, replace_view
from bot.slack.listeners.payloads import Click, Turned
from bot.slack.upload import deliver
from bot.slack.views.blocks import Json
from bot.slack.views.names import Action
from bot.slack.views.refs import StormRef
from bot.slack.views.refusal import refusal_modal
from bot.slack.views.sheet import Form, alert_row, written_rows
from bot.slack.views.storm import PAGE, TITLE, Page, Row, storm_list

GONE = Refusal("This list is no longer kept. The App Home shows what is open.")
DOWNLOADS = {Action.STORM_CSV: Form.CSV, Action.STORM_JSON: Form.JSON}
READ_AT_ONCE = 100

Done = Callable[[WebClient, Turned], tuple[StormRef, str]]
"""What a button in the modal does: the page to show then, and what to say above it."""


def register(app: App, desk: Desk) -> None:
    """Listen for the notice's button, and for what the list offers."""

    @app.action(Action.STORM)
    def show(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        click = Click.model_validate(body)
        ref = click.storm
        fill(client, click.trigger_id, TITLE, lambda: _view(desk, click.user.id, ref))

    def listen(action: Action, done: Done) -> None:
        @app.action(action)
        def pressed(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
            ack()
            _turn(desk, client, Turned.model_validate(body), done)

    for action in (Action.STORM_BACK, Action.STORM_ON, Action.STORM_SEVERITY):
        listen(action, lambda _, turned: (turned.storm, ""))
    listen(Action.SHOW_HERE, lambda _, turned: _show_here(desk, turned))
    for action, form in DOWNLOADS.items():
        listen(action, _downloading(desk, form))


def _turn(desk: Desk, client: WebClient, turned: Turned, done: Done) -> None:
    """Do what was pressed, if the person may see alerts, and show what came of it."""
    refusal = desk.may_view(turned.user.id)
    if refusal is not None:
        view = refusal_modal(TITLE, refusal, desk.who_may(refusal))
    else:
        ref, told = done(client, turned)
        view = _list(desk, ref, told)
    replace_view(client, turned.view.id, view)


def _view(desk: Desk, user: str, ref: StormRef) -> Json:
    refusal = desk.may_view(user)
    if refusal is not None:
        return refusal_modal(TITLE, refusal, desk.who_may(refusal))
    return _list(desk, ref)


def _list(desk: Desk, ref: StormRef, told: str = "") -> Json:
    storms = desk.store.storms
    if storms.read(ref.storm) is None:
        return refusal_modal(TITLE, GONE)
    count = storms.count(ref.storm, ref.severity)
    last = max(0, count - 1) // PAGE
    ref = replace(ref, page=min(ref.page, last))
    rows = list(_rows(desk, ref))
    return storm_list(Page(ref, storms.tally(ref.storm), count, rows), desk.shown, told)


def _rows(desk: Desk, ref: StormRef) -> Iterator[Row]:
    ids = desk.store.storms.listed(ref.storm, ref.page * PAGE, PAGE, ref.severity)
    for alert_id in ids:
        reading = desk.store.timelines.read(alert_id)
        if reading is not None:
            progress = reading.progress
            link = desk.directory.link(progress.channel, progress.ts) if progress.ts else ""
            yield Row(reading.alert, link, progress.wanted)


def _show_here(desk: Desk, turned: Turned) -> tuple[StormRef, str]:
    """Have the channel show an alert of the list in a message of its own."""
    row = turned.row
    reading = desk.store.timelines.read(row.alert)
    if reading is None:
        return row.storm, f"⚠️ {row.alert} is no longer kept."
    wanted = replace(reading.progress, wanted=True)
    desk.store.timelines.save_progress(row.alert, reading.progress, wanted)
    desk.store.channels.enqueue(reading.alert)
    return row.storm, f"👀 {row.alert} gets a message of its own in the channel."


def _downloading(desk: Desk, form: Form) -> Done:
    def send(client: WebClient, turned: Turned) -> tuple[StormRef, str]:
        ref = turned.storm
        rows = (alert_row(alert) for alert in _alerts(desk, ref))
        which = f"-{ref.severity.value}" if ref.severity else ""
        name = f"storm{which}-{ref.storm.rpartition('-')[2]}.{form}"
        comment = "The alerts of the storm, as they are now."
        return ref, deliver(client, turned.user.id, name, comment, written_rows(rows, form))

    return send


def _alerts(desk: Desk, ref: StormRef) -> Iterator[Alert]:
    """Yield every alert of the list, or of the severity chosen."""
    start = 0
    while ids := desk.store.storms.listed(ref.storm, start, READ_AT_ONCE, ref.severity):
        for alert_id in ids:
            reading = desk.store.timelines.read(alert_id)
            if reading is not None:
                yield reading.alert
        start += len(ids)
