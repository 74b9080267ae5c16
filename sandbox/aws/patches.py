"""Patches: replacing single parts of moto while a server runs, and putting them back."""

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])


class MotoChangedError(RuntimeError):
    """A part of moto that we mend is not what the mend was written for."""


class Patches:
    """What was replaced, so that it can be put back.

    A replacement must take exactly what the original takes. A new moto that changed the part
    therefore fails at start, not in some later test.
    """

    def __init__(self) -> None:
        self._undo: list[Callable[[], None]] = []

    def replace(self, owner: Any, name: str, new: Any) -> None:
        """Put ``new`` in the place of a function or property of moto's."""
        old = _own(owner, name)
        if _takes(old) != _takes(new):
            raise MotoChangedError(
                f"{_named(owner, name)} takes {_takes(old)}, but our mend takes {_takes(new)}. "
                "Read moto's new code and write the mend anew."
            )
        setattr(owner, name, new)
        self._undo.append(lambda: setattr(owner, name, old))

    def wrap(self, owner: Any, name: str, around: Callable[[Any], Any]) -> None:
        """Put ``around(original)`` in the place of the original."""
        self.replace(owner, name, around(_own(owner, name)))

    def add(self, owner: Any, name: str, new: Any) -> None:
        """Give a class of moto's something that it does not define itself."""
        if name in vars(owner):
            raise MotoChangedError(
                f"moto now has {_named(owner, name)} of its own: see whether our mend is needed."
            )
        setattr(owner, name, new)
        self._undo.append(lambda: delattr(owner, name))

    def undo(self) -> None:
        """Put everything back, last first."""
        while self._undo:
            self._undo.pop()()


def _own(owner: Any, name: str) -> Any:
    if name not in vars(owner):
        raise MotoChangedError(
            f"moto no longer has {_named(owner, name)}: find where it went, and mend that."
        )
    return vars(owner)[name]


def _takes(thing: Any) -> list[str]:
    if isinstance(thing, property):
        return ["a property"]
    return list(inspect.signature(thing).parameters)


def _named(owner: Any, name: str) -> str:
    return f"{getattr(owner, '__qualname__', owner.__name__)}.{name}"
