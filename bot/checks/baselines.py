"""Baselines: how old what is known of each account's groups is, and what could not be read."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from bot.accounts import load_accounts
from bot.checks.check import Check, fail, ok, warn
from bot.checks.redis import WITHIN
from bot.settings import Settings
from bot.store.baselines import Trouble
from bot.store.link import Link, StoreError
from bot.store.store import connect, open_store
from bot.tables import FileError

NAME = "baselines"
MOST = 10
"""Accounts, and regions, that are told one by one."""

PERMISSIONS = (
    "let the role that reads have ec2:DescribeRegions, DescribeSecurityGroups and "
    "DescribeSecurityGroupRules; then sgwatch baseline refresh"
)
WORKER = "see that a worker runs; sgwatch baseline refresh reads them now"


def look(settings: Settings) -> Iterator[Check]:
    """Look at when each account's groups were read."""
    if not settings.baseline_hours:
        yield ok(NAME, "off: what a change replaced is known only where its record tells it")
        return
    client = connect(settings.redis_url.get_secret_value(), within=WITHIN)
    store = open_store(Link(client, settings.redis_prefix))
    try:
        read_at, troubles = store.baselines.read_at(), store.baselines.troubles()
        now = store.attention.now()
    except StoreError as error:
        yield fail(NAME, f"cannot be read ({error})", "see what is said of Redis")
        return
    try:
        names = load_accounts(settings.accounts).names
    except FileError:
        names = {}
    yield from ages(read_at, names, now, timedelta(hours=settings.baseline_hours))
    yield from unread(troubles, names)


def ages(
    read_at: Mapping[str, datetime], names: Mapping[str, str], now: datetime, every: timedelta
) -> Iterator[Check]:
    """Tell how old the oldest of each account's regions is; well-read accounts in one line."""
    oldest: dict[str, datetime] = {}
    for place, at in read_at.items():
        account = place.partition("/")[0]
        oldest[account] = min(at, oldest.get(account, at))
    late = {a: at for a, at in oldest.items() if now - at > 2 * every}
    fresh = {a: at for a, at in oldest.items() if a not in late}
    if fresh:
        told = [f"{names.get(a, a)} {_age(now - at)}" for a, at in sorted(fresh.items())]
        more = f" and {len(told) - MOST} more accounts" if len(told) > MOST else ""
        yield ok(NAME, f"read {', '.join(told[:MOST])} ago{more}")
    for account, at in sorted(late.items(), key=lambda item: item[1])[:MOST]:
        said = f"{names.get(account, account)}: read {_age(now - at)} ago"
        yield warn(NAME, said, WORKER)
    never = [names[account] for account in sorted(names) if account not in oldest]
    if never or not oldest:
        which = f"{', '.join(never[:MOST])}: " if never else ""
        yield warn(NAME, f"{which}not read yet", WORKER)


def unread(troubles: Sequence[Trouble], names: Mapping[str, str]) -> Iterator[Check]:
    """Tell why accounts and regions could not be read."""
    for trouble in troubles[:MOST]:
        account, region = trouble.place
        where = f"{names.get(account, account)}/{region}".rstrip("/")
        yield warn(NAME, f"{where}: {trouble.why}", PERMISSIONS)
    if len(troubles) > MOST:
        yield warn(NAME, f"{len(troubles) - MOST} more could not be read", PERMISSIONS)


def _age(span: timedelta) -> str:
    hours, minutes = divmod(max(int(span.total_seconds()), 0) // 60, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
