"""``sgwatch doctor`` on real parts: each thing that can be amiss is named, with its mend."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.alerts.progress import Progress, Trouble
from bot.checks.check import Status
from bot.checks.run import SUBJECTS, examine, worst
from bot.detections.loader import load
from bot.settings import settings_as_given
from bot.store.attention import Subject, SubjectKind
from bot.store.moment import to_ms
from sandbox.slack.faults import Broken
from sandbox.slack.people import ALERTS, BOT_USER
from sandbox.stage import SCOPES
from tests.builders import an_alert
from tests.checks.conftest import Surroundings, named
from tests.store.events import an_outcome, placed_new

OK, WARN, FAIL = Status
NOWHERE = "http://127.0.0.1:1"
Amiss = Callable[[Surroundings], dict[str, str] | None]


def test_where_all_is_well_nothing_is_to_be_mended(around: Surroundings) -> None:
    checks = around.look()
    assert [check for check in checks if check.status is not OK or check.mend] == []
    assert {check.name for check in checks} >= {
        "settings",
        "policy",
        "accounts",
        "redis",
        "redis persistence",
        "redis eviction",
        "redis memory",
        "redis latency",
        "redis writes",
        "clock",
        "queue",
        "queue visibility",
        "queue redrive",
        "dead letters",
        "slack",
        "slack scopes",
        "slack channel",
        "slack sockets",
        "detections",
        "attention",
        "unseen alerts",
        "read role",
        "containment",
    }
    assert worst(checks) is OK


def _dead_letter(around: Surroundings) -> None:
    sqs, url = around.root.sqs, around.queues.dead_letter_url
    sqs.send_message(QueueUrl=url, MessageBody="{")
    around.undo.append(lambda: sqs.purge_queue(QueueUrl=url))


def _scopes(*without: str) -> Amiss:
    def amiss(around: Surroundings) -> None:
        around.slack.allow(SCOPES - set(without))
        around.undo.append(lambda: around.slack.allow(SCOPES))

    return amiss


def _outside(around: Surroundings) -> None:
    members = around.slack.do(lambda team: team.channel(ALERTS.id).members)
    around.slack.do(lambda _: members.discard(BOT_USER))
    around.undo.append(lambda: around.slack.do(lambda _: members.add(BOT_USER)))


def _slack_fails(around: Surroundings) -> None:
    around.slack.order_fault("auth.test", Broken(503))


def _with_user(around: Surroundings) -> dict[str, str]:
    around.configure("requirepass", "open-sesame")
    around.undo.insert(0, lambda: around.call_redis("CONFIG", "SET", "requirepass", ""))
    return {"redis_url": around.redis.url.replace("//", "//:wrong-word@")}


def _with_others_keys(around: Surroundings) -> dict[str, str]:
    rights = ("on", ">let-me", "~other:*", "+@all")
    around.call_redis("ACL", "SETUSER", "guest", *rights)
    around.undo.append(lambda: around.call_redis("ACL", "DELUSER", "guest"))
    return {"redis_url": around.redis.url.replace("//", "//guest:let-me@")}


def _replica(around: Surroundings) -> None:
    around.call_redis("REPLICAOF", "127.0.0.1", "1")
    around.undo.append(lambda: around.call_redis("REPLICAOF", "NO", "ONE"))


def _late(minutes: int) -> Amiss:
    def amiss(around: Surroundings) -> None:
        store = around.store
        due = to_ms(store.attention.now() - timedelta(minutes=minutes))
        subject = Subject(SubjectKind.ALERT, "SGW-LATE0001")
        around.call_redis("ZADD", "{sgwatch}:attention", str(due), str(subject))

    return amiss


def _unseen(around: Surroundings) -> None:
    """Leave an alert of some time ago to be shown, which Slack refuses."""
    store, alert = around.store, an_alert()
    store.events.write(an_outcome(), placed_new())
    trouble = Trouble(3, store.attention.now(), "is_archived")
    store.timelines.save_progress(alert.id, Progress(), Progress(present=trouble))
    around.call_redis("ZADD", f"{{sgwatch}}:channel:{ALERTS.id}:pending", "0", alert.id)


def _failing(around: Surroundings) -> None:
    around.store.notices.tell("aws", "AWS denies ec2:DescribeSecurityGroups")


def setting(**given: str) -> Amiss:
    return lambda _: given


def redis(name: str, value: str) -> Amiss:
    return lambda around: around.configure(name, value)


def _nearly_full(around: Surroundings) -> None:
    used = int(around.client.info("memory")["used_memory"])
    around.configure("maxmemory", str(used * 6 // 5))


def queue(**attributes: str) -> Amiss:
    return lambda around: around.queue(around.queues.url, **attributes)


def _few_receives(around: Surroundings) -> None:
    found = around.root.sqs.get_queue_attributes(
        QueueUrl=around.queues.url, AttributeNames=["RedrivePolicy"]
    )
    policy = found["Attributes"]["RedrivePolicy"]
    around.queue(around.queues.url, RedrivePolicy=policy.replace("10", "3"))


def _one_queue(around: Surroundings) -> dict[str, str]:
    return {"dead_letter_queue_url": around.queues.url}


def _no_such_queue(around: Surroundings) -> dict[str, str]:
    return {"queue_url": f"{around.queues.url}-gone"}


OF = {
    "queue visibility": "queue",
    "queue redrive": "queue",
    "dead letters": "queue",
    "slack scopes": "slack",
    "slack channel": "slack",
    "unseen alerts": "attention",
    "keeps failing": "attention",
}
"""The subject of a line, where its name is not the subject's."""


