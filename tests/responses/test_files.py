"""What a file really is, and what is refused before any reader opens it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from persona.errors import DataError
from persona.questionnaire.model import Questionnaire
from persona.responses import Responses, read_export
from persona.responses.extent import scan_pieces, scan_sheet

Writer = Callable[..., Path]


def codes_of(path: Path, **options: object) -> list[str]:
    with pytest.raises(DataError) as refused:
        read_export(path, **options)  # type: ignore[arg-type]
    assert all(problem.remedy for problem in refused.value.problems)
    return [problem.code for problem in refused.value.problems]


def replace_part(path: Path, name: str, content: bytes) -> None:
    """Rewrite one part of a zipped workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    parts[name] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)


def sheet_xml(cells: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns='
        '"http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f"<sheetData>{cells}</sheetData></worksheet>"
    ).encode()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (b" \n\x00", "file.empty"),
        (b"<html><table><tr><td>a</td></tr></table></html>", "file.markup"),
        (b"%PDF-1.4 whatever", "file.foreign"),
        (b"PK\x03\x04 cut off here", "file.broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file.broken"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "file.encrypted",
        ),
        (b"$FL2 not really", "file.broken"),
        (b'{"SurveyEntry": {}}', "file.questionnaire"),
        (b"{not json", "json.syntax"),
        (b"<LimeSurveyDocType>Survey</LimeSurveyDocType>", "file.questionnaire"),
    ],
)
def test_files_that_hold_no_answers_are_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "answers.xlsx"
    path.write_bytes(content)
    assert codes_of(path) == [code]


def test_a_missing_file_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "answers.xlsx").write_bytes(b"x")
    with pytest.raises(DataError) as refused:
        read_export(tmp_path / "anwsers.xlsx")
    assert "answers.xlsx" in (refused.value.problems[0].remedy or "")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert codes_of(tmp_path) == ["file.folder"]


def test_a_file_that_may_not_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("a,b\n1,2\n")

    def locked(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", locked)
    assert codes_of(path) == ["file.locked"]


def test_extensions_that_lie_do_not_matter(write_text: Writer, write_sheet: Writer) -> None:
    text = read_export(write_text("a;b\nx;1\ny;2\n", "answers.xlsx"))
    assert text.frame.to_dict("list") == {"a": ["x", "y"], "b": ["1", "2"]}
    assert "file.extension" in [problem.code for problem in text.table.problems]
    book = read_export(write_sheet([["a", "b"], ["x", 1]], "answers.csv"))
    assert book.frame.to_dict("list") == {"a": ["x"], "b": [1]}


def test_names_with_blanks_cyrillic_and_emoji(write_sheet: Writer) -> None:
    assert read_export(write_sheet([["a"], ["x"]], "мои ответы 🍵.xlsx")).n == 1


@pytest.mark.parametrize(
    "far",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        '<row r="1048576"><c r = "XFD1048576"><v>1</v></c></row>',
        '<row r="1048576">' + "<c><v>1</v></c>" * 16_384 + "</row>",
        '<row r="4294967295"><c r="A4294967295"><v>1</v></c></row>',
    ],
)
def test_one_far_cell_is_refused_before_memory_is_reserved(write_sheet: Writer, far: str) -> None:
    path = write_sheet([["a"], ["x"]])
    near = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
    replace_part(path, "xl/worksheets/sheet1.xml", sheet_xml(near + far))
    assert codes_of(path) == ["sheet.far_cell"]


def test_a_million_empty_rows_below_are_read_as_nothing(write_sheet: Writer) -> None:
    path = write_sheet([["a"], ["x"]])
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
    rows += '<row r="2"><c r="A2" t="inlineStr"><is><t>x</t></is></c></row>'
    rows += "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(3, 100_000))
    rows += '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    replace_part(path, "xl/worksheets/sheet1.xml", sheet_xml(rows))
    assert read_export(path).frame.to_dict("list") == {"a": ["x"]}


def test_a_zip_bomb_is_refused(write_sheet: Writer) -> None:
    path = write_sheet([["a"], ["x"]])
    replace_part(path, "xl/worksheets/sheet1.xml", sheet_xml(" " * 260_000_000))
    assert path.stat().st_size < 1_000_000
    assert codes_of(path) == ["file.bomb"]


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_entity_declarations_are_refused(write_sheet: Writer, part: str) -> None:
    path = write_sheet([["a"], ["x"]])
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    replace_part(path, part, bomb)
    assert codes_of(path) == ["file.entities"]


def test_macros_are_said(write_sheet: Writer) -> None:
    path = write_sheet([["a"], ["x"]])
    replace_part(path, "xl/vbaProject.bin", b"macro")
    assert "file.macros" in [problem.code for problem in read_export(path).problems]


@settings(max_examples=40, deadline=None)
@given(
    cells=st.dictionaries(
        st.tuples(st.integers(0, 60), st.integers(0, 800)),
        st.one_of(st.integers(-5, 5), st.sampled_from(["x", 'r="ZZZ9"', "a = b", "<c "])),
        min_size=1,
        max_size=25,
    ),
    piece=st.integers(1, 5_000),
)
def test_the_quick_bound_is_never_below_the_exact_extent(
    cells: dict[tuple[int, int], object], piece: int
) -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"strings_to_formulas": False})
    sheet = book.add_worksheet()
    for (row, column), value in cells.items():
        sheet.write(row, column, value)
    book.close()
    with zipfile.ZipFile(stream) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    exact = scan_sheet(xml).extent
    quick = scan_pieces(xml[start : start + piece] for start in range(0, len(xml), piece))
    assert exact.last_row == max(row for row, _ in cells)
    assert exact.last_column == max(column for _, column in cells)
    if quick is not None:
        assert quick.extent.last_row >= exact.last_row
        assert quick.extent.last_column >= exact.last_column


