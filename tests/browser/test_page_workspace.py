"""The workspace around the messages: people, threads, the app's home, scenarios and AWS."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.page_world import OPS, World
from tests.sandbox.slack_bot import ALERTS

pytestmark = pytest.mark.browser


def test_ephemeral_messages_are_for_one_person(world: World, open_page: OpenPage) -> None:
    page = open_page(world.server.url)
    world.post(text="for everybody")
    world.client.chat_postEphemeral(channel=ALERTS, user="U0ROSA", text="only for Rosa")
    secret = page.locator("article.private", has_text="only for Rosa")
    expect(secret).to_contain_text("Only visible to you")
    page.get_by_role("button", name="You are").click()
    page.get_by_role("menuitemradio", name="Oscar Quill").click()
    expect(page.locator("#me")).to_contain_text("Oscar Quill")
    expect(page.locator("article", has_text="for everybody")).to_be_visible()
    expect(secret).to_have_count(0)
    page.get_by_role("button", name="You are").click()
    page.get_by_role("menuitemradio", name="Rosa Lindqvist").click()
    secret.get_by_role("button", name="Dismiss").click()
    expect(secret).to_have_count(0)


def test_commands_and_messages_are_written_in_the_box(world: World, open_page: OpenPage) -> None:
    page = open_page(world.server.url)
    box = page.locator("#composer")
    box.press_sequentially("/sg")
    page.keyboard.press("Tab")
    expect(box).to_have_value("/sgwatch ")
    page.keyboard.type("help")
    page.keyboard.press("Enter")
    expect(page.locator("article.private").last).to_contain_text("you said help")
    box.fill("hello <b> & co")
    page.keyboard.press("Enter")
    expect(page.locator("article").last).to_contain_text("hello <b> & co")
    expect(box).to_have_value("")


def test_shortcuts_are_in_the_box_and_on_messages(world: World, open_page: OpenPage) -> None:
    page = open_page(world.server.url)
    page.locator("#composer").press_sequentially("/say")
    page.get_by_role("option", name="Say hi").click()
    world.workspace.wait_message("sgwatch-ops", lambda message: message.text.startswith("hi from"))
    message = page.locator(f"article[data-ts='{world.post(text='see')}']")
    message.hover()
    message.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Look closer").click()
    expect(message).to_contain_text("1 reply")


def test_threads_open_beside_and_may_be_told_to_all(world: World, open_page: OpenPage) -> None:
    page = open_page(world.server.url)
    ts = world.post(text="a parent")
    message = page.locator(f"#main article[data-ts='{ts}']")
    message.hover()
    message.get_by_role("button", name="Reply in a thread").click()
    page.locator("#reply").fill("a quiet reply")
    page.keyboard.press("Enter")
    expect(message).to_contain_text("1 reply")
    page.get_by_label("Also send to").check()
    page.locator("#reply").fill("a loud reply")
    page.keyboard.press("Enter")
    expect(page.locator("#main article").last).to_contain_text("replied to a thread: a parent")
    expect(page.locator("#thread")).to_contain_text("2 replies")
    page.keyboard.press("Escape")
    expect(page.locator("#thread")).to_be_hidden()


def test_emoji_are_added_and_taken_back(world: World, open_page: OpenPage) -> None:
    page = open_page(world.server.url)
    message = page.locator(f"article[data-ts='{world.post(text='react')}']")
    message.hover()
    message.get_by_role("button", name="Add a reaction").click()
    page.get_by_role("menuitem", name="eyes").click()
    chip = message.get_by_role("button", name="eyes, 1, from Rosa Lindqvist")
    expect(chip).to_have_attribute("aria-pressed", "true")
    chip.click()
    expect(chip).to_have_count(0)


def test_what_is_unread_is_counted(world: World, open_page: OpenPage) -> None:
    page = open_page(world.server.url)
    world.post(text="news", channel=OPS)
    world.post(text="more news", channel=OPS)
    place = page.locator("#sidebar").get_by_role("button", name="sgwatch-ops")
    expect(place.locator(".count")).to_have_text("2")
    place.click()
    expect(place.locator(".count")).to_have_count(0)


def test_the_app_has_a_home(world: World, open_page: OpenPage) -> None:
    page = open_page(world.server.url, "marcus")
    page.locator("#sidebar").get_by_role("button", name="sgwatch", exact=True).click()
    expect(page.locator("#home")).to_contain_text("Home of @Marcus Hale")
    page.get_by_role("tab", name="Messages").click()
    world.client.chat_postMessage(channel="U0MARCUS", text="for your eyes")
    expect(page.locator("#stream")).to_contain_text("for your eyes")


def test_a_scenario_is_played_and_its_end_is_told(world: World, open_page: OpenPage) -> None:
    page = open_page(world.server.url)
    world.go_on.clear()
    scenario = page.get_by_role("button", name="Open SSH")
    scenario.click()
    expect(scenario).to_be_disabled()
    world.go_on.set()
    expect(page.locator(".toast.good")).to_contain_text("SSH is open")
    expect(scenario).to_be_enabled()
    page.get_by_role("button", name="Break").click()
    expect(page.locator(".toast.error")).to_contain_text("RuntimeError: AWS is away")


def test_aws_is_shown_as_it_is_now(world: World, open_page: OpenPage) -> None:
    page = open_page(world.server.url)
    group = page.locator("[data-group=sg-1]")
    expect(group).to_contain_text("open to the internet")
    world.groups[0] = world.groups[0] | {"rules": []}
    expect(group).to_contain_text("No rules.")
    expect(group).to_contain_text("closed again")
    expect(group.locator(".rule.gone")).to_contain_text("tcp 22")
    expect(group).not_to_contain_text("open to the internet")


def test_a_link_leads_to_its_message(world: World, open_page: OpenPage) -> None:
    ts = world.post(text="look at me", channel=OPS)
    link = world.client.chat_getPermalink(channel=OPS, message_ts=ts)["permalink"]
    page = open_page(link)
    expect(page.locator(f"article[data-ts='{ts}']")).to_be_in_viewport()
    expect(page.get_by_role("heading", level=1)).to_have_text("sgwatch-ops")


def test_colours_follow_the_system_until_told(world: World, open_page: OpenPage) -> None:
    page = open_page(world.server.url, dark=True)
    background = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(background)
    page.get_by_role("button", name="Colours: system").click()
    light = page.evaluate(background)
    page.get_by_role("button", name="Colours: light").click()
    assert [dark, light, page.evaluate(background)] == [dark, "rgb(255, 255, 255)", dark]
    assert dark != light


def test_the_page_comes_back_after_a_break(world: World, open_page: OpenPage) -> None:
    page = open_page(world.server.url)
    page.locator("#composer").fill("half written")
    world.server.drop_pages()
    ts = world.post(text="meanwhile")
    expect(page.locator(f"article[data-ts='{ts}']")).to_be_visible()
    expect(page.locator("#composer")).to_have_value("half written")
