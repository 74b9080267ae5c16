"""``sgwatch plan``: the command as it is called. ``bot.cli.planning`` does the work."""

from pathlib import Path
from typing import Annotated

import typer

What = Annotated[
    str,
    typer.Argument(
        metavar="FILE|ALERT",
        help="Records in any envelope (- for standard input), or an alert's id.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]
StateFile = Annotated[
    Path | None,
    typer.Option(
        "--state", metavar="FILE", exists=True, dir_okay=False, help="Describe outputs, as of now."
    ),
]


def plan(what: What, *, as_json: AsJson = False, state: StateFile = None) -> None:
    """Show what a revert would call, and why, without touching AWS.

    Exit code 0 if all was read, 1 if some records could not be, 2 for wrong usage.
    """
    # Imported when called, so that the other commands start fast.
    from bot.cli.planning import print_plan  # noqa: PLC0415

    print_plan(what, state, as_json=as_json)
