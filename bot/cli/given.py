"""Settings for commands that need some of them: only what they need must be right."""

from collections.abc import Iterable

import typer

from bot.accounts import load_accounts
from bot.app import App, build
from bot.policy import load_policy
from bot.settings import Settings, SettingsError
from bot.settings_given import settings_as_given
from bot.tables import FileError

WRONG_SETTINGS = 2
SLACK = frozenset({"slack_bot_token", "slack_app_token"})


def settings_with(names: Iterable[str]) -> Settings:
    """Return the settings; exit with what to mend if one of those named is wrong."""
    given = settings_as_given()
    variables = tuple(f"SGWATCH_{name.upper()} " for name in names)
    if wrong := [problem for problem in given.problems if problem.startswith(variables)]:
        typer.echo("\n".join(wrong), err=True)
        raise typer.Exit(WRONG_SETTINGS)
    return given.settings


def parts_without_slack() -> App:
    """Return all parts for a command that calls nothing of Slack's."""
    settings = settings_with(set(Settings.model_fields) - SLACK)
    try:
        policy = load_policy(settings.policy, settings.channel)
        return build(settings, policy, load_accounts(settings.accounts))
    except (SettingsError, FileError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG_SETTINGS) from None
