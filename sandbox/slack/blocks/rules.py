"""The words in which Block Kit's limits are written: small rules that note problems."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.slack.refused import Json


@dataclass(slots=True)
class Findings:
    """What is wrong, each with a pointer to where."""

    surface: str
    problems: list[tuple[str, str]] = field(default_factory=list)

    def note(self, message: str, pointer: str) -> None:
        """Note one problem."""
        self.problems.append((message, pointer))

    def lines(self) -> list[str]:
        """Return the problems as Slack writes them."""
        return [f"{message} [json-pointer:{pointer}]" for message, pointer in self.problems]


Rule = Callable[[Findings, object, str], None]


def string(most: int, least: int = 1) -> Rule:
    """Text as such, between two lengths."""

    def check(findings: Findings, value: object, at: str) -> None:
        if not isinstance(value, str):
            findings.note("must provide a string", at)
        elif len(value) > most:
            findings.note(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            findings.note(f"must be more than {least - 1} characters", at)

    return check


def flag(findings: Findings, value: object, at: str) -> None:
    """True or false."""
    if not isinstance(value, bool):
        findings.note("must provide a boolean", at)


def whole(findings: Findings, value: object, at: str) -> None:
    """A whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        findings.note("must provide a number", at)


def one_of(*values: str) -> Rule:
    """One of a few words."""

    def check(findings: Findings, value: object, at: str) -> None:
        if value not in values:
            findings.note(f"must be one of {', '.join(values)}", at)

    return check


def items(rule: Rule, most: int, least: int = 1) -> Rule:
    """A list of so many things."""

    def check(findings: Findings, value: object, at: str) -> None:
        if not isinstance(value, list):
            findings.note("must provide an array", at)
            return
        if len(value) > most:
            findings.note(f"no more than {most} items allowed", at)
        if len(value) < least:
            findings.note(f"no fewer than {least} items allowed", at)
        for place, item in enumerate(value):
            rule(findings, item, f"{at}/{place}")

    return check


def shape(required: dict[str, Rule], optional: dict[str, Rule] | None = None) -> Rule:
    """An object with these fields and no others."""
    fields = required | (optional or {})

    def check(findings: Findings, value: object, at: str) -> None:
        if not isinstance(value, dict):
            findings.note("must provide an object", at)
            return
        for name in required:
            if value.get(name) is None:
                findings.note(f"missing required field: {name}", at)
        for name, inner in value.items():
            if name == "type":
                continue
            if name not in fields:
                findings.note(f"invalid additional property: {name}", at)
            elif inner is not None:
                fields[name](findings, inner, f"{at}/{name}")

    return check


def typed(kinds: dict[str, Rule]) -> Rule:
    """An object whose ``type`` says which rule it follows."""

    def check(findings: Findings, value: object, at: str) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str):
            findings.note("missing required field: type", at)
        elif kind not in kinds:
            findings.note(f"unsupported type: {kind}", f"{at}/type")
        else:
            kinds[kind](findings, value, at)

    return check


def any_of(rule: Rule, *names: str) -> Rule:
    """An object that has at least one of these fields."""

    def check(findings: Findings, value: object, at: str) -> None:
        rule(findings, value, at)
        if isinstance(value, dict) and not any(value.get(name) for name in names):
            findings.note(f"must define either `{'` or `'.join(names)}`", at)

    return check


def only_on(rule: Rule, *surfaces: str) -> Rule:
    """A block that some surfaces do not show."""

    def check(findings: Findings, value: object, at: str) -> None:
        if findings.surface in surfaces:
            rule(findings, value, at)
        else:
            kind = value.get("type") if isinstance(value, dict) else ""
            findings.note(f"unsupported type: {kind}", f"{at}/type")

    return check


def text(most: int, *, markup: bool = True) -> Rule:
    """A text object; ``markup`` tells whether mrkdwn may be in it."""
    plain = shape({"text": string(most)}, {"emoji": flag})
    mrkdwn = shape({"text": string(most)}, {"verbatim": flag})
    return typed({"plain_text": plain} | ({"mrkdwn": mrkdwn} if markup else {}))


def object_type(value: object) -> str:
    """Return the ``type`` of something that may be no object at all."""
    return str(value.get("type", "")) if isinstance(value, dict) else ""


def fields_of(value: object) -> Json:
    """Return an object as such, empty if it is none."""
    return value if isinstance(value, dict) else {}
