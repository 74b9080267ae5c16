"""The demo with rule files of one's own: what it says of them, and what it lets in for them."""

import json
import sys
from pathlib import Path

import pytest
from moto.events.models import EventPattern

from sandbox import demo
from sandbox.stage import Stage
from tests.cli.detecting import rule_file

TAGGED = 'event.provider: "ec2.amazonaws.com" and event.action: "CreateTags"'


def test_sgwatch_runs_them_and_their_events_arrive(tmp_path: Path) -> None:
    rule_file(tmp_path, TAGGED)
    with Stage(detections=[tmp_path]) as stage:
        assert stage.environment()["SGWATCH_DETECTIONS"] == str(tmp_path)
        pattern = EventPattern.load(json.dumps(stage.pattern))
    tagged = {
        "source": "aws.ec2",
        "detail-type": "AWS API Call via CloudTrail",
        "detail": {"eventName": "CreateTags"},
    }
    assert pattern.matches_event(tagged)


def test_what_does_not_run_is_said_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rule_file(tmp_path, TAGGED, "a-good")
    broken = rule_file(tmp_path, "event.action: )", "b-broken")
    demo.tell([tmp_path])
    told = capsys.readouterr().out
    assert "Detections of your own: 1 loaded." in told
    assert f"{broken} is invalid: query, line 1, column 15" in told


def test_a_path_that_is_not_there_is_said_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["demo"])
    monkeypatch.setenv("SGWATCH_DETECTIONS", "not-there")
    with pytest.raises(SystemExit):
        demo.main()
    assert "there is no not-there" in capsys.readouterr().err
