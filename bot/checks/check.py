"""One line of ``sgwatch doctor``: what was looked at, how it is, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How it is. Only what fails keeps sgwatch from doing its work."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """``said`` is what was found, ``mend`` what to do about it: empty where all is well."""

    name: str
    status: Status
    said: str
    mend: str = ""


def ok(name: str, said: str) -> Check:
    """Return what is well."""
    return Check(name, Status.OK, said)


def warn(name: str, said: str, mend: str) -> Check:
    """Return what works now, and should not stay so."""
    return Check(name, Status.WARN, said, mend)


def fail(name: str, said: str, mend: str) -> Check:
    """Return what keeps sgwatch from its work."""
    return Check(name, Status.FAIL, said, mend)
