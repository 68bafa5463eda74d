"""Text files: encodings and delimiters found by evidence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.errors import DataError
from persona.responses import read_export
from persona.responses.delimited import find_delimiter
from persona.responses.encoding import decode_text
from persona.responses.sniff import Source

Writer = Callable[..., Path]

POLISH = (
    "pytanie;odpowiedź\nKtóra herbata?;Zażółć gęślą jaźń\nDlaczego?;Bo lubię ćwiczyć, śpiewać\n"
)
RUSSIAN = "вопрос;ответ\nКакой чай?;Чёрный чай с лимоном\nПочему?;Потому что люблю пить его утром\n"
GERMAN = "frage;antwort\nWelchen Tee?;Grüner Tee für die Straße\nWarum?;Schön, süß, größer, Öl\n"
FRENCH = "question;réponse\nQuel thé?;Du thé préféré, très léger, ça été\nPourquoi?;Le goût naïf\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (POLISH, "cp1250"),
        (RUSSIAN, "cp1251"),
        (GERMAN, "cp1252"),
        (FRENCH, "cp1252"),
        (FRENCH, "mac_roman"),
        (GERMAN, "mac_roman"),
        (POLISH, "utf-8"),
        (POLISH, "utf-8-sig"),
        (RUSSIAN, "utf-16"),
        (POLISH, "utf-16-le"),
        (RUSSIAN, "utf-16-be"),
    ],
)
def test_encodings_are_found_by_evidence(text: str, encoding: str) -> None:
    found = decode_text(Source(Path("x.csv"), text.encode(encoding), ""))
    assert found.text == text


def test_a_guess_is_said_with_an_example() -> None:
    found = decode_text(Source(Path("x.csv"), POLISH.encode("cp1250"), ""))
    assert [problem.code for problem in found.problems] == ["text.encoding"]
    assert found.problems[0].found == "odpowiedź"


def test_zero_bytes_are_refused_with_their_offset(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"a,b\n1,2\n3,\x00\n" + b"4,5\n" * 50)
    with pytest.raises(DataError) as refused:
        read_export(path)
    problem = refused.value.problems[0]
    assert (problem.code, problem.values["offset"]) == ("text.undecodable", 10)


def test_a_named_encoding_is_taken_as_given(write_text: Writer) -> None:
    path = write_text("a,b\nŚ,2\n", encoding="cp1250")
    assert read_export(path, encoding="cp1250").frame["a"].tolist() == ["Ś"]
    with pytest.raises(DataError, match="no encoding called"):
        read_export(path, encoding="cp99999")


@given(
    mark=st.sampled_from([",", ";", "\t", "|"]),
    words=st.lists(
        st.lists(st.text("abc ;,|\n\"'", min_size=0, max_size=8), min_size=3, max_size=3),
        min_size=4,
        max_size=12,
    ),
)
def test_quoted_tables_come_back_whatever_their_cells_hold(
    mark: str, words: list[list[str]]
) -> None:
    rows = [["first", "second", "third"], *words]
    text = "\n".join(mark.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    assert find_delimiter(text, Source(Path("x.csv"), b"", "")) == mark


def test_decimal_commas_do_not_hide_the_semicolon(write_text: Writer) -> None:
    export = read_export(write_text("a;b;c\n1,5;2,5;3,5\n2,5;3,5;4,5\n"))
    assert export.frame["b"].tolist() == ["2,5", "3,5"]


def test_line_breaks_and_quotes_inside_cells(write_text: Writer) -> None:
    export = read_export(write_text('a,b\r\n"one\ntwo","say ""hi"""\r\nx,y\r\n'))
    assert export.frame.iloc[0].tolist() == ["one\ntwo", 'say "hi"']


def test_a_declared_separator_is_used(write_text: Writer) -> None:
    export = read_export(write_text("sep=|\na|b\nx|y\n"))
    assert export.frame.to_dict("list") == {"a": ["x"], "b": ["y"]}
    assert export.table.rows.tolist() == [3]


def test_an_ambiguous_delimiter_is_refused(write_text: Writer) -> None:
    with pytest.raises(DataError) as refused:
        read_export(write_text("a,b;c\n1,2;3\n4,5;6\n"))
    assert refused.value.problems[0].code == "text.delimiter"


def test_ragged_rows_are_refused_by_number(write_text: Writer) -> None:
    with pytest.raises(DataError) as refused:
        read_export(write_text("a,b,c\n1,2,3\n4,5,6\n1,2,3,4\n7,8,9\n7,8\n"))
    problem = refused.value.problems[0]
    assert (problem.code, problem.row, problem.found) == ("text.ragged", 4, "4, 6")


def test_ids_stay_text(write_text: Writer) -> None:
    export = read_export(write_text("id,b\n007,NA\n1e5,null\n"))
    assert export.frame["id"].tolist() == ["007", "1e5"]
    assert export.frame["b"].tolist() == ["NA", "null"]
