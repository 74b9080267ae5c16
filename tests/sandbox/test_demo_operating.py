"""The demo for an operator: the commands find it, and what is killed is started again."""

import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from sandbox import demo
from sandbox.stage import Stage
from tests.line.waiting import wait_until


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Stage() as stage:
        yield stage


def test_a_shell_that_took_in_the_settings_reaches_the_demo(stage: Stage) -> None:
    file = stage.settings_file(**demo.TOLD)
    shell = ["sh", "-c", '. "$1" && sgwatch deadletters list', "sh", str(file)]
    bare = {"PATH": os.defpath, "HOME": os.environ.get("HOME", "/")}
    done = subprocess.run(shell, env=bare, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "there are no dead letters\n"), done.stderr


def test_what_is_killed_is_started_again_and_what_ends_by_itself_ends_the_demo(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    with stage.bot(**demo.TOLD) as bot, ThreadPoolExecutor(1) as pool:
        wait_until(lambda: "is running" in bot.log)
        first, stop = bot.pid, Event()
        ended = pool.submit(demo.supervise, bot, stop)
        try:
            os.kill(first, signal.SIGKILL)
            wait_until(lambda: bot.running and bot.log.count("is running") == 2)
            os.kill(bot.pid, signal.SIGTERM)
            assert ended.result(timeout=30) == 1
        finally:
            stop.set()
    told = capsys.readouterr().out
    assert told.index("sgwatch was killed") < told.index("sgwatch has stopped by itself")
