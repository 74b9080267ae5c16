"""Which tool manages a group, whether it was passed by, and what was announced."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.alerts.alert import Alert
from bot.alerts.evolve import evolve
from bot.alerts.sighting import Origin
from bot.aws.errors import AwsError
from bot.aws.network import Described
from bot.investigation.groups import Groups
from bot.investigation.managed import Managed
from bot.investigation.run import Answer
from bot.investigation.tools import manager_of, same_tool
from bot.investigation.windows import Runs, Window, inside
from tests.builders import NOON, a_change, a_principal, a_sighting, later, raised, seen
from tests.investigation.test_group import DENIED, THROTTLED, Reader

CONSOLE = Origin("198.51.100.9", "Mozilla/5.0", "AWS console (Chrome 129)")
TERRAFORM = Origin("192.0.2.44", "Terraform/1.9.8", "Terraform 1.9", automated=True)
BOTO = Origin("192.0.2.44", "Boto3/1.34", "Boto3 1.34", automated=True)
CI = a_principal(
    "ci", id="arn:aws:iam::123456789012:role/terraform-ci", role="terraform-ci", session="run-77"
)


def described(tags: dict[str, str] | None = None, name: str = "web", text: str = "") -> Described:
    return Described("sg-0a1b", name, "vpc-1", text, tags or {})


TERRAFORMED = described({"ManagedBy": "Terraform"})


def an_alert(origin: Origin = CONSOLE, *others: datetime, principal: object = None) -> Alert:
    changes = (a_change(f"event-{n}", at) for n, at in enumerate((NOON, *others)))
    sightings = (
        seen(a_sighting(change, origin=origin, principal=principal or a_principal()))  # type: ignore[arg-type]
        for change in changes
    )
    return evolve(None, (raised(), *sightings))


def ask(
    group: Described | None,
    alert: Alert,
    windows: tuple[Window, ...] = (),
    runs: tuple[Runs, ...] = (),
) -> Answer:
    return Managed(Groups(Reader(group)), lambda: windows, runs)(alert, later(1))


@pytest.mark.parametrize(
    ("group", "tool", "stack"),
    [
        pytest.param(
            described({"aws:cloudformation:stack-name": "net"}), "CloudFormation", "net", id="stack"
        ),
        pytest.param(
            described(
                {"aws:cloudformation:stack-name": "eksctl-a", "alpha.eksctl.io/cluster-name": "a"}
            ),
            "eksctl",
            "a",
            id="eksctl, which works through CloudFormation",
        ),
        pytest.param(
            described({"aws:cloudformation:stack-name": "net", "ManagedBy": "Terraform"}),
            "CloudFormation",
            "net",
            id="AWS's own tag before what people say",
        ),
        pytest.param(described({"managed-by": "terraform"}), "Terraform", "", id="managed-by"),
        pytest.param(described({"managed_by": "OpenTofu"}), "OpenTofu", "", id="OpenTofu"),
        pytest.param(described({"acme:provisioner": "AWS CDK"}), "AWS CDK", "", id="CDK"),
        pytest.param(described({"Terraform": "true"}), "Terraform", "", id="Terraform=true"),
        pytest.param(described({"Terraform": "false"}), "", "", id="Terraform=false"),
        pytest.param(described({"pulumi:stack": "prod"}), "Pulumi", "prod", id="Pulumi"),
        pytest.param(described({"Owner": "terraform-team"}), "", "", id="an owner is no tool"),
        pytest.param(described({"CreatedBy": "alice"}), "", "", id="a person is no tool"),
        pytest.param(described(text="Managed by Terraform"), "Terraform", "", id="its default"),
        pytest.param(described(name=f"terraform-{'2' * 26}"), "Terraform", "", id="default name"),
        pytest.param(
            described(name="launch-wizard-3"), "the console's launch wizard", "", id="launch wizard"
        ),
        pytest.param(described(), "", "", id="nothing"),
    ],
)
def test_marks(group: Described, tool: str, stack: str) -> None:
    found = manager_of(group)
    assert (found.tool, found.stack) == (tool, stack) if found else tool == ""


@pytest.mark.parametrize(
    ("manager", "tool", "same"),
    [
        ("Terraform", "Terraform 1.9", True),
        ("Terraform", "OpenTofu 1.8", True),
        ("Terraform", "Terraformer", False),
        ("AWS CDK", "CloudFormation", True),
        ("CloudFormation", "CloudFormation", True),
        ("CloudFormation", "AWS CLI 2.17", False),
    ],
)
def test_the_manager_itself(manager: str, tool: str, same: bool) -> None:
    assert same_tool(manager, tool) is same


@pytest.mark.parametrize(
    ("group", "origin", "value", "signals"),
    [
        pytest.param(
            TERRAFORMED,
            CONSOLE,
            "Managed by Terraform; changed by hand",
            ["by_hand_on_managed"],
            id="by hand at the console",
        ),
        pytest.param(
            TERRAFORMED,
            replace(CONSOLE, tool="AWS CLI 2.17"),
            "Managed by Terraform; changed by hand",
            ["by_hand_on_managed"],
            id="by hand with the CLI",
        ),
        pytest.param(
            TERRAFORMED,
            replace(CONSOLE, tool="AWS CLI 2.17", automated=True),
            "Managed by Terraform; changed with AWS CLI 2.17",
            [],
            id="with the CLI, in a pipeline",
        ),
        pytest.param(
            TERRAFORMED, TERRAFORM, "Managed by Terraform; changed by Terraform", [], id="itself"
        ),
        pytest.param(
            TERRAFORMED, BOTO, "Managed by Terraform; changed with Boto3 1.34", [], id="a script"
        ),
        pytest.param(
            described({"aws:cloudformation:stack-name": "net"}),
            CONSOLE,
            "Managed by CloudFormation (net); changed by hand",
            ["by_hand_on_managed"],
            id="with its stack",
        ),
        pytest.param(
            described(name="launch-wizard-3"),
            CONSOLE,
            "made by the console's launch wizard, managed by no tool",
            [],
            id="a launch wizard does not manage",
        ),
    ],
)
def test_one_line(group: Described | None, origin: Origin, value: str, signals: list[str]) -> None:
    answer = ask(group, an_alert(origin))
    assert answer.facts[0].value == value
    assert [signal.name for signal in answer.signals] == signals


@pytest.mark.parametrize(
    ("group", "unknown"),
    [
        pytest.param(described(), "no tag or name says that a tool manages it", id="unmanaged"),
        pytest.param(None, "the group is gone", id="gone"),
    ],
)
def test_what_nothing_tells_is_unknown(group: Described | None, unknown: str) -> None:
    answer = ask(group, an_alert())
    (fact,) = answer.facts
    assert (fact.value, fact.unknown, answer.signals) == ("", unknown, ())
    (inside_it,) = ask(group, an_alert(), (CHG,)).facts
    assert (inside_it.value, inside_it.unknown) == ("inside CHG-1", "")
    assert unknown in inside_it.more


CHG = Window("CHG-1", later(-10), later(30), title="Patch night")


@pytest.mark.parametrize(
    ("window", "within"),
    [
        pytest.param(CHG, True, id="for all"),
        pytest.param(replace(CHG, begins=later(1)), False, id="it begins later"),
        pytest.param(replace(CHG, ends=later(3)), False, id="it ends between two changes"),
        pytest.param(replace(CHG, accounts=("123456789012",)), True, id="this account"),
        pytest.param(replace(CHG, accounts=("210987654321",)), False, id="another account"),
        pytest.param(replace(CHG, principals=(CI.id,)), True, id="this principal"),
        pytest.param(replace(CHG, principals=("arn:*:role/terraform-*",)), True, id="a pattern"),
        pytest.param(replace(CHG, principals=("run-77",)), False, id="a session's name is chosen"),
    ],
)
def test_windows(window: Window, within: bool) -> None:
    alert = an_alert(TERRAFORM, later(5), principal=CI)
    assert (inside(alert, [window]) is window) is within


def test_of_several_windows_the_one_that_ends_first() -> None:
    longer = replace(CHG, id="CHG-2", ends=CHG.ends + timedelta(hours=1))
    assert inside(an_alert(), [longer, CHG]) is CHG


def test_inside_a_window() -> None:
    answer = ask(TERRAFORMED, an_alert(TERRAFORM), (CHG,))
    (fact,), (signal,) = answer.facts, answer.signals
    assert fact.value == "Managed by Terraform; changed by Terraform; inside CHG-1"
    assert "CHG-1: Patch night, 2026-03-02 11:50 to 2026-03-02 12:30 UTC" in fact.more
    assert (signal.name, signal.weight < 0) == ("inside_change", True)
    assert CHG.begins.tzinfo is UTC


@pytest.mark.parametrize(
    ("runs", "session", "url"),
    [
        pytest.param(
            Runs("https://ci.example.com/{account}/{session}"),
            "run-77",
            "https://ci.example.com/123456789012/run-77",
            id="both places",
        ),
        pytest.param(
            Runs("https://ci.example.com/{session}"),
            "../x?a=b#\n",
            "https://ci.example.com/..%2Fx%3Fa%3Db%23%0A",
            id="what a caller chose stays in its place",
        ),
        pytest.param(Runs("https://ci.example.com/{session}"), "..", "", id="nor does it go up"),
        pytest.param(
            Runs("https://x.example.com/{session}", ("*role/other",)), "run-77", "", id="another"
        ),
    ],
)
def test_runs(runs: Runs, session: str, url: str) -> None:
    alert = an_alert(TERRAFORM, principal=replace(CI, session=session))
    more = ask(TERRAFORMED, alert, runs=(runs,)).facts[0].more
    assert [line for line in more if line.startswith("Run: ")] == ([f"Run: {url}"] if url else [])


def test_what_people_do_has_no_run() -> None:
    answer = ask(TERRAFORMED, an_alert(principal=CI), runs=(Runs("https://ci.example.com"),))
    assert not any(line.startswith("Run: ") for line in answer.facts[0].more)


def test_denied() -> None:
    def told(windows: tuple[Window, ...]) -> Answer:
        groups = Groups(Reader(errors={"group": DENIED}))
        return Managed(groups, lambda: windows)(an_alert(), later(1))

    (fact,) = told(()).facts
    assert (fact.value, fact.unknown) == ("", str(DENIED))
    (fact,) = told((CHG,)).facts
    assert fact.value == "inside CHG-1"
    assert str(DENIED) in fact.more


def test_throttled() -> None:
    with pytest.raises(AwsError):
        Managed(Groups(Reader(errors={"group": THROTTLED})))(an_alert(), later(1))


def test_a_storm_reads_once() -> None:
    reader = Reader(TERRAFORMED)
    managed = Managed(Groups(reader))
    for _ in range(100):
        managed(an_alert(), later(0.5))
    assert reader.asked == ["group"]
