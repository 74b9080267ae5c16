"""PagerDuty: pages by the Events API v2; who is on call and who took a page by the REST API."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, Field, ValidationError

from bot.changes.severity import Severity
from bot.paging.http import Http
from bot.paging.page import Event, Page, PagerError

EVENTS, API = "https://events.pagerduty.com", "https://api.pagerduty.com"
SUMMARY = 1024
SEVERITIES = {
    Severity.LOW: "info",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "critical",
}
ACCEPT = "application/vnd.pagerduty+json;version=2"


_Model = TypeVar("_Model", bound=BaseModel)


class _User(BaseModel):
    id: str = ""
    summary: str = ""
    email: str = ""
    type: str = ""


class _Acknowledgement(BaseModel):
    acknowledger: _User


class _Incident(BaseModel):
    id: str
    status: str
    acknowledgements: list[_Acknowledgement] = Field(default_factory=list)
    last_status_change_by: _User | None = None


class _Incidents(BaseModel):
    incidents: list[_Incident] = Field(default_factory=list)


class _OnCall(BaseModel):
    user: _User


class _OnCalls(BaseModel):
    oncalls: list[_OnCall] = Field(default_factory=list)


class _Found(BaseModel):
    user: _User


@dataclass(frozen=True, slots=True)
class Taken:
    """Somebody took a page in PagerDuty; ``resolved`` is that they resolved it there."""

    name: str
    email: str
    resolved: bool


@dataclass(frozen=True, slots=True)
class PagerDuty:
    """``keys`` are integration keys by our names for them. Every method raises PagerError."""

    http: Http
    keys: dict[str, str] = field(default_factory=dict, repr=False)
    token: str = field(default="", repr=False)
    events_url: str = EVENTS
    api_url: str = API

    def send(self, name: str, event: Event, page: Page) -> None:
        """Trigger, acknowledge or resolve; with one key it is one incident."""
        key = self.keys.get(name, "")
        if not key:
            raise PagerError(f"SGWATCH_PAGERDUTY_KEYS has no {name}", retry=False)
        body: dict[str, Any] = {
            "routing_key": key,
            "event_action": event.value,
            "dedup_key": page.key,
        }
        if event is Event.TRIGGER:
            body |= _details(page)
        self.http.post(f"{self.events_url}/v2/enqueue", json.dumps(body).encode(), {})

    def taken(self, key: str) -> Taken | None:
        """Return who took the page with this key, if somebody did."""
        query = urlencode({"incident_key": key, "limit": 1, "sort_by": "created_at:desc"})
        found = _read(_Incidents, self._get(f"/incidents?{query}")).incidents
        if not found or found[0].status not in {"acknowledged", "resolved"}:
            return None
        incident = found[0]
        who = incident.acknowledgements[-1].acknowledger if incident.acknowledgements else None
        who = who or incident.last_status_change_by or _User(summary="somebody")
        return Taken(who.summary, self._email(who), incident.status == "resolved")

    def on_call(self, schedule: str, at: datetime) -> list[str]:
        """Return the e-mail addresses of those on call by a schedule."""
        stamp = at.isoformat()
        query = {"schedule_ids[]": schedule, "since": stamp, "until": stamp, "include[]": "users"}
        found = _read(_OnCalls, self._get(f"/oncalls?{urlencode(query)}")).oncalls
        return list(dict.fromkeys(each.user.email for each in found if each.user.email))

    def _email(self, user: _User) -> str:
        if user.email or not user.id or not user.type.startswith("user"):
            return user.email
        return _read(_Found, self._get(f"/users/{user.id}")).user.email

    def _get(self, path: str) -> Any:
        if not self.token:
            raise PagerError("SGWATCH_PAGERDUTY_TOKEN is not set", retry=False)
        headers = {"Authorization": f"Token token={self.token}", "Accept": ACCEPT}
        return self.http.get(self.api_url + path, headers)


def _read(kind: type[_Model], answer: object) -> _Model:
    try:
        return kind.model_validate(answer)
    except ValidationError:
        raise PagerError("PagerDuty answers what cannot be read", retry=True) from None


def _details(page: Page) -> dict[str, Any]:
    details: dict[str, Any] = {
        "client": "sgwatch",
        "payload": {
            "summary": page.summary[:SUMMARY],
            "source": "/".join(filter(None, (page.account, page.region))) or "sgwatch",
            "severity": SEVERITIES[page.severity],
            "component": "security group",
            "custom_details": {"alert": page.alert, "level": page.level},
        },
    }
    if page.url:
        details |= {"client_url": page.url, "links": [{"href": page.url, "text": page.alert}]}
    return details
