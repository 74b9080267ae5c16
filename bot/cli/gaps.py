"""``sgwatch backfill`` and ``sgwatch trace``: the commands as they are called.

What a command needs is imported when it is called, so that the other commands start fast.
"""

from typing import Annotated

import typer


def backfill(
    *,
    since: Annotated[
        str, typer.Option(metavar="2h|2d|TIME", help="From when on: a span, or a time (ISO 8601).")
    ] = "",
    until: Annotated[
        str, typer.Option(metavar="2h|2d|TIME", help="Until when; now if it is not given.")
    ] = "",
    account: Annotated[
        list[str] | None, typer.Option(help="Id or name of an account; repeatable.")
    ] = None,
    region: Annotated[list[str] | None, typer.Option(help="Region; repeatable.")] = None,
    events: Annotated[
        list[str] | None,
        typer.Option(help="Call such as CreateUser, instead of all that are of use; repeatable."),
    ] = None,
    learn: Annotated[
        str,
        typer.Option(metavar="14d", help="Only teach new-terms rules what was usual; no alerts."),
    ] = "",
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where the last one was interrupted.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object with the result.")
    ] = False,
) -> None:
    """Read CloudTrail's own event history, and take in what was not delivered.

    What is known already counts once. Exit code 0 if all was read, 1 if any account or region
    could not be, 2 for wrong usage.
    """
    from bot.cli.backfilling import Wishes, fill

    wishes = Wishes(
        since, until, tuple(account or ()), tuple(region or ()), tuple(events or ()), learn, resume
    )
    fill(wishes, as_json=as_json)


def trace(
    event: Annotated[str, typer.Argument(metavar="EVENT_ID", help="The record's eventID.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Tell what became of a CloudTrail record: when it came, what matched or hid it, its alert.

    Exit code 0 if it is known, 1 if it is not or is a dead letter.
    """
    from bot.cli.trace_text import tell

    tell(event, as_json=as_json)
