"""A guide's Markdown in Slack: what formats is kept, and nothing else becomes markup."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.slack.views.markdown import PIECE, pieces
from bot.slack.views.mrkdwn import link

ROWS = [
    pytest.param("one\ntwo", "one two", id="wrapped lines are one paragraph"),
    pytest.param("one\n\ntwo", "one\n\ntwo", id="an empty line parts paragraphs"),
    pytest.param("## A title ##\ntext", "*A title ##*\ntext", id="a heading is bold"),
    pytest.param("a\n# b", "a\n\n*b*", id="a heading stands apart from what is before it"),
    pytest.param("#1 of three", "#1 of three", id="a number is no heading"),
    pytest.param("- a\n- b", "• a\n• b", id="a list"),
    pytest.param("* a\n+ b", "• a\n• b", id="a list by other signs"),
    pytest.param("- a\n  on\n- b", "• a on\n• b", id="an item over two lines"),
    pytest.param("- a\n  - b", "• a\n    • b", id="a list in a list"),
    pytest.param("1. a\n2) b", "1. a\n2. b", id="a numbered list"),
    pytest.param("-5 and 2.5", "-5 and 2.5", id="numbers are no list"),
    pytest.param("> a\n> b", "> a\n> b", id="a quote"),
    pytest.param("a\n---\nb", "a\n\nb", id="a line across parts paragraphs"),
    pytest.param("**a** and __b__", "*a* and *b*", id="bold"),
    pytest.param("*a* and _b_", "_a_ and _b_", id="italics"),
    pytest.param("**a *b* c**", "*a _b_ c*", id="italics in bold"),
    pytest.param("- a\n\n> b", "• a\n\n> b", id="a quote after a list"),
    pytest.param("***a", "∗∗∗a", id="stars that are never closed"),  # noqa: RUF001
    pytest.param("a * b * c, 2*3*4", "a ∗ b ∗ c, 2∗3∗4", id="stars that sum up"),  # noqa: RUF001
    pytest.param("deploy_role_x", "deploy_role_x", id="a name with underscores"),
    pytest.param("use `a*b*` now", "use `a*b*` now", id="code, as it was written"),
    pytest.param("a `b", "a ˋb", id="a backtick alone"),  # noqa: RUF001
    pytest.param(r"\*a\*", "∗a∗", id="escaped stars are text"),  # noqa: RUF001
    pytest.param("```sh\n  a  <b>\n```\nc", "```  a  &lt;b&gt;```\n\nc", id="a block of code"),
    pytest.param("```\na", "```a```", id="a block of code that is not closed"),
    pytest.param(
        "| Port | Of |\n|:-----|---:|\n| 22 | SSH |\n| 3 |",
        "```Port  Of\n----  ---\n22    SSH\n3```",
        id="a table has columns",
    ),
    pytest.param("|" + "a|" * 20, "```" + "a  " * 12 + "a|" * 7 + "a```", id="a wide table"),
    pytest.param("- [ ] a\n- [x] b\n- [y] c", "☐ a\n☑ b\n• [y] c", id="boxes"),
    pytest.param("[a](https://b.c/?x&y)", "<https://b.c/?x&amp;y|a>", id="a link"),
    pytest.param("see https://b.c/d.", "see <https://b.c/d|https://b.c/d>.", id="an address"),
    pytest.param("![a](https://b.c/d.png)", "<https://b.c/d.png|a>", id="a picture is a link"),
    pytest.param("[a](javascript:x)", "a", id="a link that leads to no web page"),
    pytest.param("[a](/local)", "a", id="a link without a host"),
    pytest.param("[a](https://b.c/<d)", "a", id="a link with what would end it"),
    pytest.param("[https://good](https://bad)", "<https://bad|https://bad>", id="a pose"),
    pytest.param("[*x* <y>](https://b.c)", "<https://b.c|∗x∗ &lt;y&gt;>", id="a hostile label"),  # noqa: RUF001
    pytest.param("<!channel> <@U1>", "&lt;!channel&gt; &lt;@U1&gt;", id="mentions"),
    pytest.param(":fire: at 12:30", "∶fire: at 12:30", id="no emoji"),  # noqa: RUF001
    pytest.param("a <b>c</b> &amp; d", "a &lt;b&gt;c&lt;/b&gt; &amp;amp; d", id="HTML is text"),
    pytest.param("a\u202eb\u200bc", "abc", id="nothing unseen"),
    pytest.param(
        '- !{investigate{"label": "Same *user*", "providers": [[{}]]}} a',
        "• Same _user_ (runs in Kibana) a",
        id="a button of Kibana",
    ),
    pytest.param(
        '!{osquery{"label": "Who", "query": "SELECT  a\\n FROM b"}}\nc',
        "Who (runs in Kibana)\n\n```SELECT  a\n FROM b```\n\nc",
        id="a button of Kibana with its query",
    ),
    pytest.param("!{a{\"x\": 1}}", "!{a{\"x\": 1}}", id="a button without a label"),
    pytest.param("!{a{" + "[" * 9 + "}}", "!{a{" + "[" * 9 + "}}", id="a button that is none"),
    pytest.param("}} !{a", "}} !{a", id="ends of a button"),
    pytest.param("", "", id="nothing"),
    pytest.param(" \n\n\t\n", "", id="white space"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shown"), ROWS)
def test_markdown_in_slack(text: str, shown: str) -> None:
    assert "\n\n".join(pieces(text)) == shown


def test_what_is_long_is_parted_between_paragraphs() -> None:
    paragraphs = [f"{number} " + "word " * 200 for number in range(10)]
    parted = list(pieces("\n\n".join(paragraphs)))
    assert [piece[0] for piece in parted] == ["0", "2", "4", "6", "8"]


LINK = re.compile(r"<https?://[^\s<>|]+\|[^<>]*>")
CODE = re.compile(r"```[^`]*```|`[^`]*`")
SIGNS = ["**", "*", "__", "_", "`", "```\n", "\n", "\n- ", "\n# ", "\n> ", "[a](", ")", "]", "\\"]
HOSTILE = ["<!here>", "<@U1>", "<https://e|x>", ":a:", "https://b.c/d", "&", "|", "é", "x y", " "]


@given(
    st.lists(st.sampled_from([*SIGNS, *HOSTILE]) | st.text(max_size=5), max_size=40).map("".join)
)
@example("\\:a:")
@example(":a:https://b.c/d\x1b")
@example(":\\-a:")
@example("<" * 3000)
@example("a" * 9000)
@example("```\n" + "<" * 5000)
def test_no_text_is_markup_that_we_did_not_write(text: str) -> None:
    for piece in pieces(text):
        assert 0 < len(piece) <= PIECE
        outside = CODE.sub("", LINK.sub("", piece))
        assert "<" not in outside
        assert "~" not in outside
        assert not re.search(r":[\w+'-]+:", outside)
        assert not re.search(r"&(?!amp;|lt;|gt;)", piece)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(sign * (20_000 // len(sign)), id=repr(sign))
        for sign in (
            "*",
            "**a ",
            "`",
            "`a ",
            "[",
            "[a](",
            "_a ",
            "\\",
            "<",
            "- ",
            "#",
            ">",
            "|",
            "|\n",
            "|-\n",
            "!{a{",
            "!{a{[",
            "```\n",
        )
    ],
)
def test_a_text_of_signs_alone_is_read_at_once(text: str) -> None:
    assert all(len(piece) <= PIECE for piece in pieces(text))


@pytest.mark.parametrize(
    ("url", "label", "shown"),
    [
        pytest.param("https://a.b", "c", "<https://a.b|c>", id="with a label"),
        pytest.param("https://a.b", "", "<https://a.b|https://a.b>", id="without"),
        pytest.param("https://a.b|c", "d", "d", id="what would end the address"),
        pytest.param("https://a.b/\u202e", "d", "d", id="what is not seen"),
        pytest.param("", "d", "d", id="no address"),
        pytest.param("mailto:a@b.c", "", "mailto:a@b.c", id="another sort"),
        pytest.param("https://a.b", "www.bank.example", "<https://a.b|https://a.b>", id="a pose"),
    ],
)  # fmt: skip
def test_links_lead_to_web_addresses_alone(url: str, label: str, shown: str) -> None:
    assert link(url, label) == shown
