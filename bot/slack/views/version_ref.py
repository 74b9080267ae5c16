"""What buttons and forms about an exemption carry: which one, and the version that was shown."""

from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from bot.slack.views.refs import AlertId, StaleRefError


@dataclass(frozen=True, slots=True)
class VersionRef:
    """The version that was shown, and the digest of what was tried, where something was.

    ``also`` are alerts that it said to resolve as well, each with its number of changes.
    """

    exemption: str
    version: int
    tried: str = ""
    also: tuple[tuple[AlertId, int], ...] = ()


_REF: TypeAdapter[VersionRef] = TypeAdapter(VersionRef)


def write_version(ref: VersionRef) -> str:
    """Return the text that Slack keeps for us."""
    return _REF.dump_json(ref).decode()


def read_version(text: str) -> VersionRef:
    """Read what a button or a form carries. Raises StaleRefError."""
    try:
        return _REF.validate_json(text)
    except ValidationError as error:
        raise StaleRefError("not of VersionRef") from error
