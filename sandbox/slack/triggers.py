"""Trigger ids and response addresses: short-lived rights that an interaction gives to the app."""

from dataclasses import dataclass
from itertools import count

from sandbox.slack.refused import RefusedError
from sandbox.slack.timing import Clock, Timing

USES = 5


@dataclass(frozen=True, slots=True)
class Trigger:
    """Who acted, when, and in which view if it was in one."""

    user: str
    issued: float
    view: str | None = None


class Triggers:
    """Each opens one view, within three seconds."""

    def __init__(self, clock: Clock, timing: Timing) -> None:
        self._clock, self._timing = clock, timing
        self._open: dict[str, Trigger] = {}
        self._used: set[str] = set()
        self._numbers = count(1)

    def issue(self, user: str, view: str | None = None) -> str:
        """Return a new trigger id."""
        number = next(self._numbers)
        trigger_id = f"{number:013d}.0000000001.{number:032x}"
        self._open[trigger_id] = Trigger(user, self._clock(), view)
        return trigger_id

    def exchange(self, trigger_id: str) -> Trigger:
        """Use up a trigger id."""
        if trigger_id in self._used:
            raise RefusedError("exchanged_trigger_id")
        trigger = self._open.get(trigger_id)
        if trigger is None:
            raise RefusedError("invalid_trigger_id")
        if self._clock() - trigger.issued > self._timing.trigger:
            raise RefusedError("expired_trigger_id")
        self._used.add(trigger_id)
        return trigger


@dataclass(slots=True)
class ResponseUrl:
    """Where an answer goes: the person, the channel, and the message that was acted on."""

    user: str
    channel: str
    message_ts: str | None
    thread_ts: str | None
    issued: float
    uses: int = 0


class ResponseUrls:
    """Each takes five answers in thirty minutes."""

    def __init__(self, clock: Clock, timing: Timing) -> None:
        self._clock, self._timing = clock, timing
        self._urls: dict[str, ResponseUrl] = {}
        self._numbers = count(1)

    def issue(
        self, user: str, channel: str, message_ts: str | None = None, thread_ts: str | None = None
    ) -> str:
        """Return the last part of a new address."""
        key = f"{next(self._numbers):024x}"
        self._urls[key] = ResponseUrl(user, channel, message_ts, thread_ts, self._clock())
        return key

    def use(self, key: str) -> ResponseUrl:
        """Count one use."""
        url = self._urls.get(key)
        if url is None:
            raise RefusedError("invalid_url", status=404)
        if self._clock() - url.issued > self._timing.response_url:
            raise RefusedError("expired_url", status=404)
        if url.uses >= USES:
            raise RefusedError("used_url", status=404)
        url.uses += 1
        return url