@pytest.mark.parametrize(
    ("amiss", "name", "status", "said", "mend"),
    [
        pytest.param(
            setting(redis_url="redis://127.0.0.1:1/0"),
            "redis",
            FAIL,
            "does not answer",
            "start it",
            id="Redis is not there",
        ),
        pytest.param(_with_user, "redis", FAIL, "", "password", id="Redis wants another password"),
        pytest.param(
            _with_others_keys,
            "redis writes",
            FAIL,
            "Redis refuses",
            "this prefix",
            id="Redis lets us write elsewhere only",
        ),
        pytest.param(_replica, "redis role", FAIL, "replica", "primary", id="Redis is a replica"),
        pytest.param(_replica, "redis writes", FAIL, "", "", id="a replica takes no writes"),
        pytest.param(
            redis("appendonly", "no"),
            "redis persistence",
            WARN,
            "no append-only file",
            "appendonly yes",
            id="Redis keeps nothing",
        ),
        pytest.param(
            setting(durability="replica"),
            "redis durability",
            FAIL,
            "replica needs a connected replica",
            "attach one",
            id="a replica is asked for and there is none",
        ),
        pytest.param(
            redis("maxmemory-policy", "allkeys-lru"),
            "redis eviction",
            WARN,
            "REDIS MAY FORGET: maxmemory-policy is allkeys-lru",
            "noeviction",
            id="Redis may forget",
        ),
        pytest.param(
            _nearly_full,
            "redis memory",
            WARN,
            "MB used",
            "raise maxmemory",
            id="Redis is nearly full",
        ),
        pytest.param(
            _no_such_queue,
            "queue",
            FAIL,
            "the queue does not exist",
            "SGWATCH_QUEUE_URL",
            id="no such queue",
        ),
        pytest.param(
            setting(aws_endpoint_url=NOWHERE),
            "queue",
            FAIL,
            "AWS did not answer",
            "region",
            id="AWS is not there",
        ),
        pytest.param(
            queue(VisibilityTimeout="5"),
            "queue visibility",
            WARN,
            "for 5 s",
            "30 to 900 s",
            id="messages come back at once",
        ),
        pytest.param(
            queue(VisibilityTimeout="7200"),
            "queue visibility",
            WARN,
            "for 7200 s",
            "30 to 900 s",
            id="messages stay away for hours",
        ),
        pytest.param(
            _few_receives,
            "queue redrive",
            WARN,
            "read 3 times",
            "maxReceiveCount 7",
            id="SQS gives up before sgwatch does",
        ),
        pytest.param(
            _one_queue,
            "dead letters",
            FAIL,
            "round and round",
            "second queue",
            id="one queue for both",
        ),
        pytest.param(
            _dead_letter,
            "dead letters",
            WARN,
            "1 messages could not be read",
            "sgwatch.reason",
            id="a dead letter",
        ),
        pytest.param(
            setting(slack_bot_token="xoxb-of-another-app"),
            "slack",
            FAIL,
            "invalid_auth",
            "SGWATCH_SLACK_BOT_TOKEN: copy it again",
            id="another app's token",
        ),
        pytest.param(
            _slack_fails, "slack", FAIL, "Slack does not answer", "later", id="Slack is down"
        ),
        pytest.param(
            setting(slack_api_url=f"{NOWHERE}/api/"),
            "slack",
            FAIL,
            "does not answer",
            "open the way",
            id="Slack is not there",
        ),
        pytest.param(
            _scopes("usergroups:read", "users:read"),
            "slack scopes",
            FAIL,
            "users:read (for who presses",
            "add users:read, usergroups:read",
            id="scopes are missing",
        ),
        pytest.param(
            setting(channel="C0NOWHERE"),
            "slack channel",
            FAIL,
            "channel_not_found",
            "SGWATCH_CHANNEL",
            id="no such channel",
        ),
        pytest.param(
            _outside,
            "slack channel",
            FAIL,
            "not_in_channel",
            "/invite",
            id="the app is not in the channel",
        ),
        pytest.param(
            _scopes("channels:history"),
            "slack channel",
            FAIL,
            "missing_scope",
            "channels:history",
            id="the channel may not be read",
        ),
        pytest.param(
            setting(slack_app_token="xapp-old"),
            "slack sockets",
            FAIL,
            "refuses the app's token: invalid_auth",
            "SGWATCH_SLACK_APP_TOKEN",
            id="a token for sockets that is not ours",
        ),
        pytest.param(
            _late(2),
            "attention",
            WARN,
            "alert:SGW-LATE0001 is 2 min late",
            "run a worker",
            id="workers lag",
        ),
        pytest.param(
            _late(200),
            "attention",
            FAIL,
            "1 due; alert:SGW-LATE0001 is 3 h 20 min late",
            "run a worker",
            id="no worker runs",
        ),
        pytest.param(
            _unseen,
            "unseen alerts",
            FAIL,
            "Slack says is_archived",
            "Slack",
            id="an alert that cannot be shown",
        ),
        pytest.param(
            _failing,
            "keeps failing",
            WARN,
            "AWS denies ec2:Describe",
            "log",
            id="what operators are told",
        ),
        pytest.param(
            setting(aws_endpoint_url=NOWHERE),
            "read role",
            FAIL,
            "could not enter account 123456789012",
            "trust policy",
            id="a role cannot be assumed",
        ),
        pytest.param(
            setting(read_role=""),
            "read role",
            WARN,
            "our own credentials",
            "SGWATCH_READ_ROLE",
            id="no role to read with",
        ),
        pytest.param(
            setting(accounts="/nowhere/accounts.toml"),
            "accounts",
            FAIL,
            "cannot be read",
            "mend the file",
            id="no such accounts file",
        ),
        pytest.param(
            setting(policy="/nowhere/policy.toml"),
            "policy",
            FAIL,
            "cannot be read",
            "mend the file",
            id="no such policy file",
        ),
        pytest.param(
            setting(detections="/nowhere"),
            "detections",
            FAIL,
            "there is no /nowhere",
            "SGWATCH_DETECTIONS",
            id="no such rule file",
        ),
    ],
)
def test_what_is_amiss_is_named_with_its_mend(
    around: Surroundings, amiss: Amiss, name: str, status: Status, said: str, mend: str
) -> None:
    subject = OF.get(name) or ("redis" if name.startswith("redis") else name)
    checks = around.look(subject, **(amiss(around) or {}))
    told, _, mended = named(checks, name, status).partition(" → ")
    assert said in told
    assert mend in mended


