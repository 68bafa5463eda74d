"""The typing tool as an XLSForm: pyxform takes it, and its calculations place people the same."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest

from persona.typing_tool import TypingTool, type_people
from persona.typing_tool.xlsform import write_typing_xlsform

_X = "{http://www.w3.org/2002/xforms}"


class Form:
    """An XForm as a survey tool runs it: binds in the order they ask for one another."""

    def __init__(self, xform: str, xpath: ModuleType) -> None:
        self.tree = ElementTree.fromstring(xform)
        self.xpath = xpath
        self.binds = {b.attrib["nodeset"]: b.attrib for b in self.tree.iter(f"{_X}bind")}
        self.root = "/" + next(iter(self.binds)).split("/")[1]
        names = {
            item.findtext(f"{_X}name"): item.findtext(f"{_X}label") or item.findtext(f"{_X}itextId")
            for instance in self.tree.iter(f"{_X}instance")
            if instance.attrib.get("id") == "typing_segments"
            for item in instance.iter(f"{_X}item")
        }
        self.calculations: list[tuple[str, Callable[[Mapping[str, str]], Any]]] = [
            (path, xpath.compiled(bind["calculate"], names))
            for path, bind in self.binds.items()
            if "calculate" in bind
        ]

    def filled(self, answers: Mapping[str, str]) -> dict[str, str]:
        """Every value of the form after these answers."""
        values = dict.fromkeys(self.binds, "")
        values |= {f"{self.root}/{name}": text for name, text in answers.items()}
        for path, calculate in self.calculations:
            values[path] = self.xpath.string(calculate(values))
        return {path.rsplit("/", 1)[1]: text for path, text in values.items()}


def _form(tool: TypingTool, folder: Path, xpath: ModuleType) -> Form:
    path = folder / "typing.xlsx"
    write_typing_xlsform(tool, path)
    converted = importlib.import_module("pyxform.xls2xform").convert(str(path))
    assert converted.warnings == []
    return Form(converted.xform, xpath)


def _chosen(tool: TypingTool, path: Path) -> dict[str, dict[object, str]]:
    """By question and code, the name of the choice, as the sheet of choices says."""
    sheet = pd.read_excel(
        path, engine="openpyxl", sheet_name="choices", dtype=str, keep_default_na=False
    )
    rows = sheet.groupby("list_name", sort=False)["name"].apply(list).to_dict()
    found: dict[str, dict[object, str]] = {}
    for place, question in enumerate(tool.golden.questions, 1):
        codes = [*(a.code for a in question.answers), *(code for code, _ in question.no_answer)]
        if question.answers:
            found[question.variable] = dict(zip(codes, rows[f"list_{place}"], strict=True))
    return found


def agree(tool: TypingTool, answers: pd.DataFrame, folder: Path, made_up: ModuleType,
           xpath: ModuleType) -> int:  # fmt: skip
    """How many people agree: the calculations give what the library gives."""
    form = _form(tool, folder, xpath)
    chosen = _chosen(tool, folder / "typing.xlsx")
    rows = []
    for _, person in answers.iterrows():
        given = {}
        for name, value in person.items():
            if value is None:
                continue
            given[name] = chosen[name].get(value, "nothing known") if name in chosen else str(value)
        rows.append(form.filled(given))
    found = pd.DataFrame(rows)
    typed = type_people(tool.golden, answers)
    table = pd.DataFrame(
        {
            "segment": pd.to_numeric(found["typing_segment"].replace("", None)),
            "second": pd.to_numeric(found["typing_second"].replace("", None)),
            "uncertain": found["typing_uncertain"] == "1",
            "missing": found["typing_missing"].astype(int),
        }
    )
    made_up.assert_same(table, typed)
    for number in range(1, tool.golden.k + 1):
        points = found[f"typing_points_{number}"].astype(int).to_numpy()
        assert (points == typed.points[number].to_numpy()).all()
    share = pd.to_numeric(found["typing_probability"].replace("", None)).to_numpy()
    gap = abs(share - typed.frame["probability"].to_numpy())
    assert not (gap > 5.1e-5).any()
    assert (found["typing_name"] != "").tolist() == typed.frame["segment"].notna().tolist()
    return len(found)


@pytest.mark.parametrize(("seed", "segments"), [(0, 9), (1, 2), (3, 4)])
def test_calculations_place_people_as_the_library_does(
    made_up: ModuleType, xpath: ModuleType, tmp_path: Path, seed: int, segments: int
) -> None:
    tool = made_up.random_tool(seed, segments=segments, nasty=seed % 2 == 1)
    answers = made_up.random_answers(tool.golden, 400, seed)
    assert agree(tool, answers, tmp_path, made_up, xpath) == len(answers)


@pytest.mark.slow
def test_calculations_agree_on_ten_thousand_answer_sets(
    made_up: ModuleType, xpath: ModuleType, tmp_path: Path
) -> None:
    tool = made_up.random_tool(11, segments=6, questions=10)
    answers = made_up.random_answers(tool.golden, 10_000, 11)
    assert agree(tool, answers, tmp_path, made_up, xpath) == len(answers)


def test_ties_go_to_the_lower_number(
    made_up: ModuleType, xpath: ModuleType, tmp_path: Path
) -> None:
    tool = made_up.levelled(made_up.random_tool(3, segments=3, questions=5))
    answers = made_up.random_answers(tool.golden, 60, 1)
    assert agree(tool, answers, tmp_path, made_up, xpath) == 60


def test_the_same_bytes_twice(made_up: ModuleType, tmp_path: Path) -> None:
    tool = made_up.random_tool(5, nasty=True)
    write_typing_xlsform(tool, tmp_path / "a.xlsx")
    write_typing_xlsform(tool, tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
