"""sgwatch's processes: forked from one that has everything imported, ended by their id."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parents[2]


class Process:
    """One sgwatch."""

    def __init__(self, pid: int, log: Path) -> None:
        self.pid, self._log = pid, log

    @property
    def runs(self) -> bool:
        """Whether it still runs. The zygote leaves no zombies."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    @property
    def log(self) -> str:
        """Return what it and those before it have logged."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """End it at once."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


class Zygote:
    """A context manager; all that it has forked ends with it."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.zygote"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._answer()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def fork(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        log: Path,
        *,
        hurried: bool = True,
    ) -> Process:
        """Start ``sgwatch ARGUMENTS``."""
        order = {
            "arguments": list(arguments),
            "environment": dict(environment),
            "log": str(log),
            "hurried": hurried,
        }
        if self._process.stdin is None:
            raise RuntimeError("the zygote is not running")
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return Process(int(self._answer()), log)

    def _answer(self) -> str:
        if self._process.stdout is None or not (line := self._process.stdout.readline()):
            raise RuntimeError("the zygote has ended: its error is above")
        return line.strip()
