"""Names: the organisation's accounts and OUs as people call them, for the texts of scopes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.exemptions.fields import FieldError, nearest

ACCOUNT = re.compile(r"\d{12}")
BREAK = "/"

NUMBER = "an account is written as its 12 digits"
LISTED = f"{NUMBER}, or by its name in accounts.toml"


@dataclass(frozen=True, slots=True)
class Names:
    """Accounts' names by their ids, and accounts' OUs by their ids, as accounts.toml tells them."""

    accounts: Mapping[str, str] = field(default_factory=dict)
    ous: Mapping[str, str] = field(default_factory=dict)

    def account(self, word: str) -> str:
        """Return the id of the account that is called so. Raises FieldError."""
        if ACCOUNT.fullmatch(word):
            return word
        ids = {name.casefold(): account for account, name in self.accounts.items()}
        if word.casefold() in ids:
            return ids[word.casefold()]
        known = self.accounts.values()
        raise FieldError(word, nearest(word, known, LISTED if known else NUMBER))

    def ou(self, word: str) -> str:
        """Return the OU as accounts.toml writes it. Raises FieldError."""
        known = {ou.casefold(): ou for whole in self.ous.values() for ou in _above(whole)}
        found = known.get(word.strip(BREAK).casefold())
        if found is not None:
            return found
        if not known:
            raise FieldError(word, "accounts.toml gives no account an OU: write ou = … there first")
        listed = ", ".join(sorted(known.values())[:5])
        raise FieldError(word, nearest(word, known.values(), f"OUs in accounts.toml: {listed}"))


def is_under(ou: str, above: str) -> bool:
    """Return whether an OU is another or lies under it. Unknown (empty) lies nowhere."""
    return bool(ou) and (ou == above or ou.startswith(above + BREAK))


def _above(ou: str) -> list[str]:
    """Return the OU and those that it lies in."""
    parts = ou.split(BREAK)
    return [BREAK.join(parts[: n + 1]) for n in range(len(parts))] if ou else []
