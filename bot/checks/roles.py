"""The roles in AWS: whether they can be assumed in each account that is known."""

from collections.abc import Callable, Iterator

from bot.accounts import load_accounts
from bot.aws.errors import AwsError
from bot.checks.check import Check, fail, ok, warn
from bot.parts import aws_sessions
from bot.settings import ContainmentMode, Settings
from bot.tables import FileError

SESSION = "doctor"
"""Names the session in CloudTrail. No containment has such an id."""

MODES = {
    ContainmentMode.OFF: "off: alerts show the commands to revert with",
    ContainmentMode.ASK: "ask: a second person approves every change of AWS",
    ContainmentMode.ON: "on: who may change AWS, and who approves, is as the policy says",
}


def reading(settings: Settings) -> Iterator[Check]:
    """Assume the role that reads, if there is one."""
    if not settings.read_role:
        mend = "set SGWATCH_READ_ROLE, with {account}, to read in every account"
        yield warn(
            "read role", "none: groups are read with our own credentials, in one account", mend
        )
        return
    sessions = aws_sessions(settings)
    region = sessions.region
    yield from _entered(
        "read role", settings, settings.read_role, lambda a: sessions.reading(a, region)
    )


def containing(settings: Settings) -> Iterator[Check]:
    """Assume the role that changes AWS, if sgwatch may. Nothing is called with it."""
    yield ok("containment", MODES[settings.containment])
    if settings.containment is ContainmentMode.OFF:
        return
    if settings.containment_dry_run:
        mend = "take SGWATCH_CONTAINMENT_DRY_RUN away once you trust what it would do"
        yield warn("containment", "dry run: no call that changes AWS is made", mend)
        return
    sessions = aws_sessions(settings)
    region = sessions.region
    yield from _entered(
        "containment",
        settings,
        settings.contain_role,
        lambda a: sessions.containing(SESSION, a, region),
    )


def _entered(
    name: str, settings: Settings, role: str, enter: Callable[[str], object]
) -> Iterator[Check]:
    try:
        found = [account.id for account in load_accounts(settings.accounts).known]
    except FileError:
        found = []
    wanted = (found or ["{account}"]) if "{account}" in role else [role.split(":")[4]]
    if wanted == ["{account}"]:
        mend = "list the accounts in the accounts file (SGWATCH_ACCOUNTS)"
        yield warn(name, f"{role}: in which accounts is not known", mend)
        return
    entered = 0
    for account in wanted:
        try:
            enter(account)
            entered += 1
        except AwsError as error:
            mend = "let its trust policy name sgwatch's own role, and check the external id"
            yield fail(name, str(error), mend)
    if entered:
        yield ok(name, f"{role} can be assumed in {entered} of {len(wanted)} accounts")
