"""Segments: found, weighed against the evidence, and kept the same between runs."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from persona.segmentation.result import Segmentation
    from persona.segmentation.segmenting import segment

__all__ = ["Segmentation", "segment"]

_HOMES = {"Segmentation": "result", "segment": "segmenting"}


def __getattr__(name: str) -> Any:
    """Import numpy and pandas only when a segmentation is wanted."""
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
