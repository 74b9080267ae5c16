"""Which documents a query matches: Kibana's semantics on every type of value."""

from typing import Any

import pytest

from bot.cloudtrail.ecs_document import EcsDocument
from bot.detections.kql.compiler import compiled
from bot.detections.kql.leaves import Leaf, NumberRange
from bot.detections.kql.parser import parse

REQUEST = "aws.cloudtrail.flattened.request_parameters"
ITEM = f"{REQUEST}.ipPermissions.items"
EMPTY: dict[str, Any] = {}


def flattened(parameters: Any) -> dict[str, Any]:
    return {"aws": {"cloudtrail": {"flattened": {"request_parameters": parameters}}}}


PORTS = flattened(
    {
        "groupId": "sg-1",
        "enabled": True,
        "ipPermissions": {
            "items": [
                {"fromPort": 22, "toPort": 22, "ranges": [{"cidr": "10.0.0.0/8"}]},
                {"fromPort": 443, "toPort": 443, "ranges": [{"cidr": "0.0.0.0/0"}]},
            ]
        },
    }
)
TAGS = {"tags": ["red", "green", "blue"]}
HERE = {"source": {"ip": "10.1.2.3"}}
NOON = {"@timestamp": "2026-03-02T12:00:00Z"}
READ_ONLY = {"aws": {"cloudtrail": {"read_only": "false"}}}
ITEMS = {"items": [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]}

