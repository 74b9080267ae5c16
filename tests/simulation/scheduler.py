"""The scheduler: actors are greenlets that pause at every edge; the seed picks who goes on.

An actor may be killed at any pause, so before or after any effect, as a process may be.
"""

import random
from collections.abc import Callable

from greenlet import getcurrent, greenlet


class KilledError(BaseException):
    """The actor's process is gone: nothing may catch this."""


class Scheduler:
    """Runs actors one at a time. ``tick`` is called between steps, to let time pass."""

    def __init__(self, rng: random.Random, tick: Callable[[random.Random], None]) -> None:
        self.rng = rng
        self.kill_chance = 0.0
        self._tick = tick
        self._makers: dict[str, Callable[[], None]] = {}
        self._running: dict[str, greenlet] = {}
        self._main = getcurrent()

    def add(self, name: str, actor: Callable[[], None]) -> None:
        """Add an actor; one that was killed begins anew, one that returned is done."""
        self._makers[name] = actor

    def pause(self) -> None:
        """Give way to the others; called by the edges, before and after each effect."""
        if getcurrent() is not self._main:
            self._main.switch()

    def run(self, steps: int) -> None:
        """Let actors take so many steps in all, or until every one is done."""
        for _ in range(steps):
            if not self._makers:
                return
            self._tick(self.rng)
            self._step(self.rng.choice(sorted(self._makers)))

    def _step(self, name: str) -> None:
        actor = self._running.get(name)
        if actor is None:
            actor = self._running[name] = greenlet(self._makers[name], parent=self._main)
        elif self.rng.random() < self.kill_chance:
            self.kill(name)
            return
        actor.switch()
        if actor.dead:
            del self._running[name], self._makers[name]

    def kill(self, name: str) -> None:
        """Kill an actor where it stands; it begins anew at its next step."""
        actor = self._running.pop(name, None)
        if actor is not None and not actor.dead:
            try:
                actor.throw(KilledError())
            except KilledError:
                return

    def kill_all(self) -> None:
        """Kill every actor, as a power cut does."""
        for name in list(self._running):
            self.kill(name)

    @property
    def waiting(self) -> frozenset[str]:
        """Return the actors that are not done."""
        return frozenset(self._makers)
