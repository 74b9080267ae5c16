"""Serving: the loops and the listener, until a signal or a defect ends them."""

import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import typer

from bot.accounts import load_accounts
from bot.app import App, build
from bot.cloudtrail.text import printable
from bot.listening import listener_of
from bot.loops import Loop, LoopDiedError, running
from bot.policy import load_policy
from bot.settings import SettingsError, load_settings
from bot.slack.endpoint import Endpoint, EndpointError
from bot.slack.messages import SlackError
from bot.slack.sockets import Sockets
from bot.store.link import StoreError
from bot.store.store import Store
from bot.tables import FileError
from bot.watch import Probe, reads_queue, watched
from bot.working import worker_of

log = logging.getLogger("sgwatch")

WRONG_SETTINGS = 2

PAUSE = 2.0
"""Seconds between tries while Redis or Slack cannot be reached."""

LATEST = 9.0
"""Seconds to end in by itself. What hangs on Redis or Slack then is left as a crash would leave it:
what it had in hand comes again."""


def serve(*, polling: bool = False, working: bool = False, listening: bool = False) -> None:
    """Run the parts named until told to stop by SIGTERM or SIGINT, or until a loop dies."""
    parts = _parts()
    stop = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    listener: Sockets | Endpoint | None = None
    probes: dict[str, Probe] = {"poller": reads_queue} if polling else {}
    if listening:
        probes["listener"] = lambda: (
            "" if listener and listener.connected else "Slack does not reach us"
        )
    try:
        with (
            _ending(stop),
            watched(parts.settings.metrics_address, parts.standing(probes)),
        ):
            _await_redis(parts.store, stop)
            try:
                with running(_loops(parts, polling=polling, working=working), stop):
                    if listening:
                        listener = _await_slack(parts, stop)
                    log.info("sgwatch is running")
                    while not stop.wait(3600):
                        pass
            finally:
                if listener is not None:
                    listener.stop()
    except SlackError as error:
        typer.echo(f"Slack did not let us in ({error.code}): check both tokens.", err=True)
        raise typer.Exit(1) from None
    except EndpointError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG_SETTINGS) from None
    except LoopDiedError as error:
        typer.echo(f"sgwatch has stopped: {error}", err=True)
        raise typer.Exit(1) from None
    log.info("sgwatch has stopped")


@contextmanager
def _ending(stop: Event) -> Iterator[None]:
    """See that the process ends soon once it was told to stop, whatever hangs."""
    ended = Event()

    def watch() -> None:
        stop.wait()
        if not ended.wait(LATEST):
            log.warning("sgwatch stops with work in hand: something did not answer in time")
            os._exit(1)

    Thread(target=watch, name="ending", daemon=True).start()
    try:
        yield
    finally:
        ended.set()
        stop.set()


def _await_slack(parts: App, stop: Event) -> Sockets | Endpoint | None:
    """Return when connected to Slack, which may be down. Raises SlackError if it lets us not in."""
    while not stop.is_set():
        listener: Sockets | Endpoint | None = None
        try:
            listener = listener_of(parts)
            listener.start()
        except SlackError as error:
            if listener is not None:
                listener.stop()
            if not error.retry:
                raise
            log.warning("waiting for Slack: %s", printable(error.code, 200))
            stop.wait(max(PAUSE, error.wait.total_seconds() if error.wait else 0))
        else:
            return listener
    return None


def _await_redis(store: Store, stop: Event) -> None:
    """Return when Redis answers and can keep what is asked of it; end the process if it cannot."""
    while not stop.is_set():
        try:
            found = store.server.shortcomings()
        except StoreError as error:
            log.warning("waiting for Redis: %s", error)
            stop.wait(PAUSE)
            continue
        for shortcoming in found:
            log.warning("%s", shortcoming.what)
        if fatal := [each.what for each in found if each.fatal]:
            typer.echo("\n".join(fatal), err=True)
            raise typer.Exit(WRONG_SETTINGS)
        return


def _loops(parts: App, *, polling: bool, working: bool) -> dict[str, Loop]:
    loops: dict[str, Loop] = {}
    if polling:
        loops |= {f"poller-{n}": parts.poller() for n in range(1, parts.settings.pollers + 1)}
    if working:
        loops |= {f"worker-{n}": worker_of(parts) for n in range(1, parts.settings.workers + 1)}
    return loops


def _parts() -> App:
    try:
        settings = load_settings()
        logging.basicConfig(
            level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s"
        )
        policy = load_policy(settings.policy, settings.channel)
        return build(settings, policy, load_accounts(settings.accounts))
    except (SettingsError, FileError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG_SETTINGS) from None
