"""Names to objects, with suggestions for names that are not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from persona.errors import PersonaError, error

T = TypeVar("T")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like ``name``, or None when none is near.

    Examples
    --------
    >>> nearest("singel", ["single", "multiple"])
    'single'
    """
    folded = {candidate.casefold(): candidate for candidate in known}
    matches = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return folded[matches[0]] if matches else None


class Registry(Generic[T]):
    """An ordered set of named objects of one sort.

    Parameters
    ----------
    sort : str
        What the objects are, in a researcher's word: ``"question type"``.

    Examples
    --------
    >>> shapes = Registry("shape")
    >>> shapes.register("round", 1)
    1
    >>> shapes["round"]
    1
    """

    def __init__(self, sort: str) -> None:
        self.sort = sort
        self._objects: dict[str, T] = {}

    def register(self, name: str, thing: T) -> T:
        """Keep ``thing`` under ``name``; a name can be given once."""
        if name in self._objects:
            raise ValueError(f"{self.sort} {name!r} is registered twice")
        self._objects[name] = thing
        return thing

    def __getitem__(self, name: str) -> T:
        if name not in self._objects:
            near = nearest(name, self._objects)
            raise PersonaError(
                error(
                    "name.unknown",
                    "There is no {sort} called {name!r}.",
                    found=name,
                    allowed=", ".join(self._objects),
                    remedy=f"Did you mean {near!r}?" if near else None,
                    values={"sort": self.sort, "name": name},
                )
            )
        return self._objects[name]

    def __contains__(self, name: object) -> bool:
        return name in self._objects

    def __iter__(self) -> Iterator[str]:
        return iter(self._objects)

    def __len__(self) -> int:
        return len(self._objects)

    def items(self) -> Iterator[tuple[str, T]]:
        """Names with their objects, in the order they were registered."""
        return iter(self._objects.items())
