"""Redis: whether it answers, takes writes, keeps what it took, and tells the same time."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from redis import Redis
from redis.exceptions import AuthenticationError, RedisError

from bot.checks.check import Check, fail, ok, warn
from bot.settings import Settings
from bot.store.link import Link, StoreError
from bot.store.store import connect, open_store

WITHIN = 2.0
"""Seconds for each command."""

OLDEST = (6, 2)
PINGS = 5
SLOW = 0.05
"""Seconds for a round trip: an event takes about five."""

APART = timedelta(seconds=5)
"""Between our clock and Redis's: AWS and Slack go by ours, all that is due by Redis's."""

NEARLY_FULL, FULL = 0.75, 0.9

Info = Mapping[str, Any]


def look(settings: Settings) -> Iterator[Check]:
    """Look at Redis; where it does not answer, that is all there is to say."""
    url = settings.redis_url.get_secret_value()
    client = connect(url, within=WITHIN)
    try:
        client.ping()
        info: Info = client.info()
    except (RedisError, OSError) as error:
        yield _unreachable(url, error)
        return
    yield version(info, _place(url))
    yield from role(info)
    yield from persistence(info)
    yield eviction(info)
    yield memory(info)
    yield latency(_round_trip(client))
    link = Link(client, settings.redis_prefix, durability=settings.durability)
    yield from _written(link)
    yield from _durable(link)


def _unreachable(url: str, error: Exception) -> Check:
    if isinstance(error, AuthenticationError):
        mend = "put the user and the password of Redis into SGWATCH_REDIS_URL"
        return fail("redis", f"{_place(url)} does not let us in: {error}", mend)
    mend = "start it, open the way to it, or mend SGWATCH_REDIS_URL (rediss:// where it wants TLS)"
    return fail("redis", f"{_place(url)} does not answer: {error}", mend)


def version(info: Info, place: str = "") -> Check:
    """Tell what answers, and whether it is new enough."""
    found = str(info.get("redis_version", ""))
    valkey = info.get("valkey_version")
    called = f"Valkey {valkey}" if valkey else f"Redis {found or 'of an unknown version'}"
    if found and tuple(map(int, found.split(".")[:2])) < OLDEST:
        return fail("redis", f"{called} is too old", "run Redis 6.2 or later, or Valkey")
    return ok("redis", f"{called} at {place}" if place else called)


def role(info: Info) -> Iterator[Check]:
    """Tell if this one cannot be written to."""
    if info.get("role") in ("slave", "replica"):
        mend = "point SGWATCH_REDIS_URL at the primary"
        yield fail("redis role", "this is a replica: it takes no writes", mend)
    if info.get("loading"):
        yield fail("redis role", "Redis is still reading its files", "wait, and look again")


def persistence(info: Info) -> Iterator[Check]:
    """Tell whether what was stored outlives Redis."""
    name = "redis persistence"
    states = {key: info.get(key) for key in ("aof_last_write_status", "rdb_last_bgsave_status")}
    failed = sorted(key for key, state in states.items() if state not in ("ok", None))
    if failed:
        mend = "see Redis's own log: the disk may be full or not writable"
        yield fail(name, f"Redis cannot write its files ({', '.join(failed)})", mend)
    elif not info.get("aof_enabled"):
        yield warn(
            name,
            "there is no append-only file: if Redis ends, it forgets what came since its last "
            "snapshot, and those events have left the queue",
            "set appendonly yes (appendfsync everysec or always), or run a replica",
        )
    else:
        yield ok(name, "an append-only file is kept")


def eviction(info: Info) -> Check:
    """Tell whether Redis would throw alerts away, or has."""
    name, policy = "redis eviction", str(info.get("maxmemory_policy", "unknown"))
    mend = (
        "set maxmemory-policy noeviction: then a full Redis refuses, and events wait in the queue"
    )
    evicted = int(info.get("evicted_keys", 0))
    if evicted:
        return fail(name, f"REDIS HAS THROWN {evicted} KEYS AWAY ({policy}): alerts are lost", mend)
    if policy != "noeviction":
        lost = "when memory is full, Redis throws away alerts and what was counted, without a word"
        return warn(name, f"REDIS MAY FORGET: maxmemory-policy is {policy}; {lost}", mend)
    return ok(name, "noeviction: what is stored stays")


def memory(info: Info) -> Check:
    """Tell how full Redis is."""
    used, most = int(info.get("used_memory", 0)), int(info.get("maxmemory", 0))
    if not most:
        return ok("redis memory", f"{_mb(used)} used, with no limit of its own")
    said = f"{_mb(used)} of {_mb(most)} used"
    if used < most * NEARLY_FULL:
        return ok("redis memory", said)
    mend = "raise maxmemory, or give Redis a larger machine"
    return (fail if used >= most * FULL else warn)("redis memory", said, mend)


def latency(seconds: float) -> Check:
    """Tell how long a round trip takes."""
    said = f"{seconds * 1000:.1f} ms for a round trip"
    if seconds > SLOW:
        mend = "put Redis nearer to sgwatch, and see its SLOWLOG"
        return warn("redis latency", said, mend)
    return ok("redis latency", said)


def clock(apart: timedelta) -> Check:
    """Tell whether our clock and Redis's agree."""
    said = f"{abs(apart.total_seconds()):.1f} s between our clock and Redis's"
    if abs(apart) > APART:
        return warn("clock", said, "run NTP on both machines: AWS refuses calls that are 5 min off")
    return ok("clock", said)


def _written(link: Link) -> Iterator[Check]:
    """Write a key and run a script, and compare clocks on the way."""
    try:
        link.call("SET", link.keys.doctor, "looked", "PX", 60_000)
        before = datetime.now(UTC)
        theirs = open_store(link).attention.now()
        after = datetime.now(UTC)
    except StoreError as error:
        mend = "mend what Redis names; its user needs every command on this prefix, and scripts"
        yield fail("redis writes", f"Redis refuses ({error})", mend)
        return
    yield ok("redis writes", f"keys of {link.keys.prefix} and scripts work")
    yield clock(before + (after - before) / 2 - theirs)


def _durable(link: Link) -> Iterator[Check]:
    """Tell if what SGWATCH_DURABILITY asks for cannot be kept: sgwatch does not start then."""
    try:
        found = open_store(link).server.shortcomings()
    except StoreError as error:
        yield fail(
            "redis durability", f"cannot be told ({error})", "let INFO and WAITAOF be called"
        )
        return
    for what, _, mend in (each.what.partition(": ") for each in found if each.fatal):
        yield fail("redis durability", what, mend)


def _round_trip(client: "Redis") -> float:
    def one() -> float:
        start = perf_counter()
        client.ping()
        return perf_counter() - start

    return median(one() for _ in range(PINGS))


def _place(url: str) -> str:
    """Return the URL without what lets us in."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _mb(size: int) -> str:
    return f"{size / 2**20:.0f} MB"
