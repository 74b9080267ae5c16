"""Patches: what is mended is put back, and a moto that changed is noticed at start."""

from collections.abc import Callable

import pytest
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.responses.security_groups import SecurityGroups

from sandbox.aws.patches import MotoChangedError, Patches
from sandbox.aws.server import AwsServer


class Theirs:
    def call(self, name: str) -> str:
        return f"theirs {name}"

    @property
    def shown(self) -> str:
        return "theirs"


def ours(self: Theirs, name: str) -> str:
    return f"ours {name}"


def other(self: Theirs, number: int) -> str:
    return f"ours {number}"


def test_a_replacement_works_until_it_is_undone() -> None:
    patches = Patches()
    patches.replace(Theirs, "call", ours)
    patches.replace(Theirs, "shown", property(lambda self: "ours"))
    assert (Theirs().call("x"), Theirs().shown) == ("ours x", "ours")
    patches.undo()
    assert (Theirs().call("x"), Theirs().shown) == ("theirs x", "theirs")


def test_what_is_wrapped_can_call_what_was_there() -> None:
    def around(original: Callable[[Theirs, str], str]) -> Callable[[Theirs, str], str]:
        def call(self: Theirs, name: str) -> str:
            return f"around {original(self, name)}"

        return call

    patches = Patches()
    patches.wrap(Theirs, "call", around)
    assert Theirs().call("x") == "around theirs x"
    patches.undo()
    assert Theirs().call("x") == "theirs x"


def test_what_is_added_is_taken_away_again() -> None:
    patches = Patches()
    patches.add(Theirs, "more", ours)
    assert hasattr(Theirs, "more")
    patches.undo()
    assert not hasattr(Theirs, "more")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(
            lambda patches: patches.replace(Theirs, "call", other),
            "Theirs.call takes .*'name'.*our mend takes .*'number'",
            id="a part that takes something else now",
        ),
        pytest.param(
            lambda patches: patches.replace(Theirs, "gone", ours),
            "no longer has Theirs.gone",
            id="a part that is gone",
        ),
        pytest.param(
            lambda patches: patches.replace(Theirs, "shown", ours),
            "Theirs.shown takes .*'a property'",
            id="a property in the place of which a function is put",
        ),
        pytest.param(
            lambda patches: patches.add(Theirs, "call", ours),
            "now has Theirs.call of its own",
            id="a part that moto now has itself",
        ),
    ],
)
def test_a_moto_that_changed_is_refused(change: Callable[[Patches], None], says: str) -> None:
    with pytest.raises(MotoChangedError, match=says):
        change(Patches())


def test_the_server_starts_on_no_moto_that_it_does_not_know(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        SecurityGroups, "revoke_security_group_egress", lambda self, something_new: None
    )
    before = vars(SecurityGroupRule)["__eq__"]
    with pytest.raises(MotoChangedError, match="revoke_security_group_egress"):
        AwsServer().start()
    assert vars(SecurityGroupRule)["__eq__"] is before
    monkeypatch.undo()
    with AwsServer():
        assert vars(SecurityGroupRule)["__eq__"] is not before
    assert vars(SecurityGroupRule)["__eq__"] is before
