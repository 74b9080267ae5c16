"""Permissions: whether what an investigation reads may be read, in each account."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from bot.accounts import load_accounts
from bot.aws.errors import AwsError
from bot.aws.probes import PROBES, lacking
from bot.aws.sessions import Sessions
from bot.checks.check import Check, ok, warn
from bot.parts import aws_sessions
from bot.settings import Settings
from bot.tables import FileError

NAME = "read permissions"
MOST = 20
"""Accounts that are looked at: in a few seconds no more can be asked."""

TOGETHER = 8
LISTED = 5
MEND = "allow them to the role that reads: docs/operating.md says what each is for"


def look(settings: Settings) -> Iterator[Check]:
    """Try each permission in the first accounts; say which are missing, and where."""
    sessions = aws_sessions(settings)
    try:
        accounts = _accounts(settings, sessions)
    except AwsError as error:
        yield warn(NAME, str(error), "give sgwatch AWS credentials")
        return
    asked = accounts[:MOST]
    with ThreadPoolExecutor(TOGETHER) as pool:
        found = dict(zip(asked, pool.map(lambda a: _missing(sessions, a), asked), strict=True))
    yield from _told(found, len(accounts))


def _accounts(settings: Settings, sessions: Sessions) -> list[str]:
    if not settings.read_role:
        return [sessions.own_account()]
    if "{account}" not in settings.read_role:
        return [settings.read_role.split(":")[4]]
    try:
        return [account.id for account in load_accounts(settings.accounts).known]
    except FileError:
        return []


def _missing(sessions: Sessions, account: str) -> tuple[str, ...] | str:
    """Return what an account does not give, or why that is not known."""
    try:
        sessions.reading(account, sessions.region)
    except AwsError:
        # What keeps sgwatch out of an account is told with the role.
        return "it cannot be entered"
    try:
        return lacking(sessions, account)
    except AwsError as error:
        return str(error)


def _told(found: dict[str, tuple[str, ...] | str], known: int) -> Iterator[Check]:
    alike: dict[tuple[str, ...] | str, list[str]] = {}
    for account, missing in found.items():
        alike.setdefault(missing, []).append(account)
    for missing, accounts in alike.items():
        where = f"{', '.join(accounts[:LISTED])}"
        where += f" and {len(accounts) - LISTED} more" if len(accounts) > LISTED else ""
        if isinstance(missing, str):
            yield warn(NAME, f"{where}: not known, {missing}", "see the read role, and try again")
        elif missing:
            yield warn(NAME, f"{where}: no permission for {', '.join(missing)}", MEND)
        else:
            yield ok(NAME, f"all {len(PROBES)} that were tried, in {where}")
    if known > len(found):
        mend = "look at the others through what alerts say of them"
        yield warn(NAME, f"tried in the first {len(found)} of {known} accounts", mend)
