"""The store: everything that Redis remembers, by kind."""

from dataclasses import dataclass
from datetime import timedelta

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ReadOnlyError
from redis.retry import Retry

from bot.store.aside import Aside
from bot.store.attention import Attention
from bot.store.baselines import Baselines
from bot.store.budgets import Budgets
from bot.store.channels import Channels
from bot.store.covering import Coverings
from bot.store.detections import Detections
from bot.store.events import Events
from bot.store.exemptions import Exemptions
from bot.store.familiar import Familiar
from bot.store.link import Link
from bot.store.notices import Notices
from bot.store.pages import Pages
from bot.store.pulse import Pulse
from bot.store.requests import Requests
from bot.store.reviews import Reviews
from bot.store.rounds import Rounds
from bot.store.server import Server
from bot.store.storms import Storms
from bot.store.stretches import Stretches
from bot.store.timelines import Timelines

LEASE = timedelta(seconds=30)
"""HTTP time limits are shorter than half of this, so that a lease outlives any one effect."""

HORIZON = timedelta(days=90)
WINDOW_LIFE = timedelta(hours=13)
"""Longer than the longest automated session, which is AWS's 12 hours."""


@dataclass(frozen=True, slots=True)
class Store:
    """All that is remembered, by kind, over one link."""

    timelines: Timelines
    attention: Attention
    channels: Channels
    events: Events
    exemptions: Exemptions
    coverings: Coverings
    budgets: Budgets
    notices: Notices
    server: Server
    detections: Detections
    storms: Storms
    reviews: Reviews
    stretches: Stretches
    familiar: Familiar
    baselines: Baselines
    rounds: Rounds
    aside: Aside
    requests: Requests
    pages: Pages
    pulse: Pulse


def open_store(link: Link, horizon: timedelta = HORIZON, lease: timedelta = LEASE) -> Store:
    """Return the store over a link."""
    return Store(
        timelines=Timelines(link),
        attention=Attention(link, lease),
        channels=Channels(link),
        events=Events(link, horizon, WINDOW_LIFE),
        exemptions=Exemptions(link),
        coverings=Coverings(link),
        budgets=Budgets(link),
        notices=Notices(link),
        server=Server(link),
        detections=Detections(link),
        storms=Storms(link),
        reviews=Reviews(link),
        stretches=Stretches(link),
        familiar=Familiar(link, horizon),
        baselines=Baselines(link),
        rounds=Rounds(link),
        aside=Aside(link),
        requests=Requests(link),
        pages=Pages(link),
        pulse=Pulse(link),
    )


def connect(url: str, *, within: float | None = None) -> "Redis":
    """Return a client of the Redis at the URL; it connects when first used.

    The socket's time limit leaves room for the one-second wait of ``Attention.wait``. With
    ``within`` each command is tried once, for so many seconds: for those who only look.
    """
    if within is not None:
        return Redis.from_url(
            url,
            decode_responses=True,
            socket_timeout=within,
            socket_connect_timeout=within,
            retry=Retry(NoBackoff(), 0),
        )
    return Redis.from_url(
        url,
        decode_responses=True,
        socket_timeout=5,
        socket_connect_timeout=3,
        health_check_interval=15,
        # After a failover the address is the new primary's, but an open connection is still to the
        # old one. What it refused was not done, so it may be said again, on a new connection.
        retry_on_error=[ReadOnlyError],
    )
