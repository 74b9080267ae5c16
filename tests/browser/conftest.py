"""Debian's Chromium, and pages in it that fail their test if they log an error."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.page_world import World, a_world

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
REQUIRE = "REQUIRE_BROWSER"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not os.access(CHROMIUM, os.X_OK):
        missing = f"no Chromium at {CHROMIUM}: install Debian's package chromium"
        if os.environ.get(REQUIRE) == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open a stand-in's page as a person, in a window of its own."""
    errors: list[str] = []
    contexts: list[Any] = []

    def open_(
        url: str, person: str = "rosa", *, width: int = 1280, height: int = 800, dark: bool = False
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale="en-GB",
            timezone_id="Europe/Stockholm",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        page.goto(f"{url}{'&' if '?' in url else '?'}as={person}")
        page.wait_for_selector("#composer, .home-box")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture(scope="session")
def page_world() -> Iterator[World]:
    with a_world() as world:
        yield world


@pytest.fixture
def world(page_world: World) -> Iterator[World]:
    """The small app's workspace, with nothing open."""
    yield page_world
    page_world.close_all()


@pytest.fixture(scope="session")
def rendering(browser: Browser, page_world: World) -> Iterator[Page]:
    """One page for tests that only look."""
    page = browser.new_page()
    page.goto(f"{page_world.server.url}?as=rosa")
    page.wait_for_selector("#composer")
    yield page
    page.close()
