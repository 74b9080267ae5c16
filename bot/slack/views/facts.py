"""Facts: the short labelled lines under an alert's headline."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.alerts.alert import Alert
from bot.alerts.fact import Question
from bot.alerts.sighting import Sighting
from bot.changes.change import Change, Verb
from bot.changes.sentence import edited_line, rule_line
from bot.cloudtrail.principal import Principal
from bot.cloudtrail.text import printable
from bot.slack.views.findings import finding
from bot.slack.views.mrkdwn import in_code

LABEL = 10
NAME = 80
LINE = 160
AWS_ROLE = "AWSServiceRoleFor"
"""How AWS names the roles of its services, whose sessions it names too."""

RULES_SHOWN = 6
OTHERS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what it says, as outside text; every line but the first is indented."""

    label: str
    lines: tuple[str, ...]


def table(facts: Iterable[Fact]) -> list[str]:
    """Return the facts as lines of code, their labels in one column."""
    return [
        f"{fact.label if place == 0 else '':<{LABEL}}{in_code(line, LINE)}"
        for fact in facts
        for place, line in enumerate(line for line in fact.lines if line.strip())
    ]


def facts_of(alert: Alert, asked: Collection[Question]) -> list[Fact]:
    """Return at most six facts: what the records say, and what was found by asking."""
    if not alert.worst:
        return []

    def found(question: Question) -> str:
        return finding(alert, question, asked)

    return [
        rules_fact(alert),
        Fact("Behind", (found(Question.BEHIND),)),
        Fact("Who", (who(alert.worst[0].principal), found(Question.WHO), says(alert))),
        Fact("Usual?", (found(Question.HABIT),)),
        Fact("From", (origin(alert), found(Question.PLACE))),
        Fact("Around", (found(Question.ACTIVITY), found(Question.PERSISTENCE))),
    ]


def origin(alert: Alert) -> str:
    """Return with what and from where it was done."""
    tools = _few(s.origin.tool or s.origin.user_agent for s in alert.worst)
    return _joined(tools, _few(s.origin.address for s in alert.worst))


def says(alert: Alert) -> str:
    """Return when the actor was asked, and what they say; empty where they were not."""
    actor = alert.actor
    if actor is None:
        return ""
    asked = f"{printable(actor.name, NAME)} was asked {actor.asked_at:%H:%M} UTC"
    if actor.answer is None:
        return f"{asked}; no answer yet"
    reason = f" (“{actor.reason}”)" if actor.reason else ""
    return f"{asked}; says: {actor.answer.words}{reason}"


def rules_fact(alert: Alert) -> Fact:
    """Return the rules of the worst changes, and how many more there are."""
    several = alert.counts.changes > 1
    lines = [line for s in alert.worst for line in change_lines(s, named=several)]
    shown = lines[:RULES_SHOWN]
    without_rules = sum(not s.change.touched for s in alert.worst)
    more = max(len(lines), alert.counts.rules + without_rules) - len(shown)
    if more > 0:
        shown.append(f"… and {more} more")
    return Fact("Rule" if len(lines) == 1 else "Rules", tuple(shown))


def listed(label: str, lines: Sequence[str]) -> Fact:
    """Return a fact of several lines, the first few of them; the rest are counted."""
    more = len(lines) - RULES_SHOWN
    rest = (f"… and {more} more",) if more > 0 else ()
    return Fact(label, (*lines[:RULES_SHOWN], *rest))


def who(principal: Principal) -> str:
    """Return who called, how they came in, and whether with a second factor."""
    parts = [printable(principal.label, NAME)]
    if principal.console:
        parts.append("console")
    elif principal.access_key:
        parts.append(f"key {principal.access_key}")
    if principal.mfa is not None:
        parts.append("MFA yes" if principal.mfa else "MFA no")
    if principal.person and principal.role:
        parts.append(f"role {principal.role}")
    elif principal.session and not principal.role.startswith(AWS_ROLE):
        parts.append("session name chosen by the caller")
    if principal.source_identity:
        parts.append(f"source identity {principal.source_identity}")
    if principal.invoked_by:
        parts.append(f"through {principal.invoked_by}")
    return ", ".join(parts)


def change_lines(seen: Sighting, *, named: bool) -> Iterator[str]:
    """Yield what one change did, a line for each rule, ``named`` with its group."""
    change = seen.change
    where = f"  on {change.group}" if named else ""
    lines = list(_marked(seen))
    if not lines or change.verb is Verb.DELETE:
        lines, where = [_whole(change), *lines], ""
    for line in lines:
        yield f"{line}{where}"
    if change.error:
        yield f"the call failed: {change.error}"


def _marked(seen: Sighting) -> Iterator[str]:
    """Yield each rule with what became of it: + added, - removed, ~ edited, ! asked in vain."""
    change, was = seen.change, {rule.rule_id: rule for rule in seen.before if rule.rule_id}
    yield from (f"+ {rule_line(rule)}" for rule in change.added)
    yield from (f"- {rule_line(rule)}" for rule in change.removed)
    for rule in change.modified:
        old = was.get(rule.rule_id)
        yield f"~ {edited_line(old, rule) if old else rule_line(rule)}"
    yield from (f"! {rule_line(rule)}" for rule in change.asked)
    mark = "-" if change.verb is Verb.REVOKE else "~"
    for rule_id in change.rule_ids:
        old = was.get(rule_id)
        yield f"{mark} {rule_line(old)}" if old else f"{mark} rule {rule_id}"
    if change.verb is Verb.DELETE:
        yield from (f"- {rule_line(rule)}" for rule in seen.before)
    yield from (f"+ {cidr} in {change.target}" for cidr in change.cidrs_added)
    yield from (f"- {cidr} in {change.target}" for cidr in change.cidrs_removed)


def _whole(change: Change) -> str:
    """Return a change without group rules: the call, what it was about, and what came of it."""
    about = change.target or str(change.group)
    moved = f" → {', '.join(change.groups_after)}" if change.groups_after else ""
    detail = f": {change.detail}" if change.detail else ""
    return f"{change.action} {about}{moved}{detail}"


def _joined(*parts: str) -> str:
    return ", ".join(filter(None, parts))


def _few(values: Iterable[str]) -> str:
    distinct: Sequence[str] = list(dict.fromkeys(value for value in values if value))
    more = len(distinct) - OTHERS_SHOWN
    rest = f" and {more} more" if more > 0 else ""
    return ", ".join(distinct[:OTHERS_SHOWN]) + rest
