"""Put the labels of a rating scale from low to high where their words tell the order."""

from __future__ import annotations

import re
from collections.abc import Sequence

from persona.questionnaire.cells import normal

#: Known scales from low to high, as patterns of whole normalised labels; a label belongs to the
#: first that fits.
_LADDERS: tuple[tuple[str, ...], ...] = (
    (
        r"(strongly|completely|totally|fully) disagree|disagree (completely|strongly|totally)",
        r"disagree|mostly disagree",
        r"(somewhat|rather|slightly|partly) disagree|tend to disagree",
        r"neither.*|neutral|undecided|neither/nor|partly.*",
        r"(somewhat|rather|slightly|partly) agree|tend to agree",
        r"agree|mostly agree",
        r"(strongly|completely|totally|fully) agree|agree (completely|strongly|totally)",
    ),
    (
        r"not at all important|very unimportant|completely unimportant|not important( at all)?",
        r"unimportant|less important|rather unimportant|slightly important",
        r"neutral|neither.*|moderately important",
        r"somewhat important|rather important|important",
        r"very important|highly important",
        r"extremely important",
    ),
    (
        r"very unfavou?rabl[ye]",
        r"(somewhat )?unfavou?rabl[ye]",
        r"neither.*|neutral.*",
        r"(somewhat )?favou?rabl[ye]",
        r"very favou?rabl[ye]",
    ),
    (
        r"(very|extremely|completely) dissatisfied",
        r"(somewhat |rather )?dissatisfied",
        r"neither.*|neutral",
        r"(somewhat |rather )?satisfied",
        r"(very|extremely|completely) satisfied",
    ),
    (
        r"never",
        r"almost never|hardly ever|very rarely",
        r"rarely|seldom",
        r"sometimes|occasionally",
        r"often|frequently|usually",
        r"very often|almost always",
        r"always",
    ),
    (
        r"very negative",
        r"negative",
        r"neutral",
        r"positive",
        r"very positive",
    ),
    (
        r"very (bad|poor)|terrible",
        r"bad|poor",
        r"fair|average|ok(ay)?|neutral",
        r"good",
        r"very good",
        r"excellent",
    ),
    (
        r"very unlikely|extremely unlikely",
        r"(somewhat )?unlikely",
        r"neither.*|neutral",
        r"(somewhat )?likely",
        r"very likely|extremely likely",
    ),
    (
        r"zdecydowanie (się )?nie( zgadzam się)?|zdecydowanie się nie zgadzam",
        r"raczej (się )?nie( zgadzam się)?|raczej się nie zgadzam|nie( zgadzam się)?",
        r"ani tak.*|trudno powiedzieć|nie mam zdania|ani się zgadzam.*",
        r"raczej tak|raczej (się )?zgadzam( się)?|tak|zgadzam się",
        r"zdecydowanie tak|zdecydowanie (się )?zgadzam( się)?",
    ),
    (
        r"stimme (überhaupt|gar) nicht zu",
        r"stimme (eher )?nicht zu",
        r"teils.*|neutral|weder noch",
        r"stimme (eher )?zu",
        r"stimme (voll|völlig)( und ganz)? zu",
    ),
    (
        r"(helemaal|zeer|volledig) (mee )?oneens",
        r"(mee )?oneens",
        r"neutraal|niet eens.*",
        r"(mee )?eens",
        r"(helemaal|zeer|volledig) (mee )?eens",
    ),
    (
        r"(полностью|совершенно) не согласен.*",
        r"(скорее )?не согласен.*",
        r"нейтрально|затрудняюсь.*|отчасти.*",
        r"(скорее )?согласен.*",
        r"полностью согласен.*",
    ),
)


def in_order(labels: Sequence[str]) -> list[str] | None:
    """The labels from low to high; None when their words do not tell.

    Examples
    --------
    >>> in_order(["Agree", "Strongly disagree", "Neutral", "Strongly Agree", "Disagree"])
    ['Strongly disagree', 'Disagree', 'Neutral', 'Agree', 'Strongly Agree']
    >>> in_order(["Red", "Green"])
    """
    numbered = [re.match(r"\s*[(\[]?(\d+)", label) for label in labels]
    if labels and all(numbered):
        places = [int(match[1]) for match in numbered if match]
        if len(set(places)) == len(places):
            return [label for _, label in sorted(zip(places, labels, strict=True))]
    for ladder in _LADDERS:
        places = [_place(normal(label), ladder) for label in labels]
        if min(places, default=-1) >= 0 and len(set(places)) == len(places):
            return [label for _, label in sorted(zip(places, labels, strict=True))]
    return None


def _place(label: str, ladder: Sequence[str]) -> int:
    return next((n for n, rung in enumerate(ladder) if re.fullmatch(rung, label)), -1)
