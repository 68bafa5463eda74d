"""The bases tested on respondents, and by segments, that they did not make."""

from __future__ import annotations

from persona.report.sections.base import Context
from persona.report.sections.grid import Grid, GridRow
from persona.report.sections.segment_labels import basis_labels, label_of


def held_out_grid(context: Context) -> Grid | None:
    """Effect and p-value of each basis, where the study asks for the test."""
    table = context.report.segmentation.tables.get("held_out")
    if table is None or not len(table):
        return None
    say, language, labels = context.language.gettext, context.language, basis_labels(context)
    rows = [
        GridRow(
            label_of(basis, labels, context),
            (
                language.number(int(n)),
                language.share(None if eta != eta else float(eta), 1),
                language.p_value(None if p != p else float(p)),
            ),
        )
        for basis, n, eta, p in table[["basis", "n", "eta_squared", "p_adjusted"]].itertuples(
            index=False
        )
    ]
    heads = (say("Basis"), say("Base"), say("Its variance between segments"), "p")
    return Grid(say("Held-out test of the bases"), heads, tuple(rows))


def held_out_note(context: Context) -> str:
    """How the test is made."""
    return context.language.gettext(
        "Segments are made without the basis from one half of the respondents; the other half is "
        "assigned to them, and the basis is tested there (Benjamini & Hochberg over all bases)."
    )
