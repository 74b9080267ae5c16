"""What a detection's query is asked against: the ECS view, the exposure, and where the caller was.

Beside Elastic's fields there are sgwatch's own, which say what no flat query over a request can:

- ``sgwatch.exposure.reach``: to whom the change opens something (``world``, ``wide``, …);
- ``sgwatch.exposure.direction``: ``ingress`` or ``egress``;
- ``sgwatch.exposure.services``: the sensitive services among it, by name (``SSH``);
- ``sgwatch.exposure.ports``: as shown to people (``22/tcp``, ``all traffic``);
- ``sgwatch.exposure.port``: the same as ranges of numbers, so that ``port: 22`` holds for a range
  that contains it and ``port >= 1024`` for one that reaches so far;
- ``sgwatch.severity``: what exposure and policy alone make of it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.changes.exposure import Exposure
from bot.changes.severity import Severity
from bot.cloudtrail.ecs import EcsView
from bot.cloudtrail.record import Record
from bot.detections.kql.leaves import Leaf, NumberRange, Source


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address is and whose network it is in, as far as that is known."""

    country_iso_code: str = ""
    country_name: str = ""
    region_name: str = ""
    city_name: str = ""
    as_number: int | None = None
    as_organization: str = ""


Lookup = Callable[[str], Place | None]

_PORTS = re.compile(r"(\d+)(?:-(\d+))?/.*")


class Document:
    """One record with what it exposes, as a source for queries."""

    def __init__(
        self,
        record: Record,
        exposure: Exposure | None = None,
        severity: Severity | None = None,
        place: Lookup | None = None,
    ) -> None:
        self._ecs = EcsView(record)
        self._sgwatch = _exposure_fields(exposure) | _texts({"sgwatch.severity": severity})
        self._look_up = place
        self._place: dict[str, Sequence[Leaf]] | None = None

    def values(self, field: str) -> Sequence[Leaf]:
        """Return the values of a field."""
        if field.startswith("sgwatch."):
            return self._sgwatch.get(field, ())
        if field.startswith(("source.geo.", "source.as.")):
            return self._places().get(field, ())
        return self._ecs.values(field)

    def names(self) -> Sequence[str]:
        """Return the names of all fields that have a value."""
        return [*self._ecs.names(), *self._sgwatch, *self._places()]

    def inner(self, path: str) -> Sequence[Source]:
        """Return the objects under a path."""
        return self._ecs.inner(path)

    def _places(self) -> dict[str, Sequence[Leaf]]:
        """Look up the caller's address, once and only if a query asks."""
        if self._place is None:
            address = self._ecs.values("source.ip") if self._look_up else ()
            found = self._look_up(str(address[0])) if self._look_up and address else None
            self._place = _place_fields(found) if found else {}
        return self._place


def _texts(values: dict[str, object]) -> dict[str, Sequence[Leaf]]:
    """Return the values that are there, as text."""
    return {field: (str(value),) for field, value in values.items() if value}


def _exposure_fields(exposure: Exposure | None) -> dict[str, Sequence[Leaf]]:
    if exposure is None:
        return {}
    fields: dict[str, Sequence[Leaf]] = {
        "reach": (exposure.reach.value,),
        "direction": (exposure.direction.value,),
        "services": exposure.services,
        "ports": exposure.ports,
        "port": [found for shown in exposure.ports if (found := _range(shown))],
    }
    return {f"sgwatch.exposure.{name}": values for name, values in fields.items() if values}


def _range(shown: str) -> NumberRange | None:
    """Return the port numbers that an exposure's port stands for, if it has any."""
    if found := _PORTS.fullmatch(shown):
        return NumberRange(int(found[1]), int(found[2] or found[1]))
    return NumberRange(0, 65535) if shown == "all traffic" else None


def _place_fields(place: Place) -> dict[str, Sequence[Leaf]]:
    fields = _texts(
        {
            "source.geo.country_iso_code": place.country_iso_code,
            "source.geo.country_name": place.country_name,
            "source.geo.region_name": place.region_name,
            "source.geo.city_name": place.city_name,
            "source.as.organization.name": place.as_organization,
        }
    )
    return fields if place.as_number is None else fields | {"source.as.number": (place.as_number,)}
