"""Who: how the principal came in, with what credentials and how old they are, and which person.

At most four calls: a user's keys and when each that the worst changes were made with was used last,
or the role.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.alerts.alert import Alert
from bot.alerts.fact import Fact, Question
from bot.aws.errors import AwsError
from bot.aws.identities import AccessKey, Role, Use
from bot.cloudtrail.principal import Principal, PrincipalKind
from bot.cloudtrail.text import printable
from bot.investigation.kept import Kept
from bot.investigation.run import Answer
from bot.investigation.who_words import LINE, LONG_LIVED, WORD, Credentials, Identity, callers

FIELD = "aws.cloudtrail.user_identity.arn"
LOOKED_AT = 3
"""Keys that IAM is asked about: a user has two at a time, and more only where some are gone."""


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
        seen = callers(alert)
        principal, region = seen[0].principal, seen[0].change.region
        used = dict.fromkeys(one.principal.access_key for one in seen)
        keys = tuple(key for key in used if key.startswith(LONG_LIVED))[:LOOKED_AT]
        found = self.kept.get(
            (principal.id, keys), now, None, lambda: self._read(principal, keys, region)
        )
        name = printable(self.person(principal), WORD)
        unseen = alert.counts.changes - len(alert.worst)
        identity = Identity(
            seen, found, name, now, frozenset(self.accounts), self.key_age, max(unseen, 0)
        )
        fact = Fact(
            Question.WHO,
            principal.id,
            printable("; ".join(identity.parts()), LINE),
            more=tuple(identity.lines()),
            field=FIELD,
        )
        return Answer((fact,), tuple(identity.signals()))

    def _read(self, principal: Principal, used: tuple[str, ...], region: str) -> Credentials:
        keys: tuple[AccessKey, ...] = ()
        uses: dict[str, Use | None] = {}
        try:
            if principal.kind is PrincipalKind.USER and used:
                keys = self.identities.access_keys(principal.account, region, principal.name)
                # Of a key that is gone IAM says that one may not ask about it.
                there = [key.id for key in keys if key.id in used]
                for key in there:
                    uses[key] = self.identities.key_use(principal.account, region, key)
                return Credentials(used, keys, _told(uses), gone=_gone(used, there))
            if principal.kind is PrincipalKind.ROLE and principal.role:
                role = self.identities.role(principal.account, region, principal.role)
                return Credentials(used, role=role, gone="" if role else "the role is gone")
        except AwsError as error:
            if error.retry:
                raise
            return Credentials(used, keys, _told(uses), untold=str(error))
        return Credentials(used)


def _told(uses: Mapping[str, Use | None]) -> tuple[tuple[str, Use], ...]:
    return tuple((key, use) for key, use in uses.items() if use)


def _gone(used: Collection[str], there: Collection[str]) -> str:
    if len(used) == len(there):
        return ""
    if len(used) == 1:
        return "the access key is gone"
    if not there:
        return f"all {len(used)} access keys are gone"
    return f"{len(used) - len(there)} of the {len(used)} access keys are gone"
