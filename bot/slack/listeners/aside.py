"""The alerts in the digest: their list, its pages, and a message for one that somebody wants."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.slack.listeners.desk import Desk
from bot.slack.listeners.modals import fill, replace_view
from bot.slack.listeners.payloads import Click, Turned
from bot.slack.views.aside import PAGE, TITLE, AsidePage, aside_list
from bot.slack.views.blocks import Json
from bot.slack.views.names import Action
from bot.slack.views.refs import AsideRef
from bot.slack.views.refusal import refusal_modal
from bot.slack.views.storm import Row

Done = Callable[[AsideRef], str]
"""What a button in the list does; it returns what to say above the list then."""


def register(app: App, desk: Desk) -> None:
    """Listen for the digest's button, and for what the list offers."""

    @app.action(Action.ASIDE)
    def show(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        click = Click.model_validate(body)
        show_aside(client, desk, click.user.id, click.trigger_id)

    def listen(action: Action, done: Done) -> None:
        @app.action(action)
        def pressed(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
            ack()
            turned = Turned.model_validate(body)
            replace_view(client, turned.view.id, _view(desk, turned.user.id, turned.aside, done))

    listen(Action.ASIDE_BACK, lambda _: "")
    listen(Action.ASIDE_ON, lambda _: "")
    listen(Action.ASIDE_SHOW, lambda ref: _show_here(desk, ref))


def show_aside(client: WebClient, desk: Desk, user: str, trigger: str) -> None:
    """Open the list for somebody who may see alerts."""
    fill(client, trigger, TITLE, lambda: _view(desk, user, AsideRef(), lambda _: ""))


def _view(desk: Desk, user: str, ref: AsideRef, done: Done) -> Json:
    refusal = desk.may_view(user)
    if refusal is not None:
        return refusal_modal(TITLE, refusal, desk.who_may(refusal))
    told = done(ref)
    count = desk.store.aside.count()
    page = min(ref.page, max(0, count - 1) // PAGE)
    return aside_list(AsidePage(page, count, list(_rows(desk, page))), desk.shown, told)


def _rows(desk: Desk, page: int) -> Iterator[Row]:
    for alert_id in desk.store.aside.listed(page * PAGE, PAGE):
        reading = desk.store.timelines.read(alert_id)
        if reading is not None:
            progress = reading.progress
            link = desk.directory.link(progress.channel, progress.ts) if progress.ts else ""
            yield Row(reading.alert, link, progress.wanted)


def _show_here(desk: Desk, ref: AsideRef) -> str:
    """Have the channel show the alert in a message of its own."""
    reading = desk.store.timelines.read(ref.alert)
    if reading is None:
        return f"⚠️ {ref.alert} is no longer kept."
    wanted = replace(reading.progress, wanted=True)
    desk.store.timelines.save_progress(ref.alert, reading.progress, wanted)
    desk.store.channels.enqueue(reading.alert)
    return f"👀 {ref.alert} gets a message of its own in the channel."
