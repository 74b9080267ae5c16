"""The sentence of ``/sgwatch exempt``: a scope, for how long, and why.

``principal=role/terraform-ci account=123456789012 ports=443 for 30d because "CHG-1234 rollout"``,
and at its end ``--allow-world`` or ``--dry-run``. What has no end is ``for ever``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from bot.exemptions.fields import FieldError, nearest, parse_duration
from bot.exemptions.model import FOREVER, Scope
from bot.exemptions.names import Names
from bot.exemptions.text import NO_NAMES, ScopeTextError, parse_scope

WORD = re.compile(r'(?:[^\s"]|"(?:\\.|[^"\\])*")+')
QUOTED = re.compile(r'"((?:\\.|[^"\\])*)"')
FLAGS = ("--allow-world", "--dry-run")
UNIT = re.compile(r"(week|day|hour)s?", re.IGNORECASE)
DASHES = ("--", "\N{EM DASH}", "\N{EN DASH}")
TYPED = str.maketrans({"“": '"', "”": '"', "„": '"'})
"""Slack's own editors and telephones make such dashes of two, and such quotes of straight ones."""

BECAUSE = 'write why, in quotes: because "CHG-1234 rollout"'


BEFORE, AFTER = 30, 40
"""Characters shown before and after the beginning of a word that cannot be read."""


class _Word(NamedTuple):
    """A word, and where it begins."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """What was typed. ``lasts`` is None and ``reason`` empty where they were left out.

    ``forever`` is that it has no end.
    """

    scope: Scope
    lasts: timedelta | None = None
    reason: str = ""
    allow_world: bool = False
    dry_run: bool = False
    forever: bool = False

    def ends(self, now: datetime, otherwise: timedelta) -> datetime:
        """Return when what is said ends; ``otherwise`` is for a sentence that does not say."""
        return FOREVER if self.forever else now + (self.lasts or otherwise)


def parse_sentence(text: str, names: Names = NO_NAMES) -> Sentence:
    """Read a sentence. Raises ScopeTextError, which points at the word and says what to write."""
    try:
        return _sentence(text, names)
    except ScopeTextError:
        raise
    except FieldError as error:
        at = max(0, text.translate(TYPED).find(error.word))
        raise ScopeTextError(error.word, error.mend, at) from None


def pointed(text: str, error: ScopeTextError) -> tuple[str, str]:
    """Return the text about the word that cannot be read, and a line with a caret under it."""
    start = max(0, error.at - BEFORE)
    cut = "…" if start else ""
    about = re.sub(r"\s", " ", text[start : error.at + AFTER])
    return f"{cut}{about}", " " * (len(cut) + error.at - start) + "^"


def _sentence(text: str, names: Names) -> Sentence:
    scope: list[_Word] = []
    flags: set[str] = set()
    lasts, reason, forever = None, "", False
    words = iter(_words(text))
    for word in words:
        said = word.text
        if said.lower() == "forever":
            forever = True
        elif said.lower() == "for" and lasts is None and not forever:
            long = _next(words, "for", "write how long, such as 30d, 12h or 2w, or for ever")
            forever = long.lower() == "ever"
            lasts = None if forever else parse_duration(long)
        elif said.lower() == "because" and not reason:
            reason = _quoted(_next(words, "because", BECAUSE))
        elif said.startswith(DASHES):
            flags.add(_flag(said))
        else:
            scope.append(word)
    if forever and lasts is not None:
        raise FieldError("forever", "say once how long it lasts")
    return Sentence(
        _scope(scope, names),
        lasts,
        reason,
        allow_world="--allow-world" in flags,
        dry_run="--dry-run" in flags,
        forever=forever,
    )


def _scope(words: Sequence[_Word], names: Names) -> Scope:
    try:
        return parse_scope(" ".join(word.text for word in words), names)
    except ScopeTextError as error:
        left = error.at
        for word in words:
            if left <= len(word.text):
                raise ScopeTextError(error.word, error.mend, word.at + left) from None
            left -= len(word.text) + 1
        raise


def _words(text: str) -> Iterator[_Word]:
    """Yield the words, a number and its unit ("30 days") as one."""
    straight = text.translate(TYPED)
    found = [_Word(each[0], each.start()) for each in WORD.finditer(straight)]
    if WORD.sub("", straight).strip():
        raise FieldError('"', "a quote is opened and not closed")
    skip = False
    for word, after in pairwise([*found, _Word("", len(text))]):
        if skip:
            skip = False
        elif word.text.isdecimal() and UNIT.fullmatch(after.text):
            skip = True
            yield _Word(f"{word.text} {after.text}", word.at)
        else:
            yield word


def _next(words: Iterator[_Word], word: str, mend: str) -> str:
    found = next(words, None)
    if found is None:
        raise FieldError(word, mend)
    return found.text


def _quoted(word: str) -> str:
    found = QUOTED.fullmatch(word)
    if found is None:
        raise FieldError(word, BECAUSE)
    return re.sub(r"\\(.)", r"\1", found[1]).strip()


def _flag(word: str) -> str:
    flag = "--" + word.lstrip("-\N{EM DASH}\N{EN DASH}").lower()
    if flag not in FLAGS:
        raise FieldError(word, nearest(flag, FLAGS, f"write {' or '.join(FLAGS)}"))
    return flag
