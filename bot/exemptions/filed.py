"""Exemptions, filed by what they name, so that a change meets only those that could hide it."""

from collections.abc import Iterable, Iterator

from bot.changes.change import Change
from bot.cloudtrail.principal import Principal
from bot.exemptions.model import Exemption


class Filed:
    """Exemptions by principal, else by group, else by account; the rest fit anything."""

    def __init__(self, exemptions: Iterable[Exemption] = ()) -> None:
        self._all = tuple(exemptions)
        self._files: dict[tuple[str, str], list[Exemption]] = {}
        for exemption in self._all:
            for place in _places(exemption):
                self._files.setdefault(place, []).append(exemption)

    def __iter__(self) -> Iterator[Exemption]:
        return iter(self._all)

    def about(self, change: Change, principal: Principal) -> list[Exemption]:
        """Return those that could hide the change; of all others some clause does not match."""
        places = (
            ("principal", principal.id),
            ("group", change.group.id),
            ("account", change.account),
            ("", ""),
        )
        return [found for place in places for found in self._files.get(place, ())]


def _places(exemption: Exemption) -> Iterator[tuple[str, str]]:
    scope = exemption.scope
    for name, given in (
        ("principal", scope.principals),
        ("group", scope.groups),
        ("account", scope.accounts),
    ):
        # A scope with patterns is by others too than the principals that it names.
        if given and not (name == "principal" and scope.principal_patterns):
            yield from ((name, value) for value in dict.fromkeys(given))
            return
    yield "", ""
