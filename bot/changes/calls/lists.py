"""Calls on managed prefix lists: widening a list opens every group that names it."""

from collections.abc import Iterable

from bot.changes.calls.call import Call
from bot.changes.change import Change, Verb
from bot.changes.permissions import cidr_peer
from bot.changes.shapes import Node, items, part, word, word_at
from bot.cloudtrail.text import printable

DETAIL = 200


def list_modified(call: Call) -> Change:
    """ModifyManagedPrefixList."""
    return call.change(
        Verb.PREFIX_LIST,
        target=word_at(call.request, "prefixListId"),
        detail=word_at(call.request, "prefixListName"),
        cidrs_added=_cidrs(call.request, "addEntry", "addEntries"),
        cidrs_removed=_cidrs(call.request, "removeEntry", "removeEntries"),
    )


def list_created(call: Call) -> Change:
    """CreateManagedPrefixList: no group can name the list yet, so it opens nothing."""
    entries = _cidrs(call.request, "entry", "entries")
    return call.change(
        Verb.PREFIX_LIST,
        target=word_at(part(call.response, "prefixList"), "prefixListId"),
        detail=printable(_described(word_at(call.request, "prefixListName"), entries), DETAIL),
    )


def list_restored(call: Call) -> Change:
    """RestoreManagedPrefixListVersion: what the version held is told nowhere."""
    version = word_at(call.request, "previousVersion")
    return call.change(
        Verb.PREFIX_LIST,
        target=word_at(call.request, "prefixListId"),
        detail=f"version {version}" if version else "",
    )


def list_deleted(call: Call) -> Change:
    """DeleteManagedPrefixList."""
    return call.change(Verb.PREFIX_LIST, target=word_at(call.request, "prefixListId"))


def _cidrs(request: Node, *names: str) -> tuple[str, ...]:
    leaves = [leaf for name in names for leaf in items(part(request, name))]
    texts = (word_at(leaf, "cidr") or word(leaf) for leaf in leaves)
    return tuple(dict.fromkeys(cidr_peer(text).value for text in texts if text))


def _described(name: str, entries: Iterable[str]) -> str:
    return ": ".join(filter(None, (name, ", ".join(entries))))
