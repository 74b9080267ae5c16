"""``make demo``: the whole world on loopback, with a page; ``--once`` plays it through instead."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Event

from bot.detections.loader import load
from bot.settings import detection_paths
from sandbox.once import PATIENCE, play_once
from sandbox.scenarios import SCENARIOS
from sandbox.slack.people import OPS
from sandbox.stage import Bot, Stage

FIRST = "open_ssh"
DETECTIONS = "SGWATCH_DETECTIONS"
TOLD = {"operators_channel": OPS.id}
"""What concerns sgwatch itself has a channel of its own here, as in an installation."""


def main() -> int:
    """Run the demo and return its exit code."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="play it through without a browser")
    parser.add_argument("--port", type=int, default=0, help="of the page; 0 takes a free one")
    parser.add_argument("--without", default="", help=argparse.SUPPRESS)
    parser.add_argument("--patience", type=float, default=PATIENCE, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.once:
        return play_once(without=given.without, patience=given.patience)
    detections = detection_paths(os.environ.get(DETECTIONS, ""))
    if missing := [path for path in detections if not path.exists()]:
        parser.error(f"{DETECTIONS} is wrong: there is no {missing[0]}")
    return _show(given.port, detections)


def _show(port: int, detections: Sequence[Path]) -> int:
    stop = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    _say("Starting AWS, Redis and Slack on loopback …")
    tell(detections)
    with Stage(port, detections=detections) as stage, stage.bot(**TOLD) as bot:
        _say(f"\n  Open  {stage.slack.url}\n")
        _say("In a moment Alice opens SSH to the whole internet. Choose who you are, and press.")
        _say("To look at it as its operator, in another terminal:\n")
        _say(f"  . {stage.settings_file(**TOLD)} && sgwatch doctor\n")
        _say("Ctrl-C ends it all.")
        if not stop.wait(2):
            SCENARIOS[FIRST].play(stage.world)
        return supervise(bot, stop)


def supervise(bot: Bot, stop: Event) -> int:
    """Start sgwatch again when it was killed, until told to stop; return the exit code."""
    while not stop.wait(1):
        if bot.running:
            continue
        if bot.stop() >= 0:
            _say(f"sgwatch has stopped by itself:\n{bot.log}")
            return 1
        _say("sgwatch was killed. It is started again, as a supervisor would.")
        bot.start()
    return 0


def tell(detections: Sequence[Path]) -> None:
    """Tell which rules of one's own run, and why the others do not."""
    if not detections:
        return
    loaded = load(detections)
    _say(f"Detections of your own: {len(loaded.detections)} loaded.")
    for file in loaded.problems:
        _say(f"{file.path} is {file.status}: {file.reason}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
