"""Serving: the loops and the listener, until a signal or a defect ends them."""

import logging
import signal
from contextlib import suppress
from threading import Event

import typer

from bot.accounts import load_accounts
from bot.app import App, Loop, LoopDiedError, build, running
from bot.policy import load_policy
from bot.settings import SettingsError, load_settings
from bot.slack.messages import SlackError
from bot.slack.sockets import Sockets
from bot.store.link import StoreError
from bot.store.store import Store
from bot.tables import FileError
from bot.watch import Probe, reads_queue, watched

log = logging.getLogger("sgwatch")

WRONG_SETTINGS = 2

PAUSE = 2.0
"""Seconds between tries while Redis cannot be reached."""


def serve(*, polling: bool = False, working: bool = False, listening: bool = False) -> None:
    """Run the parts named until told to stop by SIGTERM or SIGINT, or until a loop dies."""
    parts = _parts()
    stop = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    sockets: Sockets | None = None
    probes: dict[str, Probe] = {"poller": reads_queue} if polling else {}
    if listening:
        probes["listener"] = lambda: "" if sockets and sockets.connected else "no socket to Slack"
    try:
        with watched(parts.settings.metrics_address, parts.standing(probes)):
            _await_redis(parts.store, stop)
            with running(_loops(parts, polling=polling, working=working), stop):
                if listening:
                    sockets = parts.listener()
                    sockets.start()
                log.info("sgwatch is running")
                while not stop.wait(3600):
                    pass
    except SlackError as error:
        typer.echo(f"Slack did not let us in ({error.code}): check both tokens.", err=True)
        raise typer.Exit(1) from None
    except LoopDiedError as error:
        typer.echo(f"sgwatch has stopped: {error}", err=True)
        raise typer.Exit(1) from None
    finally:
        if sockets is not None:
            with suppress(SlackError):
                sockets.stop()
    log.info("sgwatch has stopped")


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
        loops |= {f"worker-{n}": parts.worker() for n in range(1, parts.settings.workers + 1)}
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
