"""Acts: the calls around an alert, each with its place in the CloudTrail console."""

from collections.abc import Iterator, Sequence

from slack_sdk.models.blocks import Block

from bot.alerts.fact import Act
from bot.cloudtrail.console import event_url
from bot.slack.views.blocks import section
from bot.slack.views.mrkdwn import escape, link

IN_A_BLOCK = 10
TEXT = 140


def act_sections(acts: Sequence[Act], principal: str) -> Iterator[Block]:
    """Yield a line for each act; ``principal`` is whose that need not be said."""
    for start in range(0, len(acts), IN_A_BLOCK):
        lines = [_line(act, principal) for act in acts[start : start + IN_A_BLOCK]]
        yield section("\n".join(lines))


def _line(act: Act, principal: str) -> str:
    at = link(event_url(act.region, act.event_id), f"{act.at:%H:%M}")
    parts = (
        f"{act.action} {act.about}".strip(),
        f"by {act.name or act.principal}" if act.principal != principal else "",
        f"{act.account}/{act.region}",
        f"failed: {act.error}" if act.error else "",
    )
    return f"• {at} UTC  {escape(' · '.join(filter(None, parts)), TEXT)}"
