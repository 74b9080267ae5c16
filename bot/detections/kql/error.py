"""What is wrong with a query: the place, shown with a caret, and what was expected there."""

SHOWN = 60
"""Characters of the line shown on either side of the caret."""


class KqlError(ValueError):
    """A query that is not KQL. ``line`` and ``column`` count from 1, in characters."""

    def __init__(self, problem: str, query: str, position: int) -> None:
        before = query[:position]
        self.problem = problem
        self.position = position
        self.line = before.count("\n") + 1
        self.column = position - (before.rfind("\n") + 1) + 1
        self.excerpt = _excerpt(query, position)
        super().__init__(f"{self.summary}\n{self.excerpt}")

    @property
    def summary(self) -> str:
        """Return place and problem in one line."""
        return f"line {self.line}, column {self.column}: {self.problem}"


def _excerpt(query: str, position: int) -> str:
    start = query.rfind("\n", 0, position) + 1
    end = query.find("\n", position)
    end = len(query) if end < 0 else end
    left, right = max(start, position - SHOWN), min(end, position + SHOWN)
    shown = "".join(char if char.isprintable() else " " for char in query[left:right])
    return f"  {shown}\n  {' ' * (position - left)}^"
