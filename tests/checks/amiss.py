"""What tests do to the surroundings of sgwatch, so that doctor finds something amiss."""

from collections.abc import Callable
from datetime import timedelta

from bot.alerts.progress import Progress, Trouble
from bot.checks.check import Status
from bot.store.attention import Subject, SubjectKind
from bot.store.moment import to_ms
from sandbox.slack.faults import Broken
from sandbox.slack.people import ALERTS, BOT_USER
from sandbox.stage import SCOPES
from tests.builders import an_alert
from tests.checks.conftest import Surroundings, named
from tests.store.events import an_outcome, placed_new

NOWHERE = "http://127.0.0.1:1"
Amiss = Callable[[Surroundings], dict[str, str] | None]
"""Changes the surroundings, and returns settings that differ."""

OF = {
    "queue visibility": "queue",
    "queue redrive": "queue",
    "dead letters": "queue",
    "slack scopes": "slack",
    "slack channel": "slack",
    "unseen alerts": "attention",
    "keeps failing": "attention",
    "has happened": "attention",
}
"""The subject of a line, where its name is not the subject's."""


def assert_told(
    around: Surroundings, amiss: Amiss, name: str, status: Status, said: str, mend: str
) -> None:
    """Look at the subject of a line, and see what it says of what is amiss."""
    subject = OF.get(name) or ("redis" if name.startswith("redis") else name)
    checks = around.look(subject, **(amiss(around) or {}))
    told, _, mended = named(checks, name, status).partition(" → ")
    assert said in told
    assert mend in mended


def dead_letter(around: Surroundings) -> None:
    sqs, url = around.root.sqs, around.queues.dead_letter_url
    sqs.send_message(QueueUrl=url, MessageBody="{")
    around.undo.append(lambda: sqs.purge_queue(QueueUrl=url))


def scopes(*without: str) -> Amiss:
    def amiss(around: Surroundings) -> None:
        around.slack.allow(SCOPES - set(without))
        around.undo.append(lambda: around.slack.allow(SCOPES))

    return amiss


def outside(around: Surroundings) -> None:
    members = around.slack.do(lambda team: team.channel(ALERTS.id).members)
    around.slack.do(lambda _: members.discard(BOT_USER))
    around.undo.append(lambda: around.slack.do(lambda _: members.add(BOT_USER)))


def slack_fails(around: Surroundings) -> None:
    around.slack.order_fault("auth.test", Broken(503))


def with_user(around: Surroundings) -> dict[str, str]:
    around.configure("requirepass", "open-sesame")
    around.undo.insert(0, lambda: around.call_redis("CONFIG", "SET", "requirepass", ""))
    return {"redis_url": around.redis.url.replace("//", "//:wrong-word@")}


def with_others_keys(around: Surroundings) -> dict[str, str]:
    rights = ("on", ">let-me", "~other:*", "+@all")
    around.call_redis("ACL", "SETUSER", "guest", *rights)
    around.undo.append(lambda: around.call_redis("ACL", "DELUSER", "guest"))
    return {"redis_url": around.redis.url.replace("//", "//guest:let-me@")}


def replica(around: Surroundings) -> None:
    around.call_redis("REPLICAOF", "127.0.0.1", "1")
    around.undo.append(lambda: around.call_redis("REPLICAOF", "NO", "ONE"))


def late(minutes: int) -> Amiss:
    def amiss(around: Surroundings) -> None:
        store = around.store
        due = to_ms(store.attention.now() - timedelta(minutes=minutes))
        subject = Subject(SubjectKind.ALERT, "SGW-LATE0001")
        around.call_redis("ZADD", "{sgwatch}:attention", str(due), str(subject))

    return amiss


def unseen(around: Surroundings) -> None:
    """Leave an alert of some time ago to be shown, which Slack refuses."""
    store, alert = around.store, an_alert()
    store.events.write(an_outcome(), placed_new())
    trouble = Trouble(3, store.attention.now(), "is_archived")
    store.timelines.save_progress(alert.id, Progress(), Progress(present=trouble))
    around.call_redis("ZADD", f"{{sgwatch}}:channel:{ALERTS.id}:pending", "0", alert.id)


def failing(around: Surroundings) -> None:
    around.store.notices.tell("aws", "AWS denies ec2:DescribeSecurityGroups")


def happened(around: Surroundings) -> None:
    around.store.notices.tell("deleted:SGW-1", "the message of SGW-1 was deleted in Slack")


def setting(**given: str) -> Amiss:
    return lambda _: given


def redis(name: str, value: str) -> Amiss:
    return lambda around: around.configure(name, value)


def nearly_full(around: Surroundings) -> None:
    used = int(around.client.info("memory")["used_memory"])
    around.configure("maxmemory", str(used * 6 // 5))


def queue(**attributes: str) -> Amiss:
    return lambda around: around.queue(around.queues.url, **attributes)


def few_receives(around: Surroundings) -> None:
    found = around.root.sqs.get_queue_attributes(
        QueueUrl=around.queues.url, AttributeNames=["RedrivePolicy"]
    )
    policy = found["Attributes"]["RedrivePolicy"]
    around.queue(around.queues.url, RedrivePolicy=policy.replace("10", "3"))


def one_queue(around: Surroundings) -> dict[str, str]:
    return {"dead_letter_queue_url": around.queues.url}


def no_such_queue(around: Surroundings) -> dict[str, str]:
    return {"queue_url": f"{around.queues.url}-gone"}
