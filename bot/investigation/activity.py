"""Activity: what else was done by them and from their address, half an hour to each side.

Two lookups a page and place at most (``around``): four for a user, ten for a role's session.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.alerts.alert import Alert
from bot.alerts.fact import Act, Fact, Question, Signal
from bot.alerts.signals import signal
from bot.changes.sentence import number_of
from bot.investigation.acts import counted, denied, gravest, other, told, weight_of, within
from bot.investigation.around import Around, Surroundings, span_of
from bot.investigation.run import Answer
from bot.investigation.signs import signs
from bot.investigation.weighty import Category, kind_of

SPAN = timedelta(minutes=30)
LINE = 100
KEPT = 20
"""Acts that a fact holds, the gravest ones."""

GRAVE = kind_of("iam", "CreateUser").weight
"""What others did from the same address is told in the line from this weight on."""

FIELD = "event.action"


@dataclass(frozen=True, slots=True)
class Activity:
    """Asks what else was done. Raises StoreError."""

    surroundings: Surroundings

    def __call__(self, alert: Alert, now: datetime, /) -> Answer:
        """Return what was done around the alert, with what was found before."""
        around = self.surroundings.of(alert, now)
        first, last = span_of(alert)
        acts = [a for a in known(alert, Question.ACTIVITY, around) if a.at <= last + SPAN]
        view = View(around, tuple(acts), first)
        fact = Fact(
            Question.ACTIVITY,
            around.who.principal.id,
            view.line(),
            unknown=view.unknown(),
            more=tuple(view.more()),
            as_of=around.read_at,
            field=FIELD,
            acts=gravest(acts, KEPT),
        )
        return Answer((settled(alert, fact),), tuple(view.signals(alert)))


@dataclass(frozen=True, slots=True)
class View:
    """All that there is to tell of what was done. ``first`` is when the alert's changes began."""

    around: Around
    acts: tuple[Act, ...]
    first: datetime

    @property
    def refused(self) -> list[Act]:
        """Return what AWS denied them."""
        return [act for act in self.acts if denied(act) and self.around.who.theirs(act)]

    def line(self) -> str:
        """Return the answer in one line; empty where nothing is known."""
        who, refused = self.around.who, self.refused
        grave = [a for a in self.acts if weight_of(a) >= (0 if who.theirs(a) else GRAVE)]
        weighty = [act for act in grave if weight_of(act)]
        rest: list[str] = []
        if refused:
            rest.append(f"{len(refused)} denied ({counted((a.action for a in refused), 2)})")
        others = len(self.acts) - len(weighty) - len(refused)
        if others:
            calls = number_of(others, "other call")
            rest.append(calls if weighty or refused else f"nothing of weight in {calls}")
        if self.acts:
            return within(LINE, told(weighty, who), rest)
        return "" if self.unknown() else "nothing else from half an hour before on"

    def unknown(self) -> str:
        """Return why nothing is known: nothing was delivered, and nobody could be asked."""
        if self.acts or not self.around.untold:
            return ""
        place, why = next(iter(self.around.untold.items()))
        return f"nothing was delivered; event history of {place} not read: {why}"

    def more(self) -> Iterator[str]:
        """Yield what stands under the acts."""
        for category in Category:
            actions = [a.action for a in self.acts if not a.error and _kind(a) is category]
            if actions:
                yield f"{category[0].upper()}{category[1:]}: {counted(actions, 8)}"
        if self.refused:
            yield f"Denied: {counted((act.action for act in self.refused), 8)}"
        failed = [a.action for a in self.acts if a.error and not denied(a)]
        if failed:
            yield f"Failed: {counted(failed, 8)}"
        if near := sorted({name for act in self.acts if (name := other(act, self.around.who))}):
            yield f"From the same address: {counted(near, 4)}"
        yield from self.around.notes()

    def signals(self, alert: Alert) -> Iterator[Signal]:
        """Yield what speaks for worse."""
        earlier = [act for act in self.refused if self.first - SPAN <= act.at <= self.first]
        if earlier:
            calls = counted((act.action for act in earlier), 2)
            yield signal("denied_before", f"denied {times(len(earlier))} before ({calls})")
        yield from signs(self.acts, self.around.who, span_of(alert))


def known(alert: Alert, question: Question, around: Around) -> list[Act]:
    """Return what is known now, with what an earlier answer held: a history that is not read once
    must not make it forgotten."""
    earlier = (act for fact in alert.facts if fact.question is question for act in fact.acts)
    acts = (*earlier, *around.acts)
    by_id = {act.event_id: act for act in acts if act.event_id not in around.own}
    return sorted(by_id.values(), key=lambda act: (act.at, act.event_id))


def settled(alert: Alert, fact: Fact) -> Fact:
    """Return the earlier answer where the new one says the same: nothing is edited for it."""
    same = (old for old in alert.facts if replace(old, as_of=fact.as_of) == fact)
    return next(same, fact)


def times(number: int) -> str:
    """Return "once", "twice", "3 times"."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _kind(act: Act) -> Category:
    return kind_of(act.service, act.action).category
