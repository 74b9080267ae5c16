"""The accounts file (TOML): the organisation's accounts by name, and which addresses are its own.

Each error names the place in the file and says what to do about it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import Field, field_validator

from bot.changes.exposure import Organisation
from bot.exemptions.names import Names
from bot.tables import FileError, Table, read_file, read_table

HINTS = {"string_pattern_mismatch": "an account is written as its 12 digits, in quotes"}


class AccountTable(Table):
    """``[[accounts]]``: one of the organisation's accounts. Its name is shown instead of its id."""

    id: str = Field(pattern=r"^[0-9]{12}$")
    name: str = Field(min_length=1, max_length=50)
    environment: str = ""
    ou: str = ""
    owner: str = ""


class OrganisationTable(Table):
    """``[organisation]``: what else is its own. ``aws_ranges`` is AWS's published ip-ranges.json,
    beside this file unless its path is absolute.
    """

    cidrs: tuple[str, ...] = ()
    aws_ranges: Path | None = None

    @field_validator("cidrs")
    @classmethod
    def _ranges(cls, cidrs: tuple[str, ...]) -> tuple[str, ...]:
        Organisation(cidrs=cidrs)
        return cidrs


class AccountsFile(Table):
    """The whole file."""

    organisation: OrganisationTable = OrganisationTable()
    accounts: tuple[AccountTable, ...] = ()

    @field_validator("accounts")
    @classmethod
    def _once(cls, accounts: tuple[AccountTable, ...]) -> tuple[AccountTable, ...]:
        for what in ("id", "name"):
            given = [getattr(account, what) for account in accounts]
            if twice := next((value for value in given if given.count(value) > 1), ""):
                raise ValueError(f"two accounts have the {what} {twice}: give each its own")
        return accounts


@dataclass(frozen=True, slots=True)
class Account:
    """One account. What the file does not tell is empty."""

    id: str
    name: str
    environment: str = ""
    ou: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Accounts:
    """The organisation's accounts, and what exposure is judged by."""

    known: tuple[Account, ...] = ()
    organisation: Organisation = field(default_factory=Organisation)

    @property
    def names(self) -> Mapping[str, str]:
        """Return the accounts' names by their ids."""
        return {account.id: account.name for account in self.known}

    @property
    def called(self) -> Names:
        """Return the names by which scopes may call accounts and OUs."""
        return Names(self.names, self.ous)

    @property
    def ous(self) -> Mapping[str, str]:
        """Return the accounts' OUs by their ids, where the file tells them."""
        return {account.id: account.ou.strip("/") for account in self.known if account.ou}


def load_accounts(path: Path | None, setting: str = "SGWATCH_ACCOUNTS") -> Accounts:
    """Return the accounts in a file; without one, none are known. Raises FileError.

    ``setting`` is where the path was given.
    """
    if path is None:
        return Accounts()
    file = read_table(read_file(path, setting), str(path), AccountsFile, HINTS)
    ranges = file.organisation.aws_ranges
    place = f"{path}, organisation.aws_ranges"
    aws_cidrs = _aws_cidrs(path.parent / ranges, place) if ranges else ()
    known = tuple(Account(**account.model_dump()) for account in file.accounts)
    ids = frozenset(account.id for account in known)
    return Accounts(known, Organisation(ids, file.organisation.cidrs, aws_cidrs))


def _aws_cidrs(path: Path, place: str) -> tuple[str, ...]:
    """Return the ranges in a file of AWS's form, of both IP versions."""
    content = read_file(path, place)
    try:
        published = json.loads(content)
        found = tuple(dict.fromkeys(_prefixes(published)))
        Organisation(aws_cidrs=found)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        found = ()
    if not found:
        raise FileError(f"{place}: {path} is not AWS's ip-ranges.json: download it again")
    return found


def _prefixes(published: Any) -> Iterator[str]:
    for prefix in published["prefixes"]:
        yield prefix["ip_prefix"]
    for prefix in published["ipv6_prefixes"]:
        yield prefix["ipv6_prefix"]
