"""Exceptions in Elastic's form, in a rule file or beside it: what a rule is not to match.

A list has items; an event is excepted if one of them fits. An item fits if all of its entries do.
Each item becomes a query, so that its entries mean what they would mean in KQL.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.detections.kql.tree import (
    And,
    Compare,
    Exists,
    Match,
    Nested,
    Not,
    Operator,
    Or,
    Query,
    Wildcard,
)
from bot.detections.rule import RuleException

Name = Annotated[str, Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Entry(_Part):
    """One condition of an item."""

    field: Name
    type: Literal["match", "match_any", "exists", "wildcard", "nested", "list"]
    operator: Literal["included", "excluded"] = "included"
    value: str | tuple[str, ...] | None = None
    entries: "tuple[Entry, ...]" = ()

    @model_validator(mode="after")
    def _has_what_its_type_needs(self) -> Self:
        one, several = isinstance(self.value, str), isinstance(self.value, tuple)
        if self.type in {"match", "wildcard"} and not one:
            raise ValueError(f"an entry of type {self.type} needs one value")
        if self.type == "match_any" and not (several and self.value):
            raise ValueError("an entry of type match_any needs a list of values")
        if self.type == "nested" and not self.entries:
            raise ValueError("an entry of type nested needs entries")
        return self

    @property
    def kept_elsewhere(self) -> str:
        """Return what keeps it from being applied; nothing if it can be."""
        if self.type == "list":
            return "a value list is kept in Kibana"
        if self.type == "wildcard" and set(str(self.value)) & {"?", "\\"}:
            return "a wildcard other than * is not understood"
        return next(filter(None, (entry.kept_elsewhere for entry in self.entries)), "")

    @property
    def query(self) -> Query:
        """Return the condition as a query."""
        found = self._included()
        return Not(found) if self.operator == "excluded" else found

    def _included(self) -> Query:
        match self.type, self.value:
            case "nested", _:
                return Nested(self.field, _every([entry.query for entry in self.entries]))
            case "wildcard", str(value):
                return Match(self.field, Wildcard(tuple(value.split("*"))))
            case _, str(value):
                return Match(self.field, value)
            case _, tuple(values):
                either = tuple(Match(self.field, value) for value in values)
                return either[0] if len(either) == 1 else Or(either)
            case _:
                return Exists(self.field)


class Item(_Part):
    """What is expected together; no longer after ``expire_time``."""

    name: str = ""
    entries: Annotated[tuple[Entry, ...], Field(min_length=1)]
    expire_time: datetime | None = None

    @property
    def kept_elsewhere(self) -> str:
        """Return what keeps the item from being applied; nothing if it can be."""
        return next(filter(None, (entry.kept_elsewhere for entry in self.entries)), "")

    @property
    def query(self) -> Query:
        """Return the item as a query."""
        queries = [entry.query for entry in self.entries]
        if self.expire_time is not None:
            aware = self.expire_time.tzinfo is not None
            end = self.expire_time.astimezone(UTC) if aware else self.expire_time
            queries.append(Compare("@timestamp", Operator.LESS, f"{end:%Y-%m-%dT%H:%M:%S}Z"))
        return _every(queries)


class _Container(_Part):
    list_id: str | None = None


class ExceptionList(_Part):
    """Items with what they are called together; the rule may name a list without its items."""

    list_id: str | None = None
    container: _Container = _Container()
    items: tuple[Item, ...] = ()

    @property
    def id(self) -> str:
        """Return what rules call the list."""
        return self.container.list_id or self.list_id or ""


class _Rules(_Part):
    list_name: str = ""
    rule_ids: tuple[str, ...] = ()


class ExceptionFile(_Part):
    """A file of its own, with lists for the rules that it names and for those that name them."""

    metadata: _Rules = _Rules()
    exceptions: Annotated[tuple[ExceptionList, ...], Field(min_length=1)]

    def lists_for(self, rule_id: str, named: Collection[str]) -> tuple[ExceptionList, ...]:
        """Return the lists that apply to a rule, which names some itself."""
        if rule_id in self.metadata.rule_ids:
            return self.exceptions
        return tuple(each for each in self.exceptions if each.id in named)


def exceptions(lists: Iterable[ExceptionList]) -> tuple[RuleException, ...]:
    """Return the items that can be applied."""
    items = [item for each in lists for item in each.items]
    return tuple(RuleException(i.name, i.query) for i in items if not i.kept_elsewhere)


def not_applied(named: Iterable[ExceptionList], lists: Iterable[ExceptionList]) -> Iterator[str]:
    """Yield what of the exceptions is not applied: lists that are only named, items beyond us."""
    here = {each.id for each in lists if each.items}
    for each in named:
        if each.id not in here:
            yield f"exceptions_list names {each.id}, whose items are kept in Kibana: not applied"
    for each in lists:
        for item in each.items:
            if item.kept_elsewhere:
                yield f"exception {item.name!r}: {item.kept_elsewhere}: not applied"


def _every(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else And(tuple(queries))
