"""Webhooks: a JSON body of the policy's making, signed so that whoever gets it can tell it is ours.

``X-Sgwatch-Signature: t=SECONDS,v1=HEX`` is the HMAC-SHA256 of ``SECONDS.BODY``.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import time

from bot.escalation.webhook import fill_in
from bot.paging.http import Http
from bot.paging.page import Event, Page, PagerError

SIGNATURE = "X-Sgwatch-Signature"


@dataclass(frozen=True, slots=True)
class Webhooks:
    """``urls`` and ``secrets`` by the names that the policy has for them, ``bodies`` likewise."""

    http: Http
    bodies: Mapping[str, str] = field(default_factory=dict)
    urls: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    clock: Callable[[], float] = time

    def send(self, name: str, event: Event, page: Page) -> None:
        """Send what happened. Raises PagerError."""
        url, body = self.urls.get(name, ""), self.bodies.get(name, "")
        if not url:
            raise PagerError(f"SGWATCH_WEBHOOK_URLS has no {name}", retry=False)
        if not body:
            raise PagerError(f"the policy has no [escalation.webhooks] {name}", retry=False)
        content = fill_in(body, _values(event, page)).encode()
        headers = {"Idempotency-Key": f"{page.key}/{event.value}"}
        if secret := self.secrets.get(name, ""):
            headers[SIGNATURE] = signature(secret, int(self.clock()), content)
        self.http.post(url, content, headers)


def signature(secret: str, at: int, body: bytes) -> str:
    """Return what goes into the header."""
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={mac.hexdigest()}"


def _values(event: Event, page: Page) -> Mapping[str, str]:
    return {
        "event": event.value,
        "key": page.key,
        "alert": page.alert,
        "severity": page.severity.value,
        "summary": page.summary,
        "account": page.account,
        "region": page.region,
        "url": page.url,
        "level": page.level,
        "by": page.by,
    }
