"""Acts: whose the calls around an alert are, and what they say in short."""

import ipaddress
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.alerts.alert import Alert
from bot.alerts.fact import Act
from bot.alerts.outcome import Outcome
from bot.cloudtrail.acted import acted_on, service_of
from bot.cloudtrail.principal import Principal, principal_of
from bot.cloudtrail.record import Record
from bot.cloudtrail.text import printable
from bot.investigation.weighty import kind_of

NAME, ERROR, ADDRESS, REGION = 80, 60, 64, 40
PLAIN = re.compile(r"[\w+=.@:-]{1,64}", re.ASCII)
FEW = 3
"""Keys and addresses of one alert that are looked at."""

DENIALS = ("AccessDenied", "Unauthorized", "Forbidden", "NotAuthorized")


@dataclass(frozen=True, slots=True)
class Whose:
    """Whom an alert is about: the principal, the keys used, and the addresses called from."""

    principal: Principal
    keys: tuple[str, ...]
    addresses: tuple[str, ...]

    def theirs(self, act: Act) -> bool:
        """Return whether they did it themselves.

        People who share a role are told apart by the session's name, which the identity provider
        sets; where the caller chooses the name it says nothing.
        """
        if act.key and act.key in self.keys:
            return True
        person = self.principal.person
        return act.principal == self.principal.id and (not person or act.session == person)

    def near(self, act: Act) -> bool:
        """Return whether it was done from where they called."""
        return bool(act.address) and act.address in self.addresses


def whose(alert: Alert) -> Whose:
    """Return whom an alert, of which a change was seen, is about."""
    seen = alert.worst
    keys = dict.fromkeys(s.principal.access_key for s in seen if s.principal.access_key)
    addresses = dict.fromkeys(s.origin.address for s in seen if _is_address(s.origin.address))
    principal = alert.principal or seen[0].principal
    return Whose(principal, tuple(keys)[:FEW], tuple(addresses)[:FEW])


def act_of_record(record: Record) -> Act:
    """Return what CloudTrail's event history tells of a call."""
    who = principal_of(record)
    return Act(
        event_id=printable(record.event_id, NAME),
        at=record.event_time,
        service=service_of(record),
        action=printable(record.event_name, NAME),
        account=record.recipient_account_id or who.account,
        region=printable(record.aws_region, REGION),
        principal=who.id,
        name=printable(who.label, NAME),
        session=printable(who.session, NAME),
        key=who.access_key,
        address=printable(record.source_ip_address, ADDRESS),
        about=acted_on(record, NAME),
        error=printable(record.error_code, ERROR),
    )


def act_of_outcome(outcome: Outcome) -> Act:
    """Return what we remember of a call."""
    seen = outcome.sighting
    return Act(
        event_id=printable(outcome.event_id, NAME),
        at=outcome.at,
        service=outcome.service,
        action=printable(outcome.action, NAME),
        account=outcome.account,
        region=printable(outcome.region, REGION),
        principal=outcome.principal,
        name=outcome.name or (printable(seen.principal.label, NAME) if seen else ""),
        session=outcome.session or (printable(seen.principal.session, NAME) if seen else ""),
        key=outcome.access_key,
        address=outcome.address,
        about=outcome.about or outcome.group,
        error=printable(outcome.error, ERROR),
    )


def denied(act: Act) -> bool:
    """Return whether AWS refused the call for want of a permission."""
    return any(word in act.error for word in DENIALS)


def weight_of(act: Act) -> int:
    """Return how much a call matters; one that failed changed nothing."""
    return 0 if act.error else kind_of(act.service, act.action).weight


def gravest(acts: Iterable[Act], most: int) -> tuple[Act, ...]:
    """Return the acts that matter most, refusals before what is of no weight, in order of time."""
    ranked = sorted(acts, key=lambda act: (-weight_of(act), not denied(act), act.at, act.event_id))
    return tuple(sorted(ranked[:most], key=lambda act: (act.at, act.event_id)))


def told(acts: Sequence[Act], who: Whose) -> list[str]:
    """Return each sort of act in a few words, the gravest first: "CreateUser bob 03:09"."""
    by_action: dict[tuple[str, str], list[Act]] = {}
    for act in sorted(acts, key=lambda act: (-weight_of(act), act.at, act.event_id)):
        by_action.setdefault((act.action, other(act, who)), []).append(act)
    return [_sort(same, by) for (_, by), same in by_action.items()]


def other(act: Act, who: Whose) -> str:
    """Return who did it, where it was not they."""
    return "" if who.theirs(act) else act.name or act.principal


def _sort(same: Sequence[Act], by: str) -> str:
    first = same[0]
    about = plain(first.about.partition(", ")[0]) if len(same) == 1 else f"({len(same)})"
    others = f"by {plain(by) or 'another'}" if by else ""
    action = plain(first.action) or "a call"
    return " ".join(filter(None, (action, about, others, f"{first.at:%H:%M}")))


def plain(name: str) -> str:
    """Return a name if it is nothing but a name, which cannot pass for more of the line."""
    return name if PLAIN.fullmatch(name) else ""


def counted(actions: Iterable[str], most: int = FEW) -> str:
    """Return names with how often each comes, the most frequent first."""
    found = Counter(plain(action) or "another" for action in actions).most_common()
    named = [f"{action} ({number})" if number > 1 else action for action, number in found]
    more = f" and {len(named) - most} more" if len(named) > most else ""
    return ", ".join(named[:most]) + more


def within(limit: int, parts: Sequence[str], rest: Sequence[str] = ()) -> str:
    """Return as many parts as there is room for, and what must not be left out."""
    line = "; ".join([*parts, *rest])
    for kept in range(len(parts) - 1, -1, -1):
        if len(line) <= limit:
            break
        line = "; ".join([*parts[:kept], f"{len(parts) - kept} more of weight", *rest])
    return printable(line, limit)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
