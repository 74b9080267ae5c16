"""Familiar: what principals were seen to do, kept small: the latest values of each trait."""

from datetime import timedelta

from bot.alerts.familiar import Known, Span, Trait, known_as, traits_of
from bot.alerts.sighting import Sighting
from bot.cloudtrail.principal import Principal
from bot.store.link import Link
from bot.store.moment import from_ms, to_ms

MOST = 200
"""Values kept of each trait; those that were seen last the longest ago leave first."""

EVERYBODY = "*"
"""Stands for all principals together. No principal has this name."""

LEARNER = "familiar"
"""The name under which it is noted since when we learn."""


class Familiar:
    """What is usual for whom. Learning twice, late or out of order changes nothing.

    Raises StoreError from every method.
    """

    def __init__(self, link: Link, horizon: timedelta) -> None:
        self._link = link
        self._horizon_ms = horizon // timedelta(milliseconds=1)
        self._begun = False

    def begin(self) -> None:
        """Note that from now on we would know, whether or not events come."""
        if not self._begun:
            self._link.run("begin", [self._link.keys.begun], [LEARNER])
            self._begun = True

    def learn(self, seen: Sighting) -> None:
        """Remember what a change has in common with others of its principal."""
        found = dict(traits_of(seen))
        if not found:
            return
        who = known_as(seen.principal)
        keys = [key for trait in found for key in self._link.keys.familiar(trait, who)]
        keys += self._link.keys.familiar(Trait.PLACE, EVERYBODY)
        args: list[str | int] = [to_ms(seen.change.at), MOST, self._horizon_ms]
        self._link.run("learn", keys, [*args, *found.values(), found[Trait.PLACE]])

    def known(self, principal: Principal) -> Known:
        """Return what is known of a principal."""
        who = known_as(principal)
        keys = [key for trait in Trait for key in self._link.keys.familiar(trait, who)]
        keys += self._link.keys.familiar(Trait.PLACE, EVERYBODY)
        since, *found, places = self._link.run(
            "familiar", [self._link.keys.begun, *keys], [LEARNER]
        )
        return Known(
            from_ms(int(since)) if since else None,
            {trait: _spans(flat) for trait, flat in zip(Trait, found, strict=True)},
            _spans(places),
        )


def _spans(flat: list[str]) -> dict[str, Span]:
    rows = zip(flat[::3], flat[1::3], flat[2::3], strict=True)
    return {value: Span(from_ms(int(first)), from_ms(int(last))) for value, first, last in rows}
