"""Groups of a plain frame described by what each has more and less of than chance allows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from persona.profiling.group_tests import mean_test
from persona.profiling.significance import table_test, two_sided
from persona.profiling.weighting import require_columns

UNANSWERED = "NA"


@dataclass(frozen=True, eq=False)
class GroupDescription:
    """What sets the groups of a frame apart, each group's most telling answers first.

    Attributes
    ----------
    categories : DataFrame
        Rows (group, variable, category): ``of_category`` percent of those with the answer who
        are in the group, ``of_group`` percent of the group with the answer, ``overall`` percent,
        ``p_value`` and ``v_test``.
    means : DataFrame
        Rows (group, variable): ``mean`` and ``standard_deviation`` in the group and overall,
        ``p_value``, ``v_test``.
    questions : DataFrame
        A row a categorical variable: chi-square's ``p_value`` and ``degrees``.
    variables : DataFrame
        A row a numeric variable: ``eta_squared`` and ``p_value`` of the analysis of variance.
    """

    categories: pd.DataFrame
    means: pd.DataFrame
    questions: pd.DataFrame
    variables: pd.DataFrame


def describe_groups(frame: pd.DataFrame, groups: str) -> GroupDescription:
    """Test every answer and every mean of every group against chance.

    A category is tested by the hypergeometric distribution with half of the probability of the
    count itself (mid-p), a mean by the spread of means of groups drawn without replacement; the
    v-test is the standard normal deviate with the same p (Lebart, Morineau & Piron 1995).

    Parameters
    ----------
    frame : DataFrame
        Text and categorical columns are categories (an empty cell is the category ``NA``), the
        others numbers.
    groups : str
        Column with the group of each row; rows without one are left out.

    Examples
    --------
    >>> people = pd.DataFrame({"g": ["a"] * 5 + ["b"] * 5, "x": ["y"] * 5 + ["n"] * 5})
    >>> found = describe_groups(people, "g").categories
    >>> float(found.loc[("a", "x", "y"), "of_group"])
    100.0
    """
    require_columns(frame, [groups])
    kept = frame[frame[groups].notna()]
    own = kept[groups].astype(str)
    columns = [str(name) for name in frame.columns if name != groups]
    numeric = [
        name
        for name in columns
        if pd.api.types.is_numeric_dtype(kept[name])
        and not isinstance(kept[name].dtype, pd.CategoricalDtype)
    ]
    texts = [name for name in columns if name not in numeric]
    categories = [_categories(name, kept[name], own) for name in texts]
    means = [_means(name, kept[name].astype(float), own) for name in numeric]
    return GroupDescription(
        _ranked(categories, ["group", "variable", "category"]),
        _ranked(means, ["group", "variable"]),
        pd.DataFrame(
            [_question(name, kept[name], own) for name in texts],
            columns=["variable", "p_value", "degrees"],
        ).set_index("variable"),
        pd.DataFrame(
            [_variable(name, kept[name].astype(float), own) for name in numeric],
            columns=["variable", "eta_squared", "p_value"],
        ).set_index("variable"),
    )


def _ranked(parts: list[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame(columns=[*keys, "p_value", "v_test"]).set_index(keys)
    joined = pd.concat(parts, ignore_index=True)
    order = joined.sort_values([keys[0], "v_test"], ascending=[True, False], kind="stable")
    return order.set_index(keys)


def _counts(answers: pd.Series[str], groups: pd.Series[str]) -> pd.DataFrame:
    given = answers.astype(object).where(answers.notna(), UNANSWERED).astype(str)
    return pd.crosstab(given, groups)


def _categories(name: str, answers: pd.Series[str], groups: pd.Series[str]) -> pd.DataFrame:
    from scipy.stats import hypergeom

    counts = _counts(answers, groups)
    x = counts.to_numpy(dtype=np.float64)
    n, with_answer, in_group = x.sum(), x.sum(1, keepdims=True), x.sum(0, keepdims=True)
    upper = hypergeom.sf(x - 1, n, with_answer, in_group)
    lower = hypergeom.cdf(x, n, with_answer, in_group)
    p = np.minimum(2 * np.minimum(upper, lower) - hypergeom.pmf(x, n, with_answer, in_group), 1.0)
    of_group, overall = 100 * x / in_group, 100 * with_answer / n
    sign = np.where(of_group > overall, 1.0, -1.0)
    cells = {
        "of_category": 100 * x / with_answer,
        "of_group": of_group,
        "overall": np.broadcast_to(overall, x.shape),
        "p_value": p,
        "v_test": sign * -special.ndtri(p / 2),
    }
    rows = [(group, name, answer) for answer in counts.index for group in counts.columns]
    table = pd.DataFrame(rows, columns=["group", "variable", "category"])
    return table.assign(**{key: values.ravel() for key, values in cells.items()})


def _means(name: str, values: pd.Series[float], groups: pd.Series[str]) -> pd.DataFrame:
    known = values.notna()
    y, own = values[known], groups[known]
    n, overall, spread = len(y), float(y.mean()), float(y.std(ddof=0))
    grouped = y.groupby(own)
    size, mean, deviation = grouped.count(), grouped.mean(), grouped.std(ddof=0)
    error = np.sqrt(spread**2 / size * (n - size) / (n - 1))
    v = np.asarray((mean - overall) / error, dtype=np.float64)
    return pd.DataFrame(
        {
            "group": mean.index,
            "variable": name,
            "mean": mean.to_numpy(),
            "standard_deviation": deviation.to_numpy(),
            "mean_overall": overall,
            "standard_deviation_overall": spread,
            "p_value": two_sided(v),
            "v_test": v,
        }
    )


def _question(
    name: str, answers: pd.Series[str], groups: pd.Series[str]
) -> tuple[str, float | None, float | None]:
    test = table_test(_counts(answers, groups).to_numpy(dtype=np.float64))
    return (name, test.p_value, float(test.degrees)) if test else (name, None, None)


def _variable(
    name: str, values: pd.Series[float], groups: pd.Series[str]
) -> tuple[str, float, float]:
    test = mean_test(values, groups)
    return name, test.eta_squared, test.p_value
