"""Settings of paging: where the pagers are, and the secrets that they know us by."""

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

NOBODY = SecretStr("")


class PagingSettings(BaseSettings):
    """Secrets by name are written ``name=value,name=value``; one value alone is the default's."""

    pagerduty_keys: SecretStr = Field(
        default=NOBODY,
        description="integration keys (Events API v2) by the policy's names for them, such as "
        "default=…,platform=…",
    )
    pagerduty_token: SecretStr = Field(
        default=SecretStr(""),
        description="REST API key that may read: for schedules, and for who took a page there",
    )
    pagerduty_events_url: str = Field(
        default="https://events.pagerduty.com",
        pattern=r"^https?://[^/]+$",
        description="PagerDuty's Events API; https://events.eu.pagerduty.com in the EU",
    )
    pagerduty_api_url: str = Field(
        default="https://api.pagerduty.com",
        pattern=r"^https?://[^/]+$",
        description="PagerDuty's REST API; https://api.eu.pagerduty.com in the EU",
    )
    webhook_urls: SecretStr = Field(
        default=NOBODY,
        description="URLs of webhooks by the policy's names, such as grafana=https://…",
    )
    webhook_secrets: SecretStr = Field(
        default=NOBODY, description="what each webhook is signed with, such as grafana=…"
    )
    pagers_inside: bool = Field(
        default=False,
        description="whether pagers may be at addresses that the internet cannot reach",
    )
    heartbeat_url: SecretStr = Field(
        default=SecretStr(""),
        description="URL that is called every minute while events flow and nothing due is late",
    )

    @field_validator("pagerduty_keys", "webhook_urls", "webhook_secrets")
    @classmethod
    def _pairs(cls, given: SecretStr) -> SecretStr:
        for number, pair in enumerate(pairs_in(given.get_secret_value()), start=1):
            if not all(pair):
                raise ValueError(f"entry {number} must read name=value, with commas between")
        return given

    @field_validator("heartbeat_url")
    @classmethod
    def _url(cls, url: SecretStr) -> SecretStr:
        if url.get_secret_value() and not url.get_secret_value().startswith(
            ("https://", "http://")
        ):
            raise ValueError("must begin with https://")
        return url


def pairs_in(text: str) -> list[tuple[str, str]]:
    """Return the names and values in ``name=value,name=value``; one value alone is the default."""
    if text and "=" not in text and "," not in text:
        return [("default", text.strip())]
    found = (pair.partition("=") for pair in text.split(",") if pair.strip())
    return [(name.strip(), value.strip()) for name, _, value in found]


def named(secret: SecretStr) -> dict[str, str]:
    """Return the secrets by name."""
    return dict(pairs_in(secret.get_secret_value()))
