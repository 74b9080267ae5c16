"""``sgwatch review``: the command as it is called. ``bot.cli.reviewing`` does the work."""

from typing import Annotated

import typer


def review(
    *,
    account: Annotated[
        list[str] | None, typer.Option(help="Id or name of an account; repeatable.")
    ] = None,
    lookup: Annotated[
        bool, typer.Option("--lookup", help="Ask CloudTrail's event history too: takes a while.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Tell who can change groups and who did, what is open to the world, which exemptions to end.

    Exit code 0 if all was read, 1 if anything could not be, 2 for wrong usage.
    """
    from bot.cli.reviewing import show_review

    show_review(tuple(account or ()), lookup=lookup, as_json=as_json)
