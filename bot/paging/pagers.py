"""The pagers: one way to send a page, whichever pager it goes to."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.escalation.target import Target, Way
from bot.paging.page import Event, Page, PagerError
from bot.paging.pagerduty import PagerDuty, Taken
from bot.paging.webhook import Webhooks

Publish = Callable[[str, str, str], None]
"""Sends a subject and a text to a topic of SNS. Raises PagerError."""


@dataclass(frozen=True, slots=True)
class Pagers:
    """Every method raises PagerError."""

    pagerduty: PagerDuty
    webhooks: Webhooks
    publish: Publish

    def lacks(self, target: Target) -> str:
        """Return what is missing for a target to be called at all; nothing where it can be."""
        match target.way:
            case Way.PAGERDUTY if target.to not in self.pagerduty.keys:
                return f"SGWATCH_PAGERDUTY_KEYS has no {target.to}"
            case Way.WEBHOOK if target.to not in self.webhooks.urls:
                return f"SGWATCH_WEBHOOK_URLS has no {target.to}"
            case _:
                return ""

    def send(self, target: Target, event: Event, page: Page) -> None:
        """Send a page. Sent again under its key it is one page, but for a topic."""
        match target.way:
            case Way.PAGERDUTY:
                self.pagerduty.send(target.to, event, page)
            case Way.WEBHOOK:
                self.webhooks.send(target.to, event, page)
            case Way.SNS:
                subject = f"{page.severity.value.upper()} {page.alert}"
                text = f"{subject}: {page.summary}" + (f" {page.url}" if page.url else "")
                self.publish(target.to, subject, text)
            case Way.MENTION | Way.DM:
                raise PagerError(f"{target.way} is no pager", retry=False)

    def taken(self, target: Target, key: str) -> Taken | None:
        """Return who took a page there, where the pager can be asked."""
        if target.way is not Way.PAGERDUTY or not self.pagerduty.token:
            return None
        return self.pagerduty.taken(key)
