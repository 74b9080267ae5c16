"""Filing leaves out only what could not hide the change anyway."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.changes.change import GroupRef
from bot.exemptions.filed import Filed
from bot.exemptions.matching import covering
from bot.exemptions.model import Scope
from bot.exemptions.pattern_index import PatternIndex
from bot.exemptions.patterns import fits_path
from tests.builders import NOON, a_change, a_principal, a_rule
from tests.exemptions.strategies import numbered

WHO = [a_principal(name).id for name in ("alice", "bob")]
GROUPS, ACCOUNTS = ("sg-1", "sg-2"), ("111111111111", "222222222222")


def some(values: list[str] | tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=2).map(tuple)


SCOPES = st.builds(
    lambda who, patterns, people, groups, accounts: Scope(
        principals=who,
        principal_patterns=patterns,
        persons=people,
        groups=groups,
        accounts=accounts,
    ),
    some(WHO),
    some(("arn:aws:iam::*:user/ali*", "arn:aws:iam::*:user/*ve", "arn:*:user/*l*")),
    some(("alice@example.com", "eve@example.com")),
    some(GROUPS),
    some(ACCOUNTS),
)


@given(
    st.lists(SCOPES, max_size=6),
    st.sampled_from(("alice", "bob", "eve")),
    st.sampled_from((*GROUPS, "sg-3", "")),
    st.sampled_from((*ACCOUNTS, "333333333333")),
)
def test_what_is_about_a_change_hides_it_as_all_do(
    scopes: list[Scope], who: str, group: str, account: str
) -> None:
    filed = Filed(numbered(scopes))
    change = a_change(added=(a_rule(443, "10.0.0.0/8"),), group=GroupRef(group), account=account)
    principal = a_principal(who, person=f"{who}@example.com")
    all_of_them = covering(change, principal, ("d-1",), filed, NOON, None)
    some_of_them = covering(change, principal, ("d-1",), filed.about(change, principal), NOON, None)
    assert replace(some_of_them, exempted_by=()) == replace(all_of_them, exempted_by=())


def test_a_change_meets_only_what_could_be_about_it() -> None:
    others = [Scope(principals=(f"arn:aws:iam::1:role/{n}",)) for n in range(1000)]
    own = Scope(principals=(WHO[0],))
    filed = Filed(numbered([*others, own, Scope(groups=("sg-1",)), Scope(regions=("eu-west-1",))]))
    change = a_change(group=GroupRef("sg-1"))
    assert len(filed.about(change, a_principal("alice"))) == 3


def test_of_patterns_it_meets_only_those_that_fit() -> None:
    patterns = [f"arn:aws:iam::*:user/{n}-*" for n in range(1000)]
    patterns += [f"arn:aws:iam::*:user/*-{n}-*" for n in range(100)]
    fitting = [*WHO[:1], "arn:aws:iam::*:user/al*", "arn:aws:iam::*:user/*ice", "*:user/*"]
    filed = Filed(numbered([Scope(principal_patterns=(p,)) for p in (*patterns, *fitting[1:])]))
    assert len(filed.about(a_change(), a_principal("alice"))) == 2


pieces = st.sampled_from(("*", "a", "b", "ab", "ba", "/", ":"))
names = st.lists(st.sampled_from(("a", "b", "/", ":")), max_size=8).map("".join)
heads = st.sampled_from(("", "arn:aws:iam::1:role/", "arn:aws:iam::*:role/"))
patterns = st.builds("{}{}".format, heads, st.lists(pieces, min_size=1, max_size=6).map("".join))


@given(st.lists(patterns, max_size=8), st.one_of(names, names.map("arn:aws:iam::1:role/{}".format)))
def test_the_index_finds_exactly_the_patterns_that_fit(given_: list[str], name: str) -> None:
    index = PatternIndex[str]()
    for pattern in given_:
        index.add(pattern, pattern)
    assert sorted(index.of(name)) == sorted(p for p in given_ if fits_path(p, name))
