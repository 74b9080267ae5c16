"""A scope printed and parsed is equal; what cannot be read is pointed at."""

from contextlib import suppress
from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.changes.rules import Direction
from bot.changes.severity import Severity
from bot.exemptions.model import PortRange, Scope
from bot.exemptions.names import Names
from bot.exemptions.text import ScopeTextError, parse_scope, scope_text
from bot.exemptions.window import Window
from tests.exemptions.strategies import rule_scopes, windows

CI = Scope(
    principals=("arn:aws:iam::123456789012:role/terraform-ci",),
    accounts=("123456789012",),
    ports=(PortRange("tcp", 443, 443),),
    cidrs=("10.0.0.0/8",),
)


@pytest.mark.parametrize(
    ("scope", "text"),
    [
        pytest.param(
            CI,
            "principal=role/terraform-ci account=123456789012 ports=443/tcp peers=10.0.0.0/8",
            id="a role of the one account is written short",
        ),
        pytest.param(
            replace(CI, accounts=(), ports=(), cidrs=()),
            "principal=arn:aws:iam::123456789012:role/terraform-ci",
            id="without its account it is written whole",
        ),
        pytest.param(
            Scope(cidrs=("::/0",), peer_groups=("sg-1", "pl-2"), directions=(Direction.EGRESS,)),
            "direction=egress peers=::/0,sg-1,pl-2",
            id="ranges and groups are one clause",
        ),
        pytest.param(
            Scope(detections=('a "b", c',)), 'detection="a \\"b\\", c"', id="quotes where needed"
        ),
        pytest.param(
            Scope(
                principal_patterns=("arn:aws:iam::123456789012:role/ci-*",),
                sessions=("run-*",),
                persons=("ana@example.com",),
                accounts=("123456789012",),
                group_names=("web-*", "api"),
                group_tags=("env=prod",),
                tools=("AWS CLI",),
                sources=("192.0.2.0/24",),
                countries=("DE", "FR"),
                max_severity=Severity.MEDIUM,
                windows=(Window(5, time(22), 6, time(4), "Europe/Berlin"),),
            ),
            "principal=role/ci-* person=ana@example.com session=run-* account=123456789012 "
            'group-name=web-*,api group-tag=env=prod tool="AWS CLI" source=192.0.2.0/24 '
            'country=DE,FR max-severity=medium during="Sat 22:00-Sun 04:00 Europe/Berlin"',
            id="who, how and from where",
        ),
        pytest.param(Scope(), "", id="nothing"),
    ],
)
def test_the_line(scope: Scope, text: str) -> None:
    assert scope_text(scope) == text
    assert parse_scope(text) == scope


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("principal=root account=123456789012", id="root"),
        pytest.param("account=123456789012\tprincipal=root", id="any order, any white space"),
        pytest.param('Principal="root" account="123456789012"', id="quotes, and a capital"),
    ],
)
def test_what_is_read_alike(text: str) -> None:
    root = ("arn:aws:iam::123456789012:root",)
    assert parse_scope(text) == Scope(principals=root, accounts=("123456789012",))


