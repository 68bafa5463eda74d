"""What the page on audiences says is true of the profiles and options."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from persona.audiences.options import AudienceOptions
from persona.audiences.profile import DERIVED, OF_PEOPLE
from persona.audiences.profiles import all_profiles, load_profile
from persona.questionnaire.yaml_reading import parse_yaml
from persona.study.answer_options import RecordsFile

PAGE = (Path(__file__).parents[2] / "docs" / "audiences.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_the_profile_of_the_page_can_be_used(tmp_path: Path) -> None:
    path = tmp_path / "our_shop.yaml"
    path.write_text(BLOCKS[2], encoding="utf-8")
    profile = load_profile(path)
    assert profile.id == "our_shop" and profile.reads[0].columns["revenue"].block == "value"


def test_the_options_of_the_page_are_all_there_are() -> None:
    declared = parse_yaml(BLOCKS[0]).data["audiences"]
    options = AudienceOptions.model_validate(declared)
    assert options.contacts is not None and options.country_code == 48
    left = set(AudienceOptions.model_fields) - set(declared)
    assert left == {"consent_no", "include_uncertain", "at"}


def test_the_records_of_the_page_are_known_to_their_profiles() -> None:
    by_id = {found.profile.id: found.profile for found in all_profiles().found}
    for part in parse_yaml(BLOCKS[1]).data["records"]:
        records = RecordsFile.model_validate(part)
        assert records.profile is not None
        names = {name for read in by_id[records.profile].reads for name in read.columns}
        names |= {"money", "frequency"}
        assert set(records.columns.values()) <= names


@pytest.mark.parametrize("found", all_profiles().found, ids=lambda found: found.profile.id)
def test_every_profile_stands_in_the_tables(found: object) -> None:
    profile = found.profile  # type: ignore[attr-defined]
    assert f"`{profile.id}`" in PAGE
    for read in profile.reads:
        for name in read.columns:
            assert re.search(rf"\b{name}\b", PAGE), name


def test_every_field_is_named() -> None:
    for name in (*OF_PEOPLE, *DERIVED):
        assert f"`{name}`" in PAGE
