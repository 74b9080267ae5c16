"""The one door to Redis: scripts and single commands, under one prefix, with our own error."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from redis import Redis
from redis.commands.core import Script
from redis.exceptions import NoScriptError, RedisError

from bot.store.durability import WAIT_MS, Durability
from bot.store.keys import Keys

SCRIPTS = (
    "append",
    "baseline",
    "before",
    "begin",
    "closings",
    "confirm",
    "cover",
    "detect",
    "enqueue",
    "exempt",
    "familiar",
    "find",
    "finish",
    "forget",
    "gather",
    "history",
    "learn",
    "notice",
    "now",
    "read",
    "ration",
    "record",
    "renew",
    "shown",
    "snapshot",
    "spend",
    "take",
)


class StoreError(Exception):
    """Redis could not be reached or refused; trying again may help. Nothing was half written."""


class NotSafeError(StoreError):
    """It is written, but not as safe as was asked; all else can be read and written."""


@cache
def script_text(name: str) -> str:
    """Return a Lua file of this room."""
    return (files(__package__) / "scripts" / f"{name}.lua").read_text(encoding="utf-8")


class Link:
    """Runs scripts and commands. ``clock`` is the Lua text that defines ``now_ms()``.

    ``durability`` is how safe a write must be before ``write`` returns. Raises StoreError from
    every method.
    """

    def __init__(
        self,
        client: "Redis",
        prefix: str,
        clock: str | None = None,
        durability: Durability = Durability.MEMORY,
    ) -> None:
        self.keys = Keys(prefix)
        self.durability = durability
        self._client = client
        preamble = (clock or script_text("clock")) + script_text("touch")
        self._scripts: dict[str, Script] = {
            name: client.register_script(preamble + script_text(name)) for name in SCRIPTS
        }

    def run(self, name: str, keys: list[str], args: list[str | int]) -> Any:
        """Run a script atomically; it is loaded again where Redis has lost it."""
        try:
            return self._scripts[name](keys=keys, args=args)
        except RedisError as error:
            raise StoreError(f"{name}: {error}") from error

    def write(self, name: str, keys: list[str], args: list[str | int]) -> Any:
        """Run a script, and return only when what it wrote is as safe as ``durability`` asks.

        Script and wait go down one connection: on another, Redis would wait for nothing.
        """
        waiting = self.durability.waiting
        if not waiting:
            return self.run(name, keys, args)
        script = self._scripts[name]
        command = ("EVALSHA", script.sha, len(keys), *keys, *args)
        try:
            try:
                reply, safe = self._together(command, waiting)
            except NoScriptError:
                self._client.script_load(script.script)
                reply, safe = self._together(command, waiting)
        except RedisError as error:
            raise StoreError(f"{name}: {error}") from error
        if not self.durability.confirmed(safe):
            raise NotSafeError(f"{name}: not safe on {self.durability} within {WAIT_MS} ms")
        return reply

    def _together(self, *commands: Sequence[str | int]) -> list[Any]:
        pipeline = self._client.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)  # type: ignore[no-untyped-call]
        return list(pipeline.execute())

    def call(self, *command: str | int) -> Any:
        """Run one Redis command."""
        try:
            return self._client.execute_command(*command)  # type: ignore[no-untyped-call]
        except RedisError as error:
            raise StoreError(f"{command[0]}: {error}") from error
