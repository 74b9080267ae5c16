"""The arguments of a Web API call, whichever way they were sent."""

import json
from collections.abc import Mapping
from typing import Any

from sandbox.slack.refused import Json, RefusedError, missing

SECRET = "token"


class Arguments:
    """Reads arguments that came as JSON or as a form, where all is text."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = {name: value for name, value in given.items() if value is not None}

    def has(self, name: str) -> bool:
        """Whether an argument was given at all."""
        return name in self._given

    def text(self, name: str) -> str:
        """Return an argument as text, empty if it was not given."""
        return str(self._given.get(name, ""))

    def needed(self, name: str) -> str:
        """Return an argument that the method cannot do without."""
        value = self.text(name)
        if not value:
            raise missing(name)
        return value

    def flag(self, name: str) -> bool:
        """Return an argument as true or false."""
        return self.text(name).lower() in ("1", "true")

    def number(self, name: str, default: int) -> int:
        """Return an argument as a number."""
        value = self.text(name)
        if not value:
            return default
        if not value.isdigit():
            raise RefusedError("invalid_arguments")
        return int(value)

    def words(self, name: str) -> list[str]:
        """Return an argument that lists things with commas."""
        value = self._given.get(name, "")
        listed = value if isinstance(value, list) else str(value).split(",")
        return [str(one) for one in listed if one]

    def structure(self, name: str, error: str) -> Any:
        """Return an argument that is JSON, sent as such or as text."""
        value = self._given.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise RefusedError(error) from None

    def shown(self) -> Json:
        """Return all arguments but the token, with the structures read."""
        shown: Json = {}
        for name, value in self._given.items():
            if name == SECRET:
                continue
            try:
                structured = isinstance(value, str) and value[:1] in ("{", "[")
                shown[name] = json.loads(value) if structured else value
            except ValueError:
                shown[name] = value
        return shown
