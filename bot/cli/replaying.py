"""Dead letters at the terminal: looks, puts back, waits for what becomes of it."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import typer

from bot.aws.deadletters import DeadLetter, Look
from bot.aws.errors import AwsError
from bot.aws.queue import queue_region
from bot.changes.sentence import number_of
from bot.cli.dead_text import as_object, in_list, whole
from bot.cli.given import settings_with
from bot.cloudtrail.text import printable
from bot.parts import aws_sessions
from bot.settings import Settings, SettingsError
from bot.store.link import Link, StoreError
from bot.store.store import Store, connect, open_store
from bot.tracing import became

FAILED, WRONG_USAGE = 1, 2
EVERY = 1.0
"""Seconds between two looks at what became of what was put back."""

QUEUES = ("queue_url", "dead_letter_queue_url", "aws_endpoint_url")
REDIS = ("redis_url", "redis_prefix")


def list_letters(limit: int, *, as_json: bool) -> None:
    """Print the letters as they are found."""
    with _looking(settings_with(QUEUES)) as look:
        found = 0
        for letter in look:
            if found == limit:
                total = look.about()
                _aside(f"there are about {total:,}: see more with --limit {total + limit}")
                return
            typer.echo(json.dumps(as_object(letter)) if as_json else in_list(letter))
            found += 1
        if not as_json:
            typer.echo(number_of(found, "dead letter") if found else "there are no dead letters")


def show_letter(wanted: str, *, as_json: bool) -> None:
    """Print one letter."""
    with _looking(settings_with(QUEUES)) as look:
        (letter,) = _named(look, [wanted])
        typer.echo(json.dumps(as_object(letter)) if as_json else whole(letter))


def replay_letters(wanted: Sequence[str], *, everything: bool, wait: int, as_json: bool) -> None:
    """Put letters back; with ``wait``, tell what became of each."""
    if everything == bool(wanted):
        typer.echo("name the letters to replay, or say --all", err=True)
        raise typer.Exit(WRONG_USAGE)
    settings = settings_with((*QUEUES, *REDIS) if wait else QUEUES)
    sent: dict[str, DeadLetter] = {}
    with _looking(settings) as look:
        for letter in look if everything else _named(look, wanted):
            sent[look.replay(letter)] = letter
            if not wait:
                _say(letter, {"state": "replayed"}, as_json=as_json)
    if not sent:
        _aside("there are no dead letters")
    elif wait:
        _follow(settings, sent, wait, as_json=as_json)


def _follow(settings: Settings, sent: dict[str, DeadLetter], wait: int, *, as_json: bool) -> None:
    """Tell what becomes of what was sent, as it is known, and at last of what is not."""
    client = connect(settings.redis_url.get_secret_value())
    store = open_store(Link(client, settings.redis_prefix))
    left, ends, failed = dict(sent), time.monotonic() + wait, False
    while left:
        over = time.monotonic() >= ends
        for message, letter in list(left.items()):
            if fates := _fates(store, letter):
                _say(letter, {"state": "read", "records": fates}, as_json=as_json)
                del left[message]
        if not left:
            break
        if over:
            failed = True
            _tell_left(settings, left, as_json=as_json)
            break
        time.sleep(min(EVERY, max(ends - time.monotonic(), 0)))
    if failed:
        raise typer.Exit(FAILED)


def _fates(store: Store, letter: DeadLetter) -> list[Mapping[str, str]]:
    """Return what became of each record in a letter; nothing while any is not known."""
    try:
        found = became(store, letter.body)
    except StoreError as error:
        raise _refused(f"Redis: {error}") from None
    if not all(each.outcome for each in found):
        return []
    return [
        {"event": each.event_id, "fate": each.outcome.fate.value, "alert": each.outcome.alert}
        for each in found
        if each.outcome
    ]


def _tell_left(settings: Settings, left: Mapping[str, DeadLetter], *, as_json: bool) -> None:
    """Say of each that has no outcome whether it is dead again."""
    again: dict[str, DeadLetter] = {}
    with _looking(settings) as look:
        for letter in look:
            again |= {name: letter for name in left if name in {letter.id, letter.origin}}
    for message, letter in left.items():
        if (dead := again.get(message)) is not None:
            told = {"state": "dead again", "as": dead.id, "reason": dead.reason}
        else:
            told = {"state": "nothing known yet"}
        _say(letter, told, as_json=as_json)


def _say(letter: DeadLetter, told: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"id": letter.id} | dict(told)))
        return
    records = "; ".join(
        f"{printable(each['event'], 60)} {each['fate']}"
        + (f" ({each['alert']})" if each["alert"] else "")
        for each in told.get("records", ())
    )
    again = f" as {told['as'][:8]}: {printable(told['reason'], 200)}" if "as" in told else ""
    typer.echo(f"{letter.id[:8]}  {told['state']}{again}{': ' if records else ''}{records}")


def _named(look: Look, wanted: Sequence[str]) -> list[DeadLetter]:
    """Return the letters whose ids begin so; each beginning must fit one."""
    fitting: dict[str, list[DeadLetter]] = {start: [] for start in wanted}
    for letter in look:
        for start, letters in fitting.items():
            if letter.id.startswith(start):
                letters.append(letter)
    for start, letters in fitting.items():
        if len(letters) != 1:
            found = "several dead letters begin" if letters else "no dead letter begins"
            raise _refused(f"{found} with {printable(start, 40)}: see sgwatch deadletters list")
    return list({letters[0].id: letters[0] for letters in fitting.values()}.values())


@contextmanager
def _looking(settings: Settings) -> Iterator[Look]:
    """Look, and give back at the end. What AWS refuses is said in one line."""
    try:
        client = aws_sessions(settings).queues(queue_region(settings.queue_url))
        with Look(client, settings.queue_url, settings.dead_letter_queue_url) as look:
            if look.uses_up():
                _aside("the dead letters have a redrive policy: each look counts as a receive")
            yield look
    except (AwsError, SettingsError) as error:
        raise _refused(printable(str(error), 500)) from None


def _aside(words: str) -> None:
    typer.echo(words, err=True)


def _refused(why: str) -> typer.Exit:
    _aside(why)
    return typer.Exit(FAILED)
