"""The group: what it is for, its rules now, and whose rules name it.

At most six calls: the group (shared with what asks who manages it), its rules (two where it has
none), two for groups that name it, one for those of peered VPCs.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.alerts.alert import Alert
from bot.alerts.fact import Fact, Question, Signal
from bot.aws.errors import AwsError
from bot.aws.network import Described
from bot.changes.change import Change
from bot.changes.rules import Direction, GroupRule, Peer
from bot.changes.sentence import number_of, rule_line
from bot.cloudtrail.text import printable
from bot.investigation.group_tags import Labels, is_production, labels_of
from bot.investigation.groups import Groups
from bot.investigation.run import Answer

FIELD = "aws.cloudtrail.flattened.request_parameters.groupId"
GONE = "the group is gone"
LINE = 110
NAME = 50
LISTED = 60
TAGS_LISTED = 15
PRODUCTION = 2


class Before(Protocol):
    """What knows how a group was before a change."""

    def __call__(self, change: Change, /) -> Collection[GroupRule] | None:
        """Return the rules before the change; None where they are not known."""
        ...


@dataclass(frozen=True, slots=True)
class Referring:
    """Who names a group: groups of the same account and region, and VPCs further on.

    None is for what could not be read; ``untold`` says why.
    """

    groups: tuple[Described, ...] | None = ()
    networks: tuple[str, ...] | None = ()
    untold: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Asks about the group of the worst change.

    ``environments`` are the accounts' by their ids. ``before`` tells the rules before a change.
    """

    groups: Groups
    environments: Mapping[str, str] = field(default_factory=dict)
    before: Before | None = None

    def __call__(self, alert: Alert, now: datetime, /) -> Answer:
        """Return what the group is. Raises AwsError where asking again may help."""
        change = alert.worst[0].change
        account, region, group = change.account, change.region, change.group.id
        environment = self.environments.get(account, "")
        try:
            described = self.groups.describe(account, region, group, now)
            # Of several changes the rules are to be read after the last.
            rules = self.groups.rules(account, region, group, now, alert.last_at)
        except AwsError as error:
            if error.retry:
                raise
            unknown = Fact(Question.GROUP, group, unknown=str(error), field=FIELD)
            return Answer((unknown,), signals_of(Labels(), environment))
        if described is None or rules is None:
            gone = Fact(Question.GROUP, group, GONE, field=FIELD)
            return Answer((gone,), signals_of(Labels(), environment))
        labels = labels_of(described.tags)
        referring = self._referring(account, region, group, now)
        before = self.before(change) if self.before else None
        fact = Fact(
            Question.GROUP,
            group,
            value_of(described, labels, rules, referring),
            more=tuple(lines_of(described, rules, referring, before)),
            field=FIELD,
        )
        return Answer((fact,), signals_of(labels, environment))

    def _referring(self, account: str, region: str, group: str, now: datetime) -> Referring:
        untold: list[str] = []
        groups: tuple[Described, ...] | None = None
        networks: tuple[str, ...] | None = None
        try:
            groups = self.groups.referring(account, region, group, now)
            networks = self.groups.referring_networks(account, region, group, now)
        except AwsError as error:
            if error.retry:
                raise
            untold.append(str(error))
        return Referring(groups, networks, tuple(untold))


def value_of(
    group: Described, labels: Labels, rules: Sequence[GroupRule], referring: Referring
) -> str:
    """Return "web-prod in vpc-1, production, owner data; 4 rules, named by 1 group"."""
    parts = [f"{printable(group.name, NAME)} in {group.vpc}" if group.vpc else group.name]
    parts += [labels.environment] if labels.environment else []
    parts += [f"owner {labels.owner}"] if labels.owner else []
    parts += [f"service {labels.service}"] if labels.service else []
    number = number_of(len(rules), "rule")
    return printable(f"{', '.join(parts)}; {number}{_named_by(referring)}", LINE)


def lines_of(
    group: Described,
    rules: Sequence[GroupRule],
    referring: Referring,
    before: Collection[GroupRule] | None,
) -> Iterator[str]:
    """Yield the details: description, tags, the rules now beside those before, who names it."""
    yield f"Description: {group.description or 'none'}"
    tags = [printable(f"{key}={group.tags[key]}", LINE) for key in sorted(group.tags)]
    if tags:
        more = f" and {len(tags) - TAGS_LISTED} more" if len(tags) > TAGS_LISTED else ""
        yield f"Tags: {', '.join(tags[:TAGS_LISTED])}{more}"
    lines = list(rule_lines(rules, before))
    yield "Rules now, + new and - gone since before:" if before is not None else "Rules now:"
    yield from lines[:LISTED] or ["none"]
    if len(lines) > LISTED:
        yield f"… and {len(lines) - LISTED} more"
    if referring.groups:
        named = [f"{other.id} ({other.name})" for other in referring.groups]
        yield f"Named by the rules of {_listed(named)}"
    if referring.networks:
        yield f"Named by groups in {_listed(referring.networks)}"
    yield from referring.untold


def rule_lines(rules: Sequence[GroupRule], before: Collection[GroupRule] | None) -> Iterator[str]:
    """Yield a line for each rule; beside those before they are marked + and -."""
    known = frozenset(rules if before is None else before)
    for rule in sorted(rules, key=_place):
        mark = "" if before is None else "  " if rule in known else "+ "
        note = f" “{printable(rule.description, LINE)}”" if rule.description else ""
        yield f"{mark}{rule_line(rule)}{note}"
    yield from (f"- {rule_line(rule)}" for rule in sorted(known - frozenset(rules), key=_place))


def signals_of(labels: Labels, environment: str) -> tuple[Signal, ...]:
    """Return whether the group is in production, by its tags or by its account's environment."""
    if is_production(labels.environment):
        text = f"in production, says its tag ({labels.environment})"
    elif is_production(environment):
        text = "in a production account"
    else:
        return ()
    return (Signal("production", PRODUCTION, text),)


def _named_by(referring: Referring) -> str:
    if referring.groups is None:
        return ""
    number = len(referring.groups)
    parts = [number_of(number, "group")] if number else []
    if referring.networks:
        others = len(referring.networks)
        parts.append(f"groups of {number_of(others, 'other VPC')}")
    if not parts:
        return "" if referring.networks is None else ", named by no other group"
    return f", named by {' and '.join(parts)}"


def _place(rule: GroupRule) -> tuple[bool, str, int, int, Peer]:
    """Return where a rule stands among the others: what lets in comes first."""
    first, last = rule.from_port or 0, rule.to_port or 0
    return rule.direction is Direction.EGRESS, rule.protocol, first, last, rule.peer


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - TAGS_LISTED} more" if len(names) > TAGS_LISTED else ""
    return ", ".join(names[:TAGS_LISTED]) + more
