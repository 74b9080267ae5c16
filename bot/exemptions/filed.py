"""Exemptions, filed by what they name, so that a change meets only those that could hide it."""

from collections.abc import Iterable, Iterator

from bot.changes.change import Change
from bot.cloudtrail.principal import Principal
from bot.exemptions.model import Exemption
from bot.exemptions.pattern_index import PatternIndex


class Filed:
    """Exemptions by principal, else by person, group or account; the rest fit anything."""

    def __init__(self, exemptions: Iterable[Exemption] = ()) -> None:
        self._all = tuple(exemptions)
        self._files: dict[tuple[str, str], list[Exemption]] = {}
        self._patterns = PatternIndex[Exemption]()
        for exemption in self._all:
            for pattern in dict.fromkeys(exemption.scope.principal_patterns):
                self._patterns.add(pattern, exemption)
            for place in _places(exemption):
                self._files.setdefault(place, []).append(exemption)

    def __iter__(self) -> Iterator[Exemption]:
        return iter(self._all)

    def about(self, change: Change, principal: Principal) -> list[Exemption]:
        """Return those that could hide the change; of all others some clause does not match."""
        places = (
            ("principal", principal.id),
            ("person", principal.person),
            ("group", change.group.id),
            ("account", change.account),
            ("", ""),
        )
        found = [each for place in places for each in self._files.get(place, ())]
        fitting = {each.id: each for each in self._patterns.of(principal.id)}
        if not fitting:
            return found
        # One that also names the principal whole, or by two patterns, is met once.
        return list({each.id: each for each in (*found, *fitting.values())}.values())


def _places(exemption: Exemption) -> Iterator[tuple[str, str]]:
    scope = exemption.scope
    if scope.principals or scope.principal_patterns:
        yield from (("principal", name) for name in dict.fromkeys(scope.principals))
        return
    for name, given in (
        ("person", scope.persons),
        ("group", scope.groups),
        ("account", scope.accounts),
    ):
        if given:
            yield from ((name, value) for value in dict.fromkeys(given))
            return
    yield "", ""
