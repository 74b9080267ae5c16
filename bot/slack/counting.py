"""Counting: every call of Slack's Web API, by method and by how it ended."""

from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import metrics


def counted(client: WebClient) -> WebClient:
    """Return the same client, whose calls are counted from now on."""
    call = client.api_call

    def api_call(method: str, *args: Any, **given: Any) -> Any:
        result = "failed"
        try:
            answer = call(method, *args, **given)
            result = "ok"
        except SlackApiError as error:
            result = "ratelimited" if error.response.status_code == 429 else "refused"
            raise
        except (SlackClientError, OSError):
            result = "unreachable"
            raise
        finally:
            metrics.SLACK_CALLS.labels(method, result).inc()
        return answer

    # Set on the client, not made a class of our own: bolt makes clients that we are only given.
    client.api_call = api_call  # type: ignore[assignment,method-assign]
    return client
