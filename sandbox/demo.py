"""``make demo``: the whole world on loopback, with a page; ``--once`` plays it through instead."""

import argparse
import signal
import sys
from threading import Event

from sandbox.once import PATIENCE, play_once
from sandbox.scenarios import SCENARIOS
from sandbox.stage import Stage

FIRST = "open_ssh"


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
    return _show(given.port)


def _show(port: int) -> int:
    stop = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    _say("Starting AWS, Redis and Slack on loopback …")
    with Stage(port) as stage, stage.bot() as bot:
        _say(f"\n  Open  {stage.slack.url}\n")
        _say("In a moment Alice opens SSH to the whole internet. Choose who you are, and press.")
        _say("Ctrl-C ends it all.")
        if not stop.wait(2):
            SCENARIOS[FIRST].play(stage.world)
        while not stop.wait(1):
            if not bot.running:
                _say(f"sgwatch has stopped by itself:\n{bot.log}")
                return 1
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
