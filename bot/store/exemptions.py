"""Exemptions as stored. One from an alert is added by the script that appends the decision."""

from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from pydantic import TypeAdapter

from bot.alerts.commands import Refusal
from bot.alerts.exemption_approval import ExemptionCommand, Lapse, decide_exemption
from bot.alerts.life import Life, Lived, Make
from bot.alerts.life_due import LifeProgress
from bot.alerts.life_refused import refused_life
from bot.alerts.people import Person
from bot.exemptions.filed import Filed
from bot.exemptions.model import Exemption
from bot.exemptions.policy import ExemptionPolicy
from bot.store.link import Link
from bot.store.timelines import EXEMPTION, LIVED

FRESH = 1.0
"""Seconds: an exemption is in force, or ended, for every event that is read so much later."""

REFUSALS = 1000
"""Of the latest refusals to make one, so many are kept."""

PROGRESS: TypeAdapter[LifeProgress] = TypeAdapter(LifeProgress)


@dataclass(frozen=True, slots=True)
class Held:
    """An exemption as read, with its stored text: what a decision on it is based on."""

    exemption: Exemption
    written: str


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

    def read(self, exemption_id: str) -> Held | None:
        """Return the exemption as it is now, ended or not; None if there is none of that id."""
        line = self._link.call("HGET", self._link.keys.exemptions, exemption_id)
        return Held(EXEMPTION.validate_json(line), str(line)) if line else None

    def known_as(self, typed: str) -> str:
        """Return the id that somebody typed: those of sgwatch's own making are capitals."""
        return typed if self.read(typed) else typed.upper()

    def lived(self, exemption_id: str) -> list[Lived]:
        """Return what was decided on the exemption by itself, oldest first."""
        lines = self._link.call("LRANGE", self._link.keys.exemption_life(exemption_id), 0, -1)
        return [LIVED.validate_json(line) for line in lines]

    def note(self, exemption_id: str, told: Lived) -> None:
        """Keep what we told of the exemption."""
        key = self._link.keys.exemption_life(exemption_id)
        self._link.call("RPUSH", key, LIVED.dump_json(told).decode())

    def progress(self, exemption_id: str) -> LifeProgress:
        """Return how far our own work on the exemption has come."""
        line = self._link.call("GET", self._link.keys.exemption_progress(exemption_id))
        return PROGRESS.validate_json(line) if line else LifeProgress()

    def save_progress(self, exemption_id: str, progress: LifeProgress) -> None:
        """Keep how far it has come."""
        key = self._link.keys.exemption_progress(exemption_id)
        self._link.call("SET", key, PROGRESS.dump_json(progress).decode())

    def decide(
        self,
        exemption_id: str,
        command: ExemptionCommand,
        person: Person,
        now: datetime,
        policy: ExemptionPolicy,
    ) -> Life | Refusal:
        """Decide on the exemption as it is now. Who comes second is told so.

        A person's refusal is recorded in its life; of one to be made, among the latest such.
        """
        held = None if isinstance(command, Make) else self.read(exemption_id)
        if held is None and not isinstance(command, Make):
            return Refusal(f"There is no exemption {exemption_id}.")
        exemption = held.exemption if held else None
        decided = decide_exemption(exemption, command, person, now, policy)
        if not isinstance(decided, Refusal) and self._write(held, decided):
            return decided
        if not isinstance(decided, Refusal):
            why = f"Somebody else has just changed {exemption_id}. Look again, then decide."
            decided = Refusal(why)
        if not isinstance(command, Lapse):
            self.refused(exemption_id, command, decided, person, now)
        return decided

    def refused(
        self,
        exemption_id: str,
        command: ExemptionCommand,
        refusal: Refusal,
        person: Person,
        now: datetime,
    ) -> None:
        """Record that something was refused."""
        making = command.exemption if isinstance(command, Make) else None
        line = LIVED.dump_json(refused_life(making, command.name, refusal, person, now)).decode()
        keys = self._link.keys
        if making is None:
            self._link.call("RPUSH", keys.exemption_life(exemption_id), line)
        else:
            self._link.call("LPUSH", keys.exemption_refusals, line)
            self._link.call("LTRIM", keys.exemption_refusals, 0, REFUSALS - 1)

    def refusals(self) -> list[Lived]:
        """Return the latest refusals of exemptions that were to be made, the last first."""
        lines = self._link.call("LRANGE", self._link.keys.exemption_refusals, 0, -1)
        return [LIVED.validate_json(line) for line in lines]

    def _write(self, held: Held | None, decided: Life) -> bool:
        exemption, lived = decided
        keys = self._link.keys
        names = [keys.exemptions, keys.exemptions_version, keys.exemption_life(exemption.id)]
        names += [keys.attention, keys.touched, keys.wake]
        args: list[str | int] = [exemption.id, held.written if held else ""]
        args += [EXEMPTION.dump_json(exemption).decode(), LIVED.dump_json(lived).decode()]
        return bool(self._link.write("exempt", names, args))
