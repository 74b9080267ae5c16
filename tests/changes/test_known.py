"""What is known of a group's rules before its descriptions were changed."""

from datetime import timedelta
from typing import Any

from bot.changes.baseline import Baseline, Past
from bot.changes.change import Change, GroupRef, Verb
from bot.changes.known import groups_asked, known_of
from tests.builders import NOON, a_change, a_rule

WEB = a_rule(443, "10.0.0.0/8", rule_id="sgr-1", description="internal web")
SSH = a_rule(rule_id="sgr-2")
READ = Baseline("123456789012", "eu-west-1", GroupRef("sg-0a1b"), (WEB, SSH), NOON)


def described(minutes: int, rule: str, **fields: Any) -> Change:
    return a_change(
        rule,
        NOON + timedelta(minutes=minutes),
        added=(),
        action="UpdateSecurityGroupRuleDescriptionsIngress",
        verb=Verb.DESCRIBE,
        group=GroupRef("sg-0a1b"),
        **fields,
    )


BY_CONTENT = described(5, "event-1", modified=(a_rule(443, "10.0.0.0/8", description="x"),))
BY_ID = described(5, "event-1", rule_ids=("sgr-1",))


def test_the_description_before_is_known_by_what_the_rule_says_or_by_its_id() -> None:
    for change in (BY_CONTENT, BY_ID):
        assert groups_asked(change) == ("sg-0a1b",)
        (was,) = known_of(change, {"sg-0a1b": Past(READ)}).shown
        assert (was.rule_id, was.description) == ("sgr-1", "internal web")


def test_it_is_unknown_after_another_that_came_since_the_reading() -> None:
    other = described(3, "event-0", rule_ids=("sgr-1",))
    assert known_of(BY_ID, {"sg-0a1b": Past(READ, (other,))}).shown == ()
