"""Places: where the world's addresses are, in files of MaxMind's format.

The files are written after the format's published specification, version 2.0.
"""

from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any

NETWORKS = Mapping[str, Mapping[str, Any]]
CITIES: NETWORKS = {
    "198.51.100.0/24": {
        "country": {"iso_code": "DE", "names": {"en": "Germany"}},
        "city": {"names": {"en": "Berlin"}},
    },
    "192.0.2.0/24": {
        "country": {"iso_code": "IE", "names": {"en": "Ireland"}},
        "city": {"names": {"en": "Dublin"}},
    },
    "203.0.113.0/24": {
        "country": {"iso_code": "BR", "names": {"en": "Brazil"}},
        "city": {"names": {"en": "Recife"}},
    },
}
OWNERS: NETWORKS = {
    cidr: {"autonomous_system_number": number, "autonomous_system_organization": owner}
    for cidr, number, owner in (
        ("198.51.100.0/24", 64496, "Example Office"),
        ("192.0.2.0/24", 64497, "Example CI"),
        ("203.0.113.0/24", 64511, "Example Hosting"),
    )
}
"""The numbers are for documentation (RFC 5398), like the addresses."""

TEXT, UINT16, UINT32, MAP, UINT64, ARRAY = 2, 5, 6, 7, 9, 11


def write_mmdb(path: Path, networks: NETWORKS) -> Path:
    """Write what is known of some IPv4 networks, none of them within another."""
    data, places = b"", {}
    for cidr, value in networks.items():
        places[cidr] = len(data)
        data += _value(value)
    nodes: list[list[Any]] = [[None, None]]
    for cidr, place in places.items():
        network, node = ip_network(cidr), 0
        address = int(network.network_address)
        bits = [(address >> (31 - i)) & 1 for i in range(network.prefixlen)]
        for bit in bits[:-1]:
            if nodes[node][bit] is None:
                nodes.append([None, None])
                nodes[node][bit] = len(nodes) - 1
            node = nodes[node][bit]
        nodes[node][bits[-1]] = ("data", place)
    count = len(nodes)
    tree = b"".join(_record(side, count).to_bytes(4) for node in nodes for side in node)
    metadata = _value(
        {
            "binary_format_major_version": (UINT16, 2),
            "binary_format_minor_version": (UINT16, 0),
            "build_epoch": (UINT64, 1_700_000_000),
            "database_type": "Test",
            "description": {"en": "test"},
            "ip_version": (UINT16, 4),
            "languages": ["en"],
            "node_count": count,
            "record_size": (UINT16, 32),
        }
    )
    path.write_bytes(tree + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + metadata)
    return path


def _record(side: Any, count: int) -> int:
    if side is None:
        return count
    return side if isinstance(side, int) else count + 16 + int(side[1])


def _value(value: Any) -> bytes:
    if isinstance(value, str):
        return _head(TEXT, len(value.encode())) + value.encode()
    if isinstance(value, int | tuple):
        kind, given = value if isinstance(value, tuple) else (UINT32, value)
        number = int(given).to_bytes(8).lstrip(b"\0")
        return _head(kind, len(number)) + number
    if isinstance(value, list):
        return _head(ARRAY, len(value)) + b"".join(map(_value, value))
    pairs = (_value(key) + _value(inner) for key, inner in value.items())
    return _head(MAP, len(value)) + b"".join(pairs)


def _head(kind: int, size: int) -> bytes:
    """Return a value's kind and size; sizes from 29 on, of text here, take another byte."""
    long = bytes([size - 29]) if size >= 29 else b""
    size = min(size, 29)
    return (bytes([kind << 5 | size]) if kind < 8 else bytes([size, kind - 7])) + long
