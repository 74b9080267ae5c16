"""``make pictures``: the pictures in the docs, taken of the demo's page in Chromium."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from sandbox.scenarios import SCENARIOS
from sandbox.stage import Stage

DOCS = Path(__file__).parents[1] / "docs"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
PATIENCE = 30_000


def main() -> int:
    """Take every picture and return the exit code."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.stderr.write("There is no chromium: install Debian's package of that name.\n")
        return 1
    with Stage() as stage, stage.bot(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_page(
            viewport={"width": 1280, "height": 860}, device_scale_factor=1.5, locale="en-GB"
        )
        page.goto(f"{stage.slack.url}?as=rosa")
        SCENARIOS["open_ssh"].play(stage.world)
        _wait(page, "(web-prod)")
        page.get_by_text("looking…").wait_for(state="hidden", timeout=PATIENCE)
        page.screenshot(path=DOCS / "alert.png")
        page.locator("button", has_text="Revert…").click()
        _wait(page, "RevokeSecurityGroupIngress")
        page.screenshot(path=DOCS / "revert.png")
        browser.close()
    return 0


def _wait(page: Page, words: str) -> None:
    page.get_by_text(words).first.wait_for(timeout=PATIENCE)


if __name__ == "__main__":
    sys.exit(main())
