"""The demo in Chromium, as a person uses it: a scenario, an alert, a form, and AWS put back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from sandbox.groups import groups_of
from sandbox.stage import Stage
from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser
PATIENCE = 30_000


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Stage() as stage, stage.bot():
        yield stage


def newest(page: Page) -> Locator:
    """Return the newest alert: what is told in its thread and shown beside it names no id."""
    return page.locator("article[data-ts]", has_text="SGW-").last


def play(page: Page, title: str) -> None:
    page.locator("button", has_text=title).click()


def press(page: Page, label: str) -> Locator:
    """Press a button of the newest alert and return the form that opens."""
    newest(page).locator("button", has_text=label).click()
    return page.locator("[data-testid=modal]")


def test_a_responder_reverts_and_sees_the_group_put_back(stage: Stage, open_page: OpenPage) -> None:
    before = groups_of(stage.world)
    page = open_page(stage.slack.url, "rosa", width=1360, height=900)
    play(page, "Open SSH to the world")
    expect(newest(page)).to_contain_text("(web-prod)", timeout=PATIENCE)
    expect(newest(page)).to_contain_text("OPEN TO THE INTERNET")
    form = press(page, "Revert")
    expect(form).to_contain_text("RevokeSecurityGroupIngress", timeout=PATIENCE)
    form.locator("textarea").fill("Alice says it was not her")
    form.locator("button", has_text="Revert").click()
    expect(newest(page)).to_contain_text("read back from AWS", timeout=PATIENCE)
    assert groups_of(stage.world) == before


def test_an_outsider_is_told_who_may(stage: Stage, open_page: OpenPage) -> None:
    page = open_page(stage.slack.url, "oscar")
    play(page, "Terraform run")
    expect(newest(page)).to_contain_text("20 rules", timeout=PATIENCE)
    form = press(page, "Mark benign")
    expect(form).to_contain_text("@sec-oncall", timeout=PATIENCE)


def test_benign_asks_for_a_reason_beside_the_field(stage: Stage, open_page: OpenPage) -> None:
    page = open_page(stage.slack.url, "rosa")
    expect(newest(page)).to_contain_text("terraform-ci", timeout=PATIENCE)
    form = press(page, "Mark benign")
    field = form.locator("textarea, input[type=text]").first
    field.fill("ok")
    form.locator("button", has_text="Mark benign").click()
    expect(form).to_contain_text("Give a reason", timeout=PATIENCE)
    field.fill("Planned roll-out, CHG-12")
    form.locator("button", has_text="Mark benign").click()
    expect(newest(page)).to_contain_text("BENIGN", timeout=PATIENCE)
    expect(newest(page)).to_contain_text("Planned roll-out, CHG-12")


def test_the_guide_of_each_detection_is_a_click_away(stage: Stage, open_page: OpenPage) -> None:
    page = open_page(stage.slack.url, "rosa", dark=True)
    play(page, "Open SSH to the world")
    expect(newest(page)).to_contain_text("OPEN TO THE INTERNET", timeout=PATIENCE)
    guide = press(page, "Guide")
    expect(guide).to_contain_text("Detection 1 of 2", timeout=PATIENCE)
    technique = guide.get_by_role("link", name="T1133 External Remote Services")
    expect(technique).to_have_attribute("href", "https://attack.mitre.org/techniques/T1133/")
    guide.locator("button", has_text="Next").click()
    expect(guide).to_contain_text("Detection 2 of 2", timeout=PATIENCE)
    expect(guide).to_contain_text("Who did it, and may they?")
    guide.get_by_role("button", name="Close").first.click()
    expect(guide).to_have_count(0)


def test_the_actor_is_asked_in_their_direct_messages(stage: Stage, open_page: OpenPage) -> None:
    # The alert is the last test's: played again, it would close and open under the click.
    page = open_page(stage.slack.url, "rosa")
    expect(newest(page)).to_contain_text("OPEN TO THE INTERNET", timeout=PATIENCE)
    newest(page).get_by_role("button", name="More").last.click()
    page.get_by_role("menuitem", name="Ask alice").click()
    expect(page.get_by_text("Alice Moreau is asked in a direct message")).to_be_visible()
    hers = open_page(stage.slack.url, "alice", width=1100, height=760)
    hers.locator("[data-key=app-home]").click()
    hers.get_by_role("tab", name="Messages").click()
    question = newest(hers)
    expect(question).to_contain_text("did you just do this?", timeout=PATIENCE)
    question.locator("button", has_text="Yes, that was me").click()
    form = hers.locator("[data-testid=modal]")
    form.locator("textarea").fill("CHG-7, the vendor tests")
    form.locator("button", has_text="Answer").click()
    expect(question).to_contain_text("You answered", timeout=PATIENCE)
    alert = page.locator("article[data-ts]", has_text="Alice Moreau was asked")
    expect(alert).to_contain_text("says: Yes, that was me", timeout=PATIENCE)
    question.locator("button", has_text="No, not me").click()
    hers.get_by_role("button", name="It was not me").click()
    expect(question).to_contain_text("The security team has been told.", timeout=PATIENCE)
    expect(alert).to_contain_text("says: No, not me", timeout=PATIENCE)
