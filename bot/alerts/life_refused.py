"""What somebody was refused to do to an exemption, as a line of its life."""

from datetime import datetime

from bot.alerts.commands import Refusal
from bot.alerts.decide import author
from bot.alerts.life import Deed, Lived
from bot.alerts.people import Person
from bot.exemptions.model import Exemption


def refused_life(
    exemption: Exemption | None, wanted: str, refusal: Refusal, person: Person, now: datetime
) -> Lived:
    """Return the line that records a refusal; ``exemption`` is one that was to be made."""
    until = exemption.expires_at if exemption else now
    return Lived(
        at=now,
        by=author(person),
        did=Deed.REFUSED,
        until=until,
        reason=refusal.why,
        before=exemption,
        wanted=wanted,
    )
