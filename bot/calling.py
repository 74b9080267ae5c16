"""Calling: whom a level's words mean right now, and whether they need to be called once more."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.alerts.alert import Alert
from bot.changes.sentence import number_of
from bot.escalation.climb import Call, Climb, Fate, Next
from bot.escalation.ladder import Quiet
from bot.escalation.rota import Rota
from bot.escalation.target import EVERYBODY, GROUP, Target, Way
from bot.paging.page import PagerError
from bot.paging.pagers import Pagers
from bot.paging.people import WhoIsOnCall
from bot.store.store import Store

AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Calling:
    """``name`` gives what people call a Slack id. Raises StoreError from every method."""

    store: Store
    who: WhoIsOnCall
    pagers: Pagers
    name: Callable[[str], str]
    quiet: Quiet

    def calls(self, alert: Alert, climb: Climb, coming: Next, at: datetime) -> tuple[Call, ...]:
        """Return the calls of what comes next, before any is made."""
        level = climb.ladder.levels[coming.level]
        words = level.fallback if coming.fallback else level.calls
        found = list(self._each(words, climb.ladder.rotas, at))
        return tuple(
            self._mentioned(alert, Call(coming.key(number), target, whom, told=why), why)
            for number, (target, whom, why) in enumerate(found)
        )

    def held(self, alert: Alert, call: Call) -> str:
        """Return why a call is not made, because there were enough; nothing where it is to be."""
        owner = self._claimed(alert, call.target)
        if owner != alert.id:
            return _one_with(owner)
        name = f"calls:{call.target}:{alert.severity}"
        if self.store.budgets.spend(name, self.quiet.an_hour, AN_HOUR) is None:
            return ""
        pages = number_of(self.quiet.an_hour, f"{alert.severity} page")
        why = f"{pages} an hour are the most that the policy allows, and were sent"
        self.store.notices.tell(f"ceiling:{call.target}", f"{call.whom} is not paged more: {why}")
        return why

    def _each(
        self, words: Sequence[Target], kept: Sequence[Rota], at: datetime
    ) -> Iterator[tuple[Target, str, str]]:
        """Yield each target with who that is, and why they cannot be called, if so."""
        for word in words:
            if word.way.wakes:
                yield word, _called(word), self.pagers.lacks(word)
            elif word.way is Way.MENTION and (word.to in EVERYBODY or GROUP.fullmatch(word.to)):
                yield word, word.to, ""
            else:
                yield from self._people(word, kept, at)

    def _people(
        self, word: Target, kept: Sequence[Rota], at: datetime
    ) -> Iterator[tuple[Target, str, str]]:
        try:
            people, why = self.who.people(word.to, kept, at), "nobody is on call"
        except PagerError as error:
            people, why = (), error.reason
        if not people:
            yield word, word.to, why
        for slack_id in people:
            yield Target(word.way, slack_id), self.name(slack_id), ""

    def _mentioned(self, alert: Alert, call: Call, why: str) -> Call:
        """Return the call as it begins: a mention is made by the line that tells of it."""
        if why:
            return Call(call.key, call.target, call.whom, Fate.FAILED, why)
        if call.target.way is not Way.MENTION:
            return call
        owner = self._claimed(alert, call.target)
        if owner != alert.id:
            return Call(call.key, call.target, call.whom, Fate.HELD, _one_with(owner))
        return Call(call.key, call.target, call.whom, Fate.SENT)

    def _claimed(self, alert: Alert, target: Target) -> str:
        """Return the alert that calls the target for all of its kind: of one storm, or by one.

        A graver one is never of the kind of a lesser.
        """
        storm = self.store.storms.raging(alert.channel)
        by = alert.principal.id if alert.principal else alert.id
        name = f"{f'storm:{storm.id}' if storm else by}:{alert.severity}:{target}"
        return self.store.pages.claim(name, alert.id, self.quiet.as_one)


def _called(target: Target) -> str:
    """Return what people read of a pager."""
    names = {Way.PAGERDUTY: "PagerDuty", Way.SNS: "SNS", Way.WEBHOOK: "Webhook"}
    return f"{names[target.way]} {target.to.rpartition(':')[2]}"


def _one_with(owner: str) -> str:
    return f"this is one with {owner}, which called already"
