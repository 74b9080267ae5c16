"""Standing in: a person's decision that somebody else is on call for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.alerts.commands import Refusal
from bot.alerts.people import Author, Person, Right
from bot.escalation.rota import Override, Rota

LONGEST = timedelta(days=31)
FORM = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """``person`` (a Slack id) is on call by this rota until a time, whoever's turn it is."""

    form: int = FORM
    at: datetime
    by: Author
    rota: str
    person: str
    until: datetime

    @property
    def override(self) -> Override:
        """Return it as the rota takes it."""
        return Override(self.person, self.at, self.until)


def decide_override(
    rota: Rota | None, person: str, until: datetime, by: Person, now: datetime
) -> Stood | Refusal:
    """Return the override, or why there is none. Whoever responds may stand in or send another."""
    if by.right < Right.RESPONDER:
        needed = Right.RESPONDER
        return Refusal(f"You need the right of a {needed} to do this.", needs=needed)
    if rota is None:
        return Refusal(
            "There is no rota to override: the policy file names none under [escalation.rotas], "
            "or several, so say which: /sgwatch oncall override ROTA @person until 18:00"
        )
    if not now < until <= now + LONGEST:
        return Refusal("An override ends in the future, and within 31 days.")
    author = Author(by.slack_id, by.name, by.right, by.policy)
    return Stood(at=now, by=author, rota=rota.name, person=person, until=until)
