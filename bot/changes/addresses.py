"""Address sets: intervals of IP addresses as numbers, added up, taken away and measured."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_network

Interval = tuple[int, int]
Intervals = tuple[Interval, ...]
"""In order, and neither overlapping nor touching each other."""


@lru_cache(maxsize=16_384)
def interval_of(cidr: str) -> tuple[int, Interval] | None:
    """Return a CIDR's IP version, and its first and last address; None for what is no CIDR."""
    try:
        network = ip_network(cidr, strict=False)
    except ValueError:
        return None
    return network.version, (int(network.network_address), int(network.broadcast_address))


def intervals_of(cidrs: Iterable[str], version: int) -> Intervals:
    """Return what some CIDRs of one version add up to."""
    known = (interval_of(cidr) for cidr in cidrs)
    return union(found[1] for found in known if found is not None and found[0] == version)


def union(intervals: Iterable[Interval]) -> Intervals:
    """Return what the intervals add up to."""
    merged: list[Interval] = []
    for first, last in sorted(intervals):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)


def minus(whole: Intervals, taken: Intervals) -> Intervals:
    """Return what is left of a set without another."""
    if not taken:
        return whole
    left: list[Interval] = []
    for first, last in whole:
        at = first
        for start, end in taken:
            if end < at:
                continue
            if start > last:
                break
            if start > at:
                left.append((at, start - 1))
            at = end + 1
        if at <= last:
            left.append((at, last))
    return tuple(left)


def both(one: Intervals, other: Intervals) -> Intervals:
    """Return what lies in either of two sets alike."""
    return minus(one, minus(one, other))


def size(intervals: Intervals) -> int:
    """Return how many addresses there are."""
    return sum(last - first + 1 for first, last in intervals)