HOLDS: list[tuple[str, str, dict[str, Any]]] = [
    ("everything matches a document", "*:*", {"a": "x"}),
    ("everything matches an empty document", "*:*", EMPTY),
    ("an empty query matches an empty document", "", EMPTY),
    # keywords
    ("the whole text", "a:foo", {"a": "foo"}),
    ("the whole text, quoted", 'a:"foo bar"', {"a": "foo bar"}),
    ("the whole text, with spaces", "a:foo bar", {"a": "foo bar"}),
    ("a nested object's field", "event.action:x", {"event": {"action": "x"}}),
    ("a key with a dot", "event.action:x", {"event.action": "x"}),
    ("a key with a dot, in an object", "event.a.b:x", {"event": {"a.b": "x"}}),
    ("digits are text in a text", "a:007", {"a": "007"}),
    ("an address is text in a text", "a:10.0.0.1", {"a": "10.0.0.1"}),
    ("the empty text", 'a:""', {"a": ""}),
    ("a question mark is itself", "a:x?", {"a": "x?"}),
    ("typed true meets a text", "a:true", {"a": "true"}),
    ("quoted true meets a text", 'a:"true"', {"a": "true"}),
    ("an account number meets its text", "cloud.account.id:1234", {"cloud.account.id": 1234}),
    # arrays
    ("any element", "tags:green", TAGS),
    ("each term may meet another element", "tags:(red and blue)", TAGS),
    ("not, where no element is it", "not tags:black", TAGS),
    ("an object in a list", "items.a:3", ITEMS),
    ("two fields of two elements", "items.a:1 and items.b:4", ITEMS),
    ("a list in a list", "a:x", {"a": [["y"], ["x"]]}),
    ("a null beside a value", "a:x", {"a": [None, "x"]}),
    # exists
    ("exists", "a:*", {"a": "x"}),
    ("exists, empty text", "a:*", {"a": ""}),
    ("exists, false", "a:*", {"a": False}),
    ("exists, zero", "a:*", {"a": 0}),
    ("exists, in a list", "a:*", {"a": ["x"]}),
    ("exists, beside null", "a:*", {"a": [None, 1]}),
    ("not exists", "not a:*", EMPTY),
    ("not exists, null", "not a:*", {"a": None}),
    ("not exists, only nulls", "not a:*", {"a": [None]}),
    ("not exists, empty list", "not a:*", {"a": []}),
    ("not exists, an object", "not a:*", {"a": {"b": "x"}}),
    ("exists of some field", "a.*:*", {"a": {"b": "x"}}),
    ("a range up to null", "a > null", {"a": 1}),
    # wildcards
    ("at the end", "a:fo*", {"a": "foo"}),
    ("at the start", "a:*oo", {"a": "foo"}),
    ("inside", "a:f*o", {"a": "foooo"}),
    ("nothing under the star", "a:foo*", {"a": "foo"}),
    ("over lines", "a:x*z", {"a": "x\ny\nz"}),
    ("with a space", "a:*public Access*", {"a": "set public Access on"}),
    ("over several parts", "a:*b*c*", {"a": "abbcc"}),
    ("an escaped star is itself", r"a:\**", {"a": "*x"}),
    ("regular expressions are text", "a:x.*[y]", {"a": "x.abc[y]"}),
    ("two stars", "a:**", {"a": "x"}),
    ("a field by wildcard", "a*:x", {"abc": "x"}),
    ("a field by wildcard, below", "a.*:x", {"a": {"b": {"c": "x"}}}),
    ("any field", "*:x", {"a": {"b": "x"}}),
    ("a value alone, anywhere", "x", {"a": {"b": "x"}}),
    ("a value alone, wildcard", "x*", {"a": {"b": "xyz"}}),
    ("a number alone", "7", {"a": 7}),
    # numbers
    ("a number by its text", "a:22", {"a": 22}),
    ("a number with zeros before", "a:007", {"a": 7}),
    ("a whole number with a point", "a:22.0", {"a": 22}),
    ("a number in exponent form", "a:2.2e1", {"a": 22}),
    ("a quoted number", 'a:"22"', {"a": 22}),
    ("a fraction", "a:0.5", {"a": 0.5}),
    ("a negative number", "a:-1", {"a": -1}),
    ("a huge number", f"a:{2**60 + 1}", {"a": 2**60 + 1}),
    ("above", "a > 21", {"a": 22}),
    ("at least, itself", "a >= 22", {"a": 22}),
    ("below, by value and not by text", "a < 100", {"a": 22}),
    ("at most, itself", "a <= 22", {"a": 22}),
    ("some element within", "a > 5", {"a": [1, 9]}),
    ("two elements within two bounds", "a < 5 and a > 5", {"a": [1, 9]}),
    ("a number at most a fraction", "a <= 22.5", {"a": 22}),
    # booleans
    ("true", "a:true", {"a": True}),
    ("false", "a:false", {"a": False}),
    ("quoted false", 'a:"false"', {"a": False}),
    ("not true", "not a:true", {"a": False}),
    ("a boolean field given as text", "aws.cloudtrail.read_only:false", READ_ONLY),
    # text in order
    ("text above", "a > b", {"a": "c"}),
    ("text at most", "a <= b", {"a": "abc"}),
    ("capitals come first", "a < a", {"a": "B"}),
    # addresses
    ("an address", "source.ip:10.1.2.3", HERE),
    ("in a network", "source.ip:10.0.0.0/8", HERE),
    ("in a quoted network", 'source.ip:"10.0.0.0/8"', HERE),
    ("in a network with host bits", "source.ip:10.9.9.9/8", HERE),
    ("in everything", "source.ip:0.0.0.0/0", HERE),
    ("IPv6", r'source.ip:"2001:db8::1"', {"source": {"ip": "2001:DB8:0::1"}}),
    ("in an IPv6 network", r'source.ip:"2001:db8::/32"', {"source": {"ip": "2001:db8:1::1"}}),
    ("in a list of networks", "source.ip:(172.16.0.0/12 or 10.0.0.0/8)", HERE),
    ("IPv4 written as IPv6", "source.ip:10.1.2.3", {"source": {"ip": "::ffff:10.1.2.3"}}),
    ("an address above", "source.ip > 10.0.0.0", HERE),
    # dates
    ("a moment", '@timestamp:"2026-03-02T12:00:00Z"', NOON),
    ("a moment of its day", "@timestamp:2026-03-02", NOON),
    ("a moment of its month", "@timestamp:2026-02", {"@timestamp": "2026-02-28T23:59:59.999Z"}),
    ("a moment of its year", "@timestamp:2026", {"@timestamp": "2026-12-31T12:00:00Z"}),
    ("a moment of another zone", '@timestamp:"2026-03-02T13:00:00+01:00"', NOON),
    ("at most a day, in it", "@timestamp <= 2026-03-02", NOON),
    ("after a day", "@timestamp > 2026-03-02", {"@timestamp": "2026-03-03T00:00:00Z"}),
    ("a moment without a zone", "@timestamp:2026-03-02", {"@timestamp": "2026-03-02T12:00"}),
    ("milliseconds since 1970", "@timestamp:1772452800000", NOON),
    ("a date in milliseconds", '@timestamp:"2026-03-02T12:00:00Z"', {"@timestamp": 1772452800000}),
    ("milliseconds beyond all dates", "@timestamp < 999999999999999", NOON),
    ("a moment in nanoseconds", '@timestamp < "2026-03-02T12:00:00.000001999Z"', NOON),
    ("a range of dates", "@timestamp >= 2026-03-01 and @timestamp < 2026-03-03", NOON),
    # flattened
    ("a flattened number is its text", f"{ITEM}.fromPort:22", PORTS),
    ("a flattened boolean is its text", f"{REQUEST}.enabled:true", PORTS),
    ("a quoted flattened boolean", f'{REQUEST}.enabled:"true"', PORTS),
    ("flattened arrays are transparent", f"{ITEM}.ranges.cidr:0.0.0.0/0", PORTS),
    ("a flattened leaf exists", f"{REQUEST}.groupId:*", PORTS),
    ("a flattened leaf in lists exists", f"{ITEM}.ranges.cidr:*", PORTS),
    ("a flattened leaf by wildcard", f"{REQUEST}.groupId:sg-*", PORTS),
    ("a flattened number by wildcard", f"{ITEM}.fromPort:4*", PORTS),
    ("the flattened whole answers for its leaves", f"{REQUEST}:sg-1", PORTS),
    ("the flattened whole exists", f"{REQUEST}:*", PORTS),
    ("flattened text is ordered as text", f"{ITEM}.fromPort < 3", PORTS),
    # nested
    ("one object satisfies both", "items:{ a:1 and b:2 }", ITEMS),
    ("not one object", "not items:{ a:1 and b:4 }", ITEMS),
    ("an object that is no list", "o:{ a:1 }", {"o": {"a": "1"}}),
    ("nested in nested", "o:{ p:{ a:1 } }", {"o": {"p": [{"a": "1"}]}}),
    ("not inside nested", "items:{ a:3 and not b:2 }", ITEMS),
    ("a wildcard inside nested", "items:{ *:4 }", ITEMS),
    ("nested and flattened", f"{ITEM}:{{ fromPort:22 and ranges.cidr:10.0.0.0/8 }}", PORTS),
    ("nested keeps the types of its fields", "x:{ ip:10.0.0.0/8 }", {"x": [{"ip": "10.1.2.3"}]}),
    # logic
    ("or, the first", "a:1 or b:2", {"a": "1"}),
    ("or, the last", "a:1 or b:2", {"b": "2"}),
    ("or of one field, a later value", "a:(1 or 2 or x*)", {"a": "xyz"}),
    ("or of one field and another", "a:1 or b:2 or a:3", {"a": "3"}),
    ("and", "a:1 and b:2", {"a": "1", "b": "2"}),
    ("not missing", "not a:1", EMPTY),
    ("not of a list", "not a:(1 or 2)", {"a": "3"}),
    ("not in a list", "a:(not 1)", {"a": "2"}),
    ("not in a list, missing", "a:(not 1)", EMPTY),
    ("precedence", "a:1 or b:2 and c:3", {"a": "1"}),
    ("null is nothing's value", "not a:null", {"a": "x"}),
]  # fmt: skip

