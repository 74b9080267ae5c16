"""How the stand-in says no: Slack's error word, and what Slack sends along with it."""

from collections.abc import Mapping, Sequence
from typing import Any

Json = dict[str, Any]


class RefusedError(Exception):
    """A call that Slack would refuse."""

    def __init__(
        self,
        error: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        detail: Json | None = None,
    ) -> None:
        super().__init__(error)
        self.error, self.status = error, status
        self.headers, self.detail = dict(headers or {}), detail or {}

    def answer(self) -> Json:
        """Return the body that Slack would send."""
        return {"ok": False, "error": self.error, **self.detail}


def invalid(error: str, problems: Sequence[str]) -> RefusedError:
    """Return a refusal that lists what is wrong, as Slack does in two places."""
    messages = [f"[ERROR] {problem}" for problem in problems]
    return RefusedError(
        error, detail={"errors": list(problems), "response_metadata": {"messages": messages}}
    )


def missing(name: str) -> RefusedError:
    """Return the refusal of a call without a required argument."""
    return invalid("invalid_arguments", [f"missing required field: {name}"])
