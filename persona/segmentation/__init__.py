"""Segments: found, weighed against the evidence, and kept the same between runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from persona.segmentation.result import Segmentation
    from persona.segmentation.segmenting import segment

__all__ = ["Segmentation", "segment"]


def __getattr__(name: str) -> Any:
    if name == "segment":
        from persona.segmentation.segmenting import segment

        return segment
    if name == "Segmentation":
        from persona.segmentation.result import Segmentation

        return Segmentation
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
