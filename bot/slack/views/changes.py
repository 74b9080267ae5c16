"""All changes of an alert, page by page: the worst first, or in order of time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from slack_sdk.models.blocks import Block, ButtonElement

from bot.alerts.alert import Alert
from bot.alerts.sighting import Sighting
from bot.slack.views.blocks import Json, button, buttons, code_sections, context, modal, section
from bot.slack.views.facts import change_lines
from bot.slack.views.headline import LIGHTS, SENTENCE, happened
from bot.slack.views.mrkdwn import bold, escape, in_code
from bot.slack.views.names import Action
from bot.slack.views.refs import ChangesRef

TITLE = "All changes"
PAGE = 20
RULES, LINE = 3, 160
"""Rules of one change that are shown, and characters of each line."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some changes of an alert. ``ref`` is where they begin, ``next`` where the next page does."""

    ref: ChangesRef
    changes: Sequence[Sighting]
    next: ChangesRef | None = None


def all_changes(alert: Alert, page: Page, told: str = "") -> Json:
    """Return a page of the alert's changes; ``told`` is what became of a download."""
    what = f"{LIGHTS[alert.severity]} {bold(escape(happened(alert), SENTENCE))}"
    blocks: list[Block] = [section(what), context(_where(alert, page))]
    blocks.append(buttons(list(_row(alert, page))))
    if told:
        blocks.append(section(told))
    return modal(TITLE, [*blocks, *code_sections(list(_lines(page.changes)))])


def _where(alert: Alert, page: Page) -> str:
    first, last = page.ref.before + 1, page.ref.before + len(page.changes)
    span = f"{first:,} to {last:,}" if page.changes else "None"
    if page.ref.worst:
        worst, total = len(alert.worst), alert.counts.changes
        which = f"{span} of {worst}" if worst == total else f"{span} of the worst {worst}"
        rest = "" if worst == total else f" of {total:,} changes"
        order = "the worst first"
    else:
        which, rest, order = f"{span} of {alert.counts.changes:,}", "", "the oldest first"
    return f"{which}{rest} · {order} · times are UTC · {alert.id}"


def _lines(changes: Sequence[Sighting]) -> Iterator[str]:
    days = {seen.change.at.date() for seen in changes}
    form = "%H:%M:%S" if len(days) == 1 else "%m-%d %H:%M"
    for seen in changes:
        lines = change_lines(seen, named=True)
        head = f"{seen.change.at:{form}} {seen.severity.value:<8} "
        for place, line in enumerate(islice(lines, RULES)):
            yield (head if place == 0 else " " * len(head)) + in_code(line, LINE)
        if more := sum(1 for _ in lines):
            yield " " * len(head) + f"… and {more} more"


def _row(alert: Alert, page: Page) -> Iterator[ButtonElement]:
    """Yield what turns the pages; of more changes than the worst also what changes the order."""
    ref = page.ref
    if ref.before > 0:
        yield button("Previous", Action.CHANGES_BACK, ref)
    if page.next is not None:
        yield button("Next", Action.CHANGES_ON, page.next)
    if alert.counts.changes > len(alert.worst):
        label = "In order of time" if ref.worst else "The worst first"
        other = replace(ref, start=0, before=0, worst=not ref.worst)
        yield button(label, Action.CHANGES_ORDER, other)
    yield button("Download CSV", Action.CHANGES_CSV, ref)
    yield button("Download JSON", Action.CHANGES_JSON, ref)
