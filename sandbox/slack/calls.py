"""What the app called, kept for tests."""

from dataclasses import dataclass

from sandbox.slack.refused import Json


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call of the Web API, and what it was answered."""

    method: str
    arguments: Json
    status: int
    answer: Json
    at: float


class Calls:
    """All calls, oldest first. Read from any thread."""

    def __init__(self) -> None:
        self._calls: list[ApiCall] = []

    def add(self, call: ApiCall) -> None:
        """Keep one more."""
        self._calls.append(call)

    def of(self, method: str) -> list[ApiCall]:
        """Return the calls of one method."""
        return [call for call in self.all() if call.method == method]

    def all(self) -> list[ApiCall]:
        """Return every call."""
        return list(self._calls)

    def clear(self) -> None:
        """Forget what was called."""
        self._calls.clear()
