"""The settings as far as they are right, for those who look for what is wrong with them."""

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bot.settings import ContainmentMode, Settings, mend


@dataclass(frozen=True, slots=True)
class Given:
    """The settings as far as they are right. Those named in ``wrong`` hold a stand-in.

    ``problems`` says of each what is to be done, in a line.
    """

    settings: Settings
    wrong: frozenset[str]
    problems: tuple[str, ...]


STAND_INS = {
    "redis_url": "redis://127.0.0.1:1/0",
    "queue_url": "http://127.0.0.1:1/queue",
    "dead_letter_queue_url": "http://127.0.0.1:1/dead",
    "slack_bot_token": "xoxb-",
    "slack_app_token": "xapp-",
    "channel": "C000",
}
"""What a setting without a default holds where it is wrong. Nothing answers there."""


def settings_as_given(**values: Any) -> Given:
    """Return the settings and every problem there is with them, for those who look for problems."""
    wrong: dict[str, Any] = {}
    problems: list[str] = []
    while True:
        try:
            return Given(Settings(**(values | wrong)), frozenset(wrong), tuple(problems))
        except ValidationError as error:
            for problem in error.errors():
                name = str(problem["loc"][0]) if problem["loc"] else "contain_role"
                wrong[name] = STAND_INS.get(name, Settings.model_fields[name].default)
                problems.append(mend(problem))
        if "contain_role" in wrong:
            # It was told of already that there is none.
            wrong["containment"] = ContainmentMode.OFF
