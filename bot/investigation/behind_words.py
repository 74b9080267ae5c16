"""What is behind a group, in words: one line for a tired responder, the rest for the details."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.alerts.fact import Fact, Question, Signal
from bot.aws.network import Surroundings
from bot.changes.rules import GroupRule
from bot.cloudtrail.text import printable
from bot.investigation.reachable import Reached, Verdict, reachable, to_internet
from bot.investigation.resources import Resource, counted
from bot.investigation.run import Answer

NOTHING = "nothing uses this group"
LINE = 110
NAMED = 2
NAME = 24
LISTED = 40
REACHABLE_NOW, NOTHING_BEHIND = 2, -2

PART = "; reachable: unknown (there are more)"
BESIDE = "Looked at is the way straight to each; what a load balancer passes on is not seen."


@dataclass(frozen=True, slots=True)
class View:
    """What there is to tell: what is in the group, and what was opened to it.

    ``moved`` are the ids of what was moved into the group: the alert is about those alone.
    ``untold`` says what could not be read; ``cut`` that there is more than was looked at.
    """

    resources: tuple[Resource, ...]
    around: Mapping[str, Surroundings]
    opened: tuple[GroupRule, ...]
    moved: frozenset[str] = frozenset()
    untold: tuple[str, ...] = ()
    cut: bool = False


@dataclass(frozen=True, slots=True)
class _Seen:
    """A resource, and whether the internet can reach it."""

    resource: Resource
    reached: Reached


def answer_of(about: str, view: View) -> Answer:
    """Return the fact about what is behind a group, and what it makes of the severity."""
    if not view.resources:
        nothing = Signal("nothing_behind", NOTHING_BEHIND, NOTHING)
        return Answer((Fact(Question.BEHIND, about, NOTHING),), (nothing,))
    seen = sorted(
        (_Seen(resource, _reached(resource, view)) for resource in view.resources),
        key=lambda one: (not _is_moved(one.resource, view.moved), -one.reached.verdict),
    )
    moved = [one for one in seen if _is_moved(one.resource, view.moved)]
    meant = moved or seen
    asked = bool(to_internet(view.opened))
    part = view.cut and not moved
    what = " moved in" if moved else " looked at" if part else ""
    head = f"{counted([one.resource for one in meant])}{what}{_inside(meant)}, {_public(meant)}"
    # Whoever names what is behind may name it at length, but not push the verdict away.
    tail = (PART if part and not _open_now(meant) else _verdict(meant)) if asked else ""
    tail += f"; in all {counted(view.resources)}" if len(meant) < len(seen) else ""
    value = printable(head, max(LINE - len(tail), LINE // 2)) + tail
    more = (*_lines(seen, asked=asked), *view.untold)
    fact = Fact(Question.BEHIND, about, value, more=more)
    open_now = _open_now(meant) if asked else []
    return Answer((fact,), (_signal(open_now),) if open_now else ())


def _open_now(seen: Sequence[_Seen]) -> list[_Seen]:
    return [one for one in seen if one.reached.verdict is Verdict.YES]


def _is_moved(resource: Resource, moved: frozenset[str]) -> bool:
    return any(i.id in moved or (i.instance and i.instance in moved) for i in resource.interfaces)


def _reached(resource: Resource, view: View) -> Reached:
    """Return the best of the ways to a resource's interfaces."""
    found = (
        reachable(i, resource.instance, view.around.get(i.subnet, Surroundings()), view.opened)
        for i in resource.interfaces
    )
    return max(found, key=lambda reached: reached.verdict)


def _inside(seen: Sequence[_Seen]) -> str:
    """Return the load balancers that have no public address: ": shop (internal)"."""
    found = [one.resource for one in seen if one.resource.scheme and not one.resource.public]
    if not found:
        return ""
    rest = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return f": {', '.join(map(_named, found[:NAMED]))}{rest}"


def _public(seen: Sequence[_Seen]) -> str:
    """Return what of it has a public address: "1 with a public address: web-1 (203.0.113.7)"."""
    public = [one for one in seen if one.resource.public]
    if not public:
        return "no public address" if len(seen) == 1 else "none with a public address"
    named = ", ".join(_named(one.resource) for one in public[:NAMED])
    rest = f" and {len(public) - NAMED} more" if len(public) > NAMED else ""
    many = "" if len(seen) == 1 else f"{len(public)} "
    return f"{many}with a public address: {named}{rest}"


def _verdict(seen: Sequence[_Seen]) -> str:
    """Return the best verdict, and of how many; why, where it is not yes."""
    public = [one for one in seen if one.resource.public]
    if not public:
        return "; not reachable directly"
    best = public[0].reached
    same = sum(one.reached.verdict is best.verdict for one in public)
    if best.verdict is Verdict.YES:
        return ", reachable: yes" if same == len(public) else f", {same} of them reachable"
    return f", reachable: {best.verdict} ({best.why})"


def _named(resource: Resource) -> str:
    """Return "web-1 (203.0.113.7)", of a load balancer "shop (internet-facing, 203.0.113.8)"."""
    about = ", ".join(filter(None, (resource.scheme, *resource.public[:1])))
    return f"{printable(resource.name or resource.kind, NAME)} ({about})"


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
    if resource.scheme:
        parts.append(resource.scheme)
    parts += resource.public
    told = f": reachable: {one.reached.verdict}: {one.reached.why}" if asked else ""
    return ", ".join(parts) + told


def _signal(open_now: Sequence[_Seen]) -> Signal:
    named = ", ".join(_named(one.resource) for one in open_now[:NAMED])
    rest = f" and {len(open_now) - NAMED} more" if len(open_now) > NAMED else ""
    return Signal("reachable_now", REACHABLE_NOW, f"reachable from the internet now: {named}{rest}")
