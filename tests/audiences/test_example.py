"""The coffee club's members have addresses and consent; the shipped file is the script's."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from persona.study import Study

EXAMPLE = Path(__file__).parents[2] / "examples" / "coffee_club"


def test_the_script_makes_the_file_that_is_shipped(
    tmp_path: Path, helper: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    module = helper("examples/coffee_club/make_customers")
    monkeypatch.setattr("sys.argv", ["make_customers.py", str(tmp_path)])
    module.main()
    assert (tmp_path / "customers.csv").read_bytes() == (EXAMPLE / "customers.csv").read_bytes()


def test_the_study_names_consent_and_contacts() -> None:
    options = Study.load(EXAMPLE).file.audiences
    assert options.consent == "Newsletter consent"
    assert options.contacts is not None and (EXAMPLE / options.contacts.file).is_file()


@pytest.mark.slow
def test_every_system_takes_the_list_of_the_example(
    example_out: Path, tmp_path: Path, readers: ModuleType
) -> None:
    from persona.audiences.profiles import all_profiles
    from persona.study.audience import Asked, hand_on

    study = Study.load(EXAMPLE)
    shutil.copytree(example_out, tmp_path / "out")
    for found in all_profiles().found:
        if not found.profile.writes:
            continue
        metrica = {"map": {"client_id": "Customer number"}}
        asked = Asked(run=tmp_path / "out", changes={**metrica, "holdout": 0.1})
        handed = hand_on(study, found.profile.id, asked)
        reader = readers.READERS[found.profile.id]
        read = [person for file in handed.audience.files for person in reader(file.content)]
        assert len(read) == handed.audience.counts["written"] > 350
        assert sum(handed.audience.counts.values()) == 912
