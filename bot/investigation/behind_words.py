"""What is behind a group, in words: one line for a tired responder, the rest for the details."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.alerts.entries import Fact, Question, Signal
from bot.aws.network import Surroundings
from bot.changes.rules import GroupRule
from bot.cloudtrail.text import printable
from bot.investigation.reachable import Reached, Verdict, reachable, to_internet
from bot.investigation.resources import Resource, counted
from bot.investigation.run import Answer

NOTHING = "nothing uses this group"
LINE = 110
NAMED = 2
LISTED = 40
REACHABLE_NOW, NOTHING_BEHIND = 2, -2

BESIDE = "Looked at is the way straight to each; what a load balancer passes on is not seen."


@dataclass(frozen=True, slots=True)
class _Seen:
    """A resource, and whether the internet can reach it."""

    resource: Resource
    reached: Reached


def answer_of(
    question: Question,
    about: str,
    resources: Sequence[Resource],
    around: Mapping[str, Surroundings],
    opened: Sequence[GroupRule],
    untold: Sequence[str] = (),
) -> Answer:
    """Return the fact about what is behind a group, and what it makes of the severity."""
    if not resources:
        nothing = Signal("nothing_behind", NOTHING_BEHIND, NOTHING)
        return Answer((Fact(question, about, NOTHING),), (nothing,))
    seen = sorted(
        (_Seen(resource, _reached(resource, around, opened)) for resource in resources),
        key=lambda one: -one.reached.verdict,
    )
    public = [one for one in seen if one.resource.public]
    asked = bool(to_internet(opened))
    value = f"{counted(resources)}, {_public(public, asked=asked, whole=len(resources))}"
    more = (*_lines(seen, asked=asked), *untold)
    fact = Fact(question, about, printable(value, LINE), more=more)
    open_now = [one for one in public if asked and one.reached.verdict is Verdict.YES]
    return Answer((fact,), (_signal(open_now),) if open_now else ())


def _reached(
    resource: Resource, around: Mapping[str, Surroundings], opened: Sequence[GroupRule]
) -> Reached:
    """Return the best of the ways to a resource's interfaces."""
    found = (
        reachable(i, resource.instance, around.get(i.subnet, Surroundings()), opened)
        for i in resource.interfaces
    )
    return max(found, key=lambda reached: reached.verdict)


def _public(public: Sequence[_Seen], *, asked: bool, whole: int) -> str:
    """Return what of it has a public address: "1 with a public address: web-1 (203.0.113.7)"."""
    if not public:
        none = "no public address" if whole == 1 else "none with a public address"
        return f"{none}; not reachable directly" if asked else none
    named = ", ".join(_named(one.resource) for one in public[:NAMED])
    rest = f" and {len(public) - NAMED} more" if len(public) > NAMED else ""
    many = "with a public address" if whole == 1 else f"{len(public)} with a public address"
    return f"{many}: {named}{rest}{_verdict(public) if asked else ''}"


def _verdict(public: Sequence[_Seen]) -> str:
    """Return the best verdict, and of how many; why, where it is not yes."""
    best = public[0].reached
    same = sum(one.reached.verdict is best.verdict for one in public)
    if best.verdict is Verdict.YES:
        return ", reachable: yes" if same == len(public) else f", reachable: {same}"
    return f", reachable: {best.verdict} ({best.why})"


def _named(resource: Resource) -> str:
    return f"{resource.name or resource.kind} ({resource.public[0]})"


def _lines(seen: Sequence[_Seen], *, asked: bool) -> Iterator[str]:
    for one in seen[:LISTED]:
        yield _line(one, asked=asked)
    if len(seen) > LISTED:
        yield f"… and {len(seen) - LISTED} more"
    if asked:
        yield BESIDE


def _line(one: _Seen, *, asked: bool) -> str:
    """Return "instance web-1 (i-0abc), running, 203.0.113.7: reachable: yes: routed to igw-1"."""
    resource = one.resource
    parts = [f"{resource.kind} {resource.name}".strip()]
    if resource.instance:
        parts[0] += f" ({resource.instance.id})"
        parts.append(resource.instance.state)
    parts += resource.public
    told = f": reachable: {one.reached.verdict}: {one.reached.why}" if asked else ""
    return ", ".join(parts) + told


def _signal(open_now: Sequence[_Seen]) -> Signal:
    named = ", ".join(_named(one.resource) for one in open_now[:NAMED])
    rest = f" and {len(open_now) - NAMED} more" if len(open_now) > NAMED else ""
    return Signal("reachable_now", REACHABLE_NOW, f"reachable from the internet now: {named}{rest}")
