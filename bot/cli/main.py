"""The ``sgwatch`` command."""

import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from threading import Event
from typing import Annotated

import typer

from bot.app import App, Loop, LoopDiedError, build, running
from bot.policy import PolicyError, load_policy
from bot.settings import SettingsError, load_settings
from bot.slack.messages import SlackError

app = typer.Typer(
    name="sgwatch",
    help="AWS security group changes, investigated and decided in Slack.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
log = logging.getLogger("sgwatch")

WRONG_SETTINGS = 2


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sgwatch {version('sgwatch')}")
        raise typer.Exit


@app.callback()
def main(
    _: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show it.")
    ] = False,
) -> None:
    """AWS security group changes, investigated and decided in Slack."""


@app.command()
def run() -> None:
    """Run poller, workers and listener in one process: the small installation."""
    _run(lambda parts: {"poller": parts.poller(), **_workers(parts)}, listening=True)


@app.command()
def poller() -> None:
    """Read events from the queue."""
    _run(lambda parts: {"poller": parts.poller()})


@app.command()
def worker() -> None:
    """Attend what is due: show alerts in Slack, carry out containments."""
    _run(_workers)


@app.command()
def listener() -> None:
    """Take clicks and commands from Slack."""
    _run(lambda _: {}, listening=True)


def _workers(parts: App) -> dict[str, Loop]:
    return {f"worker-{n}": parts.worker() for n in range(1, parts.settings.workers + 1)}


def _run(loops: Callable[[App], dict[str, Loop]], *, listening: bool = False) -> None:
    """Run until told to stop by SIGTERM or SIGINT, or until a loop dies."""
    parts = _parts()
    stop = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    sockets = None
    try:
        with running(loops(parts), stop):
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


def _parts() -> App:
    try:
        settings = load_settings()
        logging.basicConfig(
            level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s"
        )
        return build(settings, load_policy(settings.policy, settings.channel))
    except (SettingsError, PolicyError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG_SETTINGS) from None
