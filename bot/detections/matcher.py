"""Which detections a document matches, asking only those that could.

Rules nearly always name the actions that they are about. Those are read off each query's tree, and
a document is asked only by the rules that name its action, or that name none. What a query says of
provider, action and outcome alone is the same for all documents that have them alike, so that much
is asked once for each combination. A rule is left out only if it cannot match: see ``pinned``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.cloudtrail.ecs_document import Kind, kind_of
from bot.detections.kql.compiler import Predicate, compiled
from bot.detections.kql.leaves import Leaf, Source
from bot.detections.kql.tree import All, And, Compare, Exists, Match, Not, Or, Query
from bot.detections.rule import Detection, RuleException

ACTION = "event.action"
PROVIDER = "event.provider"
KNOWN = (ACTION, PROVIDER, "event.outcome", "event.dataset")
"""Fields that nearly all rules ask, and of which records have few combinations."""

REMEMBERED = 2000
"""Combinations whose rules are remembered; then all are forgotten and learnt anew."""

_Known = tuple[tuple[Leaf, ...], ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """``first`` is the part of its query that the known fields decide, ``rest`` all else."""

    position: int
    detection: Detection
    first: Predicate
    rest: Predicate


class Matcher:
    """The loaded detections, compiled and indexed by what they must find."""

    def __init__(self, detections: Iterable[Detection]) -> None:
        self.detections = tuple(detections)
        self._all = [_rule(place, detection) for place, detection in enumerate(self.detections)]
        self._index: dict[str, dict[str, list[_Rule]]] = {ACTION: {}, PROVIDER: {}}
        self._unpinned: list[_Rule] = []
        self._left: dict[_Known, list[_Rule]] = {}
        for rule in self._all:
            self._place(rule)

    def matches(self, document: Source) -> tuple[Detection, ...]:
        """Return the detections whose query holds, but none of whose exceptions, in their order."""
        known = tuple(map(tuple, map(document.values, KNOWN)))
        left = self._left.get(known)
        if left is None:
            left = self._leave(known, document)
        return tuple([rule.detection for rule in left if rule.rest(document)])

    def _leave(self, known: _Known, document: Source) -> list[_Rule]:
        """Return the rules that what is known leaves in question, and remember them."""
        left = [rule for rule in self._candidates(document) if rule.first(document)]
        if all(isinstance(value, str) for values in known for value in values):
            if len(self._left) >= REMEMBERED:
                self._left.clear()
            self._left[known] = left
        return left

    def _place(self, rule: _Rule) -> None:
        for field, rules in self._index.items():
            wanted = pinned(rule.detection.tree, field)
            if wanted is not None:
                for value in wanted:
                    rules.setdefault(value, []).append(rule)
                return
        self._unpinned.append(rule)

    def _candidates(self, document: Source) -> list[_Rule]:
        """Return the rules that may hold for the document."""
        found = list(self._unpinned)
        for field, rules in self._index.items():
            for value in dict.fromkeys(document.values(field)):
                if not isinstance(value, str):
                    return self._all  # a number, say: what text equals it, only a query tells
                found += rules.get(value, ())
        if len(found) > 1:
            found = sorted({rule.position: rule for rule in found}.values(), key=_position)
        return found


def _rule(position: int, detection: Detection) -> _Rule:
    """Return the rule, its query parted into what the known fields decide alone and the rest."""
    tree = detection.tree
    clauses = tree.clauses if isinstance(tree, And) else (tree,)
    first = [clause for clause in clauses if _decided(clause)]
    rest = sorted((clause for clause in clauses if not _decided(clause)), key=_is_dear)
    return _Rule(position, detection, _all_of(first), _condition(_all_of(rest), detection))


def _decided(query: Query) -> bool:
    """Return whether the query asks nothing but the known fields."""
    match query:
        case All():
            return True
        case Match(field, _) | Exists(field) | Compare(field, _, _):
            return field in KNOWN
        case Not(clause):
            return _decided(clause)
        case And(clauses) | Or(clauses):
            return all(map(_decided, clauses))
        case _:
            return False


def _is_dear(query: Query) -> bool:
    """Return whether to ask it last: addresses and times must be read first, patterns look at all.

    The order of an ``and`` changes no answer, but one clause that fails spares those after it.
    """
    match query:
        case Match(str(field), _) | Exists(str(field)) | Compare(str(field), _, _):
            return kind_of(field) in {Kind.IP, Kind.DATE}
        case Not(clause):
            return _is_dear(clause)
        case And(clauses) | Or(clauses):
            return any(map(_is_dear, clauses))
        case _:
            return True


def _all_of(clauses: Sequence[Query]) -> Predicate:
    if len(clauses) > 1:
        return compiled(And(tuple(clauses)))
    return compiled(clauses[0] if clauses else All())


def _condition(holds: Predicate, detection: Detection) -> Predicate:
    """Return whether the rest of the query holds and no exception does."""
    exceptions = [compiled(e.tree) for e in detection.exceptions]
    if not exceptions:
        return holds
    return lambda source: holds(source) and not any(fits(source) for fits in exceptions)


def excepted_by(detection: Detection, document: Source) -> RuleException | None:
    """Return the exception that keeps the detection from matching the document."""
    fitting = (e for e in detection.exceptions if compiled(e.tree)(document))
    return next(fitting, None) if compiled(detection.tree)(document) else None


def _position(rule: _Rule) -> int:
    return rule.position


def pinned(query: Query, field: str) -> frozenset[str] | None:
    """Return texts of which the field must hold one for the query to hold; None if it need not.

    Of the clauses of an ``and`` each must hold, so the tightest is enough. Of an ``or`` any may, so
    every one must pin the field. What stands under ``not``, in a pattern or in a nested query pins
    nothing.
    """
    match query:
        case Match(name, str(value)) if name == field:
            return frozenset({value})
        case And(clauses):
            found = [texts for clause in clauses if (texts := pinned(clause, field)) is not None]
            return min(found, key=len, default=None)
        case Or(clauses):
            either = [pinned(clause, field) for clause in clauses]
            return None if None in either else frozenset().union(*filter(None, either))
        case _:
            return None
