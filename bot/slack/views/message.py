"""The alert's message: what happened, the facts, and the buttons that fit where it stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, InteractiveElement

from bot.alerts.alert import Alert, ResolutionKind, Status
from bot.alerts.asking import whom
from bot.alerts.closed import balance
from bot.alerts.fact import Question
from bot.changes.sentence import rule_line
from bot.slack.views.blocks import (
    Json,
    as_json,
    button,
    buttons,
    code_sections,
    context,
    menu,
    section,
)
from bot.slack.views.climb import ladder_line
from bot.slack.views.containment import approvals, containment_facts
from bot.slack.views.facts import Fact, facts_of, listed, table
from bot.slack.views.findings import LOOKING, finding, reasons
from bot.slack.views.headline import (
    SENTENCE,
    also,
    happened,
    lasted,
    notification,
    status_line,
    undone,
    world_sighting,
)
from bot.slack.views.held import held_facts, release_button
from bot.slack.views.mrkdwn import bold, both_clocks, escape, plain
from bot.slack.views.names import Action
from bot.slack.views.refs import AlertRef, MenuRef
from bot.slack.views.resolution import resolution_facts

WHO = 60
"""Characters of a name in the menu, of the 75 that Slack allows."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the views need beside the alert.

    ``accounts`` maps account ids to names; ``asked`` are the questions that there is an answer to
    come for; ``people`` maps Slack user ids to the principals that they are. ``dry`` is that no
    call that changes AWS is made.
    """

    containment: bool = False
    accounts: Mapping[str, str] = field(default_factory=dict)
    asked: frozenset[Question] = frozenset()
    people: Mapping[str, Sequence[str]] = field(default_factory=dict)
    dry: bool = False

    def account(self, account_id: str) -> str:
        """Return the account's name, or its id where it has none."""
        return self.accounts.get(account_id) or account_id


@dataclass(frozen=True, slots=True)
class Message:
    """A message: the text for notifications and screen readers, and the blocks."""

    text: str
    blocks: tuple[Json, ...]


def alert_message(alert: Alert, shown: Shown) -> Message:
    """Return the message that shows the alert as it stands."""
    head = section(_head(alert), next(_menu(_looks(alert, shown)), None))
    blocks: list[Block] = [head, *code_sections(table(_facts(alert, shown)))]
    blocks.append(context(context_line(alert, shown)))
    blocks.append(_row(alert, shown))
    account = shown.account(alert.worst[0].change.account) if alert.worst else ""
    return Message(notification(alert, account), as_json(blocks))


def context_line(alert: Alert, shown: Shown) -> str:
    """Return where and when: account, region, group, time, and the alert's id."""
    parts = [place(alert, shown), both_clocks(alert.first_at or alert.raised_at), alert.id]
    if alert.after:
        parts.append(f"follows {alert.after}")
    line = " · ".join(part for part in parts if part)
    known = {fact.question for fact in alert.facts if fact.value}
    told = (Question.GROUP, *({Question.MANAGED} & known))
    found = (finding(alert, each, shown.asked) for each in told)
    about = " · ".join(escape(text) for text in found if text and text != LOOKING)
    return f"{line}\n{about}" if about else line


def place(alert: Alert, shown: Shown) -> str:
    """Return where: account, region and group."""
    if not alert.worst:
        return ""
    change, groups = alert.worst[0].change, len(alert.counts.groups)
    parts = [escape(shown.account(change.account)), escape(change.region)]
    named = (s.change.group for s in alert.worst if s.change.group.id or s.change.group.name)
    group = next(named, None)
    if group is not None:
        parts.append(escape(str(group)) if groups <= 1 else f"{groups} groups")
    return " · ".join(filter(None, parts))


def _head(alert: Alert) -> str:
    lines = [status_line(alert)]
    resolution = alert.resolution
    if resolution is not None and resolution.kind is ResolutionKind.REVERTED:
        exposed = world_sighting(alert)
        open_for = (
            f" It was open for {lasted(resolution.at - exposed.change.at)}" if exposed else ""
        )
        lines.append(bold(escape(undone(alert), SENTENCE)) + open_for)
    else:
        lines.append(bold(escape(happened(alert), SENTENCE)))
        if alert.status is not Status.RESOLVED:
            lines += [also(alert), _why(alert), ladder_line(alert)]
    return "\n".join(filter(None, lines))


