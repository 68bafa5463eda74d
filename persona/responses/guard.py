"""Calls of the sheet reader: its failures as problems, whatever form they take."""

from __future__ import annotations

import os
import sys
from types import TracebackType

from python_calamine import CalamineError, PasswordError

from persona.errors import DataError
from persona.responses.sniff import Kind, Source, broken, encrypted


class Reader:
    """A context in which the sheet reader is called.

    On damaged ``.xls`` files the reader panics: it raises what is no ordinary exception and
    writes to the standard error stream itself. The one becomes the problem of a damaged file, the
    other is kept from the user for the time of the call.
    """

    def __init__(self, source: Source, kind: Kind) -> None:
        self.source = source
        self.kind = kind
        self._kept: int | None = None

    def __enter__(self) -> None:
        if self.kind is not Kind.XLS:
            return
        sys.stderr.flush()
        self._kept = os.dup(2)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        trouble: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._kept is not None:
            os.dup2(self._kept, 2)
            os.close(self._kept)
        if kind is None:
            return
        if issubclass(kind, PasswordError):
            raise DataError(encrypted(self.source)) from None
        panicked = kind.__name__ == "PanicException"
        if panicked or issubclass(kind, (CalamineError, OSError, ValueError)):
            raise DataError(broken(self.source)) from None
