"""What a detection that remembers asks about an event, and what it may be answered.

A query alone cannot tell whether a ``threshold`` is reached, whether terms are new, or whether an
alert like it was raised lately. Where the query holds, the detection becomes an **ask**: values
only. It is answered by ``memory.Memory`` or by the store, which mean the same by it.

An event counts by its id and by the time in it, so that asking twice, or in another order than
things happened, changes no answer that was given:

- *threshold*: some window as long as the rule's look-back, with this event in it, holds at least
  ``value`` events of its key, and of each varied field that many different values. Looking to both
  sides of the event is what makes it hold however late one of them comes.
- *new terms*: no other event with these terms was seen from the window's start on. While a rule
  learns it remembers and answers no.
- *suppression*: no other event of its key, at least as severe, was shown within the duration.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, product

from bot.changes.severity import Severity
from bot.detections.datemath import date_math
from bot.detections.kql.leaves import Leaf, Source
from bot.detections.rule import Detection, Suppression, Threshold

MOST_EVENTS = 1000
"""Events remembered per key of a threshold or of a suppression; the oldest leave first."""

MOST_TERMS = 50_000
"""Terms remembered per rule; those not seen for the longest leave first."""

MOST_KEYS = 100
"""Keys of one event whose fields hold several values, as Kibana has it."""

LATE = timedelta(days=1)
"""How much longer than its window an event is remembered, for those that come late."""

LOOK_BACK = "now-6m"
"""Kibana's, where a rule names none."""


@dataclass(frozen=True, slots=True)
class Happening:
    """The event that is asked about: its id and its time."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CountAsk:
    """Are there enough events? ``varied`` are this event's values of the fields that must vary."""

    detection: str
    state: str
    keys: tuple[str, ...]
    window: timedelta
    value: int
    needed: tuple[int, ...] = ()
    varied: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class TermsAsk:
    """Are these terms new?"""

    detection: str
    state: str
    keys: tuple[str, ...]
    window: timedelta


@dataclass(frozen=True, slots=True)
class ShownAsk:
    """Was no event like this shown within the window, at least as severe?"""

    detection: str
    state: str
    keys: tuple[str, ...]
    window: timedelta
    severity: Severity


Ask = CountAsk | TermsAsk | ShownAsk


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the detection matches, and what of: how many events and values were found.

    ``by`` is the event that was shown instead; ``learning`` that the rule knows too little yet.
    """

    detection: str
    matches: bool
    count: int = 0
    varied: tuple[int, ...] = ()
    by: str = ""
    learning: bool = False


@dataclass(frozen=True, slots=True)
class Learning:
    """A rule that learns what is usual, and until when it says nothing."""

    detection: Detection
    until: datetime


def remembers(detection: Detection) -> bool:
    """Return whether more than its query decides if the detection matches."""
    return detection.threshold is not None or detection.new_terms is not None


def ask_of(detection: Detection, document: Source, at: datetime) -> CountAsk | TermsAsk | None:
    """Return what the detection asks about the document; None if it cannot match.

    As in Elastic, an event that lacks one of the fields is neither counted nor new.
    """
    if detection.threshold is not None:
        return _count_ask(detection, detection.threshold, document, at)
    if detection.new_terms is None:
        raise ValueError(f"{detection.id} asks nothing")
    keys = _keys(detection.new_terms.fields, document)
    if not keys:
        return None
    window = date_math(detection.new_terms.since).span(at)
    return TermsAsk(detection.id, state_of(detection), keys, window)


def _count_ask(
    detection: Detection, threshold: Threshold, document: Source, at: datetime
) -> CountAsk | None:
    keys = _keys(threshold.fields, document)
    if not keys:
        return None
    return CountAsk(
        detection.id,
        state_of(detection),
        keys,
        date_math(detection.since or LOOK_BACK).span(at),
        threshold.value,
        tuple(needed for _, needed in threshold.cardinality),
        tuple(
            tuple(_digest([text]) for text in _texts(document.values(field))[:MOST_KEYS])
            for field, _ in threshold.cardinality
        ),
    )


def shown_ask(detection: Detection, document: Source, severity: Severity) -> ShownAsk | None:
    """Return whether to ask if an alert like it was shown; None if the detection suppresses none.

    A threshold's are alike if what it counts by is.
    """
    suppression = detection.suppression
    if suppression is None:
        return None
    keys = _alike(detection, suppression, document)
    if not keys:
        return None
    state = _shown_state(detection)
    return ShownAsk(detection.id, state, keys, suppression.duration, severity)


def _alike(detection: Detection, suppression: Suppression, document: Source) -> tuple[str, ...]:
    if detection.threshold is not None:
        return _keys(detection.threshold.fields, document)
    if detection.new_terms is not None:
        whole = [_texts(document.values(field)) for field in suppression.by]
        lacking = not all(whole) and not suppression.missing
        return () if lacking else (_digest(whole),)
    return _keys(suppression.by, document, missing=suppression.missing)


def state_of(detection: Detection) -> str:
    """Return the name of what the rule remembers: another once it asks otherwise.

    An exception that is added does not make it forget.
    """
    if detection.threshold is not None:
        asked = [detection.query, repr(detection.threshold), detection.since]
    else:
        asked = [detection.query, repr(detection.new_terms)]
    return f"{detection.id}:{_digest(asked)[:12]}"


def _shown_state(detection: Detection) -> str:
    digest = _digest([repr(detection.suppression), repr(detection.threshold)])
    return f"{detection.id}:{digest[:12]}:shown"


def _keys(fields: Iterable[str], document: Source, *, missing: bool = False) -> tuple[str, ...]:
    """Return a digest for each combination of the fields' values; none where one is missing."""
    lacking: tuple[None, ...] = (None,) if missing else ()
    values = [_texts(document.values(field)) or lacking for field in fields]
    return tuple(_digest(list(each)) for each in islice(product(*values), MOST_KEYS))


def _texts(leaves: Sequence[Leaf]) -> tuple[str, ...]:
    """Return each different value once, in an order that does not depend on the record's."""
    texts = (str(leaf).lower() if isinstance(leaf, bool) else str(leaf) for leaf in leaves)
    return tuple(sorted(set(texts)))


def _digest(values: object) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:32]
