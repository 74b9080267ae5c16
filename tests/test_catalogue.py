"""Rule files that change on disk while sgwatch runs, the way people and Kubernetes change them."""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.alerts.judge import Judge
from bot.alerts.policy import AlertPolicy
from bot.aws.queue import QueuedMessage
from bot.catalogue import EVERY, Catalogue
from bot.detections.loader import Loaded, Status, packaged
from bot.detections.matcher import Matcher
from bot.poller import Poller
from bot.recorder import Recorder
from bot.store.store import Store
from tests.builders import NOON, later
from tests.detections.rules import RULE, a_rule_file
from tests.simulation.edges import eventbridge
from tests.simulation.records import CONTAIN_ROLE
from tests.test_poller import Bucket, Queue, a_record

BROKEN = a_rule_file('event.action: "A"', "event.action:")
CHANGED = a_rule_file('"A"', '"B"')
SECOND = a_rule_file("r-1", "r-2")


@dataclass
class Disk:
    """A folder of rules with a catalogue of it, whose time passes when we say so."""

    place: Path
    now: float = 0.0
    told: list[Loaded] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.catalogue = Catalogue(
            (self.place,), Judge(Matcher(())), self.told.append, lambda: self.now
        )

    def write(self, name: str, text: str) -> None:
        (self.place / f"{name}.toml").write_text(text)

    def replace(self, name: str, text: str) -> None:
        """Write beside it and rename, as careful editors do."""
        (self.place / "new").write_text(text)
        (self.place / "new").rename(self.place / f"{name}.toml")

    def remove(self, name: str) -> None:
        (self.place / f"{name}.toml").unlink()

    def vanish(self) -> None:
        self.place.rename(self.place.with_name("elsewhere"))

    def come_back(self) -> None:
        self.place.with_name("elsewhere").rename(self.place)

    def look(self) -> dict[str, str]:
        """Let the time to the next look pass; return the queries of the user's rules by id."""
        self.now += EVERY
        detections = self.catalogue.judging().matcher.detections
        found = [(d.id, d.query.strip()) for d in detections if not d.path.startswith("packs/")]
        assert len(found) == len(dict(found))
        return dict(found)


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    place = tmp_path / "rules"
    place.mkdir()
    (place / "a.toml").write_text(RULE)
    return Disk(place)


A, B = 'event.action: "A"', 'event.action: "B"'


@pytest.mark.parametrize(
    ("change", "runs"),
    [
        pytest.param(lambda _: None, {"r-1": A}, id="nothing"),
        pytest.param(lambda d: d.write("a", CHANGED), {"r-1": B}, id="a file edited in place"),
        pytest.param(lambda d: d.replace("a", CHANGED), {"r-1": B}, id="a file put in its place"),
        pytest.param(lambda d: d.write("b", SECOND), {"r-1": A, "r-2": A}, id="a file added"),
        pytest.param(lambda d: d.remove("a"), {}, id="a file removed"),
        pytest.param(lambda d: d.write("a", SECOND), {"r-2": A}, id="a rule given another id"),
        pytest.param(lambda d: d.write("a", BROKEN), {"r-1": A}, id="a file broken"),
        pytest.param(lambda d: d.write("a", "[rule"), {"r-1": A}, id="a file that is no TOML"),
        pytest.param(lambda d: d.vanish(), {"r-1": A}, id="the folder gone"),
        pytest.param(
            lambda d: (d.write("a", BROKEN), d.write("b", CHANGED)),
            {"r-1": B},
            id="a file broken, and its rule in another",
        ),
        pytest.param(
            lambda d: d.write("a", a_rule_file('"query"', '"eql"')), {}, id="a rule made EQL"
        ),
    ],
)
def test_what_runs_after(
    disk: Disk, change: Callable[[Disk], object], runs: dict[str, str]
) -> None:
    assert disk.look() == {"r-1": A}
    change(disk)
    assert disk.look() == runs
    assert disk.look() == runs


def test_what_was_kept_is_kept_when_another_file_changes(disk: Disk) -> None:
    disk.write("a", BROKEN)
    disk.look()
    disk.write("b", SECOND)
    assert disk.look() == {"r-1": A, "r-2": A}


def test_packaged_rules_run_besides(disk: Disk) -> None:
    assert disk.catalogue.judging().matcher.detections[:9] == packaged().detections


