"""Single figures of a report, saved as SVG or PNG for slides and papers of one's own."""

from __future__ import annotations

from pathlib import Path

from persona.errors import OutputError, error
from persona.registry import nearest
from persona.report import theme as themes
from persona.report.charts.canvas import Chart, as_png
from persona.report.model import StudyReport
from persona.report.sections import Context
from persona.report.sections.factors import build as factors
from persona.report.sections.maps import build as maps
from persona.report.sections.opportunities import build as opportunities
from persona.report.sections.scorecard import build as scorecard
from persona.report.sections.segment_evidence import build as evidence
from persona.report.sections.segments import build as segments
from persona.report.sections.typing_questions import build as typing_questions
from persona.report.sections.value import build as value
from persona.report.write import languages_of

SUFFIXES = (".svg", ".png")


def figures(context: Context) -> dict[str, Chart]:
    """Every chart of the report by name, in its order."""
    builders = (
        *(segments, evidence, value, opportunities, scorecard),
        *(typing_questions, factors, maps),
    )
    for build in builders:
        build(context)
    return dict(context.charts)


def figure_names(report: StudyReport) -> tuple[str, ...]:
    """The names of every figure that :func:`save_figure` can save, in their order."""
    languages, _ = languages_of(report)
    return tuple(figures(Context(report, languages[0], themes.load(report.theme), "print")))


def check_suffix(path: Path) -> None:
    """Raise an OutputError unless the path ends in ``.svg`` or ``.png``."""
    if path.suffix.lower() not in SUFFIXES:
        raise OutputError(
            error(
                "figure.suffix",
                "A figure is saved as .svg or .png.",
                file=str(path),
                found=path.suffix,
                allowed=", ".join(SUFFIXES),
            )
        )


def save_figure(report: StudyReport, name: str, path: Path, *, language: str | None = None) -> Path:
    """Save one figure of the report.

    Parameters
    ----------
    name : str
        ``"segment-sizes"``, ``"segment-stability"``, ``"segment-map"``, ``"segment-profile"``,
        ``"segment-agreement"``, ``"segment-gain"``, ``"segment-lineage"``,
        ``"segment-certainty"``, ``"segment-silhouette"``, ``"segment-separation"``, ``"map-ID"``,
        ``"factor-loadings-BATTERY"`` or ``"factor-scree-BATTERY"``.
    path : Path
        Ends in ``.svg`` or ``.png``.
    language : str, optional
        One of the report's; the first by default.

    Raises
    ------
    OutputError
        When there is no such figure, the ending is another, or the study lacks the language.
    """
    path = Path(path)
    check_suffix(path)
    languages, _ = languages_of(report)
    spoken = next((one for one in languages if language in (None, one.code)), None)
    if spoken is None:
        raise OutputError(
            error(
                "figure.language",
                "The study is not in the language {language!r}.",
                found=language,
                allowed=", ".join(one.code for one in languages),
                values={"language": language},
            )
        )
    context = Context(report, spoken, themes.load(report.theme), "print")
    known = figures(context)
    if name not in known:
        near = nearest(name, known)
        raise OutputError(
            error(
                "figure.unknown",
                "There is no figure called {name!r}.",
                found=name,
                allowed=", ".join(known),
                remedy=f"Did you mean {near!r}?" if near else None,
                values={"name": name},
            )
        )
    chart = known[name]
    if path.suffix.lower() == ".png":
        content = as_png(chart, context.theme)
    else:
        head = '<?xml version="1.0" encoding="utf-8"?>\n'
        svg = chart.svg.replace("<svg ", '<svg xmlns:xlink="http://www.w3.org/1999/xlink" ', 1)
        content = (head + svg).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
