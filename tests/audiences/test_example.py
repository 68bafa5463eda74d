"""The coffee club's members have addresses and consent; the shipped file is the script's."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from persona.study import Study

EXAMPLE = Path(__file__).parents[2] / "examples" / "coffee_club"


def test_the_script_makes_the_file_that_is_shipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = EXAMPLE / "make_customers.py"
    spec = importlib.util.spec_from_file_location("make_customers", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr("sys.argv", ["make_customers.py", str(tmp_path)])
    module.main()
    assert (tmp_path / "customers.csv").read_bytes() == (EXAMPLE / "customers.csv").read_bytes()


def test_the_study_names_consent_and_contacts() -> None:
    options = Study.load(EXAMPLE).file.audiences
    assert options.consent == "Newsletter consent"
    assert options.contacts is not None and (EXAMPLE / options.contacts.file).is_file()


@pytest.mark.slow
def test_every_system_takes_the_list_of_the_example(tmp_path: Path, readers: object) -> None:
    from persona.audiences.profiles import all_profiles
    from persona.study.audience import Asked, hand_on

    study = Study.load(EXAMPLE)
    study.run().write(tmp_path / "out")
    for found in all_profiles().found:
        if not found.profile.writes:
            continue
        metrica = {"map": {"client_id": "Customer number"}}
        asked = Asked(run=tmp_path / "out", changes={**metrica, "holdout": 0.1})
        handed = hand_on(study, found.profile.id, asked)
        reader = readers.READERS[found.profile.id]  # type: ignore[attr-defined]
        read = [person for file in handed.audience.files for person in reader(file.content)]
        assert len(read) == handed.audience.counts["written"] > 350
        assert sum(handed.audience.counts.values()) == 912
