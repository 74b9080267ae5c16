"""``sgwatch listener`` as a process that Slack calls over HTTP."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.store.link import Link
from sandbox.slack.server import SlackServer
from sandbox.slack.timing import Timing
from sandbox.slack.workspace import Workspace
from sandbox.stage import POLICY
from tests.line.waiting import wait_until
from tests.settings.test_settings import GOOD

pytestmark = pytest.mark.line

SGWATCH = Path(sys.executable).with_name("sgwatch")


def test_a_command_is_answered(redis_url: str, link: Link, tmp_path: Path) -> None:
    with (
        SlackServer(limits=False, timing=Timing(ack=30)) as slack,
        (tmp_path / "log").open("wb") as log,
    ):
        given = GOOD | {
            "redis_url": redis_url,
            "redis_prefix": link.keys.prefix,
            "policy": str(POLICY),
            "slack_api_url": slack.api_url,
            "slack_bot_token": slack.bot_token,
            "slack_address": "127.0.0.1:0",
            "slack_signing_secret": slack.signing_secret,
            "metrics_address": "",
        }
        del given["slack_app_token"]
        settings = {f"SGWATCH_{name.upper()}": value for name, value in given.items()}
        process = subprocess.Popen([SGWATCH, "listener"], env=settings, stdout=log, stderr=log)
        try:
            said = (tmp_path / "log").read_text
            wait_until(lambda: "taking Slack's requests at port" in said() or bool(process.poll()))
            found = re.search(r"at port (\d+)", said())
            assert found, said()
            slack.post_to(f"http://127.0.0.1:{found[1]}/slack")
            rosa = Workspace(slack.url).person("rosa")
            rosa.command("/sgwatch", "help")
            assert "/sgwatch exempt" in rosa.wait_ephemeral().plain
            assert slack.connections() == 0
        finally:
            process.terminate()
            ended = process.wait(15)
    assert ended == 0
