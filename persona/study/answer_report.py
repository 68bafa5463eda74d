"""Quality, exclusions, records and weights of a run, as the report shows them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pandas as pd

from persona.report.model import (
    ExclusionChange,
    MissingCount,
    MissingPattern,
    PersonalColumn,
    Quality,
    QualityFlag,
    RecordsSummary,
    TargetRow,
    WeightSummary,
)

if TYPE_CHECKING:
    from persona.questionnaire.texts import Texts
    from persona.questionnaire.variables import Variable
    from persona.responses import MissingPicture, Responses
    from persona.study.intake import Intake

_MEANINGS = ("dont_know", "refused", "not_asked", "not_applicable", "empty", "faulty")
_MOST_CHANGES = 15


def quality_of(intake: Intake) -> Quality:
    """What came in, what was used and what was not, with every reason counted."""
    responses = intake.responses
    reasons = Counter(str(reason) for reason in responses.excluded["reason"])
    return Quality(
        rows=len(responses.frame) + len(responses.excluded),
        used=len(responses.frame),
        exclusions=tuple(sorted(reasons.items())),
        missing=_missing(responses),
        problems=responses.problems,
        platform=responses.source.platform,
        flags=_flags(intake),
        not_checked=tuple(sorted(intake.quality.not_made.items())),
        flagged=int((intake.quality.score > 0).sum()),
        proposed=len(intake.exclusion.proposed),
        excluded_by=intake.exclusion.by,
        changes=_changes(intake),
        personal=_personal(responses),
        records=_records(intake),
        missing_histogram=_histogram(intake.picture),
        missing_patterns=_patterns(intake),
    )


def _histogram(picture: MissingPicture) -> tuple[tuple[float, float, int], ...]:
    low, high, count = (picture.histogram[name].tolist() for name in ("low", "high", "count"))
    return tuple(zip(low, high, count, strict=True))


def _patterns(intake: Intake) -> tuple[MissingPattern, ...]:
    patterns = intake.picture.patterns
    columns = (patterns[name].tolist() for name in ("questions", "count", "share"))
    texts = {v.question: v.question_text for v in intake.responses.questionnaire.variables}
    found = []
    for questions, count, share in zip(*columns, strict=True):
        names = tuple(name for name in questions.split(", ") if name)
        found.append(MissingPattern(names, count, share, tuple(texts[name] for name in names)))
    return tuple(found)


def _label(variable: Variable | None, code: object) -> Texts:
    """What an answer says; its code where there is no text."""
    categories = variable.categories if variable is not None else ()
    found = next((one.text for one in categories if str(one.code) == str(code)), None)
    return found or {"": str(code)}


def _missing(responses: Responses) -> tuple[MissingCount, ...]:
    texts = {variable.id: variable.text for variable in responses.questionnaire.variables}
    return tuple(
        MissingCount(
            variable=str(name),
            text=texts[str(name)],
            answered=int(row["answered"]),
            **{meaning: int(row[meaning]) for meaning in _MEANINGS},
        )
        for name, row in responses.missing.iterrows()
        if str(name) in texts
    )


def _flags(intake: Intake) -> tuple[QualityFlag, ...]:
    """Every check that was made, the commonest flag first."""
    from persona.responses.quality import CHECKS

    found = [
        QualityFlag(
            name,
            CHECKS[name].format(speeder=intake.rules.speeder),
            count,
            intake.rules.speeder if name == "speeder" else None,
        )
        for name, count in intake.quality.counts.items()
    ]
    return tuple(sorted(found, key=lambda flag: (-flag.count, flag.check)))


def _changes(intake: Intake) -> tuple[ExclusionChange, ...]:
    """The figures that leaving out changes most."""
    changes = intake.exclusion.changes
    if not (intake.exclusion.respondents or intake.exclusion.proposed):
        return ()
    variables = _variables(intake)
    found = []
    for _, row in changes.head(_MOST_CHANGES).iterrows():
        if not row["difference"]:
            continue
        variable = variables[str(row["variable"])]
        code = None if pd.isna(row["category"]) else _code(row["category"])
        found.append(
            ExclusionChange(
                variable=variable.id,
                category=code,
                before=float(row["before"]),
                after=float(row["after"]),
                standardised=float(row["standardised"]),
                text=variable.text,
                label={} if code is None else _label(variable, code),
            )
        )
    return tuple(found)


def _variables(intake: Intake) -> dict[str, Variable]:
    return {variable.id: variable for variable in intake.responses.questionnaire.variables}


def _code(value: Any) -> int | str:
    return value if isinstance(value, str) else int(value)


def _personal(responses: Responses) -> tuple[PersonalColumn, ...]:
    return tuple(
        PersonalColumn(
            str(problem.column),
            str(problem.values["sort"]),
            int(str(problem.values["count"])),
            str(problem.found or ""),
        )
        for problem in responses.problems
        if problem.code == "personal.found"
    )


def _records(intake: Intake) -> tuple[RecordsSummary, ...]:
    return tuple(
        RecordsSummary(
            file=part.file,
            columns=part.columns,
            joined=len(part.joined),
            without=len(part.without),
            unused=len(part.unused),
        )
        for part in intake.records
    )


def weights_of(intake: Intake) -> WeightSummary:
    """Kish's (1965) design effect: deff = n sum(w^2) / (sum w)^2."""
    responses = intake.responses
    weights = responses.weights.to_numpy(dtype=float)
    n = len(weights)
    if not responses.weighted or not n:
        return WeightSummary(weighted=False, n=n, effective_n=float(n))
    deff = n * float((weights**2).sum()) / float(weights.sum()) ** 2
    variable = next(
        (v.id for v in responses.questionnaire.variables if v.measure == "weight"), None
    )
    raking = intake.raking
    return WeightSummary(
        weighted=True,
        n=n,
        variable=variable,
        deff=deff,
        effective_n=n / deff,
        efficiency=1 / deff,
        minimum=float(weights.min()),
        maximum=float(weights.max()),
        raked=raking is not None,
        converged=raking.converged if raking is not None else None,
        iterations=raking.iterations if raking is not None else None,
        trimmed=raking.trimmed if raking is not None else 0,
        targets=_targets(intake),
    )


def _targets(intake: Intake) -> tuple[TargetRow, ...]:
    if intake.raking is None:
        return ()
    variables = _variables(intake)
    found = []
    for _, row in intake.raking.margins.iterrows():
        names = str(row["margin"]).split(" * ")
        codes = str(row["level"]).split(" * ")
        known = [variables.get(name) for name in names]
        found.append(
            TargetRow(
                margin=str(row["margin"]),
                level=str(row["level"]),
                target=float(row["target"]),
                before=float(row["before"]),
                after=float(row["after"]),
                n=int(row["n"]),
                texts=tuple(
                    v.text if v else {"": name} for v, name in zip(known, names, strict=False)
                ),
                labels=tuple(_label(v, code) for v, code in zip(known, codes, strict=False)),
            )
        )
    return tuple(found)
