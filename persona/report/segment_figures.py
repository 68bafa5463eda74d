"""The figures behind the pictures and tables of segments, as plain data."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from persona.report.model import StudyReport
from persona.report.sections.segment_members import EDGES, band_shares, certainty_table

SILHOUETTE_STEPS = (0.05, 0.25, 0.5, 0.75, 0.95)


def segment_figures(report: StudyReport) -> dict[str, Any]:
    """Every number behind the evidence on segments; of respondents counts and quantiles alone."""
    segmentation = report.segmentation
    stability, evidence = segmentation.stability, segmentation.evidence
    null = segmentation.verdict.null
    return {
        "sizes": getattr(segmentation, "sizes", None),
        "stability": {
            "ari": stability.ari,
            "segments": stability.segments,
            "by_k": stability.by_k,
            "pairs": stability.pairs,
        },
        "null_benchmark": null,
        "evidence": {
            "lineage": {"nodes": evidence.lineage.nodes, "flows": evidence.lineage.flows},
            "markers": evidence.markers,
            "mean_posterior": evidence.mean_posterior,
            "components": evidence.components,
            "certainty": _certainty(report),
            "silhouette": _silhouette(report),
            "positions": _positions(report),
        },
        "tables": dict(segmentation.tables),
        "unassignable": len(segmentation.unassignable),
    }


def _certainty(report: StudyReport) -> dict[str, Any]:
    """Shares of members in each band of certainty, and uncertain members by the next segment."""
    table = certainty_table(report.segmentation)
    doubt = table[table["top"] < EDGES[1]]
    leaning = doubt.dropna(subset=["segment", "second"])
    return {
        "edges": EDGES,
        "uncertain": len(doubt),
        "bands": {
            int(str(segment)): band_shares(part.to_numpy(dtype=float))
            for segment, part in table.groupby("segment")["top"]
        },
        "leaning": [
            {"segment": int(segment), "second": int(second), "n": n}
            for (segment, second), n in sorted(
                Counter(zip(leaning["segment"], leaning["second"], strict=True)).items()
            )
        ],
    }


def _silhouette(report: StudyReport) -> dict[int, Any]:
    """Mean, share below zero and quantiles of the silhouettes of each segment."""
    found = {}
    for segment, values in _by_segment(report, ["silhouette"]):
        own = values["silhouette"].dropna().to_numpy(dtype=float)
        if len(own):
            found[segment] = {
                "n": len(own),
                "mean": own.mean(),
                "below_zero": float((own < 0).mean()),
                "quantiles": dict(
                    zip(SILHOUETTE_STEPS, np.quantile(own, SILHOUETTE_STEPS), strict=True)
                ),
            }
    return found


def _positions(report: StudyReport) -> dict[int, Any]:
    """Centre and covariance of each segment on the two components of the map."""
    found = {}
    for segment, places in _by_segment(report, ["component_1", "component_2"]):
        values = places.dropna().to_numpy(dtype=float)
        if len(values) > 1:
            found[segment] = {"centre": values.mean(axis=0), "covariance": np.cov(values.T)}
    return found


def _by_segment(report: StudyReport, columns: list[str]) -> list[tuple[int, pd.DataFrame]]:
    """Columns of the respondents of each segment, where all columns are known."""
    members = report.segmentation.evidence.respondents
    if not set(columns) <= set(members.columns):
        return []
    labels = report.segmentation.labels.reindex(members.index).to_numpy()
    return [(int(str(segment)), part) for segment, part in members[columns].groupby(labels)]
