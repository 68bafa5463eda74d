"""Answers in the codes that people give them in, as a typing model knows them."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from persona.questionnaire.variables import Measure, Variable


def in_codes(asked: pd.DataFrame, variables: Iterable[Variable]) -> pd.DataFrame:
    """Answers of a study with the text codes of its scales.

    Scales whose codes are texts (``never``, ``often``) are analysed by rank; new people answer by
    code. Other columns stay as they are.

    Parameters
    ----------
    asked : DataFrame
        ``Responses.asked``.
    variables : iterable of Variable

    Examples
    --------
    >>> from persona.questionnaire.variables import Category
    >>> how = Variable("how", "how", None, Measure.ORDINAL, {}, {}, "behaves", "usage", "basis",
    ...                "habits", (Category("never", {}), Category("often", {})))
    >>> in_codes(pd.DataFrame({"how": [2.0, 1.0, None]}), [how])["how"].tolist()
    ['often', 'never', None]
    """
    turned = {}
    for variable in variables:
        if variable.measure is not Measure.ORDINAL or variable.id not in asked.columns:
            continue
        if not any(isinstance(code, str) for code in variable.codes):
            continue
        ranks = {float(rank): code for rank, code in enumerate(variable.codes, start=1)}
        cells = [ranks.get(value) for value in asked[variable.id].tolist()]
        turned[variable.id] = pd.Series(cells, index=asked.index, dtype=object)
    return asked.assign(**turned) if turned else asked
