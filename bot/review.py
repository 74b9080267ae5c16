"""Reviewing: reads what the review is made of, from IAM, EC2 and our own history."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.alerts.outcome import Outcome
from bot.aws.authorizations import Authorizations, Holder
from bot.aws.errors import AwsError
from bot.aws.listing import Listed, Listing
from bot.exemptions.model import Exemption
from bot.investigation.grants import Grant, Identity, Kind, grants_of
from bot.investigation.policies import Statement, statements_of
from bot.investigation.review import (
    SPAN,
    AccountReview,
    OpenGroup,
    Review,
    ToEnd,
    doers_of,
    open_group,
    removals_of,
    to_end,
)
from bot.store.store import Store

PAGES = 50
"""Pages of groups read of one account and region at most: 10,000 groups."""

HISTORY = 200
"""Latest events looked at of one principal, and of one group."""

Renew = Callable[[], None]
LookUp = Callable[[str, str, datetime, datetime, list[str]], list[Outcome]]
"""Returns what CloudTrail's own history tells of an account and region between two times, and adds
what it did not tell to the list."""


class Regions(Protocol):
    """What lists groups. Every method raises AwsError."""

    def regions(self, account: str) -> list[str]:
        """Return the regions that are enabled in an account."""
        ...

    def page(self, account: str, region: str, token: str = "") -> Listing:
        """Return a page of groups."""
        ...


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Reviews accounts. Raises StoreError; what AWS does not tell is said in the review.

    ``looked_up`` gives more of who did what from CloudTrail's own history, where it is asked.
    """

    store: Store
    groups: Regions
    authorizations: Callable[[str], Authorizations]
    contain_role: str = ""
    regions: Sequence[str] = ()
    looked_up: LookUp | None = None

    def review(self, accounts: Sequence[str], renew: Renew = lambda: None) -> Review:
        """Return the review of some accounts."""
        return self.finished([self.account(account, renew) for account in accounts])

    def finished(self, accounts: Sequence[AccountReview]) -> Review:
        """Return the review that some accounts make."""
        now = self.store.attention.now()
        known = self.store.events.known_since(now.date(), SPAN.days)
        return Review(now, known, tuple(accounts), self._exemptions(now, known))

    def account(self, account: str, renew: Renew = lambda: None) -> AccountReview:
        """Return what is found in one account."""
        unknown: list[str] = []
        since = self.store.attention.now() - SPAN
        grants = self._grants(account, unknown)
        outcomes: list[Outcome] = []
        busy: set[str] = set()
        for grant in grants:
            history = self._history("principal", grant.arn, since)
            busy |= {grant.arn} if len(history) >= HISTORY else set()
            outcomes += history
        opened: list[OpenGroup] = []
        regions = self._regions(account, unknown)
        for region, listed in self._listed(account, regions, unknown, renew):
            history = self._history("group", listed.group.id, since)
            outcomes += history
            group = listed.group
            if found := open_group(region, group.id, group.name, listed.rules, history):
                opened.append(found)
        if self.looked_up is not None:
            until = self.store.attention.now()
            for region in regions:
                outcomes += self.looked_up(account, region, since, until, unknown)
        did = doers_of(outcomes, account)
        # Of the busy only the latest events were looked at: what they did before is not known.
        kept = {self.contain_role.replace("{account}", account)} | busy
        removals = removals_of(grants, did, kept)
        return AccountReview(account, grants, did, removals, tuple(opened), tuple(unknown))

    def _grants(self, account: str, unknown: list[str]) -> tuple[Grant, ...]:
        try:
            found = self.authorizations(account)
        except AwsError as error:
            unknown.append(f"who can change groups: {error}")
            return ()
        if found.cut:
            unknown.append("who else can change groups: IAM has more than is read of one account")
        return grants_of([identity_of(holder, found) for holder in found.holders])

    def _regions(self, account: str, unknown: list[str]) -> list[str]:
        try:
            return list(self.regions) or self.groups.regions(account)
        except AwsError as error:
            unknown.append(f"what is open: {error}")
            return []

    def _listed(
        self, account: str, regions: Sequence[str], unknown: list[str], renew: Renew
    ) -> Iterator[tuple[str, Listed]]:
        for region in regions:
            try:
                yield from ((region, listed) for listed in self._pages(account, region, renew))
            except AwsError as error:
                unknown.append(f"what is open in {region}: {error}")

    def _pages(self, account: str, region: str, renew: Renew) -> Iterator[Listed]:
        token = ""
        for _ in range(PAGES):
            renew()
            page = self.groups.page(account, region, token)
            yield from page.groups
            token = page.token
            if not token:
                return

    def _history(self, by: str, value: str, since: datetime) -> list[Outcome]:
        return self.store.events.history(by, value, HISTORY, since)

    def _exemptions(self, now: datetime, known: date | None) -> tuple[ToEnd, ...]:
        exemptions = list(self.store.exemptions.current())
        hid = {each.id: self._hid(each, now - SPAN) for each in exemptions}
        return to_end(exemptions, hid, now, known)

    def _hid(self, exemption: Exemption, since: datetime) -> int | None:
        """Return how much an exemption hid lately; None where no list of ours would tell."""
        scope = exemption.scope
        by, values = (
            ("principal", scope.principals) if scope.principals else ("group", scope.groups)
        )
        if not values:
            return None
        found = [self._history(by, value, since) for value in values]
        events = {outcome.event_id: outcome for each in found for outcome in each}
        hid = sum(exemption.id in outcome.hidden_by for outcome in events.values())
        return None if not hid and any(len(each) >= HISTORY for each in found) else hid


def identity_of(holder: Holder, found: Authorizations) -> Identity:
    """Return a user or role with the statements of its policies."""
    statements: list[Statement] = []
    unread: list[str] = []
    for name, document in holder.inline.items():
        statements += statements_of(name, document)
    for name, arn in holder.attached:
        document = found.policies.get(arn)
        if document is None:
            unread.append(name)
        statements += statements_of(name, document)
    boundary = None
    if holder.boundary:
        boundary = statements_of("the boundary", found.policies.get(holder.boundary))
    kind = Kind.ROLE if holder.is_role else Kind.USER
    return Identity(
        holder.arn, holder.name, kind, holder.path, tuple(statements), boundary, tuple(unread)
    )
