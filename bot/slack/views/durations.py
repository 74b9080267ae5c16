"""For how long an exemption may be chosen to last in a form: what policy allows."""

from datetime import timedelta

from bot.changes.sentence import number_of
from bot.exemptions.policy import ExemptionPolicy

USUAL = tuple(timedelta(days=days) for days in (1, 7, 30, 90))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def durations(policy: ExemptionPolicy) -> dict[str, str]:
    """Return what people read by what is chosen, the shortest first."""
    spans = {span for span in USUAL if span < policy.longest} | {policy.lasts, policy.longest}
    return {chosen(span): _read(span) for span in sorted(spans)}


def chosen(span: timedelta) -> str:
    """Return the choice that is a span, as ``parse_duration`` reads it."""
    return f"{span // HOUR}h" if span % DAY else f"{span // DAY}d"


def _read(span: timedelta) -> str:
    return number_of(span // HOUR, "hour") if span % DAY else number_of(span // DAY, "day")
