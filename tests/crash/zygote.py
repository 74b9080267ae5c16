"""A process that has everything imported and forks a new sgwatch for each line that it reads.

Each line is JSON: the arguments of ``sgwatch``, its environment, the path of its log, and whether
it paces itself as usual. It answers with the process's id. At the end of its input it takes all
that still run with it.
"""

import importlib
import json
import os
import signal
import sys
from datetime import timedelta
from typing import Any

import boto3

# What is a second or more out of kindness to Slack. Nothing else differs from what is deployed.
PACE = (
    ("bot.slack.presenter", "REST", timedelta(0)),
    ("bot.slack.presenter", "MERGE", timedelta(0)),
    ("bot.slack.presenter", "OUTAGE", timedelta(milliseconds=500)),
    ("bot.poller", "PAUSE", 0.2),
    ("bot.worker", "PAUSE", 0.2),
)


def main() -> None:
    """Serve until the input ends."""
    warm = _warm()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)  # noqa: T201 (its output is the protocol)
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(order, warm)
        print(child, flush=True)  # noqa: T201
    os.killpg(0, signal.SIGKILL)


def _warm() -> boto3.Session:
    """Import all there is, and read what AWS's clients are made from."""
    importlib.import_module("bot.cli.main")
    importlib.import_module("bot.cli.serve")
    session = boto3.Session()
    for service in ("sqs", "sts", "ec2"):
        session.client(
            service,
            region_name="eu-west-1",
            aws_access_key_id="none",
            aws_secret_access_key="none",
        )
    return session


def _become(order: dict[str, Any], warm: boto3.Session) -> None:
    """Be sgwatch: never returns."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.environ.clear()
        os.environ.update(order["environment"])
        _settle(warm, hurried=order["hurried"])
        sys.argv = ["sgwatch", *order["arguments"]]
        importlib.import_module("bot.cli.main").app()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 (printed, and the code says the rest)
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _settle(warm: boto3.Session, *, hurried: bool) -> None:
    importlib.import_module("bot.aws.sessions").boto3.Session = lambda: warm
    for module, name, value in PACE if hurried else ():
        place = importlib.import_module(module)
        if not hasattr(place, name):
            raise LookupError(f"{module}.{name} is gone: mend PACE in {__file__}")
        setattr(place, name, value)
    if hurried:
        messages = importlib.import_module("bot.slack.messages")
        messages.BUDGETS.update(dict.fromkeys(messages.BUDGETS, 1_000_000))


if __name__ == "__main__":
    main()
