"""The scopes that the exempt form offers, each with what it would have hidden and its button."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from bot.exemptions.offers import Offer
from bot.exemptions.preview import Preview, counted
from bot.slack.views.blocks import button, context, section
from bot.slack.views.mrkdwn import bold, escape
from bot.slack.views.names import Action
from bot.slack.views.refs import OfferRef
from bot.slack.views.scope_fields import ScopeFields, fields_of

LINE = 300
FORGED = (
    "⚠️ A tool's name can be forged: whoever calls AWS chooses it. "
    "It narrows an exemption, and proves nothing."
)


@dataclass(frozen=True, slots=True)
class Offered:
    """A scope to choose, and what it would have hidden."""

    offer: Offer
    found: Preview


def offer_sections(
    alert_id: str, offered: Sequence[Offered], given: ScopeFields
) -> Iterator[Block]:
    """Yield the scopes, the narrowest first; which of them stands in the fields is told."""
    if len(offered) > 1:
        yield section("How much is expected? The narrowest comes first.")
    for number, each in enumerate(offered):
        offer = each.offer
        first = bold(f"{number + 1} · {escape(offer.told, LINE)}")
        lines = [first, f"{escape(counted(each.found, offer.scope), LINE)}."]
        lines += [_unusual(address) for address in offer.unusual]
        if fields_of(offer.scope) == given:
            lines.append("✅ This stands in the fields below.")
            yield section("\n".join(lines))
        else:
            ref = OfferRef(alert_id, number)
            use = button(f"Use {number + 1}", Action.EXEMPT_OFFER, ref)
            yield section("\n".join(lines), use)
    if any(each.offer.scope.tools for each in offered):
        yield context(FORGED)


def _unusual(address: str) -> str:
    return f"⚠️ {escape(address, 60)} is in none of your ranges, and new for this caller this week."
