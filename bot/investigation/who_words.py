"""Who it was, in words: one line for a tired responder, every key and session for the details."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.alerts.alert import Alert
from bot.alerts.fact import Signal
from bot.alerts.sighting import Sighting
from bot.alerts.signals import signal
from bot.aws.identities import AccessKey, Role, Use
from bot.changes.sentence import number_of
from bot.cloudtrail.principal import SSO_ROLE, Principal, PrincipalKind
from bot.cloudtrail.text import printable

LINE, WORD = 100, 60
LISTED = 10
"""Access keys and sessions that the details name before they count the rest."""

DAY = timedelta(days=1)
LONG_LIVED = "AKIA"
"""How the ids of keys begin that last until somebody takes them away."""

WAYS = 2
AWS_ROLE = "AWSServiceRoleFor"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What IAM told of the credentials. ``looked_at`` are the keys that it was asked about,
    ``untold`` says what it did not tell, and why; ``gone`` what of them is there no more.
    """

    looked_at: tuple[str, ...] = ()
    keys: tuple[AccessKey, ...] = ()
    uses: tuple[tuple[str, Use], ...] = ()
    role: Role | None = None
    untold: str = ""
    gone: str = ""


def callers(alert: Alert) -> tuple[Sighting, ...]:
    """Return the worst change that was made with each access key and session, worst first."""
    found: dict[object, Sighting] = {}
    for seen in alert.worst:
        found.setdefault((seen.principal.access_key, seen.principal.session), seen)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Identity:
    """All that is known of who it was, to be put into words.

    ``callers`` are a change by each key and session, worst first; ``unseen`` is how many more
    changes there are, whose keys were not looked at.
    """

    callers: tuple[Sighting, ...]
    found: Credentials
    name: str
    now: datetime
    accounts: frozenset[str] = frozenset()
    key_age: timedelta = timedelta(days=90)
    unseen: int = 0

    @property
    def seen(self) -> Sighting:
        """Return the worst change."""
        return self.callers[0]

    @property
    def principal(self) -> Principal:
        """Return who called."""
        return self.seen.principal

    @property
    def used(self) -> list[AccessKey]:
        """Return the keys that the changes were made with, as far as IAM told of them, the newest
        first.
        """
        used = [key for key in self.found.keys if key.id in self.found.looked_at]
        return sorted(used, key=lambda key: key.made, reverse=True)

    @property
    def unasked(self) -> set[str]:
        """Return the long-lived keys that there were too many of to ask IAM about."""
        used = {one.principal.access_key for one in self.callers}
        return {key for key in used if key.startswith(LONG_LIVED)} - set(self.found.looked_at)

    @property
    def is_foreign(self) -> bool:
        """Return whether the principal is of an account that is neither the group's nor ours."""
        account = self.principal.account
        own = {self.seen.change.account, *self.accounts}
        return bool(account) and account not in own

    def parts(self) -> Iterator[str]:
        """Yield the answer, piece by piece."""
        ways = list(dict.fromkeys(_way_in(one.principal) for one in self.callers))
        yield ways[0] + "".join(f", also {way}" for way in ways[1:WAYS])
        if self.principal.account and self.principal.account != self.seen.change.account:
            yield f"from account {printable(self.principal.account, WORD)}"
        ages = [_age(self.now - key.made) for key in self.used]
        if len(ages) > 1:
            yield f"{len(ages)} keys, {' and '.join(ages)} old"
        elif ages:
            yield f"key {ages[0]} old"
        elif self.found.role and self.now - self.found.role.made < DAY:
            yield "the role was made today"
        if self.found.gone:
            yield self.found.gone
        if self.unasked:
            yield f"{number_of(len(self.unasked), 'more key')} used"
        if self.name:
            yield f"in Slack: {self.name}"
        if self.found.untold:
            yield self.found.untold

    def lines(self) -> Iterator[str]:
        """Yield the details."""
        principal = self.principal
        yield f"Principal: {printable(principal.id, 200)}"
        for one in self.callers[:LISTED]:
            yield _credentials(one.principal)
        if (more := len(self.callers) - LISTED) > 0:
            yield f"… and {more} more keys and sessions"
        if self.unasked:
            yield f"IAM was not asked about {number_of(len(self.unasked), 'more key')}."
        if self.unseen:
            yield f"The keys of {number_of(self.unseen, 'lesser change')} were not looked at."
        uses = dict(self.found.uses)
        for key in self.found.keys:
            state = "active" if key.active else "inactive"
            ours = ", used here" if key.id in self.found.looked_at else ""
            last = f", last used {_used(uses[key.id])} as IAM knows yet" if key.id in uses else ""
            yield f"Key {printable(key.id, WORD)}: {state}, made {_day(key.made)}{ours}{last}"
        if self.found.role:
            yield f"Role made {_day(self.found.role.made)}"
            used = self.found.role.used
            yield f"Role last used: {_used(used) if used else 'IAM knows of no use yet'}"
        yield f"Person in Slack: {self.name or 'nobody that is known'}"

    def signals(self) -> Iterator[Signal]:
        """Yield what speaks for worse."""
        principal = self.principal
        if principal.kind is PrincipalKind.ROOT:
            yield signal("root", "the account's root user")
        if self.is_foreign:
            account = printable(principal.account, WORD)
            yield signal(
                "foreign_account", f"from account {account}, which is not the organisation's"
            )
        if any(_without_mfa(one.principal) for one in self.callers):
            yield signal("no_mfa", "at the console without a second factor")
        if not self.used:
            return
        newest, oldest = (self.now - self.used[i].made for i in (0, -1))
        if newest < DAY:
            yield signal("new_key", f"with an access key made {_age(newest)} ago")
        if oldest > self.key_age:
            yield signal("old_key", f"with an access key {_age(oldest)} old")


