"""Outside text stays text: it can neither mention, link nor format."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.entries import Entry
from bot.exemptions.model import Scope
from bot.slack.views.blocks import Json
from bot.slack.views.exempt import ExemptFields, exempt_form
from bot.slack.views.exemptions import exemptions_message
from bot.slack.views.home import Listed, home_view
from bot.slack.views.how_to_revert import how_to_revert
from bot.slack.views.message import Shown, alert_message
from bot.slack.views.mrkdwn import code, copyable, escape, in_code
from bot.slack.views.revert import revert_form
from bot.slack.views.scope_fields import ScopeFields
from bot.slack.views.thread import thread_line
from sandbox.slack.blocks.checking import check_message, check_view
from tests.builders import NOON, raised, seen
from tests.slack.alerts import EXEMPTION, HOSTILE, hostile_alerts, hostile_plan, hostile_sighting
from tests.slack.cases import SHOWN

OUR_TOKENS = re.compile(r"<!date\^\d+\^\{(time|date_short)\}\|[^<>|]*>|<@[UW][A-Z0-9]+>")
CODE_BLOCK = re.compile(r"```[^`]*```|`[^`]*`")
HOSTILE_WORDS = st.lists(
    st.sampled_from(
        ["*", "_", "~", "`", "```", "<!here>", "<@U1>", "<http://e|x>", ":a:", ">", "&"]
    )
    | st.text(max_size=6),
    max_size=12,
).map("".join)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("<!channel>", "&lt;!channel&gt;", id="a mention of everybody is text"),
        pytest.param("<http://evil|click>", "&lt;http://evil|click&gt;", id="a link is text"),
        pytest.param("a & b", "a &amp; b", id="an ampersand stays one"),
        pytest.param("*x*", "∗x∗", id="no bold"),  # noqa: RUF001 - what looks alike
        pytest.param("_x_ deploy_role", "＿x＿ deploy_role", id="no italics, names stay whole"),  # noqa: RUF001
        pytest.param("~x~", "∼x∼", id="no strike"),  # noqa: RUF001
        pytest.param("`x`", "ˋxˋ", id="no code"),  # noqa: RUF001
        pytest.param(":fire: 12:30", "∶fire: 12:30", id="no emoji, times stay"),  # noqa: RUF001
        pytest.param("> quoted", "› quoted", id="no quote"),  # noqa: RUF001
        pytest.param("a\nb\tc", "a b c", id="one line"),
        pytest.param("a\u202eb\u200bc\x1bd", "abcd", id="nothing unseen"),
    ],
)
def test_outside_text_in_markup(text: str, shown: str) -> None:
    assert escape(text) == shown


def test_outside_text_in_code_is_as_it_was_written() -> None:
    assert in_code("*x* _y_ :z: <a>") == "*x* _y_ :z: &lt;a&gt;"
    assert code("a`b") == "`aˋb`"  # noqa: RUF001
    assert code("") == ""


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        pytest.param("aws ec2 x  --y '<&>'", "aws ec2 x  --y '&lt;&amp;&gt;'", id="all of it"),
        pytest.param("aws `id`", None, id="a backtick cannot be shown in code"),
        pytest.param("aws \u202e", None, id="nor what is not seen"),
        pytest.param("a" * 60, None, id="a command is never cut"),
    ],
)
def test_a_command_is_shown_exactly_or_not_at_all(command: str, shown: str | None) -> None:
    assert copyable(command, 50) == shown


@given(HOSTILE_WORDS | st.text(), st.integers(4, 60))
def test_escaped_text_is_bounded_and_has_no_markup(text: str, limit: int) -> None:
    escaped = escape(text, limit)
    assert len(escaped) <= limit
    assert not set(escaped) & set("<>*~`\n")
    assert not re.search(r"&(?!amp;|lt;|gt;)", escaped)
    assert not re.search(r":[\w+'-]+:", escaped)
    assert not re.search(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", escaped)


@given(HOSTILE_WORDS | st.text(), st.integers(4, 60))
def test_text_in_code_is_bounded_and_cannot_leave_it(text: str, limit: int) -> None:
    inside = in_code(text, limit)
    assert len(inside) <= limit
    assert not set(inside) & set("<>`\n")


@pytest.mark.parametrize("state", hostile_alerts())
def test_a_hostile_alert_formats_nothing(state: str) -> None:
    alert = hostile_alerts()[state]
    message = alert_message(alert, Shown(accounts={HOSTILE: HOSTILE}))
    check_message(list(message.blocks), message.text)
    assert_harmless(message.text, *texts(list(message.blocks)))


def test_hostile_forms_format_nothing() -> None:
    alert = hostile_alerts()["open"]
    fields = ExemptFields(ScopeFields(HOSTILE, HOSTILE, peers=HOSTILE, dropped=("ports",)), HOSTILE)
    views = [
        exempt_form(alert, SHOWN, fields, HOSTILE),
        revert_form(alert, SHOWN, hostile_plan(), "digest", reason=HOSTILE, problem=HOSTILE),
        how_to_revert(alert, SHOWN, hostile_plan()),
        home_view([Listed(alert)], SHOWN),
    ]
    for view in views:
        check_view(view)
        assert_harmless(*texts(view))


def test_a_hostile_exemption_formats_nothing() -> None:
    scope = Scope(principals=(HOSTILE,), accounts=(HOSTILE,))
    hostile = replace(EXEMPTION, id=HOSTILE, scope=scope, reason=HOSTILE, owner=HOSTILE)
    message = exemptions_message([hostile], NOON)
    assert_harmless(message.text, *texts(list(message.blocks)))


def test_a_hostile_thread_formats_nothing() -> None:
    for alert in hostile_alerts().values():
        entries: list[Entry] = [raised(), seen(hostile_sighting())]
        replies = [thread_line(entry, number, alert) for number, entry in enumerate(entries)]
        assert_harmless(*(reply.text for reply in replies if reply))


def assert_harmless(*shown: str) -> None:
    """Assert that, but for the tokens that we write ourselves, nothing is markup."""
    for text in shown:
        assert "<" not in OUR_TOKENS.sub("", text)
        assert "\u202e" not in text
        outside = CODE_BLOCK.sub("", OUR_TOKENS.sub("", text))
        for marked in ("*x*", "_y_", "~z~", "`", ":fire:"):
            assert marked not in outside


def texts(value: object) -> list[str]:
    """Return every text in markup; plain text objects format nothing."""
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    if not isinstance(value, dict):
        return []
    fields: Json = value
    if fields.get("type") == "mrkdwn":
        assert fields["verbatim"] is True
        return [fields["text"]]
    return [text for item in fields.values() for text in texts(item)]
