"""``sgwatch exemptions …``: the commands as they are called. ``exemptions_text`` does the work."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="exemptions",
    help="Look at exemptions and at what they hid, and change them.",
    no_args_is_help=True,
)

Name = Annotated[str, typer.Argument(metavar="ID", help="Such as EX-ZS5Q4FOCL2.")]
Words = Annotated[
    list[str] | None, typer.Argument(metavar="[WORD|CLAUSE=VALUE]...", show_default=False)
]
Because = Annotated[str, typer.Option(help="Why; it is kept.")]
By = Annotated[str, typer.Option(help="Who you are; it is kept.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]


@app.command("list")
def list_(
    words: Words = None,
    *,
    ended: Annotated[bool, typer.Option("--ended", help="Those that have ended too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the exemptions in force, the next to end first, and how much each hid.

    ``list principal=role/ci group=sg-0a1b rollout`` tells those alone that say all that; a range
    or name is found by what it lies in too.
    """
    from bot.cli.exemptions_text import list_exemptions

    list_exemptions(" ".join(words or ()), ended=ended, as_json=as_json)


@app.command()
def show(exemption: Name, *, as_json: AsJson = False) -> None:
    """Show one, ended or not: what it says, what was decided on it, and the latest that it hid.

    Exit code 1 if there is none of that id.
    """
    from bot.cli.exemptions_text import show_exemption

    show_exemption(exemption, as_json=as_json)


@app.command()
def refused(*, as_json: AsJson = False) -> None:
    """List the latest that somebody was refused to make, and why; of others, show tells it."""
    from bot.cli.exemptions_text import list_refused

    list_refused(as_json=as_json)


@app.command()
def end(
    exemption: Name,
    *,
    because: Because,
    by: By,
) -> None:
    """End one now: such changes raise alerts again.

    Exit code 1 if it is refused. Whoever can write to Redis may: rights are Slack's.
    """
    from bot.cli.exemption_deciding import end_exemption

    end_exemption(exemption, because, by)


@app.command()
def extend(
    exemption: Name,
    *,
    lasts: Annotated[str, typer.Option("--for", help="From now on, such as 30d, 12h or 2w.")],
    because: Because,
    by: By,
) -> None:
    """Let one end later.

    Exit code 1 if it is refused. Whoever can write to Redis may: rights are Slack's.
    """
    from bot.cli.exemption_deciding import extend_exemption

    extend_exemption(exemption, lasts, because, by)


@app.command()
def edit(
    exemption: Name,
    *,
    scope: Annotated[str | None, typer.Option(help="As in principal=role/ci ports=443.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why such changes are expected.")] = None,
    lasts: Annotated[str | None, typer.Option("--for", help="From now on, such as 30d.")] = None,
    allow_world: Annotated[
        bool | None,
        typer.Option("--allow-world/--no-allow-world", help="What opens to the internet too."),
    ] = None,
    because: Because,
    by: By,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what it would do.")] = False,
) -> None:
    """Put a new version in place of one; all versions are kept. What is not given stays as it is.

    Tells what differs, and what the new version would have hidden of the alerts of late. Exit
    code 1 if it is refused.
    """
    from bot.cli.exemption_deciding import Wanted, edit_exemption

    wanted = Wanted(scope, reason, lasts, allow_world)
    edit_exemption(exemption, wanted, because, by, dry_run=dry_run)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="TOML, as exported.")],
    *,
    by: By,
    because: Annotated[str, typer.Option(help="Why, such as a commit; it is kept.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what it would do.")] = False,
) -> None:
    """Put into force what a file says, and end what it managed and says no more.

    What it manages can be changed there alone. Exit code 1 if something is refused; 2 if the file
    is not right: then nothing is changed.
    """
    from bot.cli.exemption_import import import_file

    import_file(file, by, because, dry_run=dry_run)


@app.command()
def export(
    *,
    name: Annotated[str, typer.Option(help="Only those that the file of this name manages.")] = "",
    take_over: Annotated[
        bool, typer.Option("--take-over", help="With --name: those too that no file manages.")
    ] = False,
) -> None:
    """Print those in force as TOML, the form that import and ``sgwatch explain`` read."""
    from bot.cli.exemptions_text import export_exemptions

    export_exemptions(name, take_over=take_over)
