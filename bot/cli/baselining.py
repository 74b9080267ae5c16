"""Baselines at the terminal: reading all groups with a bar, and showing one."""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.app import App
from bot.aws.errors import AwsError
from bot.baselines import Surveyor, accounts_of, whole
from bot.changes.baseline import Baseline
from bot.changes.rules import Direction, GroupRule, Peer
from bot.changes.sentence import number_of, rule_line
from bot.cli.backfilling import UsageError, account_named
from bot.cli.given import parts_without_slack
from bot.cloudtrail.text import printable
from bot.settings import REGION
from bot.store.baselines import GroupAt, Trouble
from bot.store.events import Place
from bot.store.link import StoreError

FAILED, WRONG_USAGE = 1, 2
AT_ONCE = 8
"""Accounts and regions read side by side; each has a budget of its own."""

TEXT = 300

Step = Callable[[str], None]


@dataclass(slots=True)
class Tally:
    """What came of one account."""

    account: str
    regions: int = 0
    groups: int = 0
    failed: list[Trouble] = field(default_factory=list)


def refresh_all(accounts: Sequence[str], regions: Sequence[str], *, as_json: bool) -> None:
    """Read what was asked for, and say how it went."""
    logging.basicConfig(level=logging.ERROR)
    app = parts_without_slack()
    try:
        if wrong := next((name for name in regions if not REGION.fullmatch(name)), ""):
            raise UsageError(f"{printable(wrong, 40)} is no region, such as eu-west-1")
        ids = [account_named(app, name) for name in accounts] or accounts_of(app.places())
    except UsageError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG_USAGE) from None
    except (AwsError, StoreError) as error:
        typer.echo(printable(str(error), TEXT), err=True)
        raise typer.Exit(FAILED) from None
    surveyor = Surveyor(app.store, app.surveyor.lister, regions or app.settings.regions)
    tallies, interrupted = _read(surveyor, sorted(set(ids)))
    if as_json:
        typer.echo(json.dumps({"accounts": [_object(app, tally) for tally in tallies]}))
    else:
        for line in _lines(app, tallies):
            typer.echo(line)
    if interrupted:
        typer.echo("interrupted: what was read is kept", err=True)
    if interrupted or any(tally.failed for tally in tallies):
        raise typer.Exit(FAILED)


def _read(surveyor: Surveyor, accounts: Sequence[str]) -> tuple[list[Tally], bool]:
    """Read accounts, then their regions, side by side; return whether it was interrupted."""
    stop, tallies = Event(), {account: Tally(account) for account in accounts}
    with _bar() as step, ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            listed = {pool.submit(_places, surveyor, a, tallies[a]): a for a in accounts}
            places = [place for future in as_completed(listed) for place in future.result()]
            step(f"0/{len(places)}")
            reads = [pool.submit(_groups, surveyor, p, tallies[p.account], stop) for p in places]
            for future in as_completed(reads):
                future.result()
                step("")
        except KeyboardInterrupt:
            stop.set()
            pool.shutdown(cancel_futures=True)
    return list(tallies.values()), stop.is_set()


def _places(surveyor: Surveyor, account: str, tally: Tally) -> list[Place]:
    try:
        return surveyor.places(account)
    except (AwsError, StoreError) as error:
        _failed(surveyor, tally, Place(account, ""), error)
        return []


def _groups(surveyor: Surveyor, place: Place, tally: Tally, stop: Event) -> None:
    def pause(span: timedelta) -> bool:
        return stop.wait(span.total_seconds())

    try:
        groups = sum(whole(surveyor, place, pause))
    except (AwsError, StoreError) as error:
        _failed(surveyor, tally, place, error)
    else:
        tally.regions += 1
        tally.groups += groups


def _failed(surveyor: Surveyor, tally: Tally, place: Place, error: AwsError | StoreError) -> None:
    trouble = Trouble(place, printable(str(error), TEXT))
    tally.failed.append(trouble)
    if isinstance(error, AwsError):
        surveyor.store.baselines.failed(trouble)


