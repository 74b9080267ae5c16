"""Exemptions as stored. They are added by the script that appends the decision."""

from collections.abc import Sequence

from bot.exemptions.model import Exemption
from bot.store.link import Link
from bot.store.timelines import EXEMPTION


class Exemptions:
    """All exemptions, read again only when one has changed. Raises StoreError."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._version: str | None = None
        self._all: tuple[Exemption, ...] = ()

    def current(self) -> Sequence[Exemption]:
        """Return every exemption, expired ones included: whoever asks knows what time it is."""
        version = str(self._link.call("GET", self._link.keys.exemptions_version))
        if version != self._version:
            lines = self._link.call("HVALS", self._link.keys.exemptions)
            self._all = tuple(
                sorted((EXEMPTION.validate_json(line) for line in lines), key=lambda e: e.id)
            )
            self._version = version
        return self._all
