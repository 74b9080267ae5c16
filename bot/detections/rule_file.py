"""The form of Elastic's TOML rule files: what is read of them; other keys are passed over."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from bot.changes.severity import Severity
from bot.detections.datemath import date_math, span_of
from bot.detections.exceptions import ExceptionFile, ExceptionList, exceptions, not_applied
from bot.detections.kql.parser import parse
from bot.detections.rule import Detection, NewTerms, Suppression, Tactic, Technique, Threshold
from bot.detections.unanswered import unanswered


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) or value is None else [value]


def _date_math(text: str) -> str:
    if text:
        date_math(text)
    return text


def _span(text: str) -> str:
    span_of(text)
    return text


DateMathText = Annotated[str, AfterValidator(_date_math)]
SpanText = Annotated[str, AfterValidator(_span)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Name = Annotated[str, Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class _Named(_Part):
    id: str
    name: str
    reference: str = ""


class _Technique(_Named):
    subtechnique: tuple[_Named, ...] = ()


class _Threat(_Part):
    tactic: _Named
    technique: tuple[_Technique, ...] = ()


class _Cardinality(_Part):
    field: Name
    value: Annotated[int, Field(ge=1)]


class _Threshold(_Part):
    field: Texts = ()
    value: Annotated[int, Field(ge=1)]
    cardinality: Annotated[tuple[_Cardinality, ...], BeforeValidator(_listed)] = ()


class _History(_Part):
    field: Literal["history_window_start"]
    value: Annotated[DateMathText, Field(min_length=1)]


class _NewTerms(_Part):
    field: Literal["new_terms_fields"]
    value: Annotated[tuple[str, ...], Field(min_length=1, max_length=3)]
    history_window_start: Annotated[tuple[_History, ...], Field(min_length=1, max_length=1)]


class _Duration(_Part):
    value: Annotated[int, Field(ge=1)]
    unit: Literal["s", "m", "h"]


class _Suppression(_Part):
    group_by: tuple[Name, ...] = ()
    duration: _Duration | None = None
    missing_fields_strategy: Literal["suppress", "doNotSuppress"] = "suppress"


class _Rule(_Part):
    rule_id: Name
    name: Name
    type: Literal["query", "threshold", "new_terms"]
    language: Literal["kuery"] = "kuery"
    query: str
    severity: Literal["low", "medium", "high", "critical"]
    risk_score: Annotated[int, Field(ge=0, le=100)] = 0
    description: str = ""
    note: str = ""
    setup: str = ""
    references: tuple[str, ...] = ()
    false_positives: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    index: tuple[str, ...] = ()
    since: DateMathText = Field(default="", alias="from")
    interval: SpanText = "5m"
    threat: tuple[_Threat, ...] = ()
    threshold: _Threshold | None = None
    new_terms: _NewTerms | None = None
    alert_suppression: _Suppression | None = None
    exceptions_list: tuple[ExceptionList, ...] = ()

    @model_validator(mode="after")
    def _suppresses_by_something(self) -> Self:
        suppression = self.alert_suppression
        if suppression and self.type != "threshold" and not suppression.group_by:
            raise ValueError("alert_suppression needs group_by")
        return self

    @model_validator(mode="after")
    def _has_its_table(self) -> Self:
        if self.type != "query" and getattr(self, self.type) is None:
            raise ValueError(f"type {self.type} needs a [rule.{self.type}] table")
        return self


class _Metadata(_Part):
    related_rules: tuple[str, ...] = ()


class RuleFile(_Part):
    """One file: a rule, and what is told about it."""

    rule: _Rule
    metadata: _Metadata = _Metadata()
    exceptions: tuple[ExceptionList, ...] = ()

    def detection(self, path: str, beside: Iterable[ExceptionFile] = ()) -> Detection:
        """Return the rule as a value; raise ``KqlError`` where its query is none.

        ``beside`` are the files of exceptions that were found with it.
        """
        rule, lists = self.rule, self._lists(beside)
        tree, excepted = parse(rule.query), exceptions(lists)
        threshold = _threshold(rule.threshold) if rule.type == "threshold" else None
        new_terms = _new_terms(rule.new_terms) if rule.type == "new_terms" else None
        trees = (tree, *(exception.tree for exception in excepted))
        return Detection(
            id=rule.rule_id,
            name=rule.name,
            severity=Severity(rule.severity),
            query=rule.query,
            tree=tree,
            type=rule.type,
            language=rule.language,
            description=rule.description.strip(),
            risk_score=rule.risk_score,
            tactics=tuple(_tactic(threat) for threat in rule.threat),
            note=rule.note.strip(),
            setup=rule.setup.strip(),
            references=rule.references,
            false_positives=tuple(" ".join(text.split()) for text in rule.false_positives),
            tags=rule.tags,
            index=rule.index,
            related=self.metadata.related_rules,
            since=rule.since,
            suppression=_suppression(rule),
            exceptions=excepted,
            threshold=threshold,
            new_terms=new_terms,
            notices=(
                *unanswered(trees, _needed(threshold, new_terms)),
                *not_applied(rule.exceptions_list, lists),
            ),
            path=path,
        )

    def _lists(self, beside: Iterable[ExceptionFile]) -> tuple[ExceptionList, ...]:
        """Return the lists of exceptions in the file, and those for it in files beside it."""
        named = {each.id for each in self.rule.exceptions_list}
        found = (each for file in beside for each in file.lists_for(self.rule.rule_id, named))
        return (*self.exceptions, *self.rule.exceptions_list, *found)


def _needed(threshold: Threshold | None, new_terms: NewTerms | None) -> tuple[str, ...]:
    """Return the fields without which an event is neither counted nor new."""
    if threshold is not None:
        return (*threshold.fields, *(field for field, _ in threshold.cardinality))
    return new_terms.fields if new_terms else ()


def _tactic(threat: _Threat) -> Tactic:
    techniques = [
        Technique(found.id, found.name, found.reference)
        for technique in threat.technique
        for found in (technique, *technique.subtechnique)
    ]
    tactic = threat.tactic
    return Tactic(tactic.id, tactic.name, tactic.reference, tuple(techniques))


def _suppression(rule: _Rule) -> Suppression | None:
    """Return the rule's suppression; without a duration it is for one run of the rule."""
    suppression = rule.alert_suppression
    if suppression is None:
        return None
    span = suppression.duration
    duration = span_of(f"{span.value}{span.unit}" if span else rule.interval)
    missing = suppression.missing_fields_strategy == "suppress"
    return Suppression(suppression.group_by, duration, missing)


def _threshold(threshold: _Threshold | None) -> Threshold | None:
    if threshold is None:
        return None
    varied = tuple((found.field, found.value) for found in threshold.cardinality)
    return Threshold(tuple(filter(None, threshold.field)), threshold.value, varied)


def _new_terms(terms: _NewTerms | None) -> NewTerms | None:
    return NewTerms(terms.value, terms.history_window_start[0].value) if terms else None
