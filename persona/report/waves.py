"""Write the files of a study's waves, and say their advice in a few lines."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pandas as pd

import persona as package
from persona.errors import Problem, warning
from persona.report import locale
from persona.report import theme as themes
from persona.report.data import as_json, safe
from persona.report.folders import MANIFEST, fill, refuse_file, save
from persona.report.locale import Language
from persona.report.pdf import engine
from persona.report.theme import Theme
from persona.report.waves_model import WavesContext, WavesReport
from persona.report.waves_page import waves_html, waves_pdf
from persona.report.waves_words import ADVICE, cautions, reasons
from persona.report.waves_workbook import waves_workbook
from persona.report.write import Written, known_languages

__all__ = ["WavesReport", "advice_lines", "write_waves"]


def write_waves(report: WavesReport, out: Path) -> Written:
    """Write ``waves.html``, PDF, tables, figures and the lists of respondents into ``out``.

    Raises
    ------
    OutputError
        When a file is locked, the disk is full or ``out`` is a file; ``out`` is as it was.
    """
    refuse_file(out)
    theme = themes.load(report.theme)
    languages, missing = known_languages(report.languages)
    problems = (*theme.problems, *missing, *(() if engine() else (_no_engine(),)))

    def write(folder: Path) -> list[str]:
        made: dict[str, bytes] = {}
        for name, make in _makers(report, languages, theme):
            content = make()
            made[name] = content.encode() if isinstance(content, str) else content
            save(folder / name, made[name])
        save(folder / MANIFEST, _manifest(report, made))
        return [*made, MANIFEST]

    names = fill(out, write)
    return Written(tuple(out / name for name in names), problems)


def _makers(
    report: WavesReport, languages: tuple[Language, ...], theme: Theme
) -> Iterator[tuple[str, Callable[[], bytes | str]]]:
    """Each file with the function that makes it."""
    contexts = [WavesContext(report, language, theme) for language in languages]
    yield "waves.html", partial(waves_html, contexts)
    for context in contexts:
        folder = "" if context is contexts[0] else f"{context.language.code}/"
        if engine() is not None:
            yield f"{folder}waves.pdf", partial(waves_pdf, context)
    yield "waves.xlsx", partial(waves_workbook, contexts[0])
    yield "waves.json", partial(_figures, report)
    for wave, table in report.lists.items():
        yield f"segments_{wave}.csv", partial(placed_csv, table)


def _figures(report: WavesReport) -> bytes:
    """Every number behind the page; respondents' own rows are left out."""
    return as_json(
        {
            "study": report.id,
            "title": report.title,
            "run": report.tracking.fingerprint,
            "advice": report.tracking.advice.word,
            **{
                key: getattr(report.tracking, key)
                for key in (
                    *("kind", "asked", "names", "agreement", "expected_uncertain"),
                    *("statements", "waves"),
                )
            },
            "problems": report.problems,
        }
    )


def _manifest(report: WavesReport, files: dict[str, bytes]) -> bytes:
    return as_json(
        {
            "study": report.id,
            "run": report.tracking.fingerprint,
            "persona": package.__version__,
            **report.manifest,
            "outputs": {
                name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())
            },
        }
    )


def placed_csv(table: pd.DataFrame) -> bytes:
    """Respondent, segment, second, probability, uncertain, missing: one line a respondent.

    Those not placed keep their line with empty cells and the questions they left out.
    """
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(["respondent", "segment", "second", "probability", "uncertain", "missing"])
    columns = (table[name].tolist() for name in ("segment", "second", "probability"))
    rows = zip(table.index, *columns, table["uncertain"], table["missing"], strict=True)
    for respondent, segment, second, probability, uncertain, missing in rows:
        placed = not pd.isna(segment)
        writer.writerow(
            [
                safe(str(respondent)),
                int(segment) if placed else "",
                int(second) if placed and not pd.isna(second) else "",
                f"{probability:.6f}" if placed else "",
                int(uncertain),
                int(missing),
            ]
        )
    return target.getvalue().encode()


def advice_lines(report: WavesReport) -> tuple[str, ...]:
    """The advice of each wave with its reasons, in English, for the terminal."""
    shown = WavesContext(report, locale.load("en"), themes.load(report.theme))
    lines = []
    for wave in report.tracking.waves[1:]:
        word = ADVICE[wave.advice.word] if wave.advice else ADVICE["keep"]
        lines.append(f"{shown.wave(wave)}: {wave.placed} of {wave.n} respondents placed. {word}.")
        lines += [f"  - {text}" for text in reasons(wave, shown)]
        lines += [f"  ! {text}" for text in cautions(wave, shown)]
    return tuple(lines)


def _no_engine() -> Problem:
    return warning(
        "pdf.no_engine",
        "No PDF was written: there is nothing on this machine that makes one.",
        remedy="Open waves.html in a browser and print it, or install plutoprint.",
    )
