"""JSON as Java's text. What is expected here was written by a Java 17."""

from typing import Any

import pytest

from bot.cloudtrail.java import DEEPEST, dropped, java_text

KEYS = (
    *("groupId", "ipPermissions", "ipProtocol", "fromPort", "toPort", "cidrIp", "vpcId"),
    *("groupName", "groupDescription", "instanceId", "userData", "policyArn", "userName"),
)
TWELVE = {key: number for number, key in enumerate(KEYS[:12])}
THIRTEEN = {key: number for number, key in enumerate(KEYS)}
STAY = {"userData", "policyArn", "groupName", "instanceId"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param({"a": 1, "b": {"c": ["x", "y"]}}, "{a=1, b={c=[x, y]}}", id="nested"),
        pytest.param({}, "{}", id="empty"),
        pytest.param([], "[]", id="an empty list"),
        pytest.param("x", "x", id="text"),
        pytest.param({"a": True, "b": False}, "{a=true, b=false}", id="booleans"),
        pytest.param(
            {"groupId": 0, "ipPermissions": 1, "ipProtocol": 2},
            "{groupId=0, ipProtocol=2, ipPermissions=1}",
            id="keys in the order of their hashes",
        ),
        pytest.param(
            TWELVE,
            "{policyArn=11, groupName=7, instanceId=9, userData=10, groupDescription=8, "
            "fromPort=3, groupId=0, vpcId=6, toPort=4, ipProtocol=2, cidrIp=5, ipPermissions=1}",
            id="twelve keys fit the first table",
        ),
        pytest.param(
            THIRTEEN,
            "{policyArn=11, userData=10, fromPort=3, groupId=0, toPort=4, ipProtocol=2, "
            "userName=12, ipPermissions=1, groupName=7, instanceId=9, groupDescription=8, "
            "vpcId=6, cidrIp=5}",
            id="thirteen keys double it",
        ),
        pytest.param(
            {key: value if key in STAY else None for key, value in THIRTEEN.items()},
            "{policyArn=11, userData=10, groupName=7, instanceId=9}",
            id="what is dropped has doubled the table all the same",
        ),
        pytest.param(
            {"AaAa": 1, "BBBB": 2, "AaBB": 3, "BBAa": 4, "b": 5},
            "{b=5, AaAa=1, BBBB=2, AaBB=3, BBAa=4}",
            id="equal hashes keep their order",
        ),
        pytest.param(
            {"é": 1, "日本": 2, "🔥": 3, "a": 4},
            "{a=4, 🔥=3, é=1, 日本=2}",
            id="hashes are of UTF-16",
        ),
        pytest.param(
            {"a": None, "b": "", "c": {}, "d": [], "e": [{}, ""], "f": {"g": None}, "h": 0},
            "{h=0}",
            id="null and empty values are dropped at every level",
        ),
        pytest.param([1, None, "", 2], "[1, 2]", id="and from lists"),
    ],
)
def test_a_value_reads_as_java_writes_it(value: Any, text: str) -> None:
    assert java_text(value) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.5, "0.5"),
        (1.0, "1.0"),
        (123456.789, "123456.789"),
        (9999999.0, "9999999.0"),
        (1e7, "1.0E7"),
        (12345678.25, "1.234567825E7"),
        (1.5e300, "1.5E300"),
        (0.001, "0.001"),
        (0.00099, "9.9E-4"),
        (-2.5, "-2.5"),
        (0.0, "0.0"),
        (-0.0, "-0.0"),
    ],
)
def test_a_number_reads_as_a_double_does(number: float, text: str) -> None:
    assert java_text(number) == text


def test_depth_is_bounded() -> None:
    value: Any = "x"
    for _ in range(DEEPEST * 5):
        value = {"a": value}
    assert java_text(value).startswith("{a={a=")
    assert not dropped(value)
