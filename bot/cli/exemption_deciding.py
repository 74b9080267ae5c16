"""``sgwatch exemptions end|extend|edit``: decided by somebody on the command line."""

from dataclasses import dataclass, replace
from datetime import datetime

import typer

from bot.accounts import load_accounts
from bot.alerts.commands import Refusal
from bot.alerts.life import Edit, End, Extend, LifeCommand
from bot.alerts.people import Person, Right
from bot.cli.given import settings_with
from bot.cloudtrail.text import printable
from bot.exemptions.fields import FieldError, parse_duration
from bot.exemptions.file_diff import changes_told
from bot.exemptions.model import FOREVER, Exemption
from bot.exemptions.names import Names
from bot.exemptions.policy import ExemptionPolicy
from bot.exemptions.preview import told, warnings
from bot.exemptions.text import parse_scope
from bot.policy import load_policy
from bot.store.link import Link, StoreError
from bot.store.previewing import preview_of
from bot.store.store import Store, connect, open_store
from bot.tables import FileError

NEEDED = ("redis_url", "redis_prefix", "durability", "policy")
REFUSED, WRONG = 1, 2
WORD, LINE = 300, 2000
PLACE = "the command line"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be different; None leaves it as it is."""

    scope: str | None = None
    reason: str | None = None
    lasts: str | None = None
    allow_world: bool | None = None

    def of(self, held: Exemption, now: datetime) -> Exemption:
        """Return the new version. Raises FieldError."""
        scope, world, ends = held.scope, held.allow_world, held.expires_at
        if self.lasts is not None:
            ends = FOREVER if _is_ever(self.lasts) else now + parse_duration(self.lasts)
        return replace(
            held,
            scope=scope if self.scope is None else parse_scope(self.scope, called()),
            reason=held.reason if self.reason is None else self.reason,
            expires_at=ends,
            allow_world=world if self.allow_world is None else self.allow_world,
        )


def _is_ever(lasts: str) -> bool:
    return lasts.strip().lower() in {"ever", "forever"}


def end_exemption(name: str, because: str, by: str) -> None:
    """End an exemption now."""
    ended = _decided(name, End(because), by)
    typer.echo(f"{ended.id} has ended: such changes raise alerts again.")


def extend_exemption(name: str, lasts: str, because: str, by: str) -> None:
    """Let an exemption end so long from now."""
    try:
        longer = None if _is_ever(lasts) else parse_duration(lasts)
    except FieldError as error:
        typer.echo(f"--for {printable(str(error), WORD)}", err=True)
        raise typer.Exit(WRONG) from None
    extended = _decided(name, Extend(longer, because), by)
    if _waits(extended):
        return
    typer.echo(f"{extended.id} is extended until {extended.expires_at:%Y-%m-%d %H:%M} UTC.")


def edit_exemption(name: str, wanted: Wanted, because: str, by: str, *, dry_run: bool) -> None:
    """Print what would differ and what the new version would have hidden; then save it."""
    store = opened()
    try:
        now = store.attention.now()
        held = store.exemptions.read(store.exemptions.known_as(name))
        if held is None:
            typer.echo(f"There is no exemption {printable(name, WORD)}.", err=True)
            raise typer.Exit(REFUSED)
        new = wanted.of(held.exemption, now)
        for line in changes_told(held.exemption, new):
            typer.echo(printable(line, LINE))
        found = preview_of(store, new, now)
    except (FieldError, FileError) as error:
        typer.echo(printable(str(error), WORD), err=True)
        raise typer.Exit(WRONG) from None
    except StoreError as error:
        raise failed(error) from None
    for line in (*told(found, new.scope), *warnings(found, new.scope)):
        typer.echo(printable(line, LINE))
    if dry_run:
        typer.echo("Nothing is changed: this is what the edit would do.")
        return
    edited = _decided(new.id, Edit(new, because, held.exemption.version), by)
    if _waits(edited):
        return
    typer.echo(f"{edited.id} is edited: it is version {edited.version} now.")


def _waits(exemption: Exemption) -> bool:
    """Tell that what was asked waits for approval, if it does."""
    if exemption.pending is None:
        return False
    why = printable(exemption.pending.why, WORD)
    typer.echo(f"{exemption.id} stays as it is until a second person approves this, since {why}.")
    return True


def _decided(name: str, command: LifeCommand, by: str) -> Exemption:
    """Return the exemption as it is from now on; exit with why if it is refused."""
    store = opened()
    try:
        name, now = store.exemptions.known_as(name), store.attention.now()
        decided = store.exemptions.decide(name, command, on_the_command_line(by), now, policy())
    except StoreError as error:
        raise failed(error) from None
    if isinstance(decided, Refusal):
        typer.echo(printable(decided.why, WORD), err=True)
        raise typer.Exit(REFUSED)
    return decided[0]


def policy() -> ExemptionPolicy:
    """Return how long exemptions last and which wait; exit with what to mend in the file."""
    settings = settings_with(NEEDED)
    try:
        return load_policy(settings.policy, settings.channel).exemptions
    except FileError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG) from None


def on_the_command_line(by: str) -> Person:
    """Return who decides there: whoever can write to Redis may do all."""
    return Person("", printable(by, 80), Right.ADMIN, policy=PLACE)


def called() -> Names:
    """Return accounts' and OUs' names. Raises FileError; exits where the setting is wrong."""
    return load_accounts(settings_with(("accounts",)).accounts).called


def opened() -> Store:
    """Return the store; exit with what to mend if the settings for it are wrong."""
    settings = settings_with(NEEDED)
    client = connect(settings.redis_url.get_secret_value())
    return open_store(Link(client, settings.redis_prefix, durability=settings.durability))


def failed(error: StoreError) -> typer.Exit:
    """Tell that Redis does not answer; return what to exit with."""
    typer.echo(printable(str(error), 500), err=True)
    return typer.Exit(WRONG)
