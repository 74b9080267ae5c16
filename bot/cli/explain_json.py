"""Explanations as JSON: one object per record and line. Documented in docs/explain.md."""

import json
from dataclasses import asdict
from typing import Any

from bot.changes.change import Change, Verb
from bot.changes.exposure import Exposure
from bot.changes.rules import Direction, GroupRule
from bot.cli.explanation import Explanation, Missed

Json = dict[str, Any]

WAYS = {"Ingress": Direction.INGRESS, "Egress": Direction.EGRESS}


def explanation_line(explanation: Explanation) -> str:
    """Return an explanation as one line of JSON."""
    return json.dumps(explanation_json(explanation))


def unreadable_line(reason: str) -> str:
    """Return the line for a record that could not be read: the same keys, and the reason."""
    unknown = ("event_id", "sentence", "principal", "change", "exposure", "severity")
    empty = ("severity_reasons", "detections", "not_matched", "exempted_by", "not_exempted")
    return json.dumps(
        dict.fromkeys(unknown) | {key: [] for key in (*empty, "facts")} | {"errors": [reason]}
    )


def explanation_json(explanation: Explanation) -> Json:
    """Return an explanation as a JSON object."""
    return {
        "event_id": explanation.event_id,
        "sentence": explanation.sentence,
        "principal": asdict(explanation.principal) | {"label": explanation.principal.label},
        "change": change_json(explanation.change),
        "exposure": exposure_json(explanation.exposure),
        "severity": explanation.severity.value,
        "severity_reasons": list(explanation.reasons),
        "detections": [detection_id for detection_id, _ in explanation.matched],
        "not_matched": [_missed(missed) for missed in explanation.missed],
        "exempted_by": list(explanation.exempted_by),
        "not_exempted": [_missed(missed) for missed in explanation.not_exempted],
        "facts": [asdict(fact) for fact in explanation.facts],
        "errors": [],
    }


def change_json(change: Change) -> Json | None:
    """Return a change as JSON; null where it is no change of a group."""
    if change.verb is Verb.OTHER:
        return None
    by_id = [_known_by_id(change.action, rule_id) for rule_id in change.rule_ids]
    revoked = change.verb is Verb.REVOKE
    return {
        "group_id": change.group.id,
        "group_name": change.group.name,
        "action": change.action,
        "verb": change.verb.value,
        "added": [rule_json(rule) for rule in change.added],
        "removed": [rule_json(rule) for rule in change.removed] + (by_id if revoked else []),
        "modified": [rule_json(rule) for rule in change.modified] + ([] if revoked else by_id),
        "asked": [rule_json(rule) for rule in change.asked],
        "target": change.target,
        "groups_after": list(change.groups_after),
        "cidrs_added": list(change.cidrs_added),
        "cidrs_removed": list(change.cidrs_removed),
        "error": change.error,
    }


def rule_json(rule: GroupRule) -> Json:
    """Return a group rule as JSON: ports are null where the rule is for all of them."""
    return {
        "direction": rule.direction.value,
        "protocol": rule.protocol,
        "from_port": rule.from_port,
        "to_port": rule.to_port,
        "peer": str(rule.peer),
        "description": rule.description,
        "rule_id": rule.rule_id,
    }


def exposure_json(exposure: Exposure | None) -> Json | None:
    """Return the widest thing that a change opens as JSON, with what else it opens beside it."""
    if exposure is None:
        return None
    return {
        "reach": exposure.reach.value,
        "direction": exposure.direction.value,
        "ports": list(exposure.ports),
        "services": list(exposure.services),
        "reasons": list(exposure.reasons),
        "beside": [asdict(exposed) for exposed in exposure.beside],
    }


def _known_by_id(action: str, rule_id: str) -> Json:
    """Return a rule of which the record tells the id alone; its call tells the direction."""
    way = next((way for word, way in WAYS.items() if action.endswith(word)), Direction.UNKNOWN)
    told = {"direction": way.value, "protocol": "", "from_port": None, "to_port": None}
    return told | {"peer": "", "description": "", "rule_id": rule_id}


def _missed(missed: Missed) -> Json:
    return {"id": missed.id, "why": missed.why}
