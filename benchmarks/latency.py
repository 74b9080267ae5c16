"""From sending an event to its message in Slack: sgwatch's, beside a bare script's."""

import json
import statistics
import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

import boto3
from slack_sdk import WebClient

from sandbox.slack.people import ALERTS
from sandbox.stage import Stage

ROUNDS = 12
REST = 1.5
"""Seconds between two events: a channel takes one message a second."""


def latency(body: Callable[[str], str]) -> float:
    """Return how much longer sgwatch takes; ``body`` makes an event by a user of that name."""
    with Stage() as stage, stage.bot():
        sqs = boto3.client(
            "sqs",
            region_name="eu-west-1",
            endpoint_url=stage.aws.url,
            aws_access_key_id="root",
            aws_secret_access_key="root",  # noqa: S106 - the stand-in's
        )
        bare, stop = sqs.create_queue(QueueName="bench-bare")["QueueUrl"], Event()
        client = WebClient(stage.slack.bot_token, base_url=stage.slack.api_url)
        script = Thread(target=_script, args=(sqs, bare, client, stop))
        script.start()
        try:
            ratios = [_ratio(stage, sqs, bare, body, turn) for turn in range(ROUNDS)]
        finally:
            stop.set()
            script.join()
    return statistics.median(ratios)


def _script(sqs: Any, url: str, client: WebClient, stop: Event) -> None:
    """Receive one message, post it, delete it: the least that alerting takes."""
    while not stop.is_set():
        answer = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=2)
        for message in answer.get("Messages", ()):
            record = json.loads(message["Body"])
            client.chat_postMessage(
                channel=ALERTS.id, text=f"{record['eventName']} {record['userIdentity']['arn']}"
            )
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def _ratio(stage: Stage, sqs: Any, bare: str, body: Callable[[str], str], turn: int) -> float:
    """Return the time of sgwatch to that of the script, one after the other."""
    took = {}
    for name, url in (("bare", bare), ("ours", stage.world.queues.url)):
        user = f"{name}-{turn}"
        start = time.perf_counter()
        sqs.send_message(QueueUrl=url, MessageBody=body(user))
        stage.workspace.wait_message(ALERTS.id, lambda m, user=user: user in m.plain, 60)  # type: ignore[misc]
        took[name] = time.perf_counter() - start
        time.sleep(REST)
    return took["ours"] / took["bare"]