def test_roles_that_may_not_be_assumed_are_told(
    around: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    around.root.iam.create_user(UserName="nobody")
    key = around.root.iam.create_access_key(UserName="nobody")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    around.undo.append(lambda: around.aws.enforce_policies(on=False))
    around.aws.enforce_policies()
    told = named(around.look("containment"), "containment", FAIL)
    assert told.count("no permission for sts:AssumeRole") == 2
    assert "could not enter account 210987654321" in told


def test_containment_that_is_off_is_well(around: Surroundings) -> None:
    checks = around.look("containment", containment="off", contain_role="")
    assert "off" in named(checks, "containment", OK)


def test_without_a_policy_nobody_may_decide(around: Surroundings, tmp_path: Path) -> None:
    values = around.settings()
    del values["policy"]
    checks = examine(settings_as_given(**values), SUBJECTS[:1])
    assert "nobody may decide" in named(checks, "policy", WARN)
    (tmp_path / "policy.toml").write_text("[rights]\n", encoding="utf-8")
    checks = around.look("policy", policy=str(tmp_path / "policy.toml"))
    assert "nobody the right to decide" in named(checks, "policy", WARN)


@pytest.mark.parametrize(
    ("rule", "status", "said"),
    [
        pytest.param("[rule", FAIL, "invalid: ", id="no TOML"),
        pytest.param(
            '[rule]\nrule_id = "1"\nname = "n"\ntype = "eql"\nlanguage = "eql"\n',
            WARN,
            "type eql",
            id="a type that does not run",
        ),
    ],
)
def test_rule_files_that_do_not_run_are_told(
    around: Surroundings, tmp_path: Path, rule: str, status: Status, said: str
) -> None:
    (tmp_path / "mine.toml").write_text(rule, encoding="utf-8")
    told = named(around.look("detections", detections=str(tmp_path)), "detections", status)
    assert "mine.toml" in told
    assert said in told


def test_a_rule_that_learns_is_told_with_its_end(around: Surroundings, tmp_path: Path) -> None:
    rule = """[rule]
rule_id = "00000000-0000-0000-0000-000000000001"
name = "A new hand"
description = "d"
risk_score = 21
severity = "low"
type = "new_terms"
language = "kuery"
query = "event.provider : ec2.amazonaws.com"
[rule.new_terms]
field = "new_terms_fields"
value = ["user.name"]
[[rule.new_terms.history_window_start]]
field = "history_window_start"
value = "now-14d"
"""
    (tmp_path / "mine.toml").write_text(rule, encoding="utf-8")
    around.store.detections.begin(load([tmp_path]).detections)
    told = named(around.look("learning", detections=str(tmp_path)), "learning", OK)
    assert "“A new hand” learns what is usual until 20" in told
