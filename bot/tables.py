"""TOML files that people edit, read with care: each error names the place and what to do."""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

HINTS = {"extra_forbidden": "there is no such setting; check the spelling"}
"""What is said instead of pydantic's own words, by the type of the error."""


class FileError(Exception):
    """A file cannot be used. The text is a line for each fault, with its place."""


class Table(BaseModel):
    """A table of such a file: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


_T = TypeVar("_T", bound=Table)


def read_file(path: Path, setting: str) -> bytes:
    """Return what a file holds. Raises FileError; ``setting`` is where its path was given."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileError(f"{path} cannot be read ({error.strerror}): check {setting}") from None


def place_of(path: tuple[int | str, ...]) -> str:
    """Return where in the file a value stands; of several tables of a name, the first is #1."""
    parts = (f"#{part + 1}" if isinstance(part, int) else part for part in path if part != "[key]")
    return ".".join(parts) or "the whole file"


def read_table(
    content: bytes,
    name: str,
    model: type[_T],
    hints: Mapping[str, str] | None = None,
    place: Callable[[tuple[int | str, ...]], str] = place_of,
    context: object = None,
) -> _T:
    """Return the bytes of a TOML file as its model. Raises FileError; ``place`` says where.

    ``context`` is what the model's validators are told beside the file.
    """
    try:
        return model.model_validate(tomllib.loads(content.decode()), context=context)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FileError(f"{name} is not TOML: {error}") from None
    except ValidationError as error:
        said = {**HINTS, **(hints or {})}
        raise FileError(
            "\n".join(
                f"{name}, {place(problem['loc'])}: "
                f"{said.get(problem['type'], problem['msg'].removeprefix('Value error, '))}"
                for problem in error.errors(include_url=False)
            )
        ) from None