def _way_in(principal: Principal) -> str:
    if principal.invoked_by or principal.kind is PrincipalKind.SERVICE:
        return f"an AWS service for them: {printable(principal.invoked_by or principal.id, WORD)}"
    if principal.kind is PrincipalKind.ROOT:
        return "the account's root user"
    if principal.kind is PrincipalKind.IDENTITY_CENTER or SSO_ROLE.fullmatch(principal.id):
        return "by IAM Identity Center"
    if principal.person:
        return "by the identity provider"
    if principal.access_key.startswith(LONG_LIVED):
        return "a long-lived access key"
    if principal.console:
        return "a sign-in at the console"
    if principal.role.startswith(AWS_ROLE):
        return "a service's own role"
    words = {
        PrincipalKind.ROLE: "a role's session, of a role that somebody assumed",
        PrincipalKind.FEDERATED: "a federated session that a user got",
        PrincipalKind.ACCOUNT: "another account, whose caller is not told",
    }
    return words.get(principal.kind, "temporary credentials")


def _credentials(principal: Principal) -> str:
    """Return "Access key AKIA…, session x, MFA: yes", as the record tells it."""
    key = f"Access key {printable(principal.access_key, WORD)}" if principal.access_key else ""
    session = f"session {printable(principal.session, 100)}" if principal.session else ""
    mfa = {True: "yes", False: "no", None: "the record does not tell"}[principal.mfa]
    told = ", ".join(filter(None, (key, session, f"second factor (MFA): {mfa}")))
    return told[0].upper() + told[1:]


def _without_mfa(principal: Principal) -> bool:
    at_console = principal.console and principal.mfa is False
    return at_console and not _provider_signs_in(principal)


def _provider_signs_in(principal: Principal) -> bool:
    """Return whether an identity provider asks for the second factor: records then say "false"."""
    return principal.kind is not PrincipalKind.USER and principal.kind is not PrincipalKind.ROOT


def _age(span: timedelta) -> str:
    hours = span // timedelta(hours=1)
    if hours < 1:
        minutes = span // timedelta(minutes=1)
        return f"{minutes} min" if minutes > 0 else "less than a minute"
    number, unit = (hours, "hour") if hours < 48 else (span.days, "day")
    return number_of(number, unit)


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d}"


def _used(use: Use) -> str:
    about: Sequence[str] = [part for part in (use.service, use.region) if part not in ("", "N/A")]
    return f"{use.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" + (
        f" ({', '.join(about)})" if about else ""
    )
