"""``sgwatch exemptions end|extend``: decided by somebody on the command line."""

import typer

from bot.alerts.commands import Refusal
from bot.alerts.life import LONGEST, End, Extend, LifeCommand
from bot.alerts.people import Person, Right
from bot.cli.given import settings_with
from bot.cloudtrail.text import printable
from bot.exemptions.fields import FieldError, parse_duration
from bot.exemptions.model import Exemption
from bot.store.link import Link, StoreError
from bot.store.store import Store, connect, open_store

NEEDED = ("redis_url", "redis_prefix", "durability")
REFUSED, WRONG = 1, 2
WORD = 300
PLACE = "the command line"


def end_exemption(name: str, because: str, by: str) -> None:
    """End an exemption now."""
    ended = _decided(name, End(because), by)
    typer.echo(f"{ended.id} has ended: such changes raise alerts again.")


def extend_exemption(name: str, lasts: str, because: str, by: str) -> None:
    """Let an exemption end so long from now."""
    try:
        longer = parse_duration(lasts)
    except FieldError as error:
        typer.echo(f"--for {printable(str(error), WORD)}", err=True)
        raise typer.Exit(WRONG) from None
    extended = _decided(name, Extend(longer, because), by)
    typer.echo(f"{extended.id} is extended until {extended.expires_at:%Y-%m-%d %H:%M} UTC.")


def _decided(name: str, command: LifeCommand, by: str) -> Exemption:
    """Return the exemption as it is from now on; exit with why if it is refused."""
    store = opened()
    try:
        name, now = store.exemptions.known_as(name), store.attention.now()
        decided = store.exemptions.decide(name, command, on_the_command_line(by), now, LONGEST)
    except StoreError as error:
        raise failed(error) from None
    if isinstance(decided, Refusal):
        typer.echo(printable(decided.why, WORD), err=True)
        raise typer.Exit(REFUSED)
    return decided[0]


def on_the_command_line(by: str) -> Person:
    """Return who decides there: whoever can write to Redis may do all."""
    return Person("", printable(by, 80), Right.ADMIN, policy=PLACE)


def opened() -> Store:
    """Return the store; exit with what to mend if the settings for it are wrong."""
    settings = settings_with(NEEDED)
    client = connect(settings.redis_url.get_secret_value())
    return open_store(Link(client, settings.redis_prefix, durability=settings.durability))


def failed(error: StoreError) -> typer.Exit:
    """Tell that Redis does not answer; return what to exit with."""
    typer.echo(printable(str(error), 500), err=True)
    return typer.Exit(WRONG)
