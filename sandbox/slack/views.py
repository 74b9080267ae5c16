"""Views: the stack of modals that a person has open, and their App Home."""

from dataclasses import dataclass, field
from itertools import count

from sandbox.slack.refused import Json, RefusedError

DEEPEST = 3


@dataclass(slots=True)
class View:
    """A modal or a home, as the app gave it."""

    id: str
    user: str
    given: Json
    root_id: str
    previous_id: str | None
    hash: str
    values: Json = field(default_factory=dict)
    """The inputs as the person last sent them."""

    @property
    def external_id(self) -> str:
        """The app's own name for the view."""
        return str(self.given.get("external_id") or "")


class Views:
    """Everybody's modals and homes."""

    def __init__(self) -> None:
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}
        self._ids, self._hashes = count(1), count(1)

    def stack(self, user: str) -> list[View]:
        """Return a person's open modals, the topmost last."""
        return self._stacks.setdefault(user, [])

    def home(self, user: str) -> View | None:
        """Return what the app published for a person's App Home."""
        return self._homes.get(user)

    def open(self, user: str, given: Json) -> View:
        """Open a modal in place of all that the person had open."""
        self._check_external_id(given)
        view = self._new(user, given)
        self._stacks[user] = [view]
        return view

    def push(self, user: str, given: Json) -> View:
        """Put a modal on top of those that the person has open."""
        stack = self.stack(user)
        if len(stack) >= DEEPEST:
            raise RefusedError("push_limit_reached")
        self._check_external_id(given)
        view = self._new(user, given, below=stack[-1] if stack else None)
        stack.append(view)
        return view

    def find(self, *, view_id: str = "", external_id: str = "") -> View:
        """Return an open modal or a home by either of its ids."""
        everything = [view for stack in self._stacks.values() for view in stack]
        everything += self._homes.values()
        for view in everything:
            if (view_id and view.id == view_id) or (
                external_id and view.external_id == external_id
            ):
                return view
        raise RefusedError("not_found")

    def update(self, view: View, given: Json, expected_hash: str = "") -> None:
        """Replace what a view shows."""
        if expected_hash and expected_hash != view.hash:
            raise RefusedError("hash_conflict")
        view.given, view.hash = given, self._hash()

    def publish(self, user: str, given: Json, expected_hash: str = "") -> View:
        """Set a person's App Home."""
        home = self._homes.get(user)
        if home is None:
            home = self._homes[user] = self._new(user, given)
        else:
            self.update(home, given, expected_hash)
        return home

    def close(self, view: View) -> list[View]:
        """Close a modal and those above it; return them, the topmost first."""
        stack = self.stack(view.user)
        if view not in stack:
            return []
        place = stack.index(view)
        closed = stack[place:]
        del stack[place:]
        return closed[::-1]

    def _new(self, user: str, given: Json, below: View | None = None) -> View:
        view_id = f"V{next(self._ids):010d}"
        root, previous = (below.root_id, below.id) if below else (view_id, None)
        return View(view_id, user, given, root, previous, self._hash())

    def _hash(self) -> str:
        return f"1700000000.{next(self._hashes):08x}"

    def _check_external_id(self, given: Json) -> None:
        external_id = str(given.get("external_id") or "")
        if not external_id:
            return
        try:
            self.find(external_id=external_id)
        except RefusedError:
            return
        raise RefusedError("duplicate_external_id")
