"""Bodies of webhooks: JSON with places such as ``{{summary}}``, filled in as text within quotes."""

import json
import re
from collections.abc import Mapping

PLACES = ("event", "key", "alert", "severity", "summary", "account", "region", "url", "level", "by")
PLACE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def unknown_place(body: str) -> str | None:
    """Return a place in the body that nothing fills, if there is one."""
    return next((name for name in PLACE.findall(body) if name not in PLACES), None)


def fill_in(body: str, values: Mapping[str, str]) -> str:
    """Return the body with its places filled in. A value can end no string of its JSON."""
    return PLACE.sub(lambda found: json.dumps(values.get(found[1], ""))[1:-1], body)
