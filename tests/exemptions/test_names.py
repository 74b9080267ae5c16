"""Accounts and OUs by their names: read as accounts.toml calls them, or refused with what to do."""

import pytest

from bot.exemptions.circumstances import Circumstances
from bot.exemptions.fields import FieldError
from bot.exemptions.matching import covering
from bot.exemptions.model import Scope
from bot.exemptions.names import Names
from bot.exemptions.text import ScopeTextError, parse_scope, scope_text
from tests.builders import NOON, a_change, a_principal, a_rule
from tests.exemptions.strategies import numbered

PROD, STAGING = "123456789012", "210987654321"
NAMES = Names(
    {PROD: "prod", STAGING: "Staging EU"},
    {PROD: "Workloads/Production", STAGING: "Workloads/Staging"},
)


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        pytest.param("account=prod", Scope(accounts=(PROD,)), id="a name"),
        pytest.param("account=PROD,123456789012", Scope(accounts=(PROD,)), id="twice the same"),
        pytest.param('account="staging eu"', Scope(accounts=(STAGING,)), id="a name with a space"),
        pytest.param("account=999999999999", Scope(accounts=("999999999999",)), id="not listed"),
        pytest.param(
            "principal=role/ci account=prod",
            Scope(principals=(f"arn:aws:iam::{PROD}:role/ci",), accounts=(PROD,)),
            id="a role of a named account",
        ),
        pytest.param("ou=workloads", Scope(ous=("Workloads",)), id="an OU above others"),
        pytest.param(
            "ou=Workloads/Production/", Scope(ous=("Workloads/Production",)), id="a whole OU"
        ),
    ],
)
def test_names_are_read_as_the_file_writes_them(text: str, scope: Scope) -> None:
    assert parse_scope(text, NAMES) == scope
    assert parse_scope(scope_text(scope), NAMES) == scope


@pytest.mark.parametrize(
    ("text", "names", "at", "mend"),
    [
        pytest.param("account=prdo", NAMES, 8, "did you mean prod?", id="a mistyped account"),
        pytest.param("account=prod,zebra", NAMES, 13, "its name in accounts.toml", id="no account"),
        pytest.param("account=prod", Names(), 8, "12 digits", id="no accounts are known"),
        pytest.param("ou=Workload", NAMES, 3, "did you mean Workloads?", id="a mistyped OU"),
        pytest.param("ou=zebra", NAMES, 3, "Workloads/Staging", id="no OU"),
        pytest.param(
            "ou=Production", NAMES, 3, "Workloads/Production", id="an OU without what it lies in"
        ),
        pytest.param("ou=Workloads", Names(), 3, "accounts.toml", id="no OUs are known"),
    ],
)
def test_what_the_file_does_not_name_is_refused(
    text: str, names: Names, at: int, mend: str
) -> None:
    with pytest.raises(ScopeTextError) as raised:
        parse_scope(text, names)
    assert raised.value.at == at
    assert mend in raised.value.mend


@pytest.mark.parametrize(
    ("ou", "hidden"),
    [
        pytest.param("Workloads/Production", True, id="itself"),
        pytest.param("Workloads/Production/EU", True, id="one that lies in it"),
        pytest.param("Workloads", False, id="one that it lies in"),
        pytest.param("Workloads/Production2", False, id="one that begins alike"),
        pytest.param("", False, id="unknown"),
    ],
)
def test_an_ou_covers_what_lies_in_it(ou: str, hidden: bool) -> None:
    exemptions = numbered([Scope(ous=("Workloads/Production",))])
    change, who = a_change(added=[a_rule(443, "10.0.0.0/8")]), a_principal()
    found = covering(change, who, ("d-1",), exemptions, NOON, None, Circumstances(ou=ou))
    assert found.hidden is hidden


def test_an_account_is_no_ou() -> None:
    with pytest.raises(FieldError):
        NAMES.ou("prod")
