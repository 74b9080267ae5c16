"""A line of JSON as a document for queries: a document in ECS's fields, or a CloudTrail record."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.alerts.judge import Judge
from bot.cloudtrail.ecs_document import EcsDocument
from bot.cloudtrail.envelope import EnvelopeError, open_envelope, read_json
from bot.cloudtrail.record import Record
from bot.detections.kql.leaves import Leaf, Source

OWN = "sgwatch."
ORIGINAL = "event.original"
ACTION = "event.action"
ENVELOPES = frozenset(
    {"eventName", "detail-type", "Records", "Events", "QueryResultRows", "CloudTrailEvent", "Type"}
)
"""Keys of which a record or its envelope has one, and a document in ECS's fields has none."""


@dataclass(frozen=True, slots=True)
class WithExposure:
    """A document as it stands, and beside it the sgwatch fields of the record it was made from."""

    ecs: Source
    record: Source

    def values(self, field: str) -> Sequence[Leaf]:
        """Return the values of a field."""
        return (self.record if field.startswith(OWN) else self.ecs).values(field)

    def names(self) -> Sequence[str]:
        """Return the names of the fields that have a value."""
        return [*self.ecs.names(), *filter(_is_own, self.record.names())]

    def inner(self, path: str) -> Sequence[Source]:
        """Return the objects under a path."""
        return (self.record if path.startswith(OWN) else self.ecs).inner(path)


def document_of(line: bytes, judge: Judge) -> Source:
    """Return what queries ask of a line. Raises EnvelopeError.

    A document that Elasticsearch was given is taken as it stands; one whose ``event.original`` is
    still to be read, as the record in there.
    """
    value = read_json(line)
    if not isinstance(value, dict):
        raise EnvelopeError(f"the line is a JSON {type(value).__name__}, not an object")
    if isinstance(source := value.get("_source"), dict):
        value = source
    if not ENVELOPES.isdisjoint(value):
        return judge.verdict(_only(line)).document
    ecs = EcsDocument(value)
    record = _original(ecs)
    if record is None:
        return ecs
    asked = judge.verdict(record).document
    return WithExposure(ecs, asked) if ecs.values(ACTION) else asked


def _only(text: str | bytes) -> Record:
    """Return the one record in an envelope."""
    delivery = open_envelope(text)
    if len(delivery.records) != 1:
        reason = next(iter(delivery.unreadable), "")
        raise EnvelopeError(reason or f"the line holds {len(delivery.records)} records, not one")
    return delivery.records[0]


def _original(ecs: EcsDocument) -> Record | None:
    """Return the record that a document was made from, where it has kept it."""
    for text in ecs.values(ORIGINAL):
        try:
            return _only(str(text))
        except EnvelopeError:
            continue
    return None


def _is_own(field: str) -> bool:
    return field.startswith(OWN)
