"""Show in the terminal which stage is running and how long each one took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class TerminalProgress:
    """A line a stage: a moving bar while it runs, its time when it is done.

    Where the output is no terminal (a log, a pipe) only the finished lines are printed.
    """

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def stage(self, name: str) -> Iterator[Callable[[float], None]]:
        """Run one stage; the callable takes the share done, 0 to 1."""
        began = time.perf_counter()
        bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        with bar:
            task = bar.add_task(name, total=None)

            def advance(share: float) -> None:
                bar.update(task, total=1.0, completed=share)

            yield advance
        self._console.print(
            f"  {name:<44} {time.perf_counter() - began:6.1f} s", highlight=False, markup=False
        )
