"""The review for a person at a terminal."""

from collections.abc import Iterable, Iterator, Mapping

from bot.cloudtrail.text import printable
from bot.exemptions.model import until_told
from bot.investigation.grants import Grant
from bot.investigation.policies import ACTIONS
from bot.investigation.review import AccountReview, Doer, OpenGroup, OpenPorts, Review, ToEnd

SOURCES = 3
WORD = 200


def lines_of(review: Review, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the review as text."""
    known = f"since {review.known_since}" if review.known_since else "as far as is known"
    yield f"Review of {review.at:%Y-%m-%d %H:%M} UTC"
    yield f"Who did what: from sgwatch's own history, {known}; at most 90 days are looked at."
    yield "Service control policies, session policies and the root user are not looked at."
    for account in review.accounts:
        yield ""
        yield from _account(account, names, known)
    yield ""
    yield from _section("Exemptions to end or narrow", map(_exemption, review.exemptions))


def _account(found: AccountReview, names: Mapping[str, str], known: str) -> Iterator[str]:
    name = names.get(found.account)
    yield f"{name} ({found.account})" if name else found.account
    yield from _section("Not known", found.unknown)
    yield from _section("Can change groups", map(grant_line, [g for g in found.can if g.sure]))
    yield from _section("Perhaps can", map(grant_line, [g for g in found.can if not g.sure]))
    yield from _section("Did", map(_doer, found.did))
    idle = (f"{grant.kind} {grant.name}" for grant in found.removals)
    yield from _section(f"Could lose it: can, and did not {known}", idle)
    yield from _section("Open to the world", map(open_line, found.open))


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    listed = list(lines)
    yield f"  {title}: {len(listed) or 'none'}"
    yield from (f"    {line}" for line in listed)


def grant_line(grant: Grant) -> str:
    """Return who can do what, and by which policies."""
    what = "" if len(grant.actions) == len(ACTIONS) else f", only {', '.join(grant.actions)}"
    more = len(grant.by) - SOURCES
    by = "; ".join(grant.by[:SOURCES]) + (f"; and {more} more" if more > 0 else "")
    service = " (AWS's own)" if grant.of_service else ""
    but = f"; {grant.but}" if grant.but else ""
    allowed = by or "policies that were not read"
    return f"{grant.kind} {grant.name}{service}: by {allowed}{what}{but}"


def open_line(group: OpenGroup) -> str:
    """Return what is open, and since when."""
    ports = ", ".join(map(_since, group.ports))
    return f"{group.id} ({group.name}) in {group.region}: {ports}"


def _since(ports: OpenPorts) -> str:
    since = f"{ports.since:%Y-%m-%d %H:%M} UTC" if ports.since else "before sgwatch knew"
    return f"{ports.what} since {since}"


def _doer(doer: Doer) -> str:
    times = "once" if doer.changes == 1 else f"{doer.changes} times"
    return f"{doer.label}: {times}, last {doer.last:%Y-%m-%d %H:%M} UTC ({doer.principal})"


def _exemption(found: ToEnd) -> str:
    owner, reason = printable(found.owner, WORD), printable(found.reason, WORD)
    until = until_told(found.expires_at)
    return f"{found.id} by {owner}, {until}: {'; '.join(found.why)} (“{reason}”)"
