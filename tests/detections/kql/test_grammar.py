"""What Kibana's grammar makes of a query."""

import pytest

from bot.detections.kql.parser import DEEPEST, LONGEST, parse
from bot.detections.kql.tree import (
    All,
    And,
    Compare,
    Exists,
    Match,
    Nested,
    Not,
    Operator,
    Or,
    Query,
    Value,
    Wildcard,
)
from tests.detections.kql.test_errors import ERRORS

LESS, AT_MOST, MORE, AT_LEAST = Operator
A_STAR = Wildcard(("a", ""))
A, B, C = Match("a", "1"), Match("b", "2"), Match("c", "3")


def a(value: Value) -> Match:
    return Match("a", value)


def free(value: Value) -> Match:
    return Match(None, value)


def star(*parts: str) -> Wildcard:
    return Wildcard(parts)


NESTED = "(" * DEEPEST + "a:1" + ")" * DEEPEST

TREES: list[tuple[str, str, Query]] = [
    # the whole of a query
    ("an empty query is everything", "", All()),
    ("white space alone is everything", " \t\r\n\xa0", All()),
    ("star colon star is everything", "*:*", All()),
    ("star colon star may have space", " * : * ", All()),
    ("a lone star is everything", "*", All()),
    ("space around a query is nothing", "  a:1\n", A),
    ("no-break space around a query is nothing", "\xa0a:1\xa0", A),
    # field and value
    ("a field and a value", "a:1", A),
    ("space around the colon", "a : 1", A),
    ("line breaks around the colon", "a\n:\n1", A),
    ("no-break space around the colon", "a\xa0:\xa01", A),
    ("a dotted field", "event.action:CreateUser", Match("event.action", "CreateUser")),
    ("a field with an at sign", "@timestamp:2024", Match("@timestamp", "2024")),
    ("a field may hold spaces", "my field:1", Match("my field", "1")),
    ("a quoted field", '"a b":1', Match("a b", "1")),
    ("a quoted field's star is itself", '"a*":1', Match("a*", "1")),
    ("a quoted field may hold a colon", '"a:b":1', Match("a:b", "1")),
    ("an escaped colon in a field", r"a\:b:1", Match("a:b", "1")),
    ("a field called true", "true:1", Match("true", "1")),
    ("a field called null", "null:1", Match("null", "1")),
    ("a field called or", "or:1", Match("or", "1")),
    ("a field called not", "not:1", Match("not", "1")),
    # unquoted values
    ("an unquoted value may hold spaces", "a:foo bar", a("foo bar")),
    ("several spaces inside are kept", "a:foo   bar", a("foo   bar")),
    ("a no-break space inside is kept", "a:foo\xa0bar", a("foo\xa0bar")),
    ("a line break inside is kept", "a:foo\nbar", a("foo\nbar")),
    ("space at the end is trimmed", "a:foo  ", a("foo")),
    ("an em space at the ends is trimmed", "a:\u2003foo\u2003", a("foo")),
    ("an em space alone is the empty text", "a:\u2003", a("")),
    ("a file separator is not trimmed", "a:\x1cfoo", a("\x1cfoo")),
    ("case is kept", "a:FooBAR", a("FooBAR")),
    ("a number stays text", "a:007", a("007")),
    ("a signed number stays text", "a:-4.0", a("-4.0")),
    ("a decimal stays text", "a:.3", a(".3")),
    ("an address", "a:10.0.0.0/8", a("10.0.0.0/8")),
    ("dashes and slashes", "a:x-y/z_w", a("x-y/z_w")),
    ("a question mark is itself", "a:fo?", a("fo?")),
    ("single quotes are themselves", "a:'x'", a("'x'")),
    ("brackets are themselves", "a:[1]", a("[1]")),
    ("any script", "a:日本語", a("日本語")),
    ("emoji", "a:🔥", a("🔥")),
    ("a word that begins as or", "a:order", a("order")),
    ("a word that begins as and", "a:android", a("android")),
    ("a word that begins as not", "a:nothing", a("nothing")),
    ("a word that ends as or", "a:foo for", a("foo for")),
    ("or at the very end is part of the value", "a:foo or", a("foo or")),
    ("and at the very end is part of the value", "a:foo and", a("foo and")),
    ("not at the very end is the value", "a:not", a("not")),
    ("or straight after the colon is the value", "a:or", a("or")),
    ("n and N inside words", "a:Nanny Net", a("Nanny Net")),
    ("an equals sign is itself", "a=1", free("a=1")),
    ("an exclamation mark is itself", "!a:1", Match("!a", "1")),
    # typed values
    ("true is typed", "a:true", a(True)),
    ("false is typed", "a:false", a(False)),
    ("null is typed", "a:null", a(None)),
    ("true with space around is typed", "a: true ", a(True)),
    ("True is text", "a:True", a("True")),
    ("TRUE is text", "a:TRUE", a("TRUE")),
    ("quoted true is text", 'a:"true"', a("true")),
    ("quoted null is text", 'a:"null"', a("null")),
    ("truest is text", "a:truest", a("truest")),
    ("true by escape is typed", r"a:tr\u0075e", a(True)),
    # quoted values
    ("a quoted value", 'a:"foo bar"', a("foo bar")),
    ("a quoted empty value", 'a:""', a("")),
    ("quoted white space is kept", 'a:" x "', a(" x ")),
    ("a quoted star is itself", 'a:"*"', a("*")),
    ("quoted special characters are themselves", 'a:"():<>*{}"', a("():<>*{}")),
    ("quoted keywords are text", 'a:"x and y or not z"', a("x and y or not z")),
    ("a quoted quote", r'a:"say \"hi\""', a('say "hi"')),
    ("a quoted backslash", r'a:"C:\\temp"', a(r"C:\temp")),
    ("a lone backslash in quotes is itself", r'a:"C:\Windows"', a(r"C:\Windows")),
    ("quoted white space escapes", r'a:"\t\r\n"', a("\t\r\n")),
    ("a quoted code point", r'a:"\u00e9"', a("é")),
    ("a quoted code point in capitals", r'a:"\u00E9"', a("é")),
    ("a short code point in quotes is text", r'a:"\u00e"', a(r"\u00e")),
    ("a quoted pair of surrogates is one character", r'a:"\ud83d\ude00"', a("😀")),
    ("a quoted value over lines", 'a:"x\ny"', a("x\ny")),
    # unquoted escapes
    ("escaped special characters", r"a:\\\(\)\:\<\>\"\*\{\}", a('\\():<>"*{}')),
    ("an escaped star is no wildcard", r"a:foo\*", a("foo*")),
    ("an escaped colon", r"a:arn\:aws\:iam", a("arn:aws:iam")),
    ("an escaped tab", r"a:x\ty", a("x\ty")),
    ("an escaped carriage return", r"a:x\ry", a("x\ry")),
    ("an escaped line break", r"a:x\ny", a("x\ny")),
    ("an escaped tab at the end is trimmed", r"a:x\t", a("x")),
    ("a code point", r"a:caf\u00e9", a("café")),
    ("an escaped no-break space inside", r"a:x\u00a0y", a("x\xa0y")),
    ("a code point that is a star is itself", r"a:x\u002ay", a("x*y")),
    ("an escaped and", r"a:x \and y", a("x and y")),
    ("an escaped or", r"a:x \or y", a("x or y")),
    ("an escaped OR keeps its case", r"a:x \OR y", a("x OR y")),
    ("an escaped not", r"a:\not y", a("not y")),
    ("an escaped not at the end", r"a:x \not", a("x not")),
    ("an escaped NOT", r"a:\NOT y", a("NOT y")),
    ("an escaped n before other letters is a line break", r"a:x\nothing", a("x\nothing")),
    # wildcards
    ("a star at the end", "a:foo*", a(star("foo", ""))),
    ("a star at the start", "a:*foo", a(star("", "foo"))),
    ("a star inside", "a:f*o", a(star("f", "o"))),
    ("several stars", "a:*f*o*", a(star("", "f", "o", ""))),
    ("two stars are a wildcard, not exists", "a:**", a(star("", "", ""))),
    ("a star with spaces", "a:*with space*", a(star("", "with space", ""))),
    ("a star beside an escaped star", r"a:\**", a(star("*", ""))),
    ("a star beside escapes", r"a:*x\:y*", a(star("", "x:y", ""))),
    ("a star after true is a wildcard", "a:true*", a(star("true", ""))),
    ("space is trimmed around a wildcard", "a: x* ", a(star("x", ""))),
    ("space beside a star is kept", "a:x *", a(star("x ", ""))),
    ("exists", "a:*", Exists("a")),
    ("exists with space", "a : * ", Exists("a")),
    ("an escaped lone star is a value", r"a:\*", a("*")),
    ("a wildcard field", "a*:1", Match(star("a", ""), "1")),
    ("a wildcard field inside", "a.*.c:1", Match(star("a.", ".c"), "1")),
    ("any field", "*:1", Match(star("", ""), "1")),
    ("exists of a wildcard field", "a*:*", Exists(star("a", ""))),
    # values without a field
    ("a value alone", "foo", free("foo")),
    ("words alone are one value", "foo bar", free("foo bar")),
    ("a quoted value alone", '"foo bar"', free("foo bar")),
    ("true alone", "true", free(True)),
    ("null alone", "null", free(None)),
    ("a wildcard alone", "foo*", free(star("foo", ""))),
    ("not alone", "not", free("not")),
    ("or alone", "or", free("or")),
    # and, or, not
    ("and", "a:1 and b:2", And((A, B))),
    ("or", "a:1 or b:2", Or((A, B))),
    ("AND in capitals", "a:1 AND b:2", And((A, B))),
    ("oR in any case", "a:1 oR b:2", Or((A, B))),
    ("NOT in capitals", "NOT a:1", Not(A)),
    ("Not in any case", "nOt a:1", Not(A)),
    ("three ands are one list", "a:1 and b:2 and c:3", And((A, B, C))),
    ("three ors are one list", "a:1 or b:2 or c:3", Or((A, B, C))),
    ("and binds tighter than or, left", "a:1 and b:2 or c:3", Or((And((A, B)), C))),
    ("and binds tighter than or, right", "a:1 or b:2 and c:3", Or((A, And((B, C))))),
    ("not binds tighter than and", "not a:1 and b:2", And((Not(A), B))),
    ("not on the right", "a:1 and not b:2", And((A, Not(B)))),
    ("not over parentheses", "not (a:1 or b:2)", Not(Or((A, B)))),
    ("not twice, in parentheses", "not (not a:1)", Not(Not(A))),
    ("parentheses", "(a:1 or b:2) and c:3", And((Or((A, B)), C))),
    ("parentheses with space", "( a:1 )", A),
    ("parentheses around nothing new", "((a:1))", A),
    ("an or inside parentheses is a list of its own", "(a:1 or b:2) or c:3", Or((Or((A, B)), C))),
    ("keywords over line breaks", "a:1\nand\nb:2", And((A, B))),
    ("keywords between no-break spaces", "a:1\xa0and\xa0b:2", And((A, B))),
    ("keywords between many spaces", "a:1   and   b:2", And((A, B))),
    ("and between values alone", "foo and bar", And((free("foo"), free("bar")))),
    ("quoted values joined", 'a:"1" and b:"2"', And((A, B))),
    ("a field that begins as a keyword", "a:1 and order:2", And((A, Match("order", "2")))),
    ("or after a value that ends in or", "a:for or b:2", Or((a("for"), B))),
    ("and as a value between ands", "a:and and b:2", And((a("and"), B))),
    ("and with nothing before it begins a field", "and a:1", Match("and a", "1")),
    ("and straight after or begins a field", "a:1 or and b:2", Or((A, Match("and b", "2")))),
    # lists of values
    ("a list", "a:(1 or 2)", Or((a("1"), a("2")))),
    ("a list of one", "a:(1)", A),
    ("a list with space", "a:( 1 or 2 )", Or((a("1"), a("2")))),
    ("space before a list", "a: (1 or 2)", Or((a("1"), a("2")))),
    ("a list with and", "a:(1 and 2)", And((a("1"), a("2")))),
    ("a list with not", "a:(not 1)", Not(a("1"))),
    ("a list with and not", "a:(1 and not 2)", And((a("1"), Not(a("2"))))),
    ("precedence in a list", "a:(1 or 2 and 3)", Or((a("1"), And((a("2"), a("3")))))),
    ("a list in a list", "a:((1 or 2) and 3)", And((Or((a("1"), a("2"))), a("3")))),
    ("not over a list in a list", "a:(not (1 or 2))", Not(Or((a("1"), a("2"))))),
    ("quoted values in a list", 'a:("x y" or "z")', Or((a("x y"), a("z")))),
    ("values with spaces in a list", "a:(x y or z)", Or((a("x y"), a("z")))),
    ("wildcards in a list", "a:(x* or *)", Or((a(star("x", "")), Exists("a")))),
    ("typed values in a list", "a:(true or null)", Or((a(True), a(None)))),
    ("a list in capitals", "a:(1 OR 2)", Or((a("1"), a("2")))),
    ("a list over lines", "a:(\n  1 or\n  2\n)", Or((a("1"), a("2")))),
    ("a list of a wildcard field", "a*:(1 or 2)", Or((Match(A_STAR, "1"), Match(A_STAR, "2")))),
    ("not before a field with a list", "not a:(1 or 2)", Not(Or((a("1"), a("2"))))),
    # ranges
    ("at least", "a >= 1", Compare("a", AT_LEAST, "1")),
    ("at most", "a <= 1", Compare("a", AT_MOST, "1")),
    ("more", "a > 1", Compare("a", MORE, "1")),
    ("less", "a < 1", Compare("a", LESS, "1")),
    ("a range without space", "a>=1", Compare("a", AT_LEAST, "1")),
    ("a range of a quoted value", 'a >= "2024-01-01"', Compare("a", AT_LEAST, "2024-01-01")),
    ("a range of words", "a > x y", Compare("a", MORE, "x y")),
    ("a range of a typed word is text", "a > true", Compare("a", MORE, "true")),
    ("an equals sign before the operator is the field's", "a => 1", Compare("a =", MORE, "1")),
    ("a range up to nothing is exists", "a > null", Exists("a")),
    ("of any field, it asks nothing", "* > null", All()),
    ("a star in a range is itself", "a > 1*", Compare("a", MORE, "1*")),
    ("a range of a wildcard field", "a* > 1", Compare(star("a", ""), MORE, "1")),
    ("two ranges", "a > 1 and a < 9", And((Compare("a", MORE, "1"), Compare("a", LESS, "9")))),
    # nested
    ("nested", "f:{ a:1 and b:2 }", Nested("f", And((A, B)))),
    ("nested without space", "f:{a:1}", Nested("f", A)),
    ("nested with space", "f : { a:1 }", Nested("f", A)),
    ("nested in nested", "f:{ g:{ a:1 } }", Nested("f", Nested("g", A))),
    ("nested joined", "f:{ a:1 } and b:2", And((Nested("f", A), B))),
    ("not nested", "not f:{ a:1 }", Not(Nested("f", A))),
    ("a list in nested", "f:{ a:(1 or 2) }", Nested("f", Or((a("1"), a("2"))))),
    # attacks on the grammar
    ("an escaped and is a field", r"\and:1", Match("and", "1")),
    ("an escaped not is a field", r"\not:1", Match("not", "1")),
    ("a field that ends in an escaped not", r"is \not:1", Match("is not", "1")),
    ("an escaped NOT at the end of a list", r"a:(x \NOT)", a("x NOT")),
    ("or three times, the outer two are values", "a:(or or or)", Or((a("or"), a("or")))),
    ("or or: the second begins a value", "a:x or or y", Or((a("x"), free("or y")))),
    ("not as the value of not", "not not", Not(free("not"))),
    ("not in a list beside or", "a:(b or not c)", Or((a("b"), Not(a("c"))))),
    ("not on both sides of or", "a:(not b or not c)", Or((Not(a("b")), Not(a("c"))))),
    ("not over a list and another", "not a:(b or c) and b:2", And((Not(Or((a("b"), a("c")))), B))),
    ("a list nested thrice", "a:(((b)))", a("b")),
    ("a list of everything", "a:(1 or (2 and 3) or not (4))",
     Or((a("1"), And((a("2"), a("3"))), Not(a("4"))))),
    ("a line separator is trimmed, no space", "a\u2028:1", A),
    ("a line separator does not part keywords", "a:1\u2028and x", a("1\u2028and x")),
    ("an ideographic space does not part keywords", "a:1 and\u3000x", a("1 and\u3000x")),
    ("a byte order mark is trimmed", "\ufeffa:1", A),
    ("a null character is a character", "a:x\x00y", a("x\x00y")),
    ("a half of a pair stays", "a:\ud83d", a("\ud83d")),
    ("two stars with a space", "a:* *", a(star("", " ", ""))),
    ("an empty quoted field", '"":1', Match("", "1")),
    ("a star in the path of nested is itself", "f*:{ a:1 }", Nested("f*", A)),
    ("a value alone in nested", "f:{ x }", Nested("f", free("x"))),
    ("a date in a range", 'a < "2026-03-02T12:00:00Z"', Compare("a", LESS, "2026-03-02T12:00:00Z")),
    ("an address in a range", "a >= 10.0.0.1", Compare("a", AT_LEAST, "10.0.0.1")),
    # bounds
    ("as deep as may be", NESTED, A),
    ("as long as may be", "a:1".ljust(LONGEST), A),
]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "tree"), [pytest.param(query, tree, id=name) for name, query, tree in TREES]
)
def test_a_query_reads_as_its_tree(query: str, tree: Query) -> None:
    assert parse(query) == tree


def test_the_tables_of_queries_are_as_long_as_was_asked() -> None:
    asked = {query for _, query, _ in TREES} | {query for _, query, _ in ERRORS}
    assert len(asked) == len(TREES) + len(ERRORS) >= 250


def test_typed_and_quoted_words_differ() -> None:
    assert parse("a:true") != parse('a:"true"')
