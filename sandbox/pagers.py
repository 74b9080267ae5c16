"""The pagers' stand-in: PagerDuty's two APIs, a receiver of webhooks, and one of heartbeats.

As PagerDuty does, it takes an event with status 202 and keeps one incident for each key that is
not resolved. Real HTTP, on loopback.
"""

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

KEY, TOKEN, SECRET = "R0SANDBOX0KEY", "u+sandbox0token", "sandbox0hook0secret"
SCHEDULE = "PSANDBOX"
ROSA = {"id": "PROSA", "type": "user", "summary": "Rosa Lindqvist", "email": "rosa@example.com"}
ANA = {"id": "PANA", "type": "user", "summary": "Ana Duarte", "email": "ana@elsewhere.example"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What the next request gets instead: a status, or no answer after all was done (0)."""

    status: int
    retry_after: str = ""


@dataclass(slots=True)
class Incident:
    """One incident; ``by`` is who acknowledged or resolved it, where a person did."""

    key: str
    severity: str
    summary: str
    status: str = "triggered"
    by: Mapping[str, str] | None = None
    events: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook as it came."""

    name: str
    headers: Mapping[str, str]
    body: bytes


class PagerServer:
    """A context manager; between its ends it listens at ``url``."""

    def __init__(self) -> None:
        self.incidents: list[Incident] = []
        self.hooks: list[Hook] = []
        self.beats = 0
        self.on_call: list[Mapping[str, str]] = [ROSA]
        self.faults: deque[Fault] = deque()
        self._lock = Lock()

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"pagers": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Return where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def settings(self) -> dict[str, str]:
        """Return the settings that have sgwatch page here."""
        return {
            "pagerduty_keys": f"default={KEY}",
            "pagerduty_token": TOKEN,
            "pagerduty_events_url": self.url,
            "pagerduty_api_url": self.url,
            "webhook_urls": f"oncall={self.url}/hook/oncall",
            "webhook_secrets": f"oncall={SECRET}",
            "pagers_inside": "true",
            "heartbeat_url": f"{self.url}/beat",
        }

    def act(self, key: str, status: str, by: Mapping[str, str] = ROSA) -> None:
        """Have a person acknowledge or resolve an incident in PagerDuty."""
        with self._lock:
            incident = self._open(key)
            if incident is not None:
                incident.status, incident.by = status, by

    def enqueue(self, event: Mapping[str, Any]) -> tuple[int, Any]:
        """Take an event, as the Events API v2 does."""
        if event.get("routing_key") != KEY or not event.get("dedup_key"):
            return 400, {"status": "invalid event", "errors": ["'routing_key' is invalid"]}
        with self._lock:
            self._apply(event)
        return 202, {"status": "success", "message": "Event processed", **_key(event)}

    def _apply(self, event: Mapping[str, Any]) -> None:
        action, key = event["event_action"], str(event["dedup_key"])
        incident = self._open(key)
        if incident is None:
            if action != "trigger":
                return
            payload = event["payload"]
            incident = Incident(key, str(payload["severity"]), str(payload["summary"]))
            self.incidents.append(incident)
        incident.events.append(action)
        if action != "trigger":
            incident.status = {"acknowledge": "acknowledged", "resolve": "resolved"}[action]

    def _open(self, key: str) -> Incident | None:
        found = (i for i in self.incidents if i.key == key and i.status != "resolved")
        return next(found, None)

    def rest(self, path: str, query: Mapping[str, list[str]]) -> tuple[int, Any]:
        """Answer the REST API's reads."""
        match path:
            case "/incidents":
                wanted = query.get("incident_key", [""])[0]
                found = [_shown(i) for i in self.incidents if i.key == wanted]
                return 200, {"incidents": found[-1:]}
            case "/oncalls":
                known = query.get("schedule_ids[]") == [SCHEDULE]
                return 200, {"oncalls": [{"user": user} for user in self.on_call if known]}
            case _ if path.startswith("/users/"):
                users = [user for user in (ROSA, ANA) if user["id"] == path.removeprefix("/users/")]
                return (200, {"user": users[0]}) if users else (404, {})
            case _:
                return 404, {}


def _key(event: Mapping[str, Any]) -> dict[str, str]:
    return {"dedup_key": str(event["dedup_key"])}


def _shown(incident: Incident) -> dict[str, Any]:
    by = {**incident.by, "type": "user_reference"} if incident.by else None
    if by is not None:
        by.pop("email")
    acknowledged = incident.status == "acknowledged" and by is not None
    return {
        "id": f"Q{incident.key}",
        "status": incident.status,
        "incident_key": incident.key,
        "acknowledgements": [{"acknowledger": by}] if acknowledged else [],
        "last_status_change_by": by or {"type": "service_reference", "summary": "sgwatch"},
    }


class _Handler(BaseHTTPRequestHandler):
    pagers: PagerServer

    def do_POST(self) -> None:
        """Take an event or a webhook."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        fault = self.pagers.faults.popleft() if self.pagers.faults else None
        if fault is not None and fault.status:
            self._answer(fault.status, {}, fault.retry_after)
            return
        status, answer = self._taken(body)
        if fault is not None:
            self.close_connection = True
            self.connection.close()
            return
        self._answer(status, answer)

    def _taken(self, body: bytes) -> tuple[int, Any]:
        if self.path == "/v2/enqueue":
            return self.pagers.enqueue(json.loads(body))
        if self.path.startswith("/hook/"):
            name = self.path.removeprefix("/hook/")
            self.pagers.hooks.append(Hook(name, dict(self.headers.items()), body))
            return 200, {}
        return 404, {}

    def do_GET(self) -> None:
        """Answer a read, or take a heartbeat."""
        parts = urlsplit(self.path)
        if parts.path == "/beat":
            self.pagers.beats += 1
            self._answer(200, {})
        elif parts.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "/beat")
            self.end_headers()
        elif self.headers.get("Authorization") != f"Token token={TOKEN}":
            self._answer(401, {"error": {"message": "Unauthorized"}})
        else:
            self._answer(*self.pagers.rest(parts.path, parse_qs(parts.query)))

    def _answer(self, status: int, answer: Any, retry_after: str = "") -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if retry_after:
            self.send_header("Retry-After", retry_after)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Keep quiet."""
