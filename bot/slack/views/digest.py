"""The digest in Slack, and the bars of its picture."""

from collections.abc import Iterator
from datetime import timedelta

from slack_sdk.models.blocks import Block

from bot.alerts.alert import Alert
from bot.alerts.digest import NAMED, Digest
from bot.changes.sentence import number_of
from bot.changes.severity import Severity
from bot.slack.views.blocks import as_json, button, buttons, context, section
from bot.slack.views.headline import LIGHTS, happened
from bot.slack.views.message import Message, Shown
from bot.slack.views.mrkdwn import bold, code, day, escape
from bot.slack.views.names import Action
from bot.slack.views.plot import Bars
from bot.slack.views.refs import AsideRef

NAME, SENTENCE = 60, 150


def digest_message(digest: Digest, shown: Shown) -> Message:
    """Return the digest."""
    period = digest.period
    total = _total(digest)
    when = f"{day(period.since)} to {day(period.until)}"
    blocks: list[Block] = [section(f"📊 {bold(f'Digest: {total}')} · {when}")]
    if digest.alerts:
        blocks.append(section("\n".join(_numbers(digest))))
    if digest.noisiest:
        who = ", ".join(f"{escape(name, NAME)} ({n:,})" for name, n in digest.noisiest)
        blocks.append(section(f"{bold('Most alerts by')} {who}"))
    if exemptions := list(_exemptions(digest)):
        blocks.append(section("\n".join([bold("Exemptions"), *exemptions])))
    if digest.open_in_all:
        blocks.append(section("\n".join(_open(digest, shown))))
    if digest.aside:
        told = number_of(digest.aside, "low alert")
        blocks.append(context(f"{told} of these without a message of their own"))
        blocks.append(buttons([button("Show them…", Action.ASIDE, AsideRef())]))
    said = f"📊 Digest: {total}"
    if digest.open_in_all:
        said += f", {digest.open_in_all} with something still open to the world"
    return Message(said, as_json(blocks))


def _total(digest: Digest) -> str:
    if digest.cut:
        return f"{digest.alerts:,} alerts or more"
    return number_of(digest.alerts, "alert") if digest.alerts else "no new alerts"


def digest_bars(digest: Digest) -> Bars:
    """Return the bars of the picture: alerts by severity and outcome."""
    outcomes = sorted({outcome for _, outcome in digest.counts}, key=_order)
    rows = [
        (each.value, {o: digest.counts.get((each, o), 0) for o in outcomes})
        for each in reversed(Severity)
    ]
    period = digest.period
    when = f"{period.since:%-d %b} to {period.until:%-d %b %Y}"
    return Bars(f"Alerts by severity and outcome, {when}", rows, outcomes)


def _order(outcome: str) -> tuple[bool, str]:
    """Put what still needs somebody first."""
    return outcome not in {"open", "acknowledged"}, outcome


def _numbers(digest: Digest) -> Iterator[str]:
    severities = {s: sum(n for (of, _), n in digest.counts.items() if of is s) for s in Severity}
    yield " · ".join(f"{LIGHTS[s]} {n:,} {s.value}" for s, n in reversed(severities.items()) if n)
    outcomes = sorted({outcome for _, outcome in digest.counts}, key=_order)
    yield " · ".join(
        f"{sum(n for (_, of), n in digest.counts.items() if of == outcome):,} {outcome}"
        for outcome in outcomes
    )
    if digest.taken is not None:
        resolved = f", resolved after {_long(digest.resolved)}" if digest.resolved else ""
        yield f"Taken after {_long(digest.taken)}{resolved} (median)"


def _exemptions(digest: Digest) -> Iterator[str]:
    for each in digest.hid_most:
        yield f"• {escape(each.exemption, NAME)} hid {number_of(each.hid, 'change')}"
    if digest.idle:
        names = ", ".join(escape(name, NAME) for name in digest.idle[:NAMED])
        more = f" and {len(digest.idle) - NAMED} more" if len(digest.idle) > NAMED else ""
        yield f"• Nothing for two weeks or more, so perhaps to end: {names}{more}"


def _open(digest: Digest, shown: Shown) -> Iterator[str]:
    yield bold("Still open to the world, as far as alerts tell")
    for alert in digest.open:
        what = f"{LIGHTS[alert.severity]} {escape(happened(alert), SENTENCE)}"
        yield f"• {what} · {_where(alert, shown)}"
    if (more := digest.open_in_all - len(digest.open)) > 0:
        yield f"… and {more:,} more"


def _where(alert: Alert, shown: Shown) -> str:
    account = shown.account(alert.worst[0].change.account) if alert.worst else ""
    parts = (escape(account, NAME), day(alert.raised_at), code(alert.id))
    return " · ".join(filter(None, parts))


def _long(span: timedelta | None) -> str:
    """Return a time in one or two units."""
    minutes = int((span or timedelta(0)).total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    hours, days = minutes // 60, minutes // (24 * 60)
    if days >= 2:
        return number_of(days, "day")
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"
