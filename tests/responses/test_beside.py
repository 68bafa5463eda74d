"""Answers beside a list: a draft takes those spelled like an option as options of their own."""

from __future__ import annotations

from pathlib import Path

from persona.responses import Responses, draft_questionnaire, read_export


def test_a_draft_reads_its_own_file_without_unknown_answers(tmp_path: Path) -> None:
    common = ["Python;Javascript", "Python", "Javascript", "Python;Rust", "Rust", "Javascript;Rust"]
    cells = [*common * 8, "Python;Typescript", "Rust;Cobol on mainframes"]
    path = tmp_path / "tools.csv"
    path.write_text("id,tools\n" + "".join(f"r{n},{cell}\n" for n, cell in enumerate(cells)))
    draft = draft_questionnaire(read_export(path))
    read = Responses.read(path, draft.questionnaire, mapping=draft.mapping)
    assert [p.code for p in read.problems if p.code == "answer.unknown"] == []
    options = {o["text"]: o for o in draft.data["sections"][-1]["questions"][-1]["options"]}
    assert "Typescript" in options and "Cobol on mainframes" not in options
    assert read.asked[f"tools_{options['Typescript']['code']}"].iloc[-2] == 1
    assert read.asked[f"tools_{options['(other)']['code']}"].iloc[-1] == 1
    assert read.asked["tools_other"].iloc[-1] == "Cobol on mainframes"


def test_google_forms_without_header_is_told_by_its_time_stamps(tmp_path: Path) -> None:
    path = tmp_path / "bare.csv"
    rows = [
        f'"2018/05/{day:02d} 7:0{day % 6}:45 PM GMT+1","Yes","{day % 3}"' for day in range(1, 20)
    ]
    path.write_text("\n".join(rows) + "\n")
    export = read_export(path)
    assert export.platform == "google_forms" and export.n == 19
    assert [column.system for column in export.columns] == [True, False, False]
    assert "table.no_header" in {problem.code for problem in export.problems}
    path.write_text("\n".join(row.replace(" GMT+1", "") for row in rows) + "\n")
    assert read_export(path).platform == "table"
