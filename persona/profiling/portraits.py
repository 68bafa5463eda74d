"""One persona a segment: what it says, what it is called, who of it wrote what, how sure it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import Problem, note, warning
from persona.profiling.aspects import aspects_of
from persona.profiling.naming import propose
from persona.profiling.persona import BLOCKS, NameProposal, Persona, Statement
from persona.profiling.quotes import quotes_of
from persona.profiling.result import Profile, SegmentSize, Texts
from persona.profiling.significance import Array
from persona.profiling.slugs import slugs
from persona.profiling.statements import statements_of
from persona.profiling.traits import headline, prevalence, trait
from persona.profiling.typical import by_typicality, typical_answers

if TYPE_CHECKING:
    from persona.questionnaire import Questionnaire
    from persona.responses import Responses
    from persona.segmentation import Segmentation

FEWEST_RESPONDENTS = 60
SMALLEST_SHARE = 0.05
STABLE = 0.6
CERTAIN = 0.7


@dataclass(frozen=True)
class _Study:
    """What every persona is drawn from."""

    questionnaire: Questionnaire
    asked: pd.DataFrame
    frame: pd.DataFrame
    weights: Array
    labels: NDArray[np.intp]
    segmentation: Segmentation
    profile: Profile


def personas(
    responses: Responses,
    segmentation: Segmentation,
    profile: Profile,
    *,
    names: Mapping[int, str | Texts] | None = None,
    quotes: bool = True,
) -> tuple[Persona, ...]:
    """Draw one persona a segment from its profile.

    Parameters
    ----------
    responses : Responses
    segmentation : Segmentation
    profile : Profile
        Of the same responses and segmentation.
    names : mapping, optional
        Segment to the name the user gave it, one text or one a language; the others get names
        proposed from what sets them apart.
    quotes : bool
        Whether verbatims may be shown.
    """
    labels = segmentation.labels.reindex(responses.asked.index)
    kept = labels.notna() & (responses.weights.reindex(labels.index).fillna(0) > 0)
    index = labels.index[kept.to_numpy()]
    study = _Study(
        responses.questionnaire,
        responses.asked.loc[index],
        responses.frame.loc[index],
        np.asarray(responses.weights.loc[index], dtype=np.float64),
        np.asarray(labels.loc[index], dtype=np.intp),
        segmentation,
        profile,
    )
    said = {
        size.segment: statements_of(size.segment, profile, study.questionnaire, study.asked)
        for size in profile.segments
    }
    languages = study.questionnaire.languages
    proposals = propose(said, languages)
    given = {segment: _texts(name, languages) for segment, name in (names or {}).items()}
    called = {segment: given.get(segment) or proposals[segment].texts for segment in said}
    files = slugs({segment: texts[languages[0]] for segment, texts in called.items()})
    return tuple(
        _persona(
            study,
            size,
            said[size.segment],
            proposals[size.segment],
            given.get(size.segment),
            files[size.segment],
            quotes,
        )
        for size in profile.segments
    )


def _texts(name: str | Texts, languages: Sequence[str]) -> dict[str, str]:
    """A user's name in every language; where one is missing, the first given stands in."""
    if isinstance(name, str):
        return dict.fromkeys(languages, name) if name.strip() else {}
    given = {language: text for language, text in name.items() if text and text.strip()}
    if not given:
        return {}
    first = given.get(languages[0]) or next(iter(given.values()))
    return {language: given.get(language, first) for language in languages} | given


