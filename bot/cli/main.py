"""The ``sgwatch`` command. What a command needs is imported when it is called.

So the commands that read files work, and start fast, without AWS, Redis or Slack.
"""

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.baseline import app as baseline_app
from bot.cli.deadletters import app as deadletters_app
from bot.cli.detections import app as detections_app
from bot.cli.exemptions import app as exemptions_app
from bot.cli.explain import explain
from bot.cli.gaps import backfill, trace
from bot.cli.plan import plan
from bot.cli.review import review

app = typer.Typer(
    name="sgwatch",
    help="AWS security group changes, investigated and decided in Slack.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sgwatch {version('sgwatch')}")
        raise typer.Exit


@app.callback()
def main(
    _: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show it.")
    ] = False,
) -> None:
    """AWS security group changes, investigated and decided in Slack."""


app.command()(explain)
app.command()(plan)
app.add_typer(detections_app)
app.add_typer(deadletters_app)
app.add_typer(baseline_app)
app.add_typer(exemptions_app)
app.command()(backfill)
app.command()(trace)
app.command()(review)


@app.command()
def run() -> None:
    """Run poller, workers and listener in one process: the small installation."""
    from bot.cli.serve import serve

    serve(polling=True, working=True, listening=True)


@app.command()
def poller() -> None:
    """Read events from the queue."""
    from bot.cli.serve import serve

    serve(polling=True)


@app.command()
def worker() -> None:
    """Attend what is due: show alerts in Slack, carry out containments."""
    from bot.cli.serve import serve

    serve(working=True)


@app.command()
def listener() -> None:
    """Take clicks and commands from Slack."""
    from bot.cli.serve import serve

    serve(listening=True)


@app.command()
def doctor(
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object with every check.")
    ] = False,
    wait: Annotated[
        float, typer.Option(min=0.1, metavar="SECONDS", help="How long to wait for answers.")
    ] = 5.0,
) -> None:
    """Look at everything that sgwatch needs, and say what to mend.

    Exit code 0 if nothing fails, 1 if anything does, 2 for wrong usage.
    """
    from bot.cli.doctor import diagnose

    diagnose(as_json=as_json, wait=wait)


@app.command()
def manifest(
    name: Annotated[str, typer.Option(help="What the app is called in Slack.")] = "sgwatch",
    address: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="Where Slack reaches the listener, https://…/slack; without it: Socket Mode.",
        ),
    ] = "",
) -> None:
    """Print the manifest from which Slack makes the app, with the scopes that it uses."""
    import json

    from bot.slack.manifest import manifest as build

    typer.echo(json.dumps(build(name, address), indent=2))


@app.command()
def pattern(
    detections: Annotated[
        list[Path] | None,
        typer.Option(
            exists=True, help="Rule file or folder, besides SGWATCH_DETECTIONS; repeatable."
        ),
    ] = None,
) -> None:
    """Print the EventBridge pattern that lets in what sgwatch uses, and no more.

    Standard error names the rules that it lets nothing in for, and why.
    """
    from bot.cli.detecting import print_pattern

    print_pattern(tuple(detections or ()))
