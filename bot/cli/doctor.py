"""``sgwatch doctor``: looks at everything that sgwatch needs, and says what to mend."""

import json
import logging
import shutil
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict

import typer

from bot.checks.check import Check, Status
from bot.checks.run import examine, worst
from bot.settings_given import settings_as_given

COLOURS = {Status.OK: "green", Status.WARN: "yellow", Status.FAIL: "red"}
WIDEST = 120


def diagnose(*, as_json: bool, wait: float) -> None:
    """Look, print what was found, and exit: 0 if nothing fails, 1 if anything does."""
    # What the libraries would log is said by the checks, in words for people.
    logging.basicConfig(handlers=[logging.NullHandler()])
    checks = examine(settings_as_given(), limit=wait)
    status = worst(checks)
    if as_json:
        found = {"checks": [asdict(check) for check in checks], "status": status}
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        for line in _lines(checks):
            typer.echo(line)
    raise typer.Exit(1 if status is Status.FAIL else 0)


def _lines(checks: Sequence[Check]) -> Iterator[str]:
    """Yield the checks as aligned text, then how many there are of each status."""
    names = max(len(check.name) for check in checks)
    indent = " " * (6 + names + 2)
    width = max(min(shutil.get_terminal_size().columns, WIDEST), len(indent) + 30)
    for check in checks:
        start = f"{typer.style(f'{check.status:<6}', COLOURS[check.status])}{check.name:<{names}}  "
        said = textwrap.wrap(check.said, width - len(indent)) or [""]
        yield start + said[0]
        mend = textwrap.wrap(f"→ {check.mend}", width - len(indent)) if check.mend else []
        for line in (*said[1:], *mend):
            yield indent + line
    counts = (sum(check.status is status for check in checks) for status in Status)
    yield ", ".join(f"{count} {status}" for count, status in zip(counts, Status, strict=True))
