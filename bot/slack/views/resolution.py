"""Resolutions: the facts under an alert that has ended, first of all why and what was done."""

from collections.abc import Sequence

from bot.alerts.alert import Alert, Resolution, ResolutionKind
from bot.alerts.fact import Question
from bot.changes.rules import Direction
from bot.changes.sentence import rule_line
from bot.containment.action import Action
from bot.containment.effects.rules import ChangeRules
from bot.containment.plan import Plan
from bot.slack.views.containment import approved_fact
from bot.slack.views.facts import Fact, listed, says
from bot.slack.views.headline import happened, world_sighting


def resolution_facts(alert: Alert, resolution: Resolution, known: Sequence[Fact]) -> list[Fact]:
    """Return what a resolved alert says: ``known`` is what it said before."""
    reason = Fact("Reason", (f"“{resolution.reason}” ({resolution.by.name})",))
    match resolution.kind:
        case ResolutionKind.BENIGN:
            return [reason, *known]
        case ResolutionKind.EXEMPTED:
            exemption = f"{resolution.detail}: see /sgwatch exemptions"
            return [reason, Fact("Exemption", (exemption,)), *known]
        case ResolutionKind.REVERTED:
            return _reverted(alert, reason)


def _reverted(alert: Alert, reason: Fact) -> list[Fact]:
    reverts = [c for c in alert.containments if c.action is Action.REVERT]
    containment = next(c for c in reversed(reverts) if c.verified)
    plan = containment.plan
    removed, restored = _rules(plan)
    facts = [
        Fact("Change", (happened(alert),)),
        listed("Removed", removed),
        listed("Restored", restored),
        reason,
        approved_fact(containment),
        Fact("Read back", (containment.told,)),
        listed("Left", plan.leaves),
        listed("Cannot", plan.cannot),
        listed("Drift", plan.drift or ("none",)),
    ]
    exposed = world_sighting(alert)
    if exposed and exposed.exposure and exposed.exposure.direction is Direction.INGRESS:
        facts.append(Fact("Open", ("connections made while it was open may live on",)))
    facts += [Fact("Flow logs", (_flow_logs(alert),)), Fact("Next run", (_next_run(alert),))]
    actor = alert.principal.label if alert.principal else "whoever did it"
    return [*facts, Fact("Actor", (f"{actor}: their access still works", says(alert)))]


def _flow_logs(alert: Alert) -> str:
    """Return where flow logs tell who connected, once that was asked."""
    told = next((f for f in alert.facts if f.question is Question.FLOW_LOGS), None)
    return "" if told is None else told.value or f"not known: {told.unknown}"


def _next_run(alert: Alert) -> str:
    """Return that the tool which manages the group will put back what it made, and where it is."""
    told = next((f for f in alert.facts if f.question is Question.MANAGED), None)
    name, _, changed = (told.value if told else "").removeprefix("Managed by ").partition("; ")
    if told is None or not told.value.startswith("Managed by "):
        return ""
    run = next((line for line in told.more if line.startswith("Run: ")), "")
    where = f" ({run})" if run else ""
    if changed.startswith("changed by ") and not changed.startswith("changed by hand"):
        return f"{name} made this change and will put it back: take it out of its files{where}"
    return f"{name} puts back what its files say: see that they do not have it{where}"


def _rules(plan: Plan) -> tuple[list[str], list[str]]:
    """Return the rules taken away, by their ids where they have one, and those put back."""
    removed: list[str] = []
    restored: list[str] = []
    for call in plan.calls:
        if not isinstance(call.effect, ChangeRules):
            continue
        for rule in call.effect.rules:
            known = f" ({rule.rule_id})" if rule.rule_id else ""
            if call.effect.closes:
                removed.append(f"{rule_line(rule)}{known}")
            else:
                restored.append(rule_line(rule))
    if len(removed) == 1 and not plan.leaves:
        removed[0] += "; others untouched"
    return removed, restored
