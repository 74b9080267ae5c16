"""The demo without a browser: each step is played, then seen to have happened by the stand-ins.

Nothing here asks sgwatch. What was posted is asked of the workspace, what the rules are of AWS.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.aws.world import World
from sandbox.groups import groups_of
from sandbox.scenarios import SCENARIOS
from sandbox.slack.people import ALERTS
from sandbox.slack.seen import SeenMessage
from sandbox.slack.visiting import NotSeenError
from sandbox.stage import Stage

PATIENCE = 20.0
"""Seconds that each thing has to be seen in."""

QUIET = 3.0
"""Seconds without a message after the queue is empty that count as quiet."""


class NotSoError(Exception):
    """A step was not seen to happen."""


@dataclass
class Play:
    """One play-through. ``without`` names a step whose doing is left out, to see that it counts."""

    stage: Stage
    without: str
    patience: float
    alerts: list[SeenMessage] = field(default_factory=list)

    @property
    def world(self) -> World:
        """Return the people and groups on the AWS stand-in."""
        return self.stage.world

    def doing(self, step: str) -> bool:
        """Return whether the step is to be done."""
        return step != self.without

    def play(self, scenario: str) -> None:
        """Play a scenario on AWS."""
        SCENARIOS[scenario].play(self.world)

    def new_alert(self, words: str) -> SeenMessage:
        """Return the next new alert, once the workspace shows it."""
        known = {alert.ts for alert in self.alerts}
        alert = self.stage.workspace.wait_message(
            ALERTS.id,
            lambda m: m.ts not in known and not m.broadcast and words in m.plain,
            self.patience,
        )
        self.alerts.append(alert)
        return alert

    def changed(self, alert: SeenMessage, words: str) -> SeenMessage:
        """Return the alert once it says so."""
        return self.stage.workspace.wait_change(alert, lambda m: words in m.plain, self.patience)


def _alert(play: Play) -> str:
    """Alice opens SSH to the world; the channel hears of it."""
    if play.doing("alert"):
        play.play("open_ssh")
    alert = play.new_alert("whole internet")
    return alert.text


def _benign(play: Play) -> str:
    """Rosa marks it benign, with a reason."""
    alert = play.alerts[-1]
    if play.doing("benign"):
        rosa = play.stage.workspace.person("rosa")
        rosa.click(alert, alert.button("Mark benign").action_id)
        _submit(play, "Mark benign", {"reason": "Planned test, CHG-7"})
    return play.changed(alert, "BENIGN").text


def _exempt(play: Play) -> str:
    """Terraform adds twenty rules: one message. Marcus exempts the role for private ranges."""
    play.play("terraform_run")
    alert = play.changed(play.new_alert("terraform-ci"), "20 rules")
    if play.doing("exempt"):
        marcus = play.stage.workspace.person("marcus")
        marcus.click(alert, alert.button("Exempt").action_id)
        wider = {"groups": "", "peers": "10.0.0.0/8", "reason": "Terraform's own ranges"}
        _submit(play, "Exempt", wider, who="marcus")
    return play.changed(alert, "EXEMPTED").text


def _quiet(play: Play) -> str:
    """The next run of Terraform posts nothing."""
    before = _words(play)
    if play.doing("quiet"):
        play.play("terraform_run")
    else:
        play.play("attacker")
    _wait(play, "the queue is empty", lambda: _waiting(play.world) == 0)
    time.sleep(QUIET)
    if _words(play) != before:
        raise NotSoError("the channel was not quiet")
    return "Twenty more rules by the same role: nothing was posted."


def _revert(play: Play) -> str:
    """Alice opens SSH again; Rosa reads the plan, reverts, and AWS has the rules of before."""
    before = groups_of(play.world)
    play.play("open_ssh")
    alert = play.new_alert("whole internet")
    if groups_of(play.world) == before:
        raise NotSoError("the scenario opened nothing")
    if play.doing("revert"):
        rosa = play.stage.workspace.person("rosa")
        rosa.click(alert, alert.button("Revert").action_id)
        _submit(play, "Revert", {"reason": "Not planned: Alice says no"})
    _wait(play, "AWS has the rules of before", lambda: groups_of(play.world) == before)
    return play.changed(alert, "REVERTED").text


def _own(play: Play) -> str:
    """Our own revert raised no alert."""
    if not play.doing("own"):
        play.play("open_ssh")
    _wait(play, "the queue is empty", lambda: _waiting(play.world) == 0)
    time.sleep(QUIET)
    shown = [m for m in play.stage.workspace.messages(ALERTS.id) if m.metadata and not m.broadcast]
    if len(shown) != len(play.alerts):
        raise NotSoError(f"{len(shown)} alerts are shown instead of {len(play.alerts)}")
    return f"{len(shown)} alerts in all, one message each."


STEPS: dict[str, Callable[[Play], str]] = {
    "alert": _alert,
    "benign": _benign,
    "exempt": _exempt,
    "quiet": _quiet,
    "revert": _revert,
    "own": _own,
}


def play_once(without: str = "", patience: float = PATIENCE) -> int:
    """Play every step and return 0, or 1 as soon as one was not seen to happen."""
    with Stage() as stage, stage.bot() as bot:
        play = Play(stage, without, patience)
        for name, step in STEPS.items():
            try:
                seen = step(play)
            except (NotSoError, NotSeenError) as error:
                _say(f"✗ {step.__doc__}\n  {name}: {error}\n\nsgwatch's log:\n{bot.log[-4000:]}")
                return 1
            _say(f"✓ {step.__doc__}\n  {seen}")
        _say(f"\nThe conversation in #{ALERTS.name}:\n")
        _say(stage.workspace.transcript(ALERTS.id))
    return 0


def _submit(play: Play, title: str, typed: dict[str, str], who: str = "rosa") -> None:
    """Wait for the form to be filled, and submit it."""
    person = play.stage.workspace.person(who)
    modal = person.wait_modal(lambda m: m.title == title and bool(m.inputs()), play.patience)
    actions = dict(modal.inputs().values())
    values = {block: {actions[block]: text} for block, text in typed.items()}
    if errors := person.submit(modal, values):
        raise NotSoError(f"the form {title} was not taken: {errors}")


def _words(play: Play) -> list[str]:
    return [message.plain for message in play.stage.workspace.messages(ALERTS.id)]


def _waiting(world: World) -> int:
    """Return how many events wait or are in somebody's hands."""
    found = world.as_root().sqs.get_queue_attributes(
        QueueUrl=world.queues.url, AttributeNames=["All"]
    )["Attributes"]
    waiting = int(found["ApproximateNumberOfMessages"])
    return waiting + int(found["ApproximateNumberOfMessagesNotVisible"])


def _wait(play: Play, what: str, is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + play.patience
    while not is_so():
        if time.monotonic() > deadline:
            raise NotSoError(f"not seen in {play.patience:.0f} s: {what}")
        time.sleep(0.1)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
