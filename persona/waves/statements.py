"""Which statements of the personas a wave still bears out, by the grammar they were made with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from persona.profiling import profile
from persona.profiling.forms import ALIKE, HARDLY_ANY, MOST, SMALL_EFFECT, form_of
from persona.profiling.persona import Form, Statement
from persona.profiling.result import Cell, Profile, QuestionProfile, Row
from persona.profiling.significance import Z_95, Correction, two_sided
from persona.waves.model import Change, Standing, StatementInWave
from persona.waves.placed import Grouping, PlacedWave, variables_asked
from persona.waves.sizes import corrected, share_changes

_SHARES = ("percent", "top_box", "bottom_box")
_UP = frozenset({Form.MOST_AND_MORE, Form.MORE_THAN_OTHERS, Form.HIGHER_MEAN})
_DOWN = frozenset({Form.LESS_THAN_OTHERS, Form.LOWER_MEAN})
KEPT = 0.5
"""Part of the difference from the others that has to be left of a weaker statement."""


@dataclass(frozen=True)
class Grammar:
    """How the study tested its tables, so that a wave is tested alike."""

    correction: Correction
    suppress_below: int
    basis: tuple[str, ...]


@dataclass(frozen=True)
class _Figure:
    """What the grammar says of one figure: its cell, its form (None: nothing), its row."""

    row: Row
    cell: Cell
    form: Form | None


def profile_of(wave: PlacedWave, grammar: Grammar) -> Profile:
    """Every question of a wave by the segments its people were placed in."""
    return profile(
        wave.responses,
        Grouping(wave.series, wave.k),
        correction=grammar.correction,
        suppress_below=grammar.suppress_below,
        basis=grammar.basis,
    )


def standings(
    statements: Mapping[int, Sequence[Statement]],
    first: Profile,
    later: Profile,
    wave: PlacedWave,
) -> tuple[StatementInWave, ...]:
    """Every statement of every persona in a wave.

    Parameters
    ----------
    statements : mapping of segment to statements
        As the study reported them.
    first, later : Profile
        Of the first wave and of this one, both by the segments people were placed in.
    wave : PlacedWave
        This one, for what it asked.
    """
    asked = variables_asked(wave.responses)
    rows = [_by_name(profile) for profile in (first, later)]
    found = []
    for segment, said in statements.items():
        for statement in said:
            before = _figure(statement, segment, rows[0], max(first.levels))
            now = (
                _figure(statement, segment, rows[1], max(later.levels))
                if statement.evidence.variable in asked
                else None
            )
            found.append(_one(statement, segment, before, now))
    tested = [i for i, one in enumerate(found) if one.change is not None]
    changes = corrected(tuple(one.change for one in found if one.change is not None))
    for place, change in zip(tested, changes, strict=True):
        found[place] = replace(found[place], change=change)
    return tuple(found)


_Rows = Mapping[tuple[str, str, int | str | None], tuple[QuestionProfile, Row]]


def _by_name(profile: Profile) -> _Rows:
    return {
        (row.variable, row.statistic, row.category): (question, row)
        for question in profile.questions
        for row in question.rows
    }


def _figure(statement: Statement, segment: int, rows: _Rows, level: float) -> _Figure | None:
    evidence = statement.evidence
    found = rows.get((evidence.variable, evidence.statistic, evidence.category))
    if found is None:
        return None
    question, row = found
    cell = row.cells[segment - 1]
    form = form_of(row, cell, tested=question.tested, level=level)
    return _Figure(row, cell, form.form if form else None)


def _one(
    statement: Statement, segment: int, before: _Figure | None, now: _Figure | None
) -> StatementInWave:
    standing: Standing
    if now is None or now.row.total.base == 0:
        standing = "not_asked"
    elif now.cell.value is None or now.cell.mark == "**":
        standing = "too_few"
    elif before is None or standing_of(statement, before.form, before.cell, None) not in (
        "holds",
        "weaker",
    ):
        standing = "not_by_placing"
    else:
        standing = standing_of(statement, now.form, now.cell, before.cell)
    judged = standing not in ("not_asked", "too_few") and before is not None and now is not None
    return StatementInWave(
        segment,
        statement.id,
        standing,
        statement.evidence.value,
        before.cell.value if before else None,
        now.cell.value if now else None,
        now.cell.rest if now else None,
        now.cell.base if now else 0,
        _change(before, now) if judged and before and now else None,
    )


def standing_of(
    statement: Statement, form: Form | None, cell: Cell, before: Cell | None
) -> Standing:
    """What became of a statement whose figure now has another form, or none.

    ``holds``: the grammar says the same or more. ``weaker``: it says less, yet at least half of
    the difference from the others is left (of "most" more than half still do, of "hardly any"
    fewer than a tenth). ``reversed``: it says the opposite. ``no_longer``: the rest.

    Parameters
    ----------
    before : Cell or None
        The figure of the first wave as placed; None: held against the study's own figure.
    """
    said = statement.form
    effect = cell.effect or 0.0
    reference = (before.effect if before is not None else statement.evidence.effect) or 0.0
    if said in _UP or said in _DOWN:
        sign = 1 if said in _UP else -1
        same, other = (_UP, _DOWN) if sign > 0 else (_DOWN, _UP)
        more = same | {Form.HARDLY_ANY} if sign < 0 else same
        if form in more and effect * sign >= SMALL_EFFECT:
            return "weaker" if _says_less(said, form) else "holds"
        if form in other or (form is Form.HARDLY_ANY and sign > 0 and effect <= -SMALL_EFFECT):
            return "reversed"
        return (
            "weaker" if effect * sign > 0 and abs(effect) >= KEPT * abs(reference) else "no_longer"
        )
    if said is Form.MOST:
        return _of_most(form, cell)
    if said is Form.HARDLY_ANY:
        return _of_hardly_any(form, cell)
    if form in ALIKE or form is Form.MOST:
        return "holds"
    return "weaker" if abs(effect) < SMALL_EFFECT else "no_longer"


def _says_less(said: Form, form: Form | None) -> bool:
    """Whether "most, and more than the others" became "more than the others"."""
    return said is Form.MOST_AND_MORE and form is not Form.MOST_AND_MORE


def _of_most(form: Form | None, cell: Cell) -> Standing:
    if form in (Form.MOST, Form.MOST_AND_MORE):
        return "holds"
    if cell.high is not None and cell.high < MOST:
        return "reversed"
    return "weaker" if (cell.value or 0.0) > MOST else "no_longer"


def _of_hardly_any(form: Form | None, cell: Cell) -> Standing:
    if form is Form.HARDLY_ANY:
        return "holds"
    if form in _UP or form is Form.MOST:
        return "reversed"
    low_still = (cell.value or 0.0) < HARDLY_ANY or form is Form.LESS_THAN_OTHERS
    return "weaker" if low_still else "no_longer"


def _change(before: _Figure, now: _Figure) -> Change | None:
    """Difference of the figures between the waves; percents in points, as everywhere."""
    a, b = before.cell, now.cell
    if a.value is None or b.value is None or a.mark == "**" or b.mark == "**":
        return None
    if before.row.statistic in _SHARES:
        found = share_changes(
            np.array([a.value / 100]),
            np.array([b.value / 100]),
            np.array([a.effective_base]),
            np.array([b.effective_base]),
        )[0]
        return Change(
            100 * found.difference,
            None if found.low is None else 100 * found.low,
            None if found.high is None else 100 * found.high,
            found.p_value,
        )
    error_a, error_b = _error(a), _error(b)
    if error_a is None or error_b is None:
        return None
    error = float(np.hypot(error_a, error_b))
    difference = b.value - a.value
    p = float(two_sided(np.array([difference / error]))[0]) if error > 0 else None
    return Change(difference, difference - Z_95 * error, difference + Z_95 * error, p)


def _error(cell: Cell) -> float | None:
    """Standard error of a mean from its Student interval."""
    if cell.low is None or cell.high is None or cell.effective_base <= 1:
        return None
    t = float(special.stdtrit(cell.effective_base - 1, 0.975))
    return (cell.high - cell.low) / (2 * t)
