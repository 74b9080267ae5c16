"""Delivery over HTTP: requests signed as Slack signs them, to the app's own address.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout

from sandbox.slack.refused import Json
from sandbox.slack.timing import Clock

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Posting:
    """Where the app takes requests, and the secret that both know."""

    url: str
    secret: str
    clock: Clock

    def headers(self, body: str, kind: str) -> dict[str, str]:
        """Return what goes with a body: its type, the time, and the signature of both."""
        stamp = str(int(self.clock()))
        signed = hmac.new(self.secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256)
        return {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={signed.hexdigest()}",
        }

    async def post(self, kind: str, payload: Json, retry: Json, seconds: float) -> Json | None:
        """Post one payload; return what the app answered, or None if it did not in time."""
        body, content = body_of(kind, payload)
        headers = self.headers(body, content)
        if retry.get("retry_attempt"):
            headers["X-Slack-Retry-Num"] = str(retry["retry_attempt"])
        try:
            async with (
                ClientSession(timeout=ClientTimeout(total=seconds)) as session,
                session.post(self.url, data=body.encode(), headers=headers) as answer,
            ):
                said = await answer.text()
                if answer.status >= 300:
                    return None
                return answered(said)
        except (TimeoutError, ClientError):
            return None


def body_of(kind: str, payload: Json) -> tuple[str, str]:
    """Return the body in the form that Slack gives it, and its type."""
    match kind:
        case "slash_commands":
            return urlencode(payload), FORM
        case "interactive":
            return urlencode({"payload": json.dumps(payload)}), FORM
        case _:
            return json.dumps(payload), "application/json"


def answered(said: str) -> Json:
    """Return what an answer says: JSON, or the text of a message."""
    try:
        told = json.loads(said) if said else {}
    except ValueError:
        return {"text": said}
    return told if isinstance(told, dict) else {}
