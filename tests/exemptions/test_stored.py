"""Exemptions that were stored by earlier versions are read as they were meant."""

from bot.changes.severity import Severity
from bot.exemptions.model import Exemption, Scope
from bot.exemptions.window_text import parse_window
from bot.store.timelines import EXEMPTION
from tests.exemptions.strategies import numbered

EARLIER = """{"id": "X-0", "scope": {"principals": ["arn:aws:iam::1:role/ci"], "accounts": ["1"],
"regions": [], "groups": [], "actions": [], "detections": [], "directions": ["ingress"],
"ports": [{"protocol": "tcp", "from_port": 443, "to_port": 443}], "cidrs": ["10.0.0.0/8"],
"peer_groups": []}, "reason": "known", "owner": "U0ROSA", "created_at": "2026-03-02T12:00:00Z",
"expires_at": "2026-04-01T12:00:00Z", "allow_world": false, "alert": ""}"""


def test_an_exemption_of_the_earlier_form_asks_for_no_more_than_it_did() -> None:
    found = EXEMPTION.validate_json(EARLIER)
    assert found.scope.principals == ("arn:aws:iam::1:role/ci",)
    assert found.scope.principal_patterns == found.scope.sessions == ()
    assert found.scope.max_severity is None


def test_every_clause_is_stored() -> None:
    (full,) = numbered([FULL])
    assert isinstance(full, Exemption)
    assert EXEMPTION.validate_json(EXEMPTION.dump_json(full)) == full


FULL = Scope(
    principal_patterns=("arn:aws:iam::*:role/ci-*",),
    sessions=("run-*",),
    persons=("ana@example.com",),
    group_names=("web-*",),
    tools=("Terraform",),
    group_tags=("env=prod",),
    sources=("192.0.2.0/24",),
    countries=("DE",),
    max_severity=Severity.MEDIUM,
    windows=(parse_window("Sat 22:00-Sun 04:00 Europe/Berlin"),),
)
