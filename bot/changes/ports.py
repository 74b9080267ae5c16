"""Ports: what a rule spans on its protocol, and how people read it."""

from bot.changes.permissions import WITH_PORTS, WITH_TYPES
from bot.changes.rules import ALL_PROTOCOLS, GroupRule

FIRST, LAST = 0, 65535
"""The ends of a span. ICMP's types and codes are laid out on it as ``type * 256 + code``."""

ALL_TRAFFIC = "all traffic"


def span_of(rule: GroupRule) -> tuple[int, int]:
    """Return the ports that a rule spans; what cannot be read is taken for all of them."""
    first, last = rule.from_port, rule.to_port
    if rule.protocol in WITH_PORTS:
        known = first is not None and last is not None and FIRST <= first <= last <= LAST
        return (first, last) if known else (FIRST, LAST)  # type: ignore[return-value]
    if rule.protocol in WITH_TYPES and first is not None and 0 <= first <= 255:
        if last is None or not 0 <= last <= 255:
            return first * 256, first * 256 + 255
        return first * 256 + last, first * 256 + last
    return FIRST, LAST


def span_text(protocol: str, first: int, last: int) -> str:
    """Return a span as people read it: "22/tcp", "8000-8100/udp", "8:0/icmp", "all traffic"."""
    if protocol in {ALL_PROTOCOLS, ""}:
        return ALL_TRAFFIC
    if protocol in WITH_PORTS:
        return f"{first}/{protocol}" if first == last else f"{first}-{last}/{protocol}"
    if (first, last) == (FIRST, LAST):
        return f"all/{protocol}"
    if first == last:
        return f"{first // 256}:{first % 256}/{protocol}"
    types = f"{first // 256}" if first // 256 == last // 256 else f"{first // 256}-{last // 256}"
    return f"{types}/{protocol}"


def ports_text(rule: GroupRule) -> str:
    """Return a rule's protocol and ports as people read them."""
    return span_text(rule.protocol, *span_of(rule))
