"""Independent pieces of work on several threads; the result does not depend on how many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

_threads: ContextVar[int] = ContextVar("threads", default=1)


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Let :func:`over` use so many threads inside."""
    token = _threads.set(max(1, count))
    try:
        yield
    finally:
        _threads.reset(token)


def over(function: Callable[[T], R], parts: Sequence[T]) -> list[R]:
    """The function of every part, in order; numpy leaves the interpreter free meanwhile."""
    count = min(_threads.get(), len(parts))
    if count < 2:
        return [function(part) for part in parts]
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(function, parts))


def slices(total: int, size: int) -> list[slice]:
    """Consecutive slices of at most ``size``."""
    return [slice(first, min(first + size, total)) for first in range(0, total, max(1, size))]
