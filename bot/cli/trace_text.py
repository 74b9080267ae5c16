"""``sgwatch trace``: what became of a record, for a person or a program."""

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import typer

from bot.accounts import load_accounts
from bot.alerts.outcome import Fate, Outcome
from bot.aws.deadletters import Look
from bot.aws.errors import AwsError
from bot.aws.queue import queue_region
from bot.cli.given import settings_with
from bot.cloudtrail.text import printable
from bot.exemptions.model import until_told
from bot.parts import aws_sessions
from bot.settings import Settings, SettingsError
from bot.slack.bolt import web_client
from bot.store.link import Link, StoreError
from bot.store.store import connect, open_store
from bot.tables import FileError
from bot.tracing import Posted, Trace, letters_naming, trace

UNKNOWN = 1
NEEDED = ("redis_url", "redis_prefix", "accounts")
WORD = 200

FATES = {
    Fate.ALERTED: "it is in an alert",
    Fate.HIDDEN: "an exemption hid it",
    Fate.SUPPRESSED: "a detection matched, and had shown one like it just before",
    Fate.UNMATCHED: "no detection matched; it is kept as history",
    Fate.OURS: "sgwatch made this call itself, for a containment",
}


def tell(event_id: str, *, as_json: bool) -> None:
    """Print what is known of a record."""
    logging.basicConfig(handlers=[logging.NullHandler()])
    settings = settings_with(NEEDED)
    client = connect(settings.redis_url.get_secret_value())
    try:
        found = trace(open_store(Link(client, settings.redis_prefix)), event_id)
        names = load_accounts(settings.accounts).names
    except (StoreError, FileError) as error:
        typer.echo(printable(str(error), 500), err=True)
        raise typer.Exit(2) from None
    aside = ""
    if found.outcome is None:
        found, aside = _among_the_dead(settings, found)
    if as_json:
        typer.echo(json.dumps(_as_object(found, _link(settings, found.posted))))
    else:
        for name, words in _rows(found, names, _link(settings, found.posted), aside):
            typer.echo(f"{name:<10}{words}")
    raise typer.Exit(0 if found.outcome else UNKNOWN)


def _among_the_dead(settings: Settings, found: Trace) -> tuple[Trace, str]:
    """Look for the record among the dead letters; say so if that could not be done."""
    try:
        client = aws_sessions(settings).queues(queue_region(settings.queue_url))
        with Look(client, settings.queue_url, settings.dead_letter_queue_url) as look:
            return replace(found, dead=tuple(letters_naming(look, found.event_id))), ""
    except (AwsError, SettingsError) as error:
        return found, f"the dead letters could not be looked at: {printable(str(error), WORD)}"


def _link(settings: Settings, posted: Posted | None) -> str:
    """Return where the message can be read, if Slack tells."""
    token = settings.slack_bot_token.get_secret_value()
    if posted is None or token == "xoxb-":  # noqa: S105 - what stands for none
        return ""
    try:
        client = web_client(token, settings.slack_api_url, timeout=3)
        answer = client.chat_getPermalink(channel=posted.channel, message_ts=posted.ts)
        return str(answer["permalink"])
    except Exception:  # noqa: BLE001 - a link is a kindness: without it the trace is whole
        return ""


def _rows(
    found: Trace, names: Mapping[str, str], link: str, aside: str
) -> Iterator[tuple[str, str]]:
    yield "event", printable(found.event_id, WORD)
    outcome = found.outcome
    if outcome is None:
        yield from _unknown_rows(found, aside)
        return
    account = printable(names.get(outcome.account, outcome.account), WORD)
    failed = f", which AWS refused: {printable(outcome.error, WORD)}" if outcome.error else ""
    yield "call", f"{printable(outcome.action, WORD)} in {account}/{outcome.region}{failed}"
    yield "by", printable(outcome.principal, WORD)
    yield "made", _at(outcome.at)
    yield "received", _received(found, outcome)
    yield "fate", f"{outcome.fate.value}: {FATES[outcome.fate]}"
    yield from _why(found, outcome)
    yield from _alert_rows(found, link)


def _received(found: Trace, outcome: Outcome) -> str:
    if outcome.received is None or found.to_received is None:
        return "it is not known when"
    how = f", from CloudTrail's event history by the {outcome.via}" if outcome.via else ""
    return f"{_at(outcome.received)}, {_span(found.to_received)} later{how}"


