"""HTTP to the stand-in's own API, past any proxy, and waiting until something is seen."""

import json
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

from sandbox.slack.refused import Json

PATIENCE, LOOK_AGAIN = 10.0, 0.5
Seen = TypeVar("Seen")


class NotPossibleError(Exception):
    """The workspace refused what a person tried."""


class NotSeenError(Exception):
    """What was waited for did not come."""


class Visit:
    """Talks to a running stand-in."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._opener = build_opener(ProxyHandler({}))

    def get(self, path: str, **query: str | float) -> Json:
        """Read something."""
        asked = f"?{urlencode(query)}" if query else ""
        return self._open(Request(f"{self.url}{path}{asked}"))  # noqa: S310 — our own server

    def post(self, path: str, body: Json) -> Json:
        """Do something."""
        data = json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        return self._open(Request(f"{self.url}{path}", data, headers))  # noqa: S310

    def wait(
        self, look: Callable[[], Seen | None], what: Callable[[], str], timeout: float = PATIENCE
    ) -> Seen:
        """Look each time that the workspace changed, until there is something to see."""
        deadline = time.monotonic() + timeout
        version = -1
        while True:
            seen = look()
            if seen is not None:
                return seen
            left = deadline - time.monotonic()
            if left <= 0:
                raise NotSeenError(what())
            wait = min(left, LOOK_AGAIN)
            version = self.get("/person/version", after=version, wait=wait)["version"]

    def _open(self, request: Request) -> Json:
        try:
            with self._opener.open(request, timeout=PATIENCE * 2) as response:
                body: Any = json.load(response)
        except HTTPError as error:
            with error:
                said = error.read().decode(errors="replace")
            raise NotPossibleError(f"{request.selector}: {said}") from error
        return dict(body)
