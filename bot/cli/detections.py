"""``sgwatch detections …``: the commands as they are called. ``bot.cli.detecting`` does the work.

What a command needs is imported when it is called, so that the other commands start fast.
"""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="detections",
    help="List, show, check and try detections: rule files in Elastic's form.",
    no_args_is_help=True,
)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per rule file and line.")]
Name = Annotated[str, typer.Argument(help="The rule's id or name, or the path of its file.")]
More = Annotated[
    list[Path] | None,
    typer.Option(
        "--detections",
        help="Rule file or folder, besides SGWATCH_DETECTIONS; repeatable.",
    ),
]


@app.command("list")
def list_(*, detections: More = None, as_json: AsJson = False) -> None:
    """List the detections: those that come with sgwatch, and yours."""
    from bot.cli.detecting import list_detections

    list_detections(tuple(detections or ()), as_json=as_json)


@app.command()
def show(name: Name, *, detections: More = None) -> None:
    """Show all that is known of a detection: its query, its guide, MITRE's techniques."""
    from bot.cli.detecting import show_detection

    show_detection(name, tuple(detections or ()))


@app.command()
def check(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", exists=True, help="Rule files or folders.")
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Say of each rule file whether sgwatch can evaluate it, or why it cannot.

    Exit code 1 if any is malformed; 0 if all are loaded or of a type that is not supported.
    """
    from bot.cli.detecting import check_files

    check_files(paths, as_json=as_json)


@app.command("test")
def try_(
    name: Name,
    records: Annotated[
        typer.FileBinaryRead,
        typer.Argument(help="Records in any envelope, gzipped or not; - for standard input."),
    ],
    *,
    detections: More = None,
) -> None:
    """Show which records a detection matches, and for the others the first clause that fails.

    Exit code 0 if all records were read, 1 if any could not be.
    """
    from bot.cli.detecting import try_detection

    try_detection(name, records, tuple(detections or ()))


@app.command()
def matches(
    path: Annotated[Path, typer.Argument(exists=True, help="Rule file or folder.")],
    records: Annotated[
        typer.FileBinaryRead,
        typer.Argument(
            metavar="RECORDS.ndjson",
            help="A document in ECS's fields or a CloudTrail record a line; - for standard input.",
        ),
    ],
) -> None:
    """Print for each line which rules match it, as JSON, to compare with another engine.

    Exit code 0 if all lines were read, 1 if any could not be.
    """
    from bot.cli.matching import print_matches

    print_matches(path, records)
