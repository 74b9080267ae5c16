"""Times as Redis keeps them: whole milliseconds since 1970, UTC."""

from datetime import UTC, datetime, timedelta


def to_ms(moment: datetime) -> int:
    """Return milliseconds since 1970, rounded down."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def from_ms(ms: int) -> datetime:
    """Return the UTC time of so many milliseconds since 1970."""
    return datetime.fromtimestamp(ms // 1000, UTC) + timedelta(milliseconds=ms % 1000)
