"""The characters of KQL: white space, keywords, and quoted and unquoted literals.

A keyword is told by the white space around it, and an unquoted literal may hold white space; so
there are no tokens, and the parser asks for what may stand at a place.
"""

import re

from bot.detections.kql.error import KqlError
from bot.detections.kql.tree import Value, Wildcard

_WS = r"[ \t\r\n\xa0]"
_SPACE = re.compile(rf"{_WS}+")
_JOINT = re.compile(rf"{_WS}+(or|and){_WS}+", re.IGNORECASE)
_JOINT_WORD = re.compile(rf"(?:or|and){_WS}", re.IGNORECASE)
_NOT = re.compile(rf"not{_WS}+", re.IGNORECASE)
_WORD = re.compile(r'[^\s():<>"*{}\\]{1,24}')

_UNQUOTED_PLAIN = re.compile(r"[^\\():<>\"*{} \t\r\n\xa0nN]+")
_QUOTED_PLAIN = re.compile(r'[^"\\]+')

_ESCAPED_SPACE = re.compile(r"\\([trn])")
_ESCAPED_CODE = re.compile(r"\\u([0-9a-fA-F]{4})")
_QUOTED_ESCAPES = (
    _ESCAPED_SPACE,
    _ESCAPED_CODE,
    re.compile(r'\\([\\"])'),
    re.compile(r"(\\)"),  # any other backslash stands for itself
)
_UNQUOTED_ESCAPES = (
    # Kibana's grammar tries "\n" first, so that the "\not " which it writes itself comes out as
    # a line break and "ot ". Where "not" would be a keyword, what was meant is taken instead.
    re.compile(rf'\\(not)(?={_WS}|[():<>"*{{}}]|\Z)', re.IGNORECASE),
    _ESCAPED_SPACE,
    re.compile(r'\\([\\():<>"*{}])'),
    _ESCAPED_CODE,
    re.compile(r"\\(or|and|not)", re.IGNORECASE),
)
_SPACES = {"t": "\t", "r": "\r", "n": "\n"}

_TYPED: dict[str, bool | None] = {"true": True, "false": False, "null": None}
# What JavaScript's trim() takes off; Python's strip() takes a few more.
_TRIMMED = "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"  # noqa: E501
_SURROGATE = re.compile("[\ud800-\udfff]")


class Scanner:
    """A place in a query's text, and what stands there."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def ended(self) -> bool:
        """Return whether nothing is left."""
        return self.at == len(self.text)

    def error(self, problem: str, at: int | None = None) -> KqlError:
        """Return an error at the given place, else here."""
        return KqlError(problem, self.text, self.at if at is None else at)

    def expected(self, what: str) -> KqlError:
        """Return the error that something else stands here."""
        if self.ended():
            found = "the end of the query"
        elif word := _WORD.match(self.text, self.at):
            found = f'"{word[0]}"'
        else:
            found = repr(self.text[self.at])
        return self.error(f"expected {what}, found {found}")

    def space(self) -> None:
        """Pass over white space, if there is any."""
        self._match(_SPACE)

    def take(self, mark: str) -> bool:
        """Pass over the mark if it stands here, and return whether it did."""
        if not self.text.startswith(mark, self.at):
            return False
        self.at += len(mark)
        return True

    def joint(self, word: str) -> bool:
        """Pass over ``and`` or ``or``, which have white space on both sides."""
        found = _JOINT.match(self.text, self.at)
        if found is None or found[1].lower() != word:
            return False
        self.at = found.end()
        return True

    def negation(self) -> bool:
        """Pass over ``not``, which has white space after it."""
        return self._match(_NOT) is not None

    def literal(self, what: str) -> Value:
        """Read a quoted or unquoted literal; raise that ``what`` was expected if there is none."""
        if self.text.startswith('"', self.at):
            return self._quoted()
        start = self.at
        parts = self._unquoted()
        if self.at == start:
            raise self.expected(what)
        return _value(parts)

    def _match(self, pattern: re.Pattern[str]) -> str | None:
        found = pattern.match(self.text, self.at)
        if found is None:
            return None
        self.at = found.end()
        return found[0]

    def _escape(self, escapes: tuple[re.Pattern[str], ...]) -> str | None:
        for pattern in escapes:
            if found := pattern.match(self.text, self.at):
                self.at = found.end()
                if pattern is _ESCAPED_SPACE:
                    return _SPACES[found[1]]
                return chr(int(found[1], 16)) if pattern is _ESCAPED_CODE else found[1]
        return None

    def _quoted(self) -> str:
        start = self.at
        self.at += 1
        text = ""
        while not self.take('"'):
            if self.ended():
                raise self.error('this quote is never closed, expected another "', start)
            piece = self._match(_QUOTED_PLAIN) or self._escape(_QUOTED_ESCAPES)
            text += piece or ""
        return _paired(text)

    def _unquoted(self) -> list[str]:
        """Read an unquoted literal as the texts between its stars."""
        parts = [""]
        while not self.ended():
            if self.take("*"):
                parts.append("")
            elif (piece := self._piece()) is not None:
                parts[-1] += piece
            else:
                break
        return parts

    def _piece(self) -> str | None:
        """Read the next run of an unquoted literal; None where a keyword or a mark ends it."""
        if self.text[self.at] == "\\":
            piece = self._escape(_UNQUOTED_ESCAPES)
            if piece is None:
                raise self.error(
                    r'expected one of \ ( ) : < > " * { } or t, r, n, uXXXX, and, or, not '
                    "after the backslash; write two for one"
                )
            return piece
        if space := _SPACE.match(self.text, self.at):
            if _JOINT_WORD.match(self.text, space.end()):
                return None
            self.at = space.end()
            return space[0]
        if _NOT.match(self.text, self.at):
            return None
        if self.text[self.at] in "nN":
            self.at += 1
            return self.text[self.at - 1]
        return self._match(_UNQUOTED_PLAIN)


def _value(parts: list[str]) -> Value:
    parts[0] = parts[0].lstrip(_TRIMMED)
    parts[-1] = parts[-1].rstrip(_TRIMMED)
    if len(parts) > 1:
        return Wildcard(tuple(_paired(part) for part in parts))
    return _TYPED.get(parts[0], _paired(parts[0]))


def _paired(text: str) -> str:
    """Join the halves of a character that was escaped in two, as JavaScript does."""
    if _SURROGATE.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
