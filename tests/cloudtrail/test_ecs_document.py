"""Looking values up in an object: by dotted names, through lists, and without going through it."""

from typing import Any, NoReturn

import pytest

from bot.cloudtrail.ecs_document import EcsDocument


@pytest.mark.parametrize(
    ("document", "field", "values"),
    [
        pytest.param({"a": {"b": 1}}, "a.b", [1], id="a key below another"),
        pytest.param({"a.b": 1}, "a.b", [1], id="a key with a dot"),
        pytest.param({"a": {"b": 1}, "a.b": 2}, "a.b", [1, 2], id="both"),
        pytest.param({"a.b": {"c": 1}, "a": {"b.c": 2}}, "a.b.c", [1, 2], id="parted either way"),
        pytest.param({"a": [{"b": 1}, {"b": [2, 3]}]}, "a.b", [1, 2, 3], id="through lists"),
        pytest.param({"": {"b": 1}}, ".b", [], id="a key without a name has no path"),
        pytest.param({"a.": {"b": 1}}, "a..b", [1], id="a key that ends in a dot"),
        pytest.param({"ab": 1}, "a", [], id="a key that only begins so"),
        pytest.param({"a": 1}, "a.b", [], id="nothing below a value"),
    ],
)
def test_values_at_a_path(document: dict[str, Any], field: str, values: list[int]) -> None:
    assert sorted(EcsDocument(document).values(field)) == values


class Asked(dict[str, Any]):
    """An object that may be asked for its keys, and not gone through."""

    def items(self) -> NoReturn:
        raise AssertionError("gone through")


def test_an_object_is_asked_by_name_however_many_keys_it_has() -> None:
    document = EcsDocument(Asked({"a": Asked({"b.c": 1})}))
    assert document.values("a.b.c") == (1,)
