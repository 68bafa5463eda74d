"""How a run tells what it is doing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol


class Progress(Protocol):
    """Told which stage runs; a stage gives a callable that takes the share done, 0 to 1."""

    def stage(self, name: str) -> AbstractContextManager[Callable[[float], None]]:
        """Run one stage."""
        ...


class Silent:
    """Progress that nobody watches."""

    def stage(self, name: str) -> AbstractContextManager[Callable[[float], None]]:
        """Run one stage without a word."""
        return nullcontext(lambda share: None)
