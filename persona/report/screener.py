"""``screener.html``: the golden questions in a browser, one file that asks for nothing outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

import persona as package
from persona import resources
from persona.report.html import own_templates, stylesheet
from persona.report.locale import Language, clean, shortened
from persona.report.sections.base import Context
from persona.report.templates import render
from persona.typing_tool.model import SCALE, TypingModel, TypingQuestion
from persona.typing_tool.tool import TypingTool


def screener_html(tool: TypingTool, context: Context, languages: Sequence[Language]) -> str:
    """The page, with every language inside.

    Parameters
    ----------
    tool : TypingTool
    context : Context
        Its theme and its language, in which the page opens.
    languages : sequence of Language
        Those of the switch.
    """
    folder = resources.root("reports")
    parts = [stylesheet(context.theme, embedded=True)]
    parts += [
        (folder / name).read_text(encoding="utf-8")
        for name in ("report.css", "screen.css", "screener.css")
    ]
    return str(
        render(
            "screener.html",
            context.language,
            own_templates(context.report),
            medium="screen",
            theme=context.theme,
            title=context.text(tool.title),
            languages=languages,
            css=Markup("\n".join(parts)),
            script=Markup((folder / "screener.js").read_text(encoding="utf-8")),
            data=screener_data(tool, context, languages),
            version=package.__version__,
            fingerprint=tool.fingerprint,
            seed=str(tool.seed),
        )
    )


def screener_data(
    tool: TypingTool, context: Context, languages: Sequence[Language]
) -> dict[str, Any]:
    """The golden model and its texts in each language, plain values alone."""
    model = tool.golden
    return {
        "model": _model(model),
        "colours": [context.colour(part.number) for part in model.segments],
        "languages": [
            {
                "code": language.code,
                "direction": language.direction,
                "words": _words(tool, language),
                "segments": [
                    shortened(language.text(part.name) or str(part.number))
                    for part in model.segments
                ],
                "questions": [_texts(question, language) for question in model.questions],
            }
            for language in languages
        ],
    }


def _model(model: TypingModel) -> dict[str, Any]:
    return {
        "constant": model.constant,
        "below": model.uncertain_below,
        "most": model.max_missing,
        "scale": SCALE,
        "questions": [
            {
                "variable": question.variable,
                "answers": [{"code": a.code, "points": a.points} for a in question.answers],
                "bands": [{"upper": band.upper, "points": band.points} for band in question.bands],
                "missing": question.missing,
                "aside": [code for code, _ in question.no_answer],
                "minimum": question.minimum,
                "maximum": question.maximum,
            }
            for question in model.questions
        ],
    }


def _texts(question: TypingQuestion, language: Language) -> dict[str, Any]:
    """What is asked, and the text of each code: those of answers, then those of no answer."""
    codes = [(answer.code, answer.text) for answer in question.answers]
    bounds = ""
    if question.minimum is not None or question.maximum is not None:
        low, high = (
            "…" if bound is None else language.plain(bound)
            for bound in (question.minimum, question.maximum)
        )
        bounds = f"{low} – {high}"
    return {
        "text": language.text(question.text),
        "above": language.text(question.question_text),
        "hint": " ".join(part for part in (bounds, clean(question.unit)) if part),
        "codes": [language.text(text) or str(code) for code, text in [*codes, *question.no_answer]],
    }


def _words(tool: TypingTool, language: Language) -> dict[str, str]:
    """What the page itself says."""
    say = language.gettext
    return {
        "study": language.text(tool.title),
        "title": say("Which segment?"),
        "intro": say(
            "Answer the questions; the segment appears beside them. Nothing is stored and "
            "nothing is sent."
        ),
        "skip": say("Skip to the content"),
        "language": say("Language"),
        "dark": say("Dark"),
        "result": say("Result"),
        "segment": say("Segment"),
        "again": say("Start again"),
        "copy": say("Copy the result"),
        "copied": say("Copied"),
        "print": say("Print"),
        "clear": say("clear"),
        "uncertain": say("uncertain: another segment is nearly as likely"),
        "uncertain_count": say("of those placed, uncertain"),
        "not_placed": say("not placed: too many questions are unanswered"),
        "nothing": say("No question is answered yet."),
        "second": say("Second candidate"),
        "missing": say("Questions missing"),
        "no_answer": say("no answer"),
        "not_allowed": say("not among the allowed answers"),
        "many": say("Many people"),
        "many_how": say(
            "Open a CSV file with a column for each question, in codes or texts. It is read "
            "here; nothing leaves this machine."
        ),
        "columns": say("Columns"),
        "file": say("CSV file"),
        "save": say("Save the results"),
        "absent": say("The file lacks these columns"),
        "unreadable": say("The file holds no table of answers."),
    }
