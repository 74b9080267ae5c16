"""How the page shows messages, and what happens on a click."""

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.page_world import ROW, World
from tests.sandbox.slack_bot import section

pytestmark = pytest.mark.browser

MARKUP = [
    pytest.param("*bold* _it_ ~no~", "<strong>bold</strong> <em>it</em> <s>no</s>", id="marks"),
    pytest.param("2*3*4 snake_case_name", "2*3*4 snake_case_name", id="marks inside words"),
    pytest.param("*a _b_*", "<strong>a <em>b</em></strong>", id="marks in marks"),
    pytest.param("x*y* z", "x*y* z", id="a mark that begins inside a word"),
    pytest.param("*a*b c*", "<strong>a*b c</strong>", id="a mark closes at a word's end"),
    pytest.param("`*a*`", "<code>*a*</code>", id="nothing is marked in code"),
    pytest.param("a ``` b", "a ``` b", id="a fence that never ends"),
    pytest.param("&lt;b&gt; &amp;amp;", "&lt;b&gt; &amp;amp;", id="entities are read once"),
    pytest.param("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;", id="tags are text"),
    pytest.param("<javascript:alert(1)|x>", "&lt;javascript:alert(1)|x&gt;", id="no odd schemes"),
    pytest.param("<@U0ALICE>",
        '<span class="mention" title="Platform engineer">@Alice Moreau</span>', id="a person"),
    pytest.param("<!subteam^S0ONCALL>",
        '<span class="mention mine" title="Security on call">@sec-oncall</span>', id="our group"),
    pytest.param("<!here> &lt;!here&gt;",
        '<span class="mention loud">@here</span> &lt;!here&gt;', id="a call, and its escaped text"),
    pytest.param("&gt; quoted\nnot", "<blockquote>quoted</blockquote>not", id="a quoted line"),
    pytest.param(":tada_unknown: 12:30:45", ":tada_unknown: 12:30:45", id="no such emoji"),
    pytest.param("<!date^1700000000^{date_num}|then>",
        '<time datetime="2023-11-14T22:13:20.000Z" title="then">2023-11-14</time>', id="a date"),
    pytest.param("<!date^1700000000^{date_num}^javascript:alert(1)|then>",
        '<span><time datetime="2023-11-14T22:13:20.000Z" title="then">2023-11-14</time></span>',
        id="a date that would run a script"),
]  # fmt: skip
RENDER = """async (text) => {
  const { mrkdwn } = await import("/page/js/mrkdwn.js");
  const box = document.createElement("div");
  box.append(...mrkdwn(text));
  return box.innerHTML;
}"""


@pytest.mark.parametrize(("text", "html"), MARKUP)
def test_mrkdwn_reads_as_slack_shows_it(rendering: Page, text: str, html: str) -> None:
    assert rendering.evaluate(RENDER, text) == html


HOSTILE = '<img src=x onerror="document.title=1"> <http://x|y"onclick="> ```<script>1</script>```'


def test_hostile_text_stays_text(world: World, open_page: OpenPage) -> None:
    page = open_page(world.server.url)
    ts = world.post(section(HOSTILE), text="x")
    message = page.locator(f"article[data-ts='{ts}']")
    expect(message).to_contain_text('<img src=x onerror="document.title=1">')
    expect(message).to_contain_text("<script>1</script>")
    assert message.locator(".content :is(img, script, [onclick])").count() == 0


def test_a_click_goes_through_and_the_message_changes(world: World, open_page: OpenPage) -> None:
    page = open_page(world.server.url)
    ts = world.post(section("*open*"), ROW)
    message = page.locator(f"article[data-ts='{ts}']")
    message.get_by_role("button", name="Acknowledge").click()
    expect(message).to_contain_text("done by @Rosa Lindqvist")
    expect(message.get_by_role("button", name="Acknowledge")).to_have_count(0)


def test_a_confirmation_may_be_denied(world: World, open_page: OpenPage) -> None:
    page = open_page(world.server.url)
    ts = world.post(section("*open*"), ROW)
    message = page.locator(f"article[data-ts='{ts}']")
    revert = message.get_by_role("button", name="Revert…")
    revert.click()
    dialog = page.get_by_role("dialog", name="Revert?")
    expect(dialog).to_contain_text("This changes AWS.")
    dialog.get_by_role("button", name="Keep").click()
    expect(dialog).to_have_count(0)
    expect(message).to_contain_text("open")
    revert.click()
    dialog.get_by_role("button", name="Revert", exact=True).click()
    expect(message).to_contain_text("done by")


def test_a_click_that_nobody_answers_is_told(world: World, open_page: OpenPage) -> None:
    page = open_page(world.server.url)
    ts = world.post(section("*open*"), ROW)
    page.locator(f"article[data-ts='{ts}']").get_by_role("button", name="Ignored").click()
    expect(page.locator(".toast")).to_contain_text("sgwatch did not answer")


CUT_OFF = """[...document.querySelectorAll('.content')]
  .filter((content) => content.scrollWidth > content.clientWidth + 1).length"""


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_nothing_is_cut_off_at_any_width(
    rendering: Page, world: World, width: int, colours: Literal["light", "dark"]
) -> None:
    ts = world.post(section("x" * 300 + "\n```" + "y" * 300 + "```"), ROW)
    rendering.emulate_media(color_scheme=colours)
    rendering.set_viewport_size({"width": width, "height": 700})
    rendering.locator(f"article[data-ts='{ts}']").wait_for()
    assert rendering.evaluate(CUT_OFF) == 0
    assert rendering.evaluate("document.documentElement.scrollWidth") <= width
