"""The list of alerts that have no message of their own, each with a button to show it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block, InteractiveElement

from bot.changes.sentence import number_of
from bot.slack.views.blocks import Json, button, buttons, context, modal, section
from bot.slack.views.message import Shown
from bot.slack.views.mrkdwn import bold
from bot.slack.views.names import Action
from bot.slack.views.refs import AsideRef
from bot.slack.views.storm import Row, row_section

TITLE = "Alerts in the digest"
PAGE = 10


@dataclass(frozen=True, slots=True)
class AsidePage:
    """A page of the list, from 0, of so many alerts in all."""

    page: int
    count: int
    rows: Sequence[Row]


def aside_list(page: AsidePage, shown: Shown, told: str = "") -> Json:
    """Return a page; ``told`` is what became of what somebody pressed."""
    if not page.count:
        return modal(TITLE, [section("None: every alert has a message of its own.")])
    first = page.page * PAGE
    span = f"{first + 1:,} to {first + len(page.rows):,} of {page.count:,}, the latest first"
    said = f"{number_of(page.count, 'low alert')} without a message of their own"
    blocks: list[Block] = [section(bold(said)), context(span)]
    if turning := list(_turning(page)):
        blocks.append(buttons(turning))
    if told:
        blocks.append(section(told))
    for row in page.rows:
        here = button("Show here", Action.ASIDE_SHOW, AsideRef(page.page, row.alert.id))
        blocks.append(row_section(row, shown, here))
    return modal(TITLE, blocks)


def _turning(page: AsidePage) -> Iterator[InteractiveElement]:
    if page.page > 0:
        yield button("Previous", Action.ASIDE_BACK, AsideRef(page.page - 1))
    if (page.page + 1) * PAGE < page.count:
        yield button("Next", Action.ASIDE_ON, AsideRef(page.page + 1))
