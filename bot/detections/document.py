"""What a detection's query is asked against: the ECS view, the exposure, and where the caller was.

Beside Elastic's fields there are sgwatch's own, which say what no flat query over a request can.
``sgwatch.exposure`` has an object for everything that the change opens one way to one sort of
peers; ``sgwatch.exposure:{ reach:world and port:22 }`` asks both of the same one. Each has

- ``reach``: to whom (``world``, ``wide``, ``external``, …);
- ``direction``: ``ingress``, ``egress``, or ``unknown``, which may be either;
- ``ports``: as shown to people (``22/tcp``, ``all traffic``);
- ``port``: the same as ranges of numbers: ``port:22`` holds for a range that contains it, and
  ``port >= 1024`` for one that reaches so far;
- ``services``: the sensitive services among it, by name (``SSH``);
- ``sensitive``: whether administration or data is among it, by a service or in all traffic;
- ``accounts``: those of peer groups that are not the organisation's.

``sgwatch.severity`` is what exposure and policy alone make of the change.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.changes.exposure import Exposed, Exposure
from bot.changes.permissions import WITH_PORTS
from bot.changes.ports import ALL_TRAFFIC, FIRST, LAST
from bot.changes.severity import Severity
from bot.cloudtrail.ecs import FIELDS, OBJECTS, EcsView
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

EXPOSURE = "sgwatch.exposure."
SEVERITY = "sgwatch.severity"
PLACES = ("source.geo.", "source.as.")
COUNTRY = ("source.geo.country_iso_code", "source.geo.country_name")

FILES = {
    "source.geo.city_name": "SGWATCH_GEOIP_CITY",
    "source.geo.region_name": "SGWATCH_GEOIP_CITY",
    "source.as.number": "SGWATCH_GEOIP_ASN",
    "source.as.organization.name": "SGWATCH_GEOIP_ASN",
}
"""What of a place only a file can tell, and the setting that names the file."""

_MADE = (*(f"{root}." for root in OBJECTS), EXPOSURE)

_PORTS = re.compile(r"(\d+)(?:-(\d+))?/(\w+)")


class Fields:
    """Values by the names of their fields, as a source for queries."""

    def __init__(self, fields: Mapping[str, Sequence[Leaf]]) -> None:
        self._fields = {name: values for name, values in fields.items() if values}

    def values(self, field: str) -> Sequence[Leaf]:
        """Return the values of a field."""
        return self._fields.get(field, ())

    def names(self) -> Sequence[str]:
        """Return the names of the fields that have a value."""
        return tuple(self._fields)

    def inner(self, path: str) -> Sequence[Source]:  # noqa: ARG002
        """Return nothing: there are no objects below."""
        return ()


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
        self._exposed = [_exposed(found) for found in exposure.all] if exposure else []
        self._own: dict[str, list[Leaf]] = {SEVERITY: list(_text(severity))}
        for found in self._exposed:
            for name in found.names():
                self._own.setdefault(EXPOSURE + name, []).extend(found.values(name))
        self._look_up = place
        self._place: Fields | None = None

    def values(self, field: str) -> Sequence[Leaf]:
        """Return the values of a field."""
        if field in self._own:
            return self._own[field]
        if field.startswith(PLACES):
            return self._placed().values(field)
        return self._ecs.values(field)

    def names(self) -> Sequence[str]:
        """Return the names of all fields that have a value."""
        own = [name for name, values in self._own.items() if values]
        return [*self._ecs.names(), *own, *self._placed().names()]

    def inner(self, path: str) -> Sequence[Source]:
        """Return the objects under a path."""
        return self._exposed if f"{path}." == EXPOSURE else self._ecs.inner(path)

    def _placed(self) -> Fields:
        """Look up the caller's address, once and only if a query asks."""
        if self._place is None:
            address = self._ecs.values("source.ip") if self._look_up else ()
            found = self._look_up(str(address[0])) if self._look_up and address else None
            self._place = Fields(_place_fields(found) if found else {})
        return self._place


def is_made(field: str) -> bool:
    """Return whether a record may have a value there, whatever the settings are."""
    known = field in FIELDS or field in OBJECTS or field in COUNTRY or field == SEVERITY
    return known or field.startswith(_MADE)


def _text(value: object) -> Sequence[Leaf]:
    return (str(value),) if value else ()


def _exposed(exposed: Exposed) -> Fields:
    return Fields(
        {
            "reach": (exposed.reach.value,),
            "direction": (exposed.direction.value,),
            "ports": exposed.ports,
            "port": [found for shown in exposed.ports if (found := _range(shown))],
            "services": exposed.services,
            "sensitive": (exposed.sensitive,),
            "accounts": exposed.accounts,
        }
    )


def _range(shown: str) -> NumberRange | None:
    """Return the port numbers that an exposure's port stands for, if it has any."""
    if shown == ALL_TRAFFIC:
        return NumberRange(FIRST, LAST)
    found = _PORTS.fullmatch(shown)
    if found is None or found[3] not in WITH_PORTS:
        return None
    return NumberRange(int(found[1]), int(found[2] or found[1]))


def _place_fields(place: Place) -> Mapping[str, Sequence[Leaf]]:
    return {
        "source.geo.country_iso_code": _text(place.country_iso_code),
        "source.geo.country_name": _text(place.country_name),
        "source.geo.region_name": _text(place.region_name),
        "source.geo.city_name": _text(place.city_name),
        "source.as.number": () if place.as_number is None else (place.as_number,),
        "source.as.organization.name": _text(place.as_organization),
    }