@contextmanager
def _bar() -> Iterator[Step]:
    """Show a bar; a step of "0/n" says how many there are."""
    console = Console(stderr=True, markup=False, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("accounts and regions", total=None)

        def step(said: str) -> None:
            if said:
                progress.update(task, total=int(said.partition("/")[2]))
            else:
                progress.advance(task)

        yield step


def _lines(app: App, tallies: Sequence[Tally]) -> Iterator[str]:
    names = {tally.account: _name(app, tally.account) for tally in tallies}
    width = max(map(len, names.values()), default=0)
    for tally in tallies:
        name = f"{names[tally.account]:<{width}}"
        if tally.regions:
            groups, regions = tally.groups, tally.regions
            yield f"{name}  {number_of(groups, 'group')} in {number_of(regions, 'region')}"
        for trouble in sorted(tally.failed, key=lambda one: one.place):
            where = f" {trouble.place.region}" if trouble.place.region else ""
            yield f"{name}  NOT READ{where}: {trouble.why}"


def _object(app: App, tally: Tally) -> dict[str, object]:
    return {
        "account": tally.account,
        "name": app.accounts.names.get(tally.account, ""),
        "regions": tally.regions,
        "groups": tally.groups,
        "failed": [{"region": one.place.region, "why": one.why} for one in tally.failed],
    }


def show_group(group: str, account: str, region: str, *, as_json: bool) -> None:
    """Print a group as it was read last."""
    logging.basicConfig(level=logging.ERROR)
    app = parts_without_slack()
    try:
        of = account_named(app, account) if account else ""
        found = _found(app, group, of, region)
    except UsageError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG_USAGE) from None
    except StoreError as error:
        typer.echo(printable(str(error), TEXT), err=True)
        raise typer.Exit(FAILED) from None
    if not found:
        name = printable(group, 64)
        typer.echo(f"{name} was not read: try sgwatch baseline refresh", err=True)
        raise typer.Exit(FAILED)
    if as_json:
        typer.echo(json.dumps([_as_object(baseline) for baseline in found]))
        return
    for baseline in found:
        for line in _as_text(app, baseline):
            typer.echo(line)


def _found(app: App, group: str, account: str, region: str) -> list[Baseline]:
    baselines = app.store.baselines
    if account and region:
        one = baselines.latest(GroupAt(account, region, group))
        return [one] if one else []
    found = baselines.find(group)
    return [b for b in found if account in {"", b.account} and region in {"", b.region}]


def _as_text(app: App, baseline: Baseline) -> Iterator[str]:
    group = baseline.group
    yield f"group     {group}{f' in {group.vpc}' if group.vpc else ''}"
    yield f"where     {_name(app, baseline.account)}/{baseline.region}"
    yield f"read      {baseline.read_at:%Y-%m-%d %H:%M:%S} UTC"
    if baseline.tags:
        yield f"tags      {printable(', '.join(f'{k}={v}' for k, v in baseline.tags), TEXT)}"
    yield f"rules     {len(baseline.rules)}"
    for rule in sorted(baseline.rules, key=_order):
        note = f" “{printable(rule.description, TEXT)}”" if rule.description else ""
        yield f"          {rule_line(rule)}  {rule.rule_id}{note}"


def _as_object(baseline: Baseline) -> dict[str, object]:
    return {
        "account": baseline.account,
        "region": baseline.region,
        "group": baseline.group.id,
        "name": baseline.group.name,
        "vpc": baseline.group.vpc,
        "read_at": baseline.read_at.isoformat(),
        "tags": dict(baseline.tags),
        "rules": [
            {
                "id": rule.rule_id,
                "direction": rule.direction.value,
                "protocol": rule.protocol,
                "from_port": rule.from_port,
                "to_port": rule.to_port,
                "peer": str(rule.peer),
                "description": rule.description,
            }
            for rule in sorted(baseline.rules, key=_order)
        ],
    }


def _order(rule: GroupRule) -> tuple[bool, str, int, int, Peer]:
    first, last = rule.from_port or 0, rule.to_port or 0
    return rule.direction is Direction.EGRESS, rule.protocol, first, last, rule.peer


def _name(app: App, account: str) -> str:
    return printable(app.accounts.names.get(account, account), 30)
