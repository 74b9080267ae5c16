"""The rules that come with sgwatch: each does with the samples beside it what they say."""

import json
from importlib.resources import files
from typing import Any
from uuid import UUID

import pytest

from bot.changes.exposure import Organisation, exposure_of
from bot.changes.normalise import change_of
from bot.changes.severity import SeverityPolicy, severity_of
from bot.cloudtrail.record import parse_record
from bot.detections.document import Document
from bot.detections.kql.explain import why_not
from bot.detections.loader import packaged
from bot.detections.matcher import Matcher
from bot.detections.rule import Detection

PACKS = files("bot.detections") / "packs"
DETECTIONS = packaged().detections


def text(detection: Detection) -> str:
    return (PACKS / detection.path.removeprefix("packs/")).read_text()


def samples(detection: Detection) -> dict[str, list[dict[str, Any]]]:
    name = detection.path.removeprefix("packs/").removesuffix(".toml")
    return json.loads((PACKS / f"{name}.samples.json").read_text())  # type: ignore[no-any-return]


def document(record: dict[str, Any]) -> Document:
    parsed = parse_record(record)
    change = change_of(parsed)
    exposure = exposure_of(change, organisation=Organisation())
    return Document(parsed, exposure, severity_of(change, exposure, SeverityPolicy()).severity)


ALL = [
    pytest.param(detection, sample["record"], expected, id=f"{detection.name}: {sample['why']}")
    for detection in DETECTIONS
    for key, expected in (("matches", True), ("does_not_match", False))
    for sample in samples(detection)[key]
]


@pytest.mark.parametrize(("detection", "record", "expected"), ALL)
def test_a_rule_does_with_its_samples_what_they_say(
    detection: Detection, record: dict[str, Any], expected: bool
) -> None:
    asked = document(record)
    assert (why_not(detection.tree, asked) == "") is expected
    assert (detection in Matcher(DETECTIONS).matches(asked)) is expected


@pytest.mark.parametrize("detection", DETECTIONS, ids=lambda detection: detection.name)
def test_a_rule_is_whole(detection: Detection) -> None:
    assert UUID(detection.id).version == 4
    assert detection.description
    assert detection.note
    assert detection.tactics
    assert detection.references
    assert detection.false_positives
    assert detection.id not in detection.related
    assert set(samples(detection)) == {"matches", "does_not_match"}
    assert all(samples(detection).values())


@pytest.mark.parametrize("detection", DETECTIONS, ids=lambda detection: detection.name)
def test_a_rule_names_its_source(detection: Detection) -> None:
    head = text(detection).partition("[metadata]")[0]
    source = " ".join(head.replace("#", " ").partition("Source: ")[2].split())
    assert source.endswith("Query and words are our own.")
    assert all(rule_id in source for rule_id in detection.related)
    assert "Elastic's rule" in source


@pytest.mark.parametrize("detection", DETECTIONS, ids=lambda detection: detection.name)
def test_a_rule_is_tried_on_what_it_just_misses(detection: Detection) -> None:
    refused = [s["record"] for s in samples(detection)["does_not_match"]]
    assert any(record.get("errorCode") for record in refused)
    assert any(not record.get("errorCode") for record in refused)


def test_no_two_rules_share_an_id_or_a_name() -> None:
    assert len({detection.id for detection in DETECTIONS}) == len(DETECTIONS)
    assert len({detection.name for detection in DETECTIONS}) == len(DETECTIONS)


def test_all_samples_have_a_rule() -> None:
    kept = {item.name for item in PACKS.iterdir() if item.name.endswith(".json")}
    assert kept == {
        rule.path.removeprefix("packs/").replace(".toml", ".samples.json") for rule in DETECTIONS
    }