def _why(alert: Alert) -> str:
    why = reasons(alert)
    return f"{alert.severity.value.capitalize()} because: {escape(why, SENTENCE)}" if why else ""


def _facts(alert: Alert, shown: Shown) -> list[Fact]:
    known = [*held_facts(alert), *facts_of(alert, shown.asked)]
    if alert.resolution is not None:
        return resolution_facts(alert, alert.resolution, known)
    return [*known, *_closed_facts(alert), *containment_facts(alert)]


def _closed_facts(alert: Alert) -> list[Fact]:
    """Return what somebody took away again; the headline says it where that is everything."""
    lines = [
        f"{rule_line(opened.rule) if opened.rule else opened.cidr} on {opened.place}, by "
        f"{closing.by}, after {lasted(closing.at - opened.at)}"
        for opened, closing in ((each.opened, each.closing) for each in balance(alert).closed)
    ]
    return [listed("Closed", lines)]


def _row(alert: Alert, shown: Shown) -> ActionsBlock:
    """Return the buttons that fit; while a containment runs nothing may be decided."""
    ref = AlertRef(alert.id, alert.version)
    row: list[InteractiveElement] = []
    if alert.running is None:
        row += _decisions(alert, shown, ref)
    row.append(button("Guide…", Action.GUIDE, ref))
    return buttons([*row, *_menu(_deeds(alert, shown))])


def _menu(options: Mapping[str, MenuRef]) -> Iterator[InteractiveElement]:
    """Yield the menu of these; Slack's holds five at most."""
    if options:
        yield menu(Action.MORE, options)


def _looks(alert: Alert, shown: Shown) -> Mapping[str, MenuRef]:
    """Return what more there is to look at."""
    options = {}
    if shown.asked:
        options["What was found…"] = MenuRef(alert.id, "found")
    if alert.counts.changes > 1:
        options["All changes…"] = MenuRef(alert.id, "changes")
    return options


def _deeds(alert: Alert, shown: Shown) -> Mapping[str, MenuRef]:
    """Return what more there is to do."""
    options = {}
    if alert.principal is not None and may_be_asked(alert, shown):
        options[f"Ask {plain(alert.principal.label, WHO)}"] = MenuRef(alert.id, "ask")
    if alert.status is not Status.RESOLVED:
        options["Escalate now…"] = MenuRef(alert.id, "escalate")
        options["Snooze…"] = MenuRef(alert.id, "snooze")
    return {**options, **_isolating(alert, shown)}


def _isolating(alert: Alert, shown: Shown) -> Mapping[str, MenuRef]:
    """Return what isolates what is exposed and stops who did it; nothing while AWS is changed."""
    if alert.running is not None or alert.waiting is not None:
        return {}
    options = {}
    if alert.counts.groups:
        options["Quarantine…"] = MenuRef(alert.id, "quarantine")
    if alert.principal is not None:
        options["Restrict who did it…"] = MenuRef(alert.id, "restrict")
    if shown.containment:
        return options
    return {f"How to {label[0].lower()}{label[1:]}": ref for label, ref in options.items()}


def may_be_asked(alert: Alert, shown: Shown) -> bool:
    """Return whether whoever did it can be asked, and has not been yet."""
    known = whom(alert.principal, shown.people) is not None
    return known and alert.actor is None and alert.status is not Status.RESOLVED


def _decisions(alert: Alert, shown: Shown, ref: AlertRef) -> Iterator[ButtonElement]:
    if alert.waiting is not None:
        yield from approvals(ref)
        if alert.status is Status.OPEN:
            yield button("Acknowledge", Action.ACKNOWLEDGE, ref)
        return
    if alert.status is Status.RESOLVED:
        yield button("Reopen…", Action.REOPEN, ref)
        yield from release_button(alert, ref)
        if shown.containment and alert.undoable is not None:
            yield button("Undo…", Action.UNDO, ref)
        return
    if alert.status is Status.OPEN:
        yield button("Acknowledge", Action.ACKNOWLEDGE, ref, "primary")
    yield button("Mark benign…", Action.BENIGN, ref)
    yield button("Exempt…", Action.EXEMPT, ref)
    yield from release_button(alert, ref)
    if shown.containment:
        yield button("Revert…", Action.REVERT, ref, "danger")
    else:
        yield button("How to revert…", Action.HOW_TO_REVERT, ref)