def _persona(
    study: _Study,
    size: SegmentSize,
    statements: tuple[Statement, ...],
    proposal: NameProposal,
    given: Mapping[str, str] | None,
    slug: str,
    quotes: bool,
) -> Persona:
    segment, suppress = size.segment, study.profile.suppress_below
    rows = np.flatnonzero(study.labels == segment)
    shown = headline(statements)
    traits = _traits(shown, study)[rows]
    ordered = by_typicality(segment, rows, study.frame, study.segmentation, traits)
    asked = _asked(study.profile)
    stability = _stability(segment, study.segmentation)
    certainty = _certainty(segment, rows, study)
    shown_quotes = quotes and len(rows) >= max(suppress, 1)
    return Persona(
        segment=segment,
        name=given or proposal.texts,
        proposed_name=proposal.texts,
        named_by_user=bool(given),
        slug=slug,
        size=size,
        statements=statements,
        asked=asked,
        not_asked=tuple(block for block in BLOCKS if not asked[block]),
        quotes=quotes_of(ordered, study.asked, study.questionnaire, suppress)
        if shown_quotes
        else (),
        prevalence=prevalence(shown, traits, study.weights[rows], suppress),
        stability=stability,
        certainty=certainty,
        verdict=str(study.segmentation.verdict),
        proposal=proposal,
        typical=typical_answers(ordered, statements, study.asked, study.questionnaire, suppress),
        aspects=aspects_of(segment, study.profile, study.questionnaire),
        warnings=tuple(_warnings(size, statements, stability, certainty)),
    )


def _traits(statements: Sequence[Statement], study: _Study) -> Array:
    columns = [trait(one, study.questionnaire, study.asked) for one in statements]
    return np.column_stack(columns) if columns else np.zeros((len(study.labels), 0))


def _asked(profile: Profile) -> dict[str, bool]:
    """Whether anybody answered a question of the block."""
    answered = {question.block for question in profile.questions if question.base > 0}
    return {block: block in answered for block in BLOCKS}


def _stability(segment: int, segmentation: Segmentation) -> float | None:
    found = segmentation.stability.segments
    if segment not in found.index or "jaccard" not in found.columns:
        return None
    value = float(np.asarray(found["jaccard"].loc[segment], dtype=np.float64))
    return None if np.isnan(value) else value


def _certainty(segment: int, rows: NDArray[np.intp], study: _Study) -> float | None:
    """Mean probability of membership of the members, weighted."""
    if not len(rows):
        return None
    own = study.segmentation.probabilities.loc[study.asked.index[rows], segment]
    numbers = np.asarray(own, dtype=np.float64)
    known = ~np.isnan(numbers)
    weights = study.weights[rows][known]
    return float((numbers[known] * weights).sum() / weights.sum()) if known.any() else None


def _warnings(
    size: SegmentSize,
    statements: Sequence[Statement],
    stability: float | None,
    certainty: float | None,
) -> list[Problem]:
    problems: list[Problem] = []
    values = {"segment": size.segment}
    if size.n < FEWEST_RESPONDENTS:
        problems.append(
            warning(
                "persona.small",
                "Segment {segment} rests on {n} respondents; at least {least} are advised.",
                values=values | {"n": size.n, "least": FEWEST_RESPONDENTS},
            )
        )
    if size.share < SMALLEST_SHARE:
        problems.append(
            warning(
                "persona.share",
                "Segment {segment} is {percent:.1f} % of all; below 5 % few segments are worth "
                "addressing.",
                values=values | {"percent": 100 * size.share},
            )
        )
    if stability is not None and stability < STABLE:
        problems.append(
            warning(
                "persona.unstable",
                "Segment {segment} is not found again reliably (Jaccard {jaccard:.2f}, below "
                "{least}); do not build on it (Hennig 2007).",
                values=values | {"jaccard": stability, "least": STABLE},
            )
        )
    if certainty is not None and certainty < CERTAIN:
        problems.append(
            warning(
                "persona.uncertain",
                "Members of segment {segment} belong to it with a mean probability of "
                "{probability:.2f}, below {least}.",
                values=values | {"probability": certainty, "least": CERTAIN},
            )
        )
    if not any(statement.weight > 0 for statement in statements):
        problems.append(
            note(
                "persona.nothing_apart",
                "Nothing that was asked sets segment {segment} apart from the others.",
                values=values,
            )
        )
    return problems
