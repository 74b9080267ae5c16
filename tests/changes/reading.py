"""Reading a record as a change, for tests."""

from bot.changes.change import Change
from bot.changes.normalise import change_of
from bot.cloudtrail.record import parse_record
from tests.records import Json


def change(record: Json) -> Change:
    """Return what the record is normalised to."""
    return change_of(parse_record(record))