FAILS: list[tuple[str, str, dict[str, Any]]] = [
    ("another case", "a:Foo", {"a": "foo"}),
    ("a part of the text", "a:foo", {"a": "foo bar"}),
    ("a missing field", "a:foo", EMPTY),
    ("a field below", "a:foo", {"a": {"b": "foo"}}),
    ("a field above", "a.b:foo", {"a": "foo"}),
    ("another field that begins so", "a:foo", {"ab": "foo"}),
    ("a number's other spelling, in a text", "a:7", {"a": "007"}),
    ("a network, in a text", "a:10.0.0.0/8", {"a": "10.1.2.3"}),
    ("a quoted star", 'a:"*"', {"a": "x"}),
    ("a quoted wildcard", 'a:"f*"', {"a": "foo"}),
    ("true, in another case", "a:true", {"a": "TRUE"}),
    ("not, where an element is it", "not tags:green", TAGS),
    ("all terms, one missing", "tags:(red and black)", TAGS),
    ("a field of a missing object", "items.c:*", ITEMS),
    ("exists on an object", "event:*", {"event": {"action": "x"}}),
    ("exists on null", "a:*", {"a": None}),
    ("a wildcard in another case", "a:FO*", {"a": "foo"}),
    ("a wildcard's parts out of order", "a:*c*b*", {"a": "abc"}),
    ("a wildcard's ends that overlap", "a:aba*ba", {"a": "aba"}),
    ("a wildcard on a number", "a:2*", {"a": 22}),
    ("a wildcard on an address", "source.ip:10.*", HERE),
    ("a wildcard on true", "a:t*", {"a": True}),
    ("a field by wildcard that is none", "b*:x", {"a": "x"}),
    ("a value alone that is nowhere", "y", {"a": "x"}),
    ("a text beside a number", "a:abc", {"a": 22}),
    ("a number with an underscore", "a:2_2", {"a": 22}),
    ("a number in other digits", "a:٢٢", {"a": 22}),
    ("not a number", "a:nan", {"a": 22}),
    ("true beside a number", "a:true", {"a": 1}),
    ("a number beside true", "a:1", {"a": True}),
    ("yes beside true", "a:yes", {"a": True}),
    ("above itself", "a > 22", {"a": 22}),
    ("below itself", "a < 22", {"a": 22}),
    ("a bound that is no number", "a > x", {"a": 22}),
    ("a bound of a missing field", "a > 1", EMPTY),
    ("outside a network", "source.ip:10.0.0.0/8", {"source": {"ip": "11.1.2.3"}}),
    ("no network", "source.ip:10.0.0.0/99", HERE),
    ("a network by mask", "source.ip:10.0.0.0/255.0.0.0", HERE),
    ("IPv6 in an IPv4 network", "source.ip:0.0.0.0/0", {"source": {"ip": "2001:db8::1"}}),
    ("what is no address", "source.ip:*", {"source": {"ip": "ec2.amazonaws.com"}}),
    ("a number as an address", "source.ip:0.0.0.1", {"source": {"ip": 1}}),
    ("before a day", "@timestamp < 2026-03-02", {"@timestamp": "2026-03-02T00:00:00Z"}),
    ("after a day, in it", "@timestamp > 2026-03-02", {"@timestamp": "2026-03-02T23:59:59Z"}),
    ("no date", "@timestamp:2026-13", NOON),
    ("no moment", '@timestamp:"2026-03-02T12:00:00+99:99"', NOON),
    ("milliseconds beyond all dates", "@timestamp:999999999999999", NOON),
    ("a word for a date", "@timestamp > now-1d", NOON),
    ("a field that holds no date", "@timestamp:*", {"@timestamp": "yesterday"}),
    ("a flattened number's other spelling", f"{ITEM}.fromPort:022", PORTS),
    ("a flattened object does not exist", f"{REQUEST}.ipPermissions:*", PORTS),
    ("a flattened list does not exist", f"{ITEM}:*", PORTS),
    ("a network on a flattened leaf", f"{ITEM}.ranges.cidr:10.0.0.0/4", PORTS),
    ("another flattened object", "aws.cloudtrail.flattened.response_elements:sg-1", PORTS),
    ("one object satisfies only one", "items:{ a:1 and b:4 }", ITEMS),
    ("nested under a missing path", "x:{ a:1 }", ITEMS),
    ("nested under a value", "a:{ b:1 }", {"a": "x"}),
    ("everything under a missing path", "x:{ *:* }", ITEMS),
    ("port and range of two items", f"{ITEM}:{{ toPort:22 and ranges.cidr:0.0.0.0/0 }}", PORTS),
    ("and, one missing", "a:1 and b:2", {"a": "1"}),
    ("precedence", "a:1 or b:2 and c:3", {"b": "2"}),
    ("parentheses", "(a:1 or b:2) and c:3", {"a": "1"}),
    ("null is not missing", "a:null", EMPTY),
    ("null is not null", "a:null", {"a": None}),
    ("null is not a word", "a:null", {"a": "null"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "document"), [pytest.param(query, doc, id=name) for name, query, doc in HOLDS]
)
def test_a_query_matches(query: str, document: dict[str, Any]) -> None:
    assert compiled(parse(query))(EcsDocument(document))


@pytest.mark.parametrize(
    ("query", "document"), [pytest.param(query, doc, id=name) for name, query, doc in FAILS]
)
def test_a_query_does_not_match(query: str, document: dict[str, Any]) -> None:
    assert not compiled(parse(query))(EcsDocument(document))


class Ports:
    """A document whose one field is a range of numbers."""

    def values(self, field: str) -> tuple[Leaf, ...]:
        return (NumberRange(1000, 2000),) if field == "p" else ()

    def names(self) -> tuple[str, ...]:
        return ("p",)

    def inner(self, path: str) -> tuple[()]:
        return ()


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        pytest.param("p:1000", True, id="its first number"),
        pytest.param("p:1500", True, id="a number inside"),
        pytest.param("p:2000", True, id="its last number"),
        pytest.param("p:999", False, id="a number before"),
        pytest.param("p:2001", False, id="a number after"),
        pytest.param("p >= 2000", True, id="it reaches so far"),
        pytest.param("p > 2000", False, id="it does not reach beyond its end"),
        pytest.param("p <= 1000", True, id="it begins so low"),
        pytest.param("p < 1000", False, id="it does not begin below its start"),
        pytest.param("p < 1001", True, id="it begins below what follows its start"),
        pytest.param("p > 1999", True, id="it reaches beyond what precedes its end"),
        pytest.param("p >= 1 and p <= 9999", True, id="within bounds on both sides"),
        pytest.param("p:x", False, id="what is no number"),
        pytest.param("p:1*", False, id="a wildcard"),
        pytest.param("p:*", True, id="it exists"),
        pytest.param("*:1500", True, id="any field"),
    ],
)
def test_a_range_of_numbers_holds_each_of_them(query: str, holds: bool) -> None:
    assert compiled(parse(query))(Ports()) is holds
