"""Real surveys cut in two at random: the halves are waves in which nothing changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from ruamel.yaml import YAML

from persona.study import Study

STUDIES = Path(__file__).resolve().parents[1] / "studies"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["vacmot", "hdv2003"])
def test_the_other_half_of_a_survey_is_kept(name: str, shared: Path, tmp_path: Path) -> None:
    # both are divided weakly: a new sample gives other segments, as resamples of the study do
    folder = tmp_path / name
    shutil.copytree(STUDIES / name, folder)
    table = pd.read_csv(shared / "data" / f"{name}.csv", dtype=str, keep_default_na=False)
    mixed = table.sample(frac=1, random_state=1)
    half = len(mixed) // 2
    mixed[:half].to_csv(folder / "first.csv", index=False)
    mixed[half:].to_csv(folder / "second.csv", index=False)
    yaml = YAML()
    declared = yaml.load((folder / "study.yaml").read_text("utf-8"))
    declared["answers"] = "first.csv"
    with (folder / "study.yaml").open("w", encoding="utf-8") as stream:
        yaml.dump(declared, stream)
    study = Study.load(folder)
    study.run().write(folder / "out")
    tracking = study.track(folder / "second.csv").tracking
    assert tracking.advice.word == "keep"
    assert not any(change.significant for change in tracking.latest.size_changes.values())
    found = tracking.latest.realignment
    assert found is not None and found.expected < 0.65
    assert found.agreement > found.expected - 0.1