def test_hidden_sheets_are_left_out_and_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    notes = book.active
    assert notes is not None
    notes.title, notes.sheet_state = "Notes", "veryHidden"
    notes.append(["secret"])
    book.create_sheet("Data").append(["a", "b"])
    book["Data"].append(["x", "y"])
    path = tmp_path / "answers.xlsx"
    book.save(path)
    export = read_export(path)
    assert export.table.sheet == "Data"
    assert [p.values for p in export.problems if p.code == "sheet.hidden"] == [{"sheets": "Notes"}]
    book["Data"].delete_rows(1, 5)
    book.save(path)
    assert codes_of(path) == ["sheet.none"]


def test_several_sheets_are_chosen_by_the_questionnaire_or_listed(
    tmp_path: Path, tea: Questionnaire
) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "Costs"
    first.append(["item", "price"])
    first.append(["tea", 3])
    second = book.create_sheet("Answers")
    second.append(["rid", "cups", "a1", "a2", "sex"])
    second.append(["x1", 2, 1, 3, "Male"])
    path = tmp_path / "answers.xlsx"
    book.save(path)
    assert codes_of(path) == ["sheet.several"]
    assert codes_of(path, sheet="Answer") == ["sheet.unknown"]
    responses = Responses.read(path, tea)
    assert responses.source.sheet == "Answers"
    assert responses.frame["cups"].tolist() == [2.0]


def test_a_header_without_answers_is_refused(write_sheet: Writer) -> None:
    assert codes_of(write_sheet([["rid", "cups"]])) == ["table.no_answers"]


def test_wide_and_long_cells_are_read_whole(write_sheet: Writer) -> None:
    wide = [f"q{number}" for number in range(3_000)]
    long = "x" * 32_767
    export = read_export(write_sheet([wide, [long] + [1] * 2_999]))
    assert len(export.columns) == 3_000
    assert export.frame.iloc[0, 0] == long


def test_booleans_are_not_taken_for_ones(write_sheet: Writer) -> None:
    export = read_export(write_sheet([["a", "b"], [True, 1], [False, 0]]))
    assert export.frame["a"].tolist() == [True, False]
    assert [type(value) for value in export.frame["b"]] == [int, int]


def ods(tmp_path: Path, table: str) -> Path:
    path = tmp_path / "answers.ods"
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="Data">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


def ods_cell(text: str, repeated: int = 1) -> str:
    return (
        f'<table:table-cell table:number-columns-repeated="{repeated}" '
        f'office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    )


def test_ods_is_read_and_bounded(tmp_path: Path) -> None:
    rows = "".join(
        f"<table:table-row>{ods_cell(a)}{ods_cell(b)}</table:table-row>"
        for a, b in (("a", "b"), ("x", "y"))
    )
    assert read_export(ods(tmp_path, rows)).frame.to_dict("list") == {"a": ["x"], "b": ["y"]}
    far = f'<table:table-row table:number-rows-repeated="1000000">{ods_cell("z", 16_000)}'
    far += "</table:table-row>"
    assert codes_of(ods(tmp_path, rows + far)) == ["sheet.far_cell"]


def test_xlsb_extent_reads_records() -> None:
    import struct

    from persona.responses.binary_extent import xlsb_extent

    def record(kind: int, body: bytes) -> bytes:
        return bytes([kind, len(body)]) + body

    content = record(0, struct.pack("<I", 4)) + record(5, struct.pack("<IId", 7, 0, 1.5))
    content += record(3, struct.pack("<IIB", 2, 0, 0x17)) + record(1, struct.pack("<II", 900, 0))
    extent, errors = xlsb_extent(content)
    assert (extent.last_row, extent.last_column, extent.cells) == (4, 7, 2)
    assert {place: cell.text for place, cell in errors.items()} == {(4, 2): "#REF!"}


def test_cells_are_counted_once() -> None:
    from persona.responses.cells import count_cells

    cells = count_cells([["a", True, 1.0], ["", 1, None]], 3)
    assert cells.values == ("a", True, 1, "", "")
    assert np.array_equal(cells.filled, [[True, True, True], [False, True, False]])


@pytest.mark.parametrize("keep", [700, 1600, 4000, 7381])
def test_a_damaged_xls_is_refused_quietly(
    shared: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], keep: int
) -> None:
    whole = (shared / "data/exports/xlsform/table_list.xls").read_bytes()
    path = tmp_path / "answers.xls"
    path.write_bytes(whole[:keep])
    assert codes_of(path) in (["file.broken"], ["sheet.none"])
    assert capfd.readouterr().err == ""


def test_a_damaged_sav_does_not_end_the_process(shared: Path, tmp_path: Path) -> None:
    whole = bytearray((shared / "data/exports/spss/eggs.sav").read_bytes())
    generator = np.random.default_rng(3)
    path = tmp_path / "answers.sav"
    for _ in range(6):
        damaged = bytearray(whole)
        for at in generator.integers(200, 12_000, 30):
            damaged[at] = int(generator.integers(0, 256))
        path.write_bytes(bytes(damaged))
        try:
            assert read_export(path).n > 0
        except DataError as refused:
            assert refused.problems[0].code in ("file.broken", "table.no_answers")
