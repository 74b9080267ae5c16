"""Field syntaxes: ports, peers, groups and durations as people write them, and back.

Lists are separated by commas or spaces. A word that cannot be read raises ``FieldError``, which
names the word and says what would be right.
"""

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from difflib import get_close_matches
from ipaddress import ip_network

from bot.changes.permissions import protocol_of
from bot.changes.rules import ALL_PROTOCOLS
from bot.changes.severity import Severity
from bot.cloudtrail.principal import UNKNOWN
from bot.exemptions.boxes import NUMBERS, WITH_PORTS, WITH_TYPES
from bot.exemptions.model import PortRange
from bot.exemptions.patterns import FEWEST, is_pattern, literal, principal_literal

GROUP = re.compile(r"sg-[\w-]+")
PEER_GROUP = re.compile(r"(?:\d{12}/)?(?:sg|pl)-[\w-]+")
COUNTRY = re.compile(r"[A-Za-z]{2}")
SPAN = re.compile(r"(\d{1,5})(?:([-:])(\d{1,5}))?")
DURATION = re.compile(r"(\d{1,5})\s*(?:(w)(?:eeks?)?|(d)(?:ays?)?|(h)(?:ours?)?)")

UNITS = {"w": timedelta(weeks=1), "d": timedelta(days=1), "h": timedelta(hours=1)}
"""No minutes or months: "3m" would be read as either."""


class FieldError(ValueError):
    """A word cannot be read. The text names it and says what to write instead."""

    def __init__(self, word: str, mend: str) -> None:
        super().__init__(f"“{word}”: {mend}")
        self.word = word
        self.mend = mend


def words_of(text: str) -> list[str]:
    """Return the words of a list that is separated by commas, spaces or lines."""
    return [word for word in re.split(r"[,\s]+", text) if word]


