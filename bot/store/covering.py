"""What exemptions are to resolve beside their own alerts, kept until it is done."""

from pydantic import TypeAdapter

from bot.alerts.covering import Covering
from bot.store.attention import Subject, SubjectKind
from bot.store.link import Link

CHORE = "covering"
COVERING: TypeAdapter[Covering] = TypeAdapter(Covering)


class Coverings:
    """Kept before the exemption is saved, so that none is forgotten. Raises StoreError."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def plan(self, covering: Covering) -> None:
        """Keep what is to be resolved as soon as the exemption is there."""
        keys = self._link.keys
        names = [keys.coverings, keys.attention, keys.touched, keys.wake]
        line = COVERING.dump_json(covering).decode()
        subject = str(Subject(SubjectKind.CHORE, CHORE))
        self._link.write("cover", names, [covering.exemption, line, subject])

    def planned(self) -> list[Covering]:
        """Return all that is to be resolved."""
        lines = self._link.call("HVALS", self._link.keys.coverings)
        return [COVERING.validate_json(line) for line in lines]

    def done(self, covering: Covering) -> None:
        """Forget what has been resolved, or never will be."""
        self._link.call("HDEL", self._link.keys.coverings, covering.exemption)
