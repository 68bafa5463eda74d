"""Leave respondents out for the quality of their answers, as the study decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from persona.errors import DataError, Problem, error, warning
from persona.registry import nearest
from persona.responses import Quality, QualityRules, Responses, effect_of_exclusion

if TYPE_CHECKING:
    from persona.study.study import Study

#: Why respondents are left out, as the list of those excluded says it.
CARELESS = "careless answers"
NAMED = "left out by the study"


@dataclass(frozen=True)
class Exclusion:
    """Who is left out for the quality of their answers, and what that changes.

    Parameters
    ----------
    by : "none", "proposed" or "named"
    respondents : tuple of str
        Those left out.
    proposed : tuple of str
        Those that the rules propose.
    changes : DataFrame
        Of leaving out those left out, or those proposed while nobody is: see
        :func:`persona.responses.effect_of_exclusion`.
    """

    by: str
    respondents: tuple[str, ...]
    proposed: tuple[str, ...]
    changes: pd.DataFrame


def rules_of(study: Study) -> QualityRules:
    """When a respondent is flagged, as the study says."""
    options = study.file.quality.model_dump(exclude={"exclude", "skip"})
    return QualityRules(**options, skip=frozenset(study.file.quality.skip))


def said_by_checks(quality: Quality, *, decided: bool) -> Iterable[Problem]:
    """What the checks say; the proposal only while nothing is decided."""
    for problem in quality.warnings:
        if problem.code != "quality.proposed":
            yield problem
        elif not decided:
            yield replace(
                problem,
                remedy="Look at them in respondents.xlsx, which persona import writes; then write "
                "`quality: {exclude: proposed}` in the study file, or list their ids there.",
            )


def excluded(
    study: Study, responses: Responses, quality: Quality
) -> tuple[Exclusion, Responses, tuple[Problem, ...]]:
    """Leave out whom the study leaves out, and say what that changes."""
    wanted = study.file.quality.exclude
    proposed = tuple(map(str, quality.proposed["respondent"]))
    if wanted == "none":
        nobody = Exclusion("none", (), proposed, effect_of_exclusion(responses, proposed))
        return nobody, responses, ()
    leaving = proposed if wanted == "proposed" else tuple(wanted)
    by, reason = ("proposed", CARELESS) if wanted == "proposed" else ("named", NAMED)
    unknown = [name for name in leaving if name not in responses.frame.index]
    if unknown:
        said = tuple(_unknown(name, responses, study) for name in unknown)
        return _excluded_nobody(responses, proposed, by), responses, said
    if not leaving:
        return _excluded_nobody(responses, proposed, by), responses, ()
    try:
        kept = responses.exclude(leaving, reason)
    except DataError as trouble:
        return _excluded_nobody(responses, proposed, by), responses, trouble.problems
    changes = effect_of_exclusion(responses, leaving)
    found = Exclusion(by, leaving, proposed, changes)
    return found, kept, (_left_out_problem(study, found, len(responses.frame)),)


def _excluded_nobody(responses: Responses, proposed: tuple[str, ...], by: str) -> Exclusion:
    return Exclusion(by, (), proposed, effect_of_exclusion(responses, proposed))


def _unknown(name: str, responses: Responses, study: Study) -> Problem:
    near = nearest(name, list(map(str, responses.frame.index)))
    return error(
        "respondent.unknown",
        "The study leaves out the respondent {name!r}, who is not among the answers.",
        file=study.path.name,
        found=name,
        remedy=f"Did you mean {near!r}?"
        if near
        else "Use the ids of the answers; put those with leading zeros in quotes.",
        values={"name": name},
    )


def _left_out_problem(study: Study, found: Exclusion, n: int) -> Problem:
    """How many are left out, and the figure that this changes most."""
    largest = found.changes.iloc[0] if len(found.changes) else None
    what = str(largest["variable"]) if largest is not None else "-"
    if largest is not None and not pd.isna(largest["category"]):
        what += f" = {largest['category']}"
    values = {
        "count": len(found.respondents),
        "n": n,
        "what": what,
        "before": float(largest["before"]) if largest is not None else 0.0,
        "after": float(largest["after"]) if largest is not None else 0.0,
    }
    place = {"file": study.file.answers.file, "values": values}
    if found.by == "proposed":
        return warning(
            "quality.excluded",
            "{count} of {n} respondents are left out for careless answers; the largest change is "
            "{what}, from {before:.2f} to {after:.2f}.",
            **place,
        )
    return warning(
        "quality.excluded",
        "{count} of {n} respondents are left out because the study names them; the largest "
        "change is {what}, from {before:.2f} to {after:.2f}.",
        **place,
    )
