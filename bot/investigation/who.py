"""Who: how the principal came in, with what credentials and how old they are, and which person.

At most two calls: a user's keys and when this one was used last, or the role.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.alerts.alert import Alert
from bot.alerts.fact import Fact, Question, Signal
from bot.alerts.sighting import Sighting
from bot.alerts.signals import signal
from bot.aws.errors import AwsError
from bot.aws.identities import AccessKey, Role, Use
from bot.changes.sentence import number_of
from bot.cloudtrail.principal import SSO_ROLE, Principal, PrincipalKind
from bot.cloudtrail.text import printable
from bot.investigation.kept import Kept
from bot.investigation.run import Answer

FIELD = "aws.cloudtrail.user_identity.arn"
LINE, WORD = 100, 60
DAY = timedelta(days=1)
LONG_LIVED = "AKIA"
"""How the ids of keys begin that last until somebody takes them away."""

AWS_ROLE = "AWSServiceRoleFor"


class Identities(Protocol):
    """What is needed of AWS: a call each. Every method raises AwsError."""

    def access_keys(self, account: str, region: str, user: str) -> tuple[AccessKey, ...]:
        """Return a user's access keys."""
        ...

    def key_use(self, account: str, region: str, key: str) -> Use | None:
        """Return when a key was used last."""
        ...

    def role(self, account: str, region: str, name: str) -> Role | None:
        """Return a role; None where it is gone."""
        ...


Person = Callable[[Principal], str]
"""Tells what a principal's person is called in Slack; empty where that is nobody known."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What IAM told of the credentials. ``untold`` says what it did not, and why; ``gone`` what of
    them is there no more.
    """

    keys: tuple[AccessKey, ...] = ()
    use: Use | None = None
    role: Role | None = None
    untold: str = ""
    gone: str = ""


@dataclass(frozen=True, slots=True)
class Who:
    """Asks who did the worst change.

    ``accounts`` are the organisation's, if they are known. ``key_age`` is how old a key may be.
    """

    identities: Identities
    person: Person
    accounts: Collection[str] = ()
    key_age: timedelta = timedelta(days=90)
    kept: Kept[Credentials] = field(default_factory=Kept)

    def __call__(self, alert: Alert, now: datetime, /) -> Answer:
        """Return who it is. Raises AwsError where asking again may help."""
        seen = alert.worst[0]
        principal, region = seen.principal, seen.change.region
        key = (principal.id, principal.access_key)
        found = self.kept.get(key, now, None, lambda: self._read(principal, region))
        name = printable(self.person(principal), WORD)
        identity = Identity(seen, found, name, now, frozenset(self.accounts), self.key_age)
        fact = Fact(
            Question.WHO,
            principal.id,
            printable("; ".join(identity.parts()), LINE),
            more=tuple(identity.lines()),
            field=FIELD,
        )
        return Answer((fact,), tuple(identity.signals()))

    def _read(self, principal: Principal, region: str) -> Credentials:
        keys: tuple[AccessKey, ...] = ()
        try:
            if principal.kind is PrincipalKind.USER and principal.access_key.startswith(LONG_LIVED):
                keys = self.identities.access_keys(principal.account, region, principal.name)
                # Of a key that is gone IAM says that one may not ask about it.
                if not any(key.id == principal.access_key for key in keys):
                    return Credentials(keys, gone="the access key is gone")
                use = self.identities.key_use(principal.account, region, principal.access_key)
                return Credentials(keys, use)
            if principal.kind is PrincipalKind.ROLE and principal.role:
                role = self.identities.role(principal.account, region, principal.role)
                return Credentials(role=role, gone="" if role else "the role is gone")
        except AwsError as error:
            if error.retry:
                raise
            return Credentials(keys, untold=str(error))
        return Credentials()


@dataclass(frozen=True, slots=True)
class Identity:
    """All that is known of who it was, to be put into words."""

    seen: Sighting
    found: Credentials
    name: str
    now: datetime
    accounts: frozenset[str] = frozenset()
    key_age: timedelta = timedelta(days=90)

    @property
    def principal(self) -> Principal:
        """Return who called."""
        return self.seen.principal

    @property
    def key(self) -> AccessKey | None:
        """Return the key that the call was made with, if IAM told of it."""
        return next((k for k in self.found.keys if k.id == self.principal.access_key), None)

    @property
    def is_foreign(self) -> bool:
        """Return whether the principal is of an account that is neither the group's nor ours."""
        account = self.principal.account
        own = {self.seen.change.account, *self.accounts}
        return bool(account) and account not in own

    def parts(self) -> Iterator[str]:
        """Yield the answer, piece by piece."""
        yield self._way_in()
        if self.principal.account and self.principal.account != self.seen.change.account:
            yield f"from account {printable(self.principal.account, WORD)}"
        if self.key:
            yield f"key {_age(self.now - self.key.made)} old"
        elif self.found.role and self.now - self.found.role.made < DAY:
            yield "the role was made today"
        if self.found.gone:
            yield self.found.gone
        if self.name:
            yield f"in Slack: {self.name}"
        if self.found.untold:
            yield self.found.untold

    def _way_in(self) -> str:
        principal = self.principal
        if principal.invoked_by or principal.kind is PrincipalKind.SERVICE:
            return (
                f"an AWS service for them: {printable(principal.invoked_by or principal.id, WORD)}"
            )
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

    def lines(self) -> Iterator[str]:
        """Yield the details."""
        principal = self.principal
        yield f"Principal: {printable(principal.id, 200)}"
        if principal.session:
            yield f"Session: {printable(principal.session, 100)}"
        if principal.access_key:
            yield f"Access key: {printable(principal.access_key, WORD)}"
        mfa = {True: "yes", False: "no", None: "the record does not tell"}[principal.mfa]
        yield f"Second factor (MFA): {mfa}"
        for key in self.found.keys:
            this = ", this one" if key is self.key else ""
            state = "active" if key.active else "inactive"
            yield f"Key {printable(key.id, WORD)}: {state}, made {_day(key.made)}{this}"
        if self.found.use:
            yield f"Key last used: {_used(self.found.use)}, as IAM knows yet"
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
        if principal.console and principal.mfa is False and not _provider_signs_in(principal):
            yield signal("no_mfa", "at the console without a second factor")
        if self.key and self.now - self.key.made < DAY:
            yield signal("new_key", f"with an access key made {_age(self.now - self.key.made)} ago")
        elif self.key and self.now - self.key.made > self.key_age:
            yield signal("old_key", f"with an access key {_age(self.now - self.key.made)} old")


def _provider_signs_in(principal: Principal) -> bool:
    """Return whether an identity provider asks for the second factor: records then say "false"."""
    return principal.kind is not PrincipalKind.USER and principal.kind is not PrincipalKind.ROOT


def _age(span: timedelta) -> str:
    hours = span // timedelta(hours=1)
    if hours < 1:
        return f"{max(span // timedelta(minutes=1), 0)} min"
    number, unit = (hours, "hour") if hours < 48 else (span.days, "day")
    return number_of(number, unit)


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d}"


def _used(use: Use) -> str:
    about: Sequence[str] = [part for part in (use.service, use.region) if part not in ("", "N/A")]
    return f"{use.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" + (
        f" ({', '.join(about)})" if about else ""
    )