def _why(found: Trace, outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Say which detections found it, and what kept it from being shown."""
    kept = {each.detection for each in outcome.suppressed}
    for detection in outcome.sighting.detections if outcome.sighting else ():
        if detection.id not in kept or outcome.fate is Fate.SUPPRESSED:
            yield "matched", f"{printable(detection.name, WORD)} ({printable(detection.id, 80)})"
    for each in outcome.suppressed:
        instead = f"event {printable(each.event, 80)} was shown instead"
        yield "not shown", f"{printable(each.detection, 80)}: {instead}"
    known = {exemption.id: exemption for exemption in found.exemptions}
    for name in outcome.hidden_by:
        exemption = known.get(name)
        told = (
            f"“{printable(exemption.reason, WORD)}” by {printable(exemption.owner, 80)}, "
            f"{until_told(exemption.expires_at)}"
            if exemption
            else "it has ended since"
        )
        yield "hidden by", f"exemption {printable(name, 80)}: {told}"


def _alert_rows(found: Trace, link: str) -> Iterator[tuple[str, str]]:
    outcome, alert = found.outcome, found.alert
    if outcome is None or not outcome.alert:
        return
    if alert is None:
        yield "alert", f"{outcome.alert}, which is no longer kept"
        return
    ended = alert.resolution
    how = f" as {ended.kind.value} by {printable(ended.by.name, 80)}" if ended else ""
    yield "alert", f"{alert.id}, {alert.severity.value}, {alert.status.value}{how}"
    if found.posted is not None and found.to_posted is not None:
        bound = "at the latest " if found.posted.by else ""
        yield "posted", f"{bound}{_at(found.posted.at)}, {_span(found.to_posted)} after it came"
        yield "", link or f"channel {found.posted.channel}, message {found.posted.ts}"
    elif outcome.fate is Fate.ALERTED:
        why = f": Slack says {printable(found.waits_for, WORD)}" if found.waits_for else ""
        yield "posted", f"not yet{why}"


def _unknown_rows(found: Trace, aside: str) -> Iterator[tuple[str, str]]:
    for letter in found.dead:
        yield (
            "dead",
            f"{letter.id[:8]} since {_at(letter.sent_at)}: {printable(letter.reason, WORD)}",
        )
    if found.dead:
        yield "next", f"sgwatch deadletters replay {found.dead[0].id[:8]} --wait 30"
        return
    yield "fate", "unknown: nothing is kept under this id"
    if aside:
        yield "", aside
    yield "perhaps", "it is not there yet: CloudTrail takes a few minutes, the queue may be behind"
    yield "", "or it only reads, and nothing matched: such records are not kept"
    yield "", "or EventBridge did not deliver it, or its pattern (sgwatch pattern) keeps it out"
    yield "", "or it is older than what is remembered"
    yield "next", "sgwatch backfill --since 2h reads CloudTrail's own history; then trace it again"


def _as_object(found: Trace, link: str) -> dict[str, Any]:
    outcome, alert = found.outcome, found.alert
    told: dict[str, Any] = {"event": found.event_id, "fate": outcome.fate.value if outcome else ""}
    if outcome is not None:
        sighting = outcome.sighting
        told |= {
            "action": outcome.action,
            "account": outcome.account,
            "region": outcome.region,
            "principal": outcome.principal,
            "at": outcome.at.isoformat(),
            "received": outcome.received.isoformat() if outcome.received else None,
            "via": outcome.via,
            "event_to_received_seconds": _seconds(found.to_received),
            "received_to_posted_seconds": _seconds(found.to_posted),
            "detections": [d.id for d in sighting.detections] if sighting else [],
            "suppressed": [
                {"detection": s.detection, "event": s.event} for s in outcome.suppressed
            ],
            "hidden_by": list(outcome.hidden_by),
            "alert": outcome.alert,
            "alert_status": alert.status.value if alert else "",
        }
    if (posted := found.posted) is not None:
        told["posted"] = {
            "channel": posted.channel,
            "ts": posted.ts,
            "at": posted.at.isoformat(),
            "at_the_latest": posted.by,
            "link": link,
        }
    told["dead_letters"] = [{"id": dead.id, "reason": dead.reason} for dead in found.dead]
    return told


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()


def _span(span: timedelta) -> str:
    seconds = span.total_seconds()
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
