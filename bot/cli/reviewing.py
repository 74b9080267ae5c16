"""``sgwatch review``: reads, and prints what was found."""

import json
from collections.abc import Sequence
from datetime import datetime

import typer
from pydantic import TypeAdapter

from bot.alerts.judge import unmatched_outcome
from bot.alerts.outcome import Outcome
from bot.app import App
from bot.aws.errors import AwsError
from bot.aws.history import EventHistory
from bot.cli.given import parts_without_slack
from bot.cli.review_text import lines_of
from bot.investigation.lookups import Lookups, Place
from bot.investigation.policies import ACTIONS
from bot.investigation.review import Review
from bot.review import LookUp
from bot.store.link import StoreError

REVIEW: TypeAdapter[Review] = TypeAdapter(Review)


def show_review(accounts: Sequence[str], *, lookup: bool, as_json: bool) -> None:
    """Print the review; exit code 1 if anything could not be read."""
    parts = parts_without_slack()
    try:
        chosen = _chosen(parts, accounts)
        reviewer = parts.reviewer(_looking_up(parts) if lookup else None)
        review = reviewer.review(chosen)
    except (AwsError, StoreError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    if as_json:
        found = REVIEW.dump_python(review, mode="json")
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        for line in lines_of(review, parts.accounts.names):
            typer.echo(line)
    raise typer.Exit(1 if any(account.unknown for account in review.accounts) else 0)


def _chosen(parts: App, wanted: Sequence[str]) -> list[str]:
    """Return the accounts to review: those named, or all that are known. Raises AwsError."""
    if not wanted:
        return sorted({place.account for place in parts.places()})
    ids = {name: account for account, name in parts.accounts.names.items()}
    chosen = [ids.get(each, each) for each in wanted]
    if wrong := [each for each in chosen if not (each.isdecimal() and len(each) == 12)]:
        typer.echo(
            f"There is no account {wrong[0]}: give its id, or its name in the file of "
            "SGWATCH_ACCOUNTS.",
            err=True,
        )
        raise typer.Exit(2)
    return chosen


def _looking_up(parts: App) -> LookUp:
    lookups = Lookups(EventHistory(parts.sessions), parts.store.budgets)

    def look(
        account: str, region: str, since: datetime, until: datetime, unknown: list[str]
    ) -> list[Outcome]:
        found: list[Outcome] = []
        for action in ACTIONS:
            place = Place(account, region, (("EventName", action),))
            (told,) = lookups.ask([place], since, until)
            found += map(unmatched_outcome, told.records)
            if told.untold or told.cut:
                why = told.untold or "there are more than are read"
                unknown.append(f"who called {action} in {region}: {why}")
        return found

    return look