def nearest(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return what to say of an unknown word: the known one it resembles, or something else."""
    written = {name.lower(): name for name in known}
    close = get_close_matches(word.lower(), list(written), n=1)
    return f"did you mean {written[close[0]]}?" if close else otherwise


def parse_ports(text: str) -> tuple[PortRange, ...]:
    """Read ports: ``443``, ``443/tcp``, ``8000-8100/udp``, ``all/tcp``, ``8/icmp``, ``all``."""
    return tuple(dict.fromkeys(_ports_word(word) for word in words_of(text)))


def _ports_word(word: str) -> PortRange:
    span, slash, protocol = word.lower().partition("/")
    if span == "all" and not slash:
        return PortRange(ALL_PROTOCOLS, None, None)
    protocol = _protocol(word, protocol) if slash else "tcp"
    number = NUMBERS.get(protocol, -1)
    if span == "all":
        return PortRange(protocol, None, None)
    found = SPAN.fullmatch(span)
    if found is None:
        known = ("all", *NUMBERS)
        raise FieldError(word, nearest(span, known, "write ports such as 443/tcp or 8000-8100/tcp"))
    if number in WITH_TYPES:
        return _icmp(word, protocol, found)
    if number not in WITH_PORTS:
        raise FieldError(word, f"protocol {protocol} has no ports: write all/{protocol}")
    return _port_range(word, protocol, found)


def _protocol(word: str, protocol: str) -> str:
    if protocol in NUMBERS:
        return protocol
    if protocol.isdecimal() and len(protocol) <= 3 and int(protocol) <= 255:
        return protocol_of(protocol)
    raise FieldError(
        word,
        nearest(protocol, NUMBERS, "a protocol is tcp, udp, icmp, icmpv6 or a number"),
    )


def _port_range(word: str, protocol: str, found: re.Match[str]) -> PortRange:
    first, separator, last = int(found[1]), found[2], int(found[3] or found[1])
    if separator == ":":
        raise FieldError(word, f"a range is written with a dash: {first}-{last}/{protocol}")
    if max(first, last) > 65535:
        raise FieldError(word, "ports end at 65535")
    if first > last:
        raise FieldError(word, f"the lower port comes first: {last}-{first}/{protocol}")
    return PortRange(protocol, first, last)


def _icmp(word: str, protocol: str, found: re.Match[str]) -> PortRange:
    kind, separator, code = int(found[1]), found[2], found[3]
    if separator == "-":
        raise FieldError(word, f"ICMP has a type and a code: {kind}:{code}/{protocol}")
    if max(kind, int(code or 0)) > 255:
        raise FieldError(word, "ICMP types and codes end at 255")
    return PortRange(protocol, kind, None if code is None else int(code))


def ports_text(ports: PortRange) -> str:
    """Return one range as ``parse_ports`` reads it."""
    first, last = ports.from_port, ports.to_port
    if ports.protocol == ALL_PROTOCOLS:
        return "all"
    if first is None:
        return f"all/{ports.protocol}"
    if NUMBERS.get(ports.protocol) in WITH_TYPES:
        return f"{first}/{ports.protocol}" if last is None else f"{first}:{last}/{ports.protocol}"
    return f"{first}/{ports.protocol}" if first == last else f"{first}-{last}/{ports.protocol}"


def parse_cidrs(text: str) -> tuple[str, ...]:
    """Read CIDRs; a bare address is itself alone."""
    return tuple(dict.fromkeys(_cidr(word) for word in words_of(text)))


def _cidr(word: str) -> str:
    try:
        network = ip_network(word, strict=False)
    except ValueError:
        raise FieldError(word, "write a range such as 10.0.0.0/8 or 2001:db8::/32") from None
    address = word.partition("/")[0]
    if "/" in word and ip_network(address).network_address != network.network_address:
        raise FieldError(word, f"the range does not begin there: did you mean {network}?")
    return str(network)


def parse_groups(text: str) -> tuple[str, ...]:
    """Read security group ids."""
    return tuple(dict.fromkeys(_matching(word, GROUP, "sg-0a1b2c3d") for word in words_of(text)))


def parse_peer_groups(text: str) -> tuple[str, ...]:
    """Read groups and prefix lists that rules name as peers, each with its account or without."""
    example = "sg-0a1b2c3d, 123456789012/sg-0a1b2c3d or pl-0a1b2c3d"
    return tuple(dict.fromkeys(_matching(word, PEER_GROUP, example) for word in words_of(text)))


def _matching(word: str, pattern: re.Pattern[str], example: str) -> str:
    if not pattern.fullmatch(word):
        raise FieldError(word, f"write ids such as {example}")
    return word


def checked_sources(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return ranges of callers, none of them all addresses."""
    for word, cidr in ((word, _cidr(word)) for word in words):
        if cidr.endswith("/0"):
            raise FieldError(word, "every address lies in it: write the network that is meant")
    return parse_cidrs(",".join(words))


def parse_countries(words: tuple[str, ...]) -> tuple[str, ...]:
    """Read countries by their two letters."""
    for word in words:
        if not COUNTRY.fullmatch(word):
            raise FieldError(word, "write a country's two letters, such as DE")
    return tuple(dict.fromkeys(word.upper() for word in words))


def parse_severity(words: tuple[str, ...]) -> tuple[Severity, ...]:
    """Read the one severity that is the gravest covered."""
    if len(words) > 1:
        raise FieldError(words[1], "one severity is the gravest: write that one only")
    known = {str(severity): severity for severity in Severity}
    for word in words:
        if word.lower() not in known:
            raise FieldError(word, nearest(word, known, f"write {', '.join(known)}"))
    return tuple(known[word.lower()] for word in words)


def checked_tags(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return tags, each a key and a value."""
    for word in words:
        key, equals, value = word.partition("=")
        if not (key and equals) or is_pattern(value):
            raise FieldError(word, "write a tag's key and its whole value, such as env=prod")
    return words


def checked_sessions(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return names and patterns of sessions, none of which fits every session."""
    return _checked(words, literal, 1)


def checked_group_names(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return names and patterns of groups, none of which fits nearly all."""
    return _checked(words, literal, FEWEST)


def checked_principals(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return principals and patterns of principals, none of which fits nearly all."""
    if UNKNOWN in words:
        raise FieldError(UNKNOWN, "such callers are never exempted: name a role or user")
    return _checked(words, principal_literal, FEWEST)


def _checked(words: tuple[str, ...], fixed: Callable[[str], str], fewest: int) -> tuple[str, ...]:
    for word in words:
        if is_pattern(word) and len(fixed(word)) < fewest:
            more = f"{fewest} characters of the name" if fewest > 1 else "a part of the name"
            raise FieldError(word, f"it matches nearly everything: write {more} beside the *")
    return words


def parse_duration(text: str) -> timedelta:
    """Read a duration: ``30d``, ``12h``, ``2w``, ``30 days``."""
    word = text.strip().lower()
    found = DURATION.fullmatch(word)
    if found is None:
        raise FieldError(text.strip(), "write how long, such as 30d, 12h or 2w")
    if int(found[1]) == 0:
        raise FieldError(text.strip(), "it must last for some time, such as 30d")
    return int(found[1]) * UNITS[found[2] or found[3] or found[4]]


def duration_text(duration: timedelta) -> str:
    """Return a duration of whole hours as ``parse_duration`` reads it."""
    unit = next((u for u in UNITS if duration % UNITS[u] == timedelta(0)), "h")
    return f"{duration // UNITS[unit]}{unit}"
