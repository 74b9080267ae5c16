"""The sentence of ``/sgwatch exempt``: a scope, for how long, and why.

``principal=role/terraform-ci account=123456789012 ports=443 for 30d because "CHG-1234 rollout"``,
and at its end ``--allow-world`` or ``--dry-run``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from bot.exemptions.fields import FieldError, nearest, parse_duration
from bot.exemptions.model import Scope
from bot.exemptions.names import Names
from bot.exemptions.text import NO_NAMES, parse_scope

WORD = re.compile(r'(?:[^\s"]|"(?:\\.|[^"\\])*")+')
QUOTED = re.compile(r'"((?:\\.|[^"\\])*)"')
FLAGS = ("--allow-world", "--dry-run")
UNIT = re.compile(r"(week|day|hour)s?", re.IGNORECASE)
DASHES = ("--", "\N{EM DASH}", "\N{EN DASH}")
TYPED = str.maketrans({"“": '"', "”": '"', "„": '"'})
"""Slack's own editors and telephones make such dashes of two, and such quotes of straight ones."""

BECAUSE = 'write why, in quotes: because "CHG-1234 rollout"'


@dataclass(frozen=True, slots=True)
class Sentence:
    """What was typed. ``lasts`` is None and ``reason`` empty where they were left out."""

    scope: Scope
    lasts: timedelta | None = None
    reason: str = ""
    allow_world: bool = False
    dry_run: bool = False


def parse_sentence(text: str, names: Names = NO_NAMES) -> Sentence:
    """Read a sentence. Raises FieldError, which names the word and says what to write."""
    scope: list[str] = []
    flags: set[str] = set()
    lasts, reason = None, ""
    words = iter(_words(text))
    for word in words:
        if word.lower() == "for" and lasts is None:
            lasts = parse_duration(_next(words, "for", "write how long, such as 30d, 12h or 2w"))
        elif word.lower() == "because" and not reason:
            reason = _quoted(_next(words, "because", BECAUSE))
        elif word.startswith(DASHES):
            flags.add(_flag(word))
        else:
            scope.append(word)
    return Sentence(
        parse_scope(" ".join(scope), names),
        lasts,
        reason,
        "--allow-world" in flags,
        "--dry-run" in flags,
    )


def _words(text: str) -> Iterator[str]:
    """Yield the words, a number and its unit ("30 days") as one."""
    straight = text.translate(TYPED)
    found: list[str] = WORD.findall(straight)
    if WORD.sub("", straight).strip():
        raise FieldError('"', "a quote is opened and not closed")
    skip = False
    for word, after in pairwise([*found, ""]):
        if skip:
            skip = False
        elif word.isdecimal() and UNIT.fullmatch(after):
            skip = True
            yield f"{word} {after}"
        else:
            yield word


def _next(words: Iterator[str], word: str, mend: str) -> str:
    found = next(words, None)
    if found is None:
        raise FieldError(word, mend)
    return found


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
