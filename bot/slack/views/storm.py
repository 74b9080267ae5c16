"""A storm: the one notice that a channel gets of many alerts, and the list behind it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from slack_sdk.models.blocks import Block, ButtonElement, InteractiveElement, SectionBlock

from bot.alerts.alert import Alert
from bot.alerts.storm import Storm, Tally
from bot.changes.sentence import number_of
from bot.slack.views.blocks import (
    Json,
    as_json,
    button,
    buttons,
    choice,
    code_sections,
    context,
    markup,
    modal,
    section,
)
from bot.slack.views.headline import LIGHTS, happened, status_line
from bot.slack.views.message import Message, Shown
from bot.slack.views.mrkdwn import bold, clock, day, escape, in_code
from bot.slack.views.names import Action
from bot.slack.views.refs import RowRef, StormRef

TITLE = "Storm of alerts"
WORST, PAGE = 10, 10
LINE, SENTENCE = 150, 200


@dataclass(frozen=True, slots=True)
class StormSeen:
    """A storm as its notice tells it. ``worst`` are the first alerts on its list."""

    storm: Storm
    tally: Tally
    worst: Sequence[Alert]
    over: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """An alert on the list: the address of its own message, or whether one is under way."""

    alert: Alert
    link: str = ""
    wanted: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a storm's list, of which ``count`` alerts are of the severity that was chosen."""

    ref: StormRef
    tally: Tally
    count: int
    rows: Sequence[Row]


def storm_message(seen: StormSeen) -> Message:
    """Return the notice as the storm stands."""
    tally, storm = seen.tally, seen.storm
    what = f"{number_of(tally.alerts, 'alert')} by {_who(tally)}"
    if seen.over:
        head = f"✅ {bold('THE STORM IS OVER')}\n{bold(what)}"
        when = f"from {clock(storm.since)} to {clock(storm.last)}"
    else:
        head = f"🌪️ {bold('STORM')} · so many that they are listed here\n{bold(what)}"
        when = f"since {clock(storm.since)}"
    lines = [section(head), context(f"{severities(tally)} · {when}")]
    blocks: list[Block] = [*lines, *code_sections([_line(alert) for alert in seen.worst])]
    if more := tally.alerts - len(seen.worst):
        blocks.append(context(f"… and {more:,} more on the list. {ALONE}"))
    else:
        blocks.append(context(ALONE))
    ref = StormRef(storm.id)
    blocks.append(buttons([button("Show all…", Action.STORM, ref, "primary")]))
    worst = max((each for each, number in tally.severities.items() if number), default="")
    said = f"{'✅ Storm over' if seen.over else '🌪️ STORM'}: {what}"
    return Message(f"{said}, at worst {worst}" if worst else said, as_json(blocks))


ALONE = "Critical alerts have a message of their own. Nothing is dropped."


def storm_list(page: Page, shown: Shown, told: str = "") -> Json:
    """Return a page of the list; ``told`` is what became of what somebody pressed."""
    tally, ref = page.tally, page.ref
    first = ref.page * PAGE
    span = f"{first + 1:,} to {first + len(page.rows):,}" if page.rows else "none"
    total = f"{page.count:,}" if ref.severity is None else f"{page.count:,} {ref.severity.value}"
    blocks: list[Block] = [
        section(bold(f"{number_of(tally.alerts, 'alert')} by {_who(tally)}")),
        context(f"{severities(tally)} · {span} of {total}, the worst first"),
        buttons(list(_turning(page))),
    ]
    if told:
        blocks.append(section(told))
    for row in page.rows:
        here = button("Show here", Action.SHOW_HERE, RowRef(row.alert.id, ref))
        blocks.append(row_section(row, shown, here))
    blocks.append(
        buttons(
            [
                button("Download CSV", Action.STORM_CSV, ref),
                button("Download JSON", Action.STORM_JSON, ref),
            ]
        )
    )
    return modal(TITLE, blocks)


def severities(tally: Tally) -> str:
    """Return how many alerts there are of each severity."""
    return " · ".join(
        f"{LIGHTS[severity]} {number:,} {severity.value}"
        for severity, number in tally.severities.items()
        if number
    )


def _who(tally: Tally) -> str:
    where = f" in {number_of(tally.accounts, 'account')}" if tally.accounts else ""
    return number_of(tally.principals, "principal") + where


def _line(alert: Alert) -> str:
    return f"{alert.severity.value:<9}{alert.id}  {in_code(happened(alert), LINE)}"


def _turning(page: Page) -> Iterator[InteractiveElement]:
    """Yield the choice of a severity, and what turns the pages."""
    ref = page.ref
    options = {f"All ({page.tally.alerts:,})": StormRef(ref.storm)}
    chosen = next(iter(options))
    for severity, number in page.tally.severities.items():
        if number or severity is ref.severity:
            text = f"{severity.value.capitalize()} ({number:,})"
            options[text] = StormRef(ref.storm, severity=severity)
            chosen = text if severity is ref.severity else chosen
    yield choice(Action.STORM_SEVERITY, options, chosen)
    if ref.page > 0:
        yield button("Previous", Action.STORM_BACK, replace(ref, page=ref.page - 1))
    if (ref.page + 1) * PAGE < page.count:
        yield button("Next", Action.STORM_ON, replace(ref, page=ref.page + 1))


def row_section(row: Row, shown: Shown, here: ButtonElement) -> SectionBlock:
    """Return an alert on a list, with the button that has it shown if it is not."""
    alert = row.alert
    account = escape(shown.account(alert.worst[0].change.account)) if alert.worst else ""
    when = f"{day(alert.raised_at)} {clock(alert.raised_at)}"
    where = " · ".join(filter(None, (account, when, alert.id)))
    if row.link:
        where += f" · <{row.link}|its message>"
    elif row.wanted:
        where += " · its message is on the way"
    lines = [status_line(alert), bold(escape(happened(alert), SENTENCE)), where]
    wanted = bool(row.link) or row.wanted
    return SectionBlock(text=markup("\n".join(lines)), accessory=None if wanted else here)
