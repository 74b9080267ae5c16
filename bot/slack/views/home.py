"""App Home: the alerts that need somebody, and the help."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block, DividerBlock, HeaderBlock, SectionBlock
from slack_sdk.models.views import View

from bot.alerts.alert import Alert
from bot.alerts.commands import Refusal
from bot.slack.views.blocks import Json, section, words
from bot.slack.views.headline import SENTENCE, happened, status_line
from bot.slack.views.help import help_message
from bot.slack.views.message import Shown, context_line
from bot.slack.views.mrkdwn import bold, escape
from bot.slack.views.refusal import refusal_message

LISTED = 15


@dataclass(frozen=True, slots=True)
class Listed:
    """An alert, and the address of its message if that is known."""

    alert: Alert
    link: str = ""


def home_view(alerts: Sequence[Listed], shown: Shown, total: int = 0) -> Json:
    """Return the home of somebody who may see alerts: the worst first, then the oldest.

    ``total`` is how many there are, where not all of them are given.
    """
    first = sorted(alerts, key=lambda a: (-a.alert.severity.rank, a.alert.raised_at))
    blocks: list[Block] = [HeaderBlock(text=words("Alerts that need somebody"))]
    blocks += [_one(listed, shown) for listed in first[:LISTED]]
    if not first:
        blocks.append(section("None. All quiet."))
    if (more := max(total, len(first)) - len(first[:LISTED])) > 0:
        blocks.append(section(f"… and {more:,} more"))
    return _home([*blocks, DividerBlock()], shown)


def closed_home_view(refusal: Refusal, who: str, shown: Shown) -> Json:
    """Return the home of somebody who may not."""
    return _home([*SectionBlock.parse_all(refusal_message(refusal, who).blocks)], shown)


def _home(blocks: Sequence[Block], shown: Shown) -> Json:
    view = View(type="home", blocks=[*blocks, *help_message(shown).blocks])
    return dict(view.to_dict())


def _one(listed: Listed, shown: Shown) -> Block:
    alert = listed.alert
    what = bold(escape(happened(alert), SENTENCE))
    where = context_line(alert, shown)
    if listed.link:
        where += f" · <{listed.link}|open>"
    return section("\n".join([status_line(alert), what, where]))
