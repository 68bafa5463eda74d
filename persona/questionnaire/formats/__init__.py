"""Formats that questionnaires come in from and go out to, one a file.

A reader takes a path and gives a :class:`~persona.questionnaire.formats.drafting.Draft`; it is
registered by the endings of the files it reads.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from persona.questionnaire.formats import lss, lstsv, qsf, surveyjs, xlsform
from persona.questionnaire.formats.drafting import Draft
from persona.registry import Registry

Reader: TypeAlias = Callable[[Path], Draft]

READERS: Registry[Reader] = Registry("questionnaire format")
for _suffixes, _reader in (
    ((".xlsx", ".xls", ".ods", ".csv"), xlsform.read),
    ((".txt", ".tsv"), lstsv.read),
    ((".lss",), lss.read),
    ((".json",), surveyjs.read),
    ((".qsf",), qsf.read),
):
    for _suffix in _suffixes:
        READERS.register(_suffix, _reader)


def foreign_format(path: Path) -> Reader | None:
    """What reads a file that is not YAML; None for YAML."""
    suffix = path.suffix.lower()
    return READERS[suffix] if suffix in READERS else None