def test_the_link_of_a_kubernetes_volume_is_swapped(tmp_path: Path) -> None:
    volume = tmp_path / "rules"
    for name, text in {"..1": RULE, "..2": CHANGED}.items():
        (volume / name).mkdir(parents=True)
        (volume / name / "a.toml").write_text(text)
        os.utime(volume / name / "a.toml", ns=(0, 0))
    (volume / "..data").symlink_to("..1")
    (volume / "a.toml").symlink_to("..data/a.toml")
    disk = Disk(volume)
    assert disk.catalogue.loaded().problems == ()
    assert disk.look() == {"r-1": A}
    (volume / "..tmp").symlink_to("..2")
    (volume / "..tmp").rename(volume / "..data")
    assert disk.look() == {"r-1": B}


def test_what_was_broken_runs_again_when_it_is_mended(disk: Disk) -> None:
    disk.write("a", BROKEN)
    disk.look()
    disk.write("a", CHANGED)
    assert disk.look() == {"r-1": B}
    assert disk.catalogue.loaded().problems == ()


def test_a_folder_that_came_back_is_read_again(disk: Disk) -> None:
    disk.vanish()
    disk.look()
    disk.come_back()
    disk.write("a", CHANGED)
    assert disk.look() == {"r-1": B}
    assert disk.catalogue.loaded().problems == ()


def test_files_are_looked_at_only_now_and_then(disk: Disk) -> None:
    disk.write("a", CHANGED)
    disk.now += EVERY - 1
    before = disk.catalogue.judging()
    assert before.matcher.detections[-1].query.strip() == A
    disk.now += 1
    assert disk.catalogue.judging() is not before


def test_rules_are_compiled_again_only_if_a_file_has_changed(disk: Disk) -> None:
    before = disk.catalogue.judging().matcher
    disk.look()
    assert disk.catalogue.judging().matcher is before
    assert len(disk.told) == 1


def test_a_problem_is_logged_once_and_told(disk: Disk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    disk.write("a", BROKEN)
    disk.look()
    disk.look()
    disk.write("b", SECOND)
    disk.look()
    errors = [found.message for found in caplog.records if found.levelno == logging.ERROR]
    assert len(errors) == 1
    assert errors[0].startswith(f"rule file {disk.place}/a.toml is invalid: query, line 2")
    assert errors[0].endswith("what it last held runs on")
    assert [[file.status for file in told.problems] for told in disk.told] == [
        [],
        [Status.INVALID],
        [Status.INVALID],
    ]


def test_what_of_a_rule_is_never_answered_is_logged_once(
    disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    disk.write("a", a_rule_file('event.action: "A"', "@timestamp >= now-1d"))
    disk.look()
    disk.write("b", SECOND)
    disk.look()
    (warning,) = [found.message for found in caplog.records if found.levelno == logging.WARNING]
    assert warning.startswith(f"rule file {disk.place}/a.toml: @timestamp >= now-1d never holds")


def test_a_folder_that_is_gone_is_said(disk: Disk, caplog: pytest.LogCaptureFixture) -> None:
    disk.vanish()
    disk.look()
    (error,) = [found.message for found in caplog.records if found.levelno == logging.ERROR]
    assert f"rule file {disk.place} is invalid: cannot be read" in error
    assert error.endswith("what it last held runs on")


def test_a_detection_is_found_by_its_id_as_it_is_now(disk: Disk) -> None:
    disk.write("a", a_rule_file('"A rule"', '"Another name"'))
    disk.now += EVERY
    found = disk.catalogue.detection("r-1")
    assert found is not None
    assert found.name == "Another name"
    assert disk.catalogue.detection("r-2") is None


def test_the_poller_judges_by_rules_that_came_while_it_ran(store: Store, disk: Disk) -> None:
    queue = Queue()
    policy = AlertPolicy(channel="C0ALERTS")
    poller = Poller(
        queue, Bucket(), store, Recorder(store, disk.catalogue.judging, policy, CONTAIN_ROLE)
    )
    looked = {"eventName": "StopLogging", "eventSource": "cloudtrail.amazonaws.com"}

    def deliver(event: str, minutes: int) -> str:
        body = eventbridge(a_record(event, later(minutes)) | looked)
        queue.messages = [QueuedMessage(body, "r", event, 1, NOON)]
        poller.poll()
        found = store.events.outcome(NOON.date(), event)
        return str(found.fate) if found else ""

    assert deliver("before", 0) == "unmatched"
    disk.write("mine", SECOND.replace('"A"', '"StopLogging"'))
    disk.now += EVERY
    assert deliver("after", 1) == "alerted"


def test_an_idle_poller_tells_of_a_broken_file(store: Store, disk: Disk) -> None:
    policy = AlertPolicy(channel="C0ALERTS")
    poller = Poller(
        Queue(), Bucket(), store, Recorder(store, disk.catalogue.judging, policy, CONTAIN_ROLE)
    )
    disk.write("a", BROKEN)
    disk.now += EVERY
    poller.poll()
    assert len(disk.told[-1].problems) == 1