@pytest.mark.parametrize(
    ("text", "word", "at", "mend"),
    [
        pytest.param("acount=123456789012", "acount", 0, "account?", id="a mistyped clause"),
        pytest.param("group=sg-1 prots=22", "prots", 11, "ports?", id="the second clause"),
        pytest.param("zebra=red", "zebra", 0, "the clauses are", id="no such clause"),
        pytest.param("group=sg-1 because", "because", 11, "clauses such as", id="no clause"),
        pytest.param("group=", "group=", 0, "say which", id="a clause without a value"),
        pytest.param("ports=22 ports=23", "ports", 9, "once", id="a clause twice"),
        pytest.param("ports=22,23/tpc", "23/tpc", 9, "tcp?", id="the second value"),
        pytest.param("account=prod", "prod", 8, "12 digits", id="a name for an account"),
        pytest.param("direction=ingres", "ingres", 10, "ingress?", id="mistyped direction"),
        pytest.param("direction=unknown", "unknown", 10, "ingress or", id="no direction"),
        pytest.param("principal=role/ci", "role/ci", 10, "account=", id="a role of which account"),
        pytest.param("peers=10.0.0.1/8", "10.0.0.1/8", 6, "10.0.0.0/8?", id="bits to the right"),
        pytest.param("group=sg-1,,sg-2", "group=sg-1,,sg-2", 0, "clauses", id="an empty value"),
        pytest.param("group=sg-1, sg-2", "group=sg-1,", 0, "clauses", id="a space after a comma"),
        pytest.param('group="a"b', 'group="a"b', 0, "clauses", id="text after a quote"),
        pytest.param('action="a b" group="b"', "b", 20, "sg-", id="the second of two alike"),
        pytest.param(
            "principal=ci-1,arn:aws:iam::*:role/*",
            "arn:aws:iam::*:role/*",
            15,
            "3 char",
            id="a pattern of everybody",
        ),
        pytest.param("principal=role/ci-*", "role/ci-*", 10, "account=", id="roles of no account"),
        pytest.param("session=a-*,*", "*", 12, "everything", id="a pattern of every session"),
        pytest.param("group-name=*a*", "*a*", 11, "3 char", id="a pattern of nearly all groups"),
        pytest.param("source=0.0.0.0/0", "0.0.0.0/0", 7, "network", id="from anywhere"),
        pytest.param("country=DE,Germany", "Germany", 11, "two letters", id="a country's name"),
        pytest.param(
            "group=sg-1 allow-world", "allow-world", 11, "--allow-world", id="no clause yet"
        ),
        pytest.param("allow_world=true", "allow_world", 0, "--allow-", id="as in a file"),
        pytest.param("group-tag=env", "env", 10, "env=prod", id="a tag without a value"),
        pytest.param("group-tag=env=*", "env=*", 10, "whole value", id="a pattern of tags"),
        pytest.param("max-severity=medum", "medum", 13, "medium?", id="mistyped severity"),
        pytest.param("max-severity=low,high", "high", 17, "only", id="two severities"),
        pytest.param(
            'during="Sat 22:00-Sun 04:00 Europe/Berln"',
            "Europe/Berln",
            28,
            "Europe/Berlin?",
            id="a mistyped time zone",
        ),
        pytest.param(
            'during="Sat 22:00-Sunn 04:00 UTC"', "Sunn", 18, "Sunday?", id="a mistyped day"
        ),
        pytest.param('during="Sat 22:00-Sun 24:00 UTC"', "24:00", 22, "23:59", id="no such time"),
        pytest.param("during=Sat", "Sat", 7, "such as", id="no window"),
        pytest.param(
            'during="Sat 22:00-Sun 04:00"',
            "Sat 22:00-Sun 04:00",
            8,
            "which clock",
            id="a window without a zone",
        ),
        pytest.param(
            'during="Sat 22:00-04:00 UTC"',
            "Sat 22:00-04:00 UTC",
            8,
            "name the day",
            id="a window that ends first",
        ),
        pytest.param(
            'during="Sat 22:00-Sat 22:00 UTC"',
            "Sat 22:00-Sat 22:00 UTC",
            8,
            "whole week",
            id="every time",
        ),
        pytest.param("groupname=web", "groupname", 0, "group-name?", id="a clause of two words"),
        pytest.param('group="sg-1', 'group="sg-1', 0, "clauses", id="a quote left open"),
    ],
)
def test_an_error_points_at_the_word(text: str, word: str, at: int, mend: str) -> None:
    with pytest.raises(ScopeTextError) as raised:
        parse_scope(text)
    assert (raised.value.word, raised.value.at) == (word, at)
    assert mend in raised.value.mend


def _lists(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, max_size=3, unique=True).map(tuple)


accounts = st.sampled_from(("123456789012", "210987654321"))
names = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1)
plain = names.filter(lambda name: "*" not in name)
principals = st.one_of(
    st.builds("arn:aws:iam::{}:{}/{}".format, accounts, st.sampled_from(("role", "user")), plain),
    accounts.map("arn:aws:iam::{}:root".format),
    st.just("ec2.amazonaws.com"),
)
scopes = st.builds(
    lambda scope, severity, windows, *lists: replace(
        scope,
        principals=lists[0],
        accounts=lists[1],
        regions=lists[2],
        groups=lists[3],
        actions=lists[4],
        detections=lists[5],
        principal_patterns=lists[6],
        sessions=lists[7],
        group_names=lists[8],
        tools=lists[9],
        sources=lists[10],
        countries=lists[11],
        group_tags=lists[12],
        persons=lists[13],
        ous=lists[14],
        max_severity=severity,
        windows=windows,
    ),
    rule_scopes,
    st.one_of(st.none(), st.sampled_from(Severity)),
    st.lists(windows, max_size=2, unique=True).map(tuple),
    _lists(principals),
    _lists(accounts),
    _lists(st.sampled_from(("eu-west-1", "us-east-1"))),
    _lists(st.sampled_from(("sg-1", "sg-2"))),
    _lists(st.sampled_from(("CreateSecurityGroup", "RunInstances"))),
    _lists(names),
    _lists(st.builds("arn:aws:iam::{}:role/ci-{}*".format, accounts, plain)),
    _lists(st.one_of(plain, plain.map("{}*".format))),
    _lists(st.one_of(plain, plain.map("web-{}*".format))),
    _lists(names),
    _lists(st.sampled_from(("192.0.2.0/24", "2001:db8::/32"))),
    _lists(st.sampled_from(("DE", "BR"))),
    _lists(st.builds("{}={}".format, plain.filter(lambda key: "=" not in key), plain)),
    _lists(names),
    _lists(st.sampled_from(("Workloads", "Workloads/My Production"))),
)
NAMES = Names(ous={"123456789012": "Workloads/My Production"})


@given(scopes)
def test_a_scope_printed_and_parsed_is_equal(scope: Scope) -> None:
    line = scope_text(scope)
    assert parse_scope(line, NAMES) == scope
    assert "\n" not in line


@given(st.text(st.sampled_from('acount=gr"\\,sg-1 '), max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ScopeTextError):
        parse_scope(text)
