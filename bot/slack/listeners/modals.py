"""Modals: opened at once and filled after, and answered in time when they are submitted.

A trigger lives for 3 seconds, and so does the wait for an answer to a submission. So a modal opens
before anything else is asked, and a submission that takes long is told to wait.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Lock, Timer
from time import monotonic, sleep
from types import TracebackType

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.alerts.commands import Refusal
from bot.slack.listeners.answers import ToldError
from bot.slack.listeners.desk import Desk, Probe
from bot.slack.listeners.payloads import Asked
from bot.slack.views.blocks import Json
from bot.slack.views.refusal import FAILED, refusal_modal
from bot.slack.views.waiting import done, waiting
from bot.store.timelines import Reading

PATIENCE = 2.0
"""Seconds for an answer, of the 3 that Slack gives."""

SETTLING = 0.5
"""Seconds after telling to wait before the view is replaced: the two go different ways to Slack."""

REASON_FIELD = "reason"
CLOSED = frozenset({"not_found", "view_not_found"})


def fill(client: WebClient, trigger: str, title: str, view: Callable[[], Json]) -> None:
    """Open a modal, then fill it with a view that takes its time."""
    opened = client.views_open(trigger_id=trigger, view=waiting(title))
    view_id = str((opened.get("view") or {})["id"])
    try:
        filled = view()
    except Exception as error:
        replace_view(client, view_id, refusal_modal(title, FAILED))
        raise ToldError(title) from error
    replace_view(client, view_id, filled)


def ask(
    client: WebClient,
    desk: Desk,
    asked: Asked,
    title: str,
    probe: Probe,
    form: Callable[[Reading], Json],
) -> None:
    """Open the form with this title for somebody who might submit it; refuse others in its place.

    A refusal is recorded under the title.
    """

    def view() -> Json:
        found = desk.look(asked.alert, asked.user, title.lower(), probe)
        if isinstance(found, Refusal):
            return refusal_modal(title, found, desk.who_may(found))
        return form(found)

    fill(client, asked.trigger, title, view)


class Answer(AbstractContextManager["Answer"]):
    """The answer to one submission: given in the acknowledgement if it is ready in time."""

    def __init__(
        self,
        ack: Ack,
        client: WebClient,
        view_id: str,
        title: str,
        *,
        patience: float = PATIENCE,
        settling: float = SETTLING,
    ) -> None:
        self._ack, self._client, self._view_id, self._title = ack, client, view_id, title
        self._settling = settling
        self._lock = Lock()
        self._answered = False
        self._waiting_since: float | None = None
        self._timer = Timer(patience, self._wait)
        self._timer.daemon = True

    def __enter__(self) -> "Answer":
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        if isinstance(error, Exception):
            self.show(refusal_modal(self._title, FAILED))
            raise ToldError(self._title) from error

    def wrong(self, fields: dict[str, str]) -> None:
        """Say what is wrong beside each field; after telling to wait there are no fields."""
        with self._lock:
            if self._waiting_since is None:
                self._answered = True
                self._ack(response_action="errors", errors=fields)
                return
        self.show(refusal_modal(self._title, Refusal(" ".join(fields.values()))))

    def show(self, view: Json) -> None:
        """Put another view in the form's place."""
        with self._lock:
            if self._waiting_since is None:
                self._answered = True
                self._ack(response_action="update", view=view)
                return
        sleep(max(0.0, self._waiting_since + self._settling - monotonic()))
        replace_view(self._client, self._view_id, view)

    def settle(self, refusal: Refusal | None, desk: Desk, told: str) -> None:
        """Answer with how it was decided."""
        if refusal is None:
            self.close(told)
        elif refusal.field == REASON_FIELD:
            self.wrong({REASON_FIELD: refusal.why})
        else:
            self.show(refusal_modal(self._title, refusal, desk.who_may(refusal)))

    def close(self, told: str) -> None:
        """Close the form; one that was told to wait says instead what was done."""
        with self._lock:
            if self._waiting_since is None:
                self._answered = True
                self._ack()
                return
        self.show(done(self._title, told))

    def _wait(self) -> None:
        with self._lock:
            if not self._answered:
                self._waiting_since = monotonic()
                self._ack(response_action="update", view=waiting(self._title))


def replace_view(client: WebClient, view_id: str, view: Json) -> None:
    """Replace a view; somebody who closed it meanwhile does not want it."""
    try:
        client.views_update(view_id=view_id, view=view)
    except SlackApiError as error:
        if error.response.get("error") not in CLOSED:
            raise
