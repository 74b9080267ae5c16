"""Filling gaps at the terminal: what to read, a bar for each place, and what came of it."""

import json
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from bot.app import App
from bot.aws.errors import AwsError
from bot.backfill import Reader
from bot.cli.backfill_text import Part, as_object, lines, named
from bot.cli.given import parts_without_slack
from bot.cloudtrail.history import LONGEST, Stretch, whole
from bot.cloudtrail.text import printable
from bot.detections.datemath import date_math
from bot.detections.pattern import Wanted, worth_learning
from bot.detections.rule import Detection
from bot.store.events import Place
from bot.store.link import StoreError

FAILED, WRONG_USAGE = 1, 2
AT_ONCE = 8
"""Accounts and regions read side by side; each has lookups of its own."""

UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


class UsageError(Exception):
    """What was asked for makes no sense; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for at the terminal, as it was typed."""

    since: str = ""
    until: str = ""
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    learn: str = ""
    resume: bool = False

    @property
    def who(self) -> str:
        """Return under which name it is remembered how far it came."""
        return "learning" if self.learn else "backfill"


def fill(wishes: Wishes, *, as_json: bool) -> None:
    """Read what was asked for, and say how it went."""
    logging.basicConfig(level=logging.ERROR)
    app = parts_without_slack()
    try:
        rules = _learners(app) if wishes.learn else ()
        wants = _wants(app, wishes, rules)
        parts = [Part(stretch) for stretch in _stretches(app, wishes, wants)]
    except UsageError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG_USAGE) from None
    except (AwsError, StoreError) as error:
        typer.echo(printable(str(error), 500), err=True)
        raise typer.Exit(FAILED) from None
    reader = app.reader(wishes.who, lambda: wants, teaching=bool(rules))
    interrupted = _read(app, reader, parts)
    learnt = [] if interrupted else _learnt(app, wishes, rules, parts)
    if as_json:
        typer.echo(json.dumps(as_object(app.accounts.names, parts, rules, learnt)))
    else:
        for line in lines(app.accounts.names, parts, rules, learnt):
            typer.echo(line)
    if interrupted:
        typer.echo("interrupted: go on with the same command and --resume", err=True)
    if interrupted or any(part.error or part.tally.failed for part in parts):
        raise typer.Exit(FAILED)


def moment(text: str, now: datetime) -> datetime:
    """Return the time that a span ago, or a time as ISO 8601, stands for. Raises UsageError."""
    if found := re.fullmatch(r"(\d{1,6})([mhd])", text.strip()):
        return now - int(found[1]) * UNITS[found[2]]
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"{text} is neither a span such as 2h or 14d nor a time") from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _stretches(app: App, wishes: Wishes, wants: Wanted) -> Sequence[Stretch]:
    """Return what is to be read, and remember it. Raises UsageError, AwsError, StoreError."""
    if wishes.resume:
        if not (found := app.store.stretches.all(wishes.who)):
            raise UsageError("nothing was interrupted: leave --resume out")
        return found
    begins = wishes.learn or wishes.since
    if not begins or (wishes.learn and wishes.since):
        raise UsageError("say from when on: --since 2h, or --learn 14d")
    now = app.store.attention.now()
    start = moment(begins, now)
    end = moment(wishes.until, now) if wishes.until else now
    if start >= end:
        raise UsageError("there is nothing between these times: check --since and --until")
    if start < now - LONGEST - timedelta(hours=1):
        raise UsageError(f"AWS keeps event history for {LONGEST.days} days: ask for no more")
    places = _places(app, wishes)
    stretches = [whole(*place, start, end, wants.actions) for place in places]
    app.store.stretches.begin(wishes.who, stretches)
    return stretches


def _places(app: App, wishes: Wishes) -> list[Place]:
    """Return the accounts and regions asked for, else all that are known."""
    known = app.places()
    ids = {account_named(app, name) for name in wishes.accounts}
    if not wishes.regions:
        found = [place for place in known if not ids or place.account in ids]
        lacking = ids - {place.account for place in found}
        return sorted({*found, *(Place(i, place.region) for i in lacking for place in known)})
    accounts = ids or {place.account for place in known}
    return sorted(Place(account, region) for account in accounts for region in wishes.regions)


def account_named(app: App, name: str) -> str:
    """Return the id of an account. Raises UsageError."""
    known = {account.name: account.id for account in app.accounts.known}
    if name in known:
        return known[name]
    if re.fullmatch(r"[0-9]{12}", name):
        return name
    raise UsageError(f"no account is named {name}: see the accounts file, or give its 12 digits")


def _wants(app: App, wishes: Wishes, rules: Sequence[Detection]) -> Wanted:
    if wishes.events:
        return Wanted(None, frozenset(wishes.events))
    return worth_learning(rules) if rules else app.wanted()


def _learners(app: App) -> tuple[Detection, ...]:
    found = tuple(d for d in app.catalogue.loaded().detections if d.new_terms is not None)
    if not found:
        raise UsageError("no detection is of the type new_terms: there is nothing to learn")
    return found


def _read(app: App, reader: Reader, parts: Sequence[Part]) -> bool:
    """Read all parts side by side; return whether it was interrupted."""
    stop = Event()
    with _bars(app, parts) as bars, ThreadPoolExecutor(AT_ONCE) as pool:
        futures = [pool.submit(_read_part, app, reader, part, bars, stop) for part in parts]
        try:
            wait(futures)
        except KeyboardInterrupt:
            stop.set()
        for future in futures:
            future.result()
    return stop.is_set()


def _read_part(app: App, reader: Reader, part: Part, bars: "Bars", stop: Event) -> None:
    def kept(stretch: Stretch) -> None:
        app.store.stretches.keep(reader.via, stretch)
        part.stretch = stretch
        bars.show(part)

    try:
        if not stop.is_set():
            reader.read(part.stretch, part.tally, kept, lambda s: stop.wait(s.total_seconds()))
    except AwsError as error:
        part.error = printable(str(error), 300)
    except StoreError as error:
        part.error = printable(f"Redis: {error}", 300)
    bars.show(part)


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar for each part. Threads may share it."""

    progress: Progress
    tasks: dict[str, TaskID]

    def show(self, part: Part) -> None:
        """Show how far the part is; a bar never goes back."""
        task = self.tasks[part.stretch.place]
        done = max(part.stretch.share, self.progress.tasks[task].completed)
        told = f"{part.tally.read:,} read, {len(part.tally.new):,} new"
        self.progress.update(task, completed=done, told=part.error[:40] or told)


@contextmanager
def _bars(app: App, parts: Iterable[Part]) -> Iterator[Bars]:
    console = Console(stderr=True, markup=False, highlight=False)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%  {task.fields[told]}", markup=False),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        tasks = {
            part.stretch.place: progress.add_task(
                named(app.accounts.names, part), total=1.0, told=""
            )
            for part in parts
        }
        yield Bars(progress, tasks)


def _learnt(
    app: App, wishes: Wishes, rules: Sequence[Detection], parts: Sequence[Part]
) -> list[Detection]:
    """Let rules whose window was read everywhere say what is new from now on."""
    narrowed = wishes.accounts or wishes.regions or wishes.events or wishes.until
    if narrowed or any(part.error or part.tally.failed for part in parts):
        return []
    now, start = app.store.attention.now(), max(part.stretch.start for part in parts)
    slack = timedelta(hours=1)  # reading takes its time
    found = []
    for rule in rules:
        window = date_math(rule.new_terms.since).span(now) if rule.new_terms else LONGEST
        if start <= now - window + slack:
            app.store.detections.learnt(rule)
            found.append(rule)
    return found
