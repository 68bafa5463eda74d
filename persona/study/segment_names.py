"""What segments that a rule makes are called, in each language of the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from persona.questionnaire.texts import Texts
from persona.questionnaire.variables import Variable
from persona.study.segment_options import WayOptions

if TYPE_CHECKING:
    from persona.segmentation import Segmentation

SHORT = 30
"""Characters of a question's text up to which it stands in the names of its bands."""
WORDS: Mapping[str, Texts] = {
    "others": {"en": "Others", "pl": "Pozostali", "ru": "Остальные", "nl": "Overigen"},
    "champions": {
        "en": "Champions",
        "pl": "Najlepsi klienci",
        "ru": "Лучшие клиенты",
        "nl": "Topklanten",
    },
    "loyal": {
        "en": "Loyal customers",
        "pl": "Lojalni klienci",
        "ru": "Лояльные клиенты",
        "nl": "Trouwe klanten",
    },
    "promising": {
        "en": "Promising customers",
        "pl": "Obiecujący klienci",
        "ru": "Перспективные клиенты",
        "nl": "Veelbelovende klanten",
    },
    "at risk": {
        "en": "Customers at risk",
        "pl": "Zagrożeni odejściem",
        "ru": "Клиенты под угрозой ухода",
        "nl": "Klanten die dreigen te vertrekken",
    },
    "lapsed": {
        "en": "Lapsed customers",
        "pl": "Utraceni klienci",
        "ru": "Ушедшие клиенты",
        "nl": "Verloren klanten",
    },
    "A": {"en": "A customers", "pl": "Klienci A", "ru": "Клиенты A", "nl": "A-klanten"},
    "B": {"en": "B customers", "pl": "Klienci B", "ru": "Клиенты B", "nl": "B-klanten"},
    "C": {"en": "C customers", "pl": "Klienci C", "ru": "Клиенты C", "nl": "C-klanten"},
}


def names_by_rule(
    found: Segmentation,
    way: WayOptions,
    variables: Sequence[Variable],
    languages: Sequence[str],
    frame: pd.DataFrame,
) -> dict[int, Texts]:
    """Segment to its name: the user's own of a rule, ranges of bands, words of the others."""
    if getattr(way, "method", None) == "bands":
        whole = bool((frame.iloc[:, 0].dropna() % 1 == 0).all())
        return _bands(found.tables["limits"], variables[0], languages, whole)
    own = {next(iter(rule.name.values())): rule.name for rule in way.rules}
    return {
        number: own.get(title) or {code: _word(title, code) for code in languages}
        for number, title in found.names.items()
    }


def _word(title: str, language: str) -> str:
    texts = WORDS.get(title, {})
    return texts.get(language) or texts.get("en", title)


def _bands(
    limits: pd.DataFrame, variable: Variable, languages: Sequence[str], whole: bool
) -> dict[int, Texts]:
    """``Age < 30 years``: the question's text where it is short, and the range with its unit."""
    cuts = limits[["low", "high"]].to_numpy(dtype=np.float64)
    whole = whole and bool((cuts[~np.isnan(cuts)] % 1 == 0).all())
    return {
        int(number): {
            code: _band(float(low), float(high), variable, code, whole) for code in languages
        }
        for number, (low, high) in zip(limits["segment"], cuts, strict=True)
    }


def _band(low: float, high: float, variable: Variable, language: str, whole: bool) -> str:
    from babel.numbers import format_decimal

    def number(value: float) -> str:
        return str(format_decimal(value, locale=language))

    if np.isnan(low) and np.isnan(high):
        words = "–"
    elif np.isnan(low):
        words = f"< {number(high)}"
    elif np.isnan(high):
        words = f"≥ {number(low)}"
    else:
        words = f"{number(low)} – {number(high - 1 if whole else high)}"
        if whole and high - 1 == low:
            words = number(low)
    text = variable.text.get(language) or next(iter(variable.text.values()), "")
    before = f"{text.rstrip('?:. ')} " if 0 < len(text) <= SHORT and text[-1] != "?" else ""
    return f"{before}{words}{f' {variable.unit}' if variable.unit else ''}"
