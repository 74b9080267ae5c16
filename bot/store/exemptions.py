"""Exemptions as stored. They are added by the script that appends the decision."""

from time import monotonic

from bot.exemptions.filed import Filed
from bot.store.link import Link
from bot.store.timelines import EXEMPTION

FRESH = 1.0
"""Seconds: an exemption is in force, or ended, for every event that is read so much later."""


class Exemptions:
    """All exemptions, read again only when one has changed. Raises StoreError."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._version: str | None = None
        self._filed = Filed()
        self._looked = float("-inf")

    def current(self) -> Filed:
        """Return every exemption, expired ones included: whoever asks knows what time it is."""
        self.refresh()
        return self._filed

    def lately(self) -> Filed:
        """Return every exemption as of at most a second ago: for those who ask for each record."""
        if monotonic() - self._looked > FRESH:
            self.refresh()
        return self._filed

    def refresh(self) -> None:
        """Look whether one has changed."""
        looked = monotonic()
        version = str(self._link.call("GET", self._link.keys.exemptions_version))
        if version != self._version:
            lines = self._link.call("HVALS", self._link.keys.exemptions)
            found = (EXEMPTION.validate_json(line) for line in lines)
            self._filed = Filed(sorted(found, key=lambda exemption: exemption.id))
            self._version = version
        self._looked = looked
