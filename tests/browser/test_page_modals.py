"""Modals on the page: focus, errors, updates while one types, and stacks of them."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.page_world import ROW, World
from tests.sandbox.slack_bot import modal, section, text_input

pytestmark = pytest.mark.browser


INSIDE = """document.activeElement === document.body
  || Boolean(document.activeElement.closest("dialog"))"""


def opened(world: World, page: Page) -> Page:
    ts = world.post(section("*open*"), ROW)
    page.locator(f"article[data-ts='{ts}']").get_by_role("button", name="Explain…").click()
    expect(page.get_by_role("dialog", name="Explain")).to_be_visible()
    return page


def test_a_modal_holds_the_focus_and_closes_by_escape(world: World, open_page: OpenPage) -> None:
    page = opened(world, open_page(world.server.url))
    expect(page.get_by_label("Reason")).to_be_focused()
    for _ in range(8):
        page.keyboard.press("Tab")
        inside = (
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
        assert page.evaluate(inside)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    world.workspace.person("rosa").wait_no_modal()
    expect(page.locator("[data-action=explain]").last).to_be_focused()


def test_errors_stand_beside_their_field(world: World, open_page: OpenPage) -> None:
    page = opened(world, open_page(world.server.url))
    reason = page.get_by_label("Reason")
    page.get_by_label("Details").fill("kept")
    reason.fill("bad")
    page.get_by_role("button", name="Save").click()
    field = page.locator("[data-block=reason]")
    expect(field.get_by_role("alert")).to_have_text("Say more.")
    expect(reason).to_be_focused()
    expect(reason).to_have_value("bad")
    expect(page.get_by_label("Details")).to_have_value("kept")
    reason.fill("fine")
    reason.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_what_is_required_is_asked_for(world: World, open_page: OpenPage) -> None:
    page = opened(world, open_page(world.server.url))
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-block=reason]")).to_contain_text("complete this required field")


def test_an_update_keeps_what_is_being_typed(world: World, open_page: OpenPage) -> None:
    page = opened(world, open_page(world.server.url))
    page.get_by_label("Details").press_sequentially("half a sen")
    view = world.workspace.person("rosa").wait_modal()
    form = modal("Explain", section("looked up"), text_input("reason", "Reason"))
    form["blocks"].append(text_input("more", "Details"))
    world.client.views_update(view_id=view.id, view=form)
    expect(page.get_by_role("dialog")).to_contain_text("looked up")
    page.keyboard.type("tence")
    expect(page.get_by_label("Details")).to_have_value("half a sentence")


def test_modals_lie_on_each_other(world: World, open_page: OpenPage) -> None:
    page = opened(world, open_page(world.server.url))
    page.get_by_label("Reason").fill("on")
    page.get_by_label("Details").fill("x")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog", name="Deeper")).to_be_visible()
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_role("dialog", name="Explain")).to_be_visible()
    expect(page.get_by_label("Reason")).to_have_value("on")
