"""JSON values as Java writes them as text: ``{a=1, b={c=[x, y]}}``.

Elasticsearch's CloudTrail pipeline keeps requests and responses so, and rules ask that text. Keys
come in the order of Java's HashMap, which is that of their hashes in a table that has doubled
whenever it was three quarters full. (Java's trees in very crowded tables are not followed.)
"""

from collections.abc import Mapping
from decimal import Decimal
from math import isfinite
from typing import Any

DEEPEST = 100
"""Objects and lists within one another that are followed; CloudTrail nests a dozen."""


def java_text(value: Any, deepest: int = DEEPEST) -> str:
    """Return the value as Java's toString, without what is null or empty."""
    if deepest == 0:
        return ""
    if isinstance(value, dict):
        pairs = (f"{key}={java_text(value[key], deepest - 1)}" for key in _order(value))
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        kept = (java_text(item, deepest - 1) for item in value if not dropped(item))
        return "[" + ", ".join(kept) + "]"
    return scalar_text(value)


def scalar_text(value: str | float | bool | None) -> str:
    """Return a JSON scalar as Java writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _double(value)
    return "null" if value is None else str(value)


def dropped(value: Any, deepest: int = DEEPEST) -> bool:
    """Return whether the pipeline drops the value: null, empty, or holding nothing else."""
    if isinstance(value, dict | list) and deepest:
        items = value.values() if isinstance(value, dict) else value
        return all(dropped(item, deepest - 1) for item in items)
    return value is None or value == ""


def _order(value: Mapping[str, Any]) -> list[str]:
    """Return the keys that stay, in the order of the table that once held them all."""
    capacity = 16
    while len(value) > capacity * 3 // 4:
        capacity *= 2
    kept = [key for key, item in value.items() if not dropped(item)]
    return sorted(kept, key=lambda key: _spread(key) & (capacity - 1))


def _spread(key: str) -> int:
    """Return String.hashCode, with its upper half folded into the lower as HashMap does."""
    units = key.encode("utf-16-be", "surrogatepass")
    number = 0
    for high, low in zip(units[::2], units[1::2], strict=True):
        number = (31 * number + (high << 8 | low)) & 0xFFFFFFFF
    return number ^ number >> 16


def _double(value: float) -> str:
    """Return Double.toString: plain from a thousandth to ten million, else with an exponent."""
    if not isfinite(value) or value == 0 or 1e-3 <= abs(value) < 1e7:
        return repr(value)
    mantissa, _, exponent = f"{Decimal(repr(value)).normalize():E}".partition("E")
    return f"{mantissa}{'' if '.' in mantissa else '.0'}E{int(exponent)}"
