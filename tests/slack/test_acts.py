"""Acts in a modal: what was done, by whom, and a link to where AWS shows it."""

from datetime import UTC, datetime

from slack_sdk.models.blocks import SectionBlock

from bot.alerts.fact import Act
from bot.slack.views.acts import IN_A_BLOCK, act_sections

AT = datetime(2026, 3, 2, 3, 9, 12, tzinfo=UTC)
ALICE = "arn:aws:iam::123456789012:user/alice"
EVENT = "0e8b1f2a-0000-4000-8000-000000000001"
URL = f"https://us-east-1.console.aws.amazon.com/cloudtrailv2/home?region=us-east-1#/events/{EVENT}"


def an_act(**fields: str) -> Act:
    values = {"service": "iam", "action": "CreateUser", "account": "123456789012"}
    values |= {"region": "us-east-1", "principal": ALICE, "name": "alice", "about": "bob"}
    return Act(fields.pop("event_id", EVENT), AT, **(values | fields))


def lines(*acts: Act) -> list[str]:
    sections = list(act_sections(acts, ALICE))
    assert all(isinstance(block, SectionBlock) for block in sections)
    return [line for block in sections for line in block.to_dict()["text"]["text"].split("\n")]


def test_an_act_links_to_its_event() -> None:
    assert lines(an_act()) == [f"• <{URL}|03:09> UTC  CreateUser bob · 123456789012/us-east-1"]


def test_whose_it_was_and_that_it_failed_is_said() -> None:
    (line,) = lines(an_act(principal="arn:x", name="carol", error="AccessDenied", event_id="?"))
    assert line.startswith("• 03:09 UTC  CreateUser bob · by carol · ")
    assert line.endswith("failed: AccessDenied")


def test_words_of_an_attacker_are_no_markup() -> None:
    hostile = "<!channel> *x* <http://evil.example|click> & `c`" * 9
    found = lines(*[an_act(about=hostile, name=hostile, principal="x")] * 20)
    assert len(found) == 20
    assert not any("<!channel>" in line or "<http://evil" in line for line in found)


def test_a_section_is_as_long_as_slack_takes() -> None:
    acts = [an_act(about="&" * 80, action="&" * 80)] * 20
    sections = [block.to_dict()["text"]["text"] for block in act_sections(acts, ALICE)]
    assert len(sections) == 20 // IN_A_BLOCK
    assert all(len(text) <= 3000 for text in sections)
