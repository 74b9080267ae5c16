"""``sgwatch explain``: the command as it is called. ``bot.cli.explaining`` does the work."""

from pathlib import Path
from typing import Annotated, Any

import typer


def _file(text: str) -> Any:
    """Return an option that names a file."""
    return typer.Option(metavar="FILE", exists=True, dir_okay=False, help=text)


Records = Annotated[
    typer.FileBinaryRead,
    typer.Argument(
        metavar="FILE", help="Records in any envelope, gzipped or not; - for standard input."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per record and line.")]
Exemptions = Annotated[Path | None, _file("Exemptions (TOML): would one hide it?")]
Accounts = Annotated[Path | None, _file("Accounts (TOML): names, and which are yours.")]
Policy = Annotated[Path | None, _file("Policy (TOML): how bad each situation is.")]
Detections = Annotated[
    list[Path] | None,
    typer.Option(metavar="PATH", exists=True, help="More rule files or folders; repeatable."),
]

City = Annotated[Path | None, _file("Cities or countries (MaxMind's form): where from?")]
Asn = Annotated[Path | None, _file("Networks (MaxMind's form): from whose?")]


def explain(
    file: Records,
    *,
    as_json: AsJson = False,
    exemptions: Exemptions = None,
    accounts: Accounts = None,
    policy: Policy = None,
    detections: Detections = None,
    geoip_city: City = None,
    geoip_asn: Asn = None,
) -> None:
    """Explain records: what they did, how bad it is, which detections match and why others do not.

    Exit code 0 if all were read, 1 if any could not be, 2 for wrong usage.
    """
    # Imported when called, so that the other commands start fast.
    from bot.cli.explaining import Given, explain_file  # noqa: PLC0415

    given = Given(exemptions, accounts, policy, tuple(detections or ()), geoip_city, geoip_asn)
    explain_file(file, given, as_json=as_json)
