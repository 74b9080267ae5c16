"""The review in Slack: of each account who can, who did, what could go, and what is open."""

from collections.abc import Iterator, Mapping, Sequence

from slack_sdk.models.blocks import Block, DividerBlock

from bot.changes.sentence import number_of
from bot.investigation.review import AccountReview, OpenGroup, Review, ToEnd
from bot.slack.views.blocks import as_json, context, section
from bot.slack.views.message import Message
from bot.slack.views.mrkdwn import bold, code, day, escape

ACCOUNTS, NAMED, PORTS = 6, 4, 2
"""Accounts and names that a message tells; ``sgwatch review`` tells all."""

NAME, WHY = 48, 150


def review_message(review: Review, names: Mapping[str, str]) -> Message:
    """Return the message; ``names`` are the accounts' names by their ids."""
    open_groups = sum(len(account.open) for account in review.accounts)
    idle = sum(len(account.removals) for account in review.accounts)
    told = (
        f"Review of {number_of(len(review.accounts), 'account')}: "
        f"{number_of(open_groups, 'group')} open to the world, "
        f"{idle} who can change groups and did not, "
        f"{number_of(len(review.exemptions), 'exemption')} to end or narrow"
    )
    blocks: list[Block] = [section(f"🗓️ {bold(told)}")]
    first = sorted(review.accounts, key=lambda a: (-len(a.open), -len(a.removals), a.account))
    blocks += [section("\n".join(_account(account, names))) for account in first[:ACCOUNTS]]
    if len(first) > ACCOUNTS:
        blocks.append(context(f"… and {len(first) - ACCOUNTS} more accounts"))
    if review.exemptions:
        blocks += [DividerBlock(), section("\n".join(_exemptions(review.exemptions)))]
    since = f"since {review.known_since}" if review.known_since else "as far as is known"
    blocks.append(context(f"Who did what {since}, 90 days at most · all of it: `sgwatch review`"))
    return Message(told[:120], as_json(blocks))


def _account(found: AccountReview, names: Mapping[str, str]) -> Iterator[str]:
    sure = sum(grant.sure for grant in found.can)
    perhaps = len(found.can) - sure
    can = f"{sure} can change groups" + (f", {perhaps} perhaps" if perhaps else "")
    name = escape(names.get(found.account, found.account), NAME)
    yield f"{bold(name)}: {can}; {len(found.did)} did"
    if found.removals:
        yield f"Could lose it: {_few([escape(g.name, NAME) for g in found.removals])}"
    if found.open:
        yield f"Open to the world: {_few(list(map(_open, found.open)))}"
    if found.unknown:
        yield f"⚠️ Not known: {escape(found.unknown[0], WHY)}{_more(found.unknown, 1)}"


def _open(group: OpenGroup) -> str:
    ports = ", ".join(
        f"{escape(each.what, NAME)} since {day(each.since) if each.since else 'before we knew'}"
        for each in group.ports[:PORTS]
    )
    return f"{code(group.name or group.id, NAME)} {ports}{_more(group.ports, PORTS)}"


def _exemptions(found: Sequence[ToEnd]) -> Iterator[str]:
    yield bold("Exemptions to end or narrow")
    for each in found[:NAMED]:
        yield f"• {escape(each.id, NAME)}: {escape('; '.join(each.why), WHY)}"
    if more := _more(found, NAMED):
        yield more.strip()


def _few(texts: Sequence[str]) -> str:
    return ", ".join(texts[:NAMED]) + _more(texts, NAMED)


def _more(listed: Sequence[object], shown: int) -> str:
    return f" and {len(listed) - shown} more" if len(listed) > shown else ""
