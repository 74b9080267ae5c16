"""``sgwatch baseline …``: the commands as they are called. ``bot.cli.baselining`` does the work.

What a command needs is imported when it is called, so that the other commands start fast.
"""

from typing import Annotated

import typer

app = typer.Typer(
    name="baseline",
    help="What security groups look like: read them all now, or show what is known of one.",
    no_args_is_help=True,
)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]


@app.command()
def refresh(
    *,
    account: Annotated[
        list[str] | None, typer.Option(help="Id or name of an account; repeatable.")
    ] = None,
    region: Annotated[list[str] | None, typer.Option(help="Region; repeatable.")] = None,
    as_json: AsJson = False,
) -> None:
    """Read all groups of all accounts and regions now.

    Exit code 0 if all were read, 1 if any account or region could not be, 2 for wrong usage.
    """
    from bot.cli.baselining import refresh_all

    refresh_all(tuple(account or ()), tuple(region or ()), as_json=as_json)


@app.command()
def show(
    group: Annotated[str, typer.Argument(metavar="GROUP", help="The group's id (sg-…).")],
    *,
    account: Annotated[str, typer.Option(help="Id or name of its account.")] = "",
    region: Annotated[str, typer.Option(help="Its region.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show a group as it was read last, and when that was.

    Exit code 1 if it was not read.
    """
    from bot.cli.baselining import show_group

    show_group(group, account, region, as_json=as_json)
