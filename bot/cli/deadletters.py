"""``sgwatch deadletters …``: the commands as they are called. ``bot.cli.replaying`` does the work.

What a command needs is imported when it is called, so that the other commands start fast.
"""

from typing import Annotated

import typer

app = typer.Typer(
    name="deadletters",
    help="Look at what could not be read, and put it back on the event queue.",
    no_args_is_help=True,
)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]


@app.command("list")
def list_(
    *,
    limit: Annotated[int, typer.Option(min=1, help="So many at most.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List the dead letters: id, when it was given up, why, and how it begins."""
    from bot.cli.replaying import list_letters

    list_letters(limit, as_json=as_json)


@app.command()
def show(
    letter: Annotated[str, typer.Argument(metavar="ID", help="Its id, or how that begins.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Show one whole: why it was given up, how often it was received, and what it holds.

    Exit code 1 if there is none of that id.
    """
    from bot.cli.replaying import show_letter

    show_letter(letter, as_json=as_json)


@app.command()
def replay(
    letters: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Ids, or how they begin.")
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="All that there are now.")] = False,
    wait: Annotated[
        int, typer.Option(min=0, max=600, help="Seconds to wait for what becomes of each.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Put dead letters back on the event queue, to be read once more. Repeating it harms nothing.

    Exit code 1 if an id is not found or, with --wait, a letter is dead again or not read in time.
    """
    from bot.cli.replaying import replay_letters

    replay_letters(letters or [], everything=everything, wait=wait, as_json=as_json)
