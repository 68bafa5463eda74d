"""persona audience: from a run of a study to the files of a destination."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pytest

from persona.errors import DataError, PersonaError, StudyError
from persona.study import Study, check_file
from persona.study.audience import Asked, hand_on
from persona.study.decisions import KeptDecisions, KeptSegment, write_kept

N = 120


@pytest.fixture
def folder(finished_study: Path) -> Path:
    """A study of 120 that has been run, with a file of contacts."""
    contacts(finished_study)
    return finished_study


def contacts(folder: Path, name: str = "contacts.csv", **changes: str) -> Path:
    """E-mail, telephone number and consent of every respondent but the last."""
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["Nr", "Adres e-mail", "Telefon", "Zgoda"])
        for number in range(1, N):
            said = "nie" if number % 10 == 0 else "tak"
            address = changes.get(f"{number:03d}", f"k{number}@example.com")
            writer.writerow([f"{number:03d}", address, f"601 234 {number:03d}", said])
    return path


def declare(folder: Path, text: str) -> None:
    with (folder / "study.yaml").open("a", encoding="utf-8") as stream:
        stream.write(text)


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def test_the_list_holds_the_segments_of_the_run(
    folder: Path, command: Callable[..., Any], readers: ModuleType
) -> None:
    declare(folder, "audiences: {consent: Zgoda, contacts: {file: contacts.csv}}\n")
    ended = command("audience", folder, "--for", "Mailchimp", "--include-uncertain")
    assert ended.code == 0, ended.text
    assert "119 of 120 people stand in contacts.csv" in ended.text
    assert "108 written" in ended.text and "11 refused" in ended.text
    target = folder / "out" / "audiences" / "mailchimp"
    sent = readers.mailchimp((target / "audience.csv").read_bytes())
    segment = {row["respondent"]: row["segment"] for row in table(folder / "out" / "segments.csv")}
    for person in sent:
        number = int(person["Email Address"].removeprefix("k").partition("@")[0])
        assert number % 10 and person["Segment"] == segment[f"{number:03d}"]
    counts = json.loads((target / "counts.json").read_text("utf-8"))
    assert counts["counts"]["written"] == len(sent) == 108
    assert sum(n for name, n in counts["counts"].items() if name != "people") == 120
    assert counts["columns"]["consent"] == "Zgoda"
    assert "k1@" not in (target / "counts.json").read_text("utf-8")
    assert "108 written" in (target / "README.txt").read_text("utf-8")


def test_the_same_can_be_asked_on_the_command_line(
    folder: Path, command: Callable[..., Any], readers: ModuleType, tmp_path: Path
) -> None:
    out = tmp_path / "for the agency.csv"
    ended = command(
        *("audience", folder, "--for", "crm_csv", "--contacts", folder / "contacts.csv"),
        *("--key", "Nr", "--consent", "zgoda", "--country-code", 48, "--segment", 1),
        *("--holdout", "0.25", "--seed", 7, "--language", "pl", "--out", out, "--least", 1),
    )
    assert ended.code == 0, ended.text
    read = readers.crm_csv(out.read_bytes())
    assert {person["segment"] for person in read} == {"1"}
    assert all(person["phone"].startswith("+48601234") for person in read)
    held = table(tmp_path / "for the agency.holdout.csv")
    assert held and not {row["person"] for row in held} & {person["id"] for person in read}
    assert (tmp_path / "for the agency.counts.json").is_file()


def test_names_decided_since_the_run_are_used(folder: Path, readers: ModuleType) -> None:
    declare(folder, "audiences: {consent: Zgoda, contacts: {file: contacts.csv}}\n")
    study = Study.load(folder)
    manifest = json.loads((folder / "out" / "manifest.json").read_text("utf-8"))
    decided = KeptDecisions(
        study="coffee",
        fingerprint=manifest["segments"]["run"],
        segments=(
            KeptSegment(members=(1,), name={"en": "Savers"}),
            KeptSegment(members=(2,), exclude=True),
        ),
    )
    write_kept(decided, folder)
    handed = hand_on(study, "crm", Asked(changes={"least": 1}))
    assert handed.audience.names[1] == "Savers"
    assert handed.audience.counts["excluded_segment"] > 0
    assert set(handed.audience.files[0].segments) == {1}
    rows = ["id,zgoda,segment"] + [f"{n},tak,{n % 2 + 1}" for n in range(40)]
    (folder / "new.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    asked = Asked(people=folder / "new.csv", changes={"consent": "zgoda"})
    others = hand_on(study, "crm", asked).audience
    assert others.names[1] == "Savers" and others.counts["excluded_segment"] == 20
    merged = decided.model_copy(update={"segments": (KeptSegment(members=(1, 2)),)})
    write_kept(merged, folder)
    with pytest.raises(StudyError) as refused:
        hand_on(study, "crm")
    assert refused.value.problems[0].code == "audience.merged_since"


def test_segments_left_out_at_the_run_stay_out_when_the_decisions_are_older(
    folder: Path,
) -> None:
    declare(folder, "audiences: {consent: Zgoda, contacts: {file: contacts.csv}}\n")
    manifest = json.loads((folder / "out" / "manifest.json").read_text("utf-8"))
    part = KeptSegment(members=(2,), exclude=True, name={"en": "Lovers"})
    write_kept(
        KeptDecisions(
            study="coffee",
            fingerprint=manifest["segments"]["run"],
            segments=(part,),
            centres=manifest["segments"]["centres"],
        ),
        folder,
    )
    book = openpyxl.load_workbook(folder / "answers.xlsx")
    book["Answers"]["I2"] = "Another comment"
    book.save(folder / "answers.xlsx")
    study = Study.load(folder)
    study.run().write(folder / "out")
    again = json.loads((folder / "out" / "manifest.json").read_text("utf-8"))
    assert again["segments"]["run"] != manifest["segments"]["run"]
    assert again["segments"]["excluded"] == [2]
    handed = hand_on(study, "crm", Asked(changes={"least": 1}))
    assert handed.audience.counts["excluded_segment"] > 0
    assert set(handed.audience.files[0].segments) == {1}


def test_respondents_left_out_by_the_study_stand_on_no_list(folder: Path) -> None:
    declare(folder, "audiences: {consent: Zgoda, contacts: {file: contacts.csv}}\n")
    declare(folder, 'quality: {exclude: ["001", "002"]}\n')
    study = Study.load(folder)
    study.run().write(folder / "out")
    made = hand_on(study, "crm").audience
    said = next(problem for problem in made.problems if problem.code == "audience.excluded")
    assert said.values["count"] == 2 and sum(made.counts.values()) == N - 2


def test_there_is_no_run_yet(folder: Path, command: Callable[..., Any]) -> None:
    shutil.rmtree(folder / "out")
    ended = command("audience", folder, "--for", "crm", "--consent", "Zgoda")
    assert ended.code == 1
    assert "has no run" in ended.text and "persona run" in ended.text


def test_the_answers_changed_since_the_run(folder: Path, command: Callable[..., Any]) -> None:
    book = openpyxl.load_workbook(folder / "answers.xlsx")
    book["Answers"]["C2"] = 1
    book.save(folder / "answers.xlsx")
    ended = command("audience", folder, "--for", "crm", "--consent", "Zgoda")
    assert ended.code == 1
    assert "segments are old" in ended.text and "changed: answers.xlsx" in ended.text
    assert not (folder / "out" / "audiences").exists()


def test_options_that_do_not_make_the_segments_do_not_age_the_run(folder: Path) -> None:
    declare(folder, "audiences: {consent: Zgoda, contacts: {file: contacts.csv}, holdout: 0.1}\n")
    declare(folder, "client: Beans\n")
    assert hand_on(Study.load(folder), "crm").audience.counts["written"] > 50


def test_segments_csv_was_edited(folder: Path) -> None:
    path = folder / "out" / "segments.csv"
    path.write_text(path.read_text("utf-8").replace("001,1", "001,2"), encoding="utf-8")
    with pytest.raises(StudyError) as refused:
        hand_on(Study.load(folder), "crm", Asked(changes={"consent": "Zgoda"}))
    assert refused.value.problems[0].code == "audience.edited"


def test_people_of_a_file_as_persona_assign_writes_it(
    folder: Path, command: Callable[..., Any], readers: ModuleType
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["klant", "E-mailadres", "Toestemming", "segment", "segment_name", "probability"])
    for number in range(60):
        row = [f"{number:03d}", f"k{number}@x.nl", "ja", number % 2 + 1, "", 0.5 + number / 120]
        sheet.append(row)
    sheet["A2"] = "007"
    book.save(folder / "new.xlsx")
    ended = command(
        *("audience", folder, "--for", "liveagent", "--people", folder / "new.xlsx"),
        *("--consent", "Toestemming"),
    )
    assert ended.code == 0, ended.text
    names = json.loads((folder / "out" / "results.json").read_text("utf-8"))["personas"]
    sent = readers.liveagent(
        (folder / "out" / "audiences" / "liveagent" / "audience.csv").read_bytes()
    )
    assert len(sent) == 40 and "20 uncertain" in ended.text
    assert {p["Groups"] for p in sent} == {
        part["name"]["en"].replace(",", " ").replace(";", " ") for part in names
    }


def test_people_may_be_named_by_the_segment_in_any_language(folder: Path) -> None:
    names = json.loads((folder / "out" / "results.json").read_text("utf-8"))["personas"]
    rows = ["id,zgoda,segment"]
    rows += [f"{n},tak,{names[n % 2]['name']['pl']}" for n in range(40)]
    (folder / "new.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    asked = Asked(people=folder / "new.csv", changes={"consent": "zgoda"})
    handed = hand_on(Study.load(folder), "crm", asked)
    assert set(handed.audience.files[0].segments) == {1, 2}


def test_addresses_of_people_may_stand_in_another_file(folder: Path) -> None:
    rows = ["customer,segment,segment_name,probability,uncertain"]
    rows += [f"C{n:03d},{n % 2 + 1},Group {n % 2 + 1},0.9,no" for n in range(80)]
    (folder / "assigned.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    crm = ["Nr klienta,E-mail,Zgoda"] + [f"C{n:03d},c{n}@x.pl,tak" for n in range(10, 100)]
    (folder / "crm.csv").write_text("\n".join(crm) + "\n", encoding="utf-8")
    study = Study.load(folder)
    asked = Asked(
        people=folder / "assigned.csv", contacts=folder / "crm.csv", changes={"consent": "Zgoda"}
    )
    handed = hand_on(study, "mailchimp", asked)
    assert handed.audience.counts["written"] == 70 and handed.audience.counts["no_answer"] == 10
    assert b"c42@x.pl" in handed.audience.files[0].content
    other = Asked(
        people=folder / "assigned.csv",
        contacts=folder / "contacts.csv",
        changes={"consent": "Zgoda"},
    )
    with pytest.raises(DataError) as refused:
        hand_on(study, "mailchimp", other)
    assert refused.value.problems[0].code == "audience.no_keys"
    declare(folder, "audiences: {consent: agreed, contacts: {file: contacts.csv}}\n")
    rows = ["customer,agreed,segment"] + [f"C{n:03d},yes,1" for n in range(80)]
    (folder / "assigned.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    alone = hand_on(Study.load(folder), "crm", Asked(people=folder / "assigned.csv"))
    assert "audience.contacts_unused" in {p.code for p in alone.audience.problems}


def test_nothing_of_the_users_is_overwritten(
    folder: Path, command: Callable[..., Any], tmp_path: Path
) -> None:
    declare(folder, "audiences: {consent: Zgoda, contacts: {file: contacts.csv}}\n")
    target = tmp_path / "lists"
    target.mkdir()
    (target / "audience.csv").write_text("mine", encoding="utf-8")
    arguments = ("audience", folder, "--for", "crm", "--out", target)
    ended = command(*arguments)
    assert ended.code == 1 and "is not overwritten" in ended.text
    assert [path.name for path in target.iterdir()] == ["audience.csv"]
    (target / "audience.csv").unlink()
    assert command(*arguments, "--holdout", "0.3").code == 0
    first = (target / "audience.csv").read_bytes()
    again = command(*arguments)
    assert again.code == 0 and "took away" in again.text
    assert not (target / "holdout.csv").exists()
    assert (target / "audience.csv").read_bytes() != first
    (target / "audience.csv").write_bytes(first + b"one more line by hand\n")
    assert command(*arguments).code == 1
    assert (target / "audience.csv").read_bytes().endswith(b"by hand\n")


def test_nothing_is_written_when_anything_is_wrong(
    folder: Path, command: Callable[..., Any]
) -> None:
    declare(folder, "audiences: {consent: Zgoda, contacts: {file: contacts.csv}}\n")
    ended = command("audience", folder, "--for", "yandex audience")
    assert ended.code == 1 and "at least 100" in ended.text
    assert not (folder / "out" / "audiences").exists()


def test_one_file_is_named_and_the_list_has_several(folder: Path, tmp_path: Path) -> None:
    declare(folder, "audiences: {consent: Zgoda, contacts: {file: contacts.csv}}\n")
    own = "persona: 1\nid: own\ntitle: Own\nsplit: segment\nfile: {format: csv}\nidentity: [e]\n"
    (folder / "audiences").mkdir()
    (folder / "audiences" / "own.yaml").write_text(
        own + "columns: [{name: e, field: email}]\n", encoding="utf-8"
    )
    with pytest.raises(PersonaError) as refused:
        hand_on(Study.load(folder), "own", Asked(out=tmp_path / "one.csv"))
    assert refused.value.problems[0].code == "audience.several_files"
    handed = hand_on(Study.load(folder), "own", Asked(out=tmp_path / "one.csv", segments=("1",)))
    assert handed.placed.files[0] == tmp_path / "one.csv"


def test_a_key_without_contacts_is_no_key(folder: Path) -> None:
    with pytest.raises(StudyError) as refused:
        hand_on(Study.load(folder), "crm", Asked(key="Nr", changes={"consent": "Zgoda"}))
    assert refused.value.problems[0].code == "audience.key_alone"


def test_a_profile_in_place_of_a_shipped_one_is_said(folder: Path) -> None:
    declare(folder, "audiences: {consent: Zgoda, contacts: {file: contacts.csv}}\n")
    own = "persona: 1\nid: mailchimp\ntitle: M\nfile: {format: csv}\nidentity: [e]\n"
    (folder / "audiences").mkdir()
    (folder / "audiences" / "own.yaml").write_text(
        own + "columns: [{name: e, field: email}]\n", encoding="utf-8"
    )
    handed = hand_on(Study.load(folder), "mailchimp")
    assert "profile.replaced" in {problem.code for problem in handed.audience.problems}
    assert handed.audience.files[0].content.startswith(b"e\n")


def test_a_mapping_file_holds_the_same_options(folder: Path, tmp_path: Path) -> None:
    text = "consent: Zgoda\ncontacts: {file: %s, key: Nr}\nmap: {email: Adres e-mail}\n"
    path = tmp_path / "mapping.yaml"
    path.write_text(text % (folder / "contacts.csv"), encoding="utf-8")
    handed = hand_on(Study.load(folder), "mailchimp", Asked(mapping=path))
    assert handed.audience.counts["written"] > 50
    path.write_text("consnt: Zgoda\n", encoding="utf-8")
    with pytest.raises(StudyError) as refused:
        hand_on(Study.load(folder), "mailchimp", Asked(mapping=path))
    problem = refused.value.problems[0]
    assert problem.line == 1 and "'consent'" in str(problem)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("audiences: {consnt: Zgoda}", ["'consent'", "line 8"]),
        ("audiences: {holdout: 1}", ["holdout", "line 8"]),
        ("audiences: {contacts: {fil: a.csv}}", ["'file'"]),
        ("audiences: {country_code: many}", ["whole number"]),
    ],
)
def test_slips_in_the_study_file(line: str, words: list[str], folder: Path) -> None:
    declare(folder, line + "\n")
    with pytest.raises(StudyError) as refused:
        Study.load(folder)
    for word in words:
        assert word in str(refused.value)


def test_contacts_that_cannot_be_joined(folder: Path) -> None:
    study = Study.load(folder)
    (folder / "others.csv").write_text("Nr,Zgoda\nA1,tak\nA2,tak\n", encoding="utf-8")
    (folder / "twice.csv").write_text("Nr,Zgoda\n001,tak\n001,nie\n", encoding="utf-8")
    for name, key, code in (
        ("others.csv", None, "audience.no_keys"),
        ("others.csv", "Nummer", "audience.no_key"),
        ("twice.csv", "Nr", "record.repeated"),
        ("absent.csv", None, "file.missing"),
    ):
        asked = Asked(contacts=folder / name, key=key, changes={"consent": "Zgoda"})
        with pytest.raises(DataError) as refused:
            hand_on(study, "crm", asked)
        assert refused.value.problems[0].code == code


def test_contacts_that_are_not_there_yet_are_a_warning_of_check(folder: Path) -> None:
    declare(folder, "audiences: {contacts: {file: contcts.csv}}\n")
    warned = [p for p in check_file(folder) if p.code == "study.no_file_yet"]
    assert warned and "'contacts.csv'" in str(warned[0])


def test_customer_records_of_the_study_hold_addresses_and_consent(
    folder: Path, readers: ModuleType
) -> None:
    questionnaire = (folder / "questionnaire.yaml").read_text("utf-8")
    more = (
        "      - {id: spent, type: number, kind: value, decimals: 2, text: {en: Spent, pl: Suma}}\n"
    )
    (folder / "questionnaire.yaml").write_text(f"{questionnaire}{more}\n", encoding="utf-8")
    rows = ["Nr klienta,E-mail,Zgoda,Suma"]
    rows += [f"{n:03d},k{n}@example.com,tak,{n}.5" for n in range(1, N + 1)]
    (folder / "crm.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    declare(folder, "records: [{file: crm.csv, key: Nr klienta, columns: {spent: Suma}}]\n")
    study = Study.load(folder)
    study.run().write(folder / "out")
    asked = Asked(changes={"consent": "Zgoda", "include_uncertain": True})
    handed = hand_on(study, "mailchimp", asked)
    sent = readers.mailchimp(handed.audience.files[0].content)
    assert len(sent) == N and sent[6]["Email Address"] == "k7@example.com"


def test_consent_may_be_a_question_answered_in_several_languages(
    folder: Path, readers: ModuleType
) -> None:
    questionnaire = (folder / "questionnaire.yaml").read_text("utf-8")
    more = """\
      - id: contact
        type: single
        kind: demographic
        text: {en: May we write to you?, pl: Czy możemy napisać?}
        options:
          - {code: 1, text: {en: "Yes", pl: Tak}}
          - {code: 2, text: {en: "No", pl: Nie}}
          - {code: 3, text: {en: Rather not say, pl: Wolę nie mówić}, missing: refused}
      - {id: illness, type: text, kind: verbatim, text: {en: Ill?, pl: Chory?}, sensitive: health}
"""
    (folder / "questionnaire.yaml").write_text(questionnaire + more, encoding="utf-8")
    book = openpyxl.load_workbook(folder / "answers.xlsx")
    sheet = book["Answers"]
    width = sheet.max_column + 1
    for place, head in enumerate(("contact", "illness", "E-mail")):
        sheet.cell(1, width + place, head)
    said = ("Yes", "Tak", 1, "No", "nie", 2, "Rather not say", None)
    for row in range(2, N + 2):
        sheet.cell(row, width, said[row % len(said)])
        sheet.cell(row, width + 1, "asthma")
        sheet.cell(row, width + 2, f"k{row - 1}@example.com")
    book.save(folder / "answers.xlsx")
    study = Study.load(folder)
    study.run().write(folder / "out")
    asked = Asked(changes={"consent": "contact", "include_uncertain": True})
    counts = hand_on(study, "mailchimp", asked).audience.counts
    assert (counts["written"], counts["refused"], counts["no_answer"]) == (45, 45, 30)
    own = "persona: 1\nid: own\ntitle: Own\nfile: {format: csv}\nidentity: [e]\ncolumns:\n"
    own += "  - {name: e, field: email}\n  - {name: may, answer: contact}\n"
    (folder / "audiences").mkdir()
    path = folder / "audiences" / "own.yaml"
    path.write_text(own + "  - {name: ill, answer: illness}\n", encoding="utf-8")
    handed = hand_on(study, "own", asked)
    assert {row["may"] for row in table(handed.placed.files[0])} == {"Yes"}
    assert "audience.sensitive" in {problem.code for problem in handed.audience.problems}


def test_the_language_of_names(folder: Path) -> None:
    declare(folder, "audiences: {consent: Zgoda, contacts: {file: contacts.csv}}\n")
    study = Study.load(folder)
    polish = hand_on(study, "crm", Asked(changes={"language": "pl"})).audience
    assert polish.names != hand_on(study, "crm").audience.names
    other = hand_on(study, "crm", Asked(changes={"language": "fi"})).audience
    assert "audience.language" in {problem.code for problem in other.problems}


def test_a_sheet_of_the_peoples_workbook(folder: Path, command: Callable[..., Any]) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["notes", "more"])
    book.active.append(["a", "b"])
    sheet = book.create_sheet("People")
    for row in [["id", "ok", "segment"], *([str(n), True, 1] for n in range(20))]:
        sheet.append(row)
    book.save(folder / "new.xlsx")
    arguments = ("audience", folder, "--for", "crm", "--people", folder / "new.xlsx")
    assert command(*arguments, "--consent", "ok").code == 1
    ended = command(*arguments, "--consent", "ok", "--sheet", "People")
    assert ended.code == 0 and "20 written" in ended.text, ended.text


def test_every_list_has_the_same_bytes_wherever_the_study_lies(
    folder: Path, tmp_path: Path
) -> None:
    declare(
        folder, "date: 2026-10-31\naudiences: {consent: Zgoda, contacts: {file: contacts.csv}}\n"
    )
    moved = tmp_path / "moved to here"
    shutil.copytree(folder, moved)
    for name in ("crm", "kissmetrics", "1c"):
        first = hand_on(Study.load(folder), name, Asked(out=tmp_path / "a" / name))
        second = hand_on(Study.load(moved), name, Asked(out=tmp_path / "b" / name))
        assert [path.name for path in first.placed.files] == [
            path.name for path in second.placed.files
        ]
        for one, two in zip(first.placed.files, second.placed.files, strict=True):
            assert one.read_bytes() == two.read_bytes(), one


def test_profiles_are_listed(command: Callable[..., Any], folder: Path) -> None:
    ended = command("audience", "--list")
    assert ended.code == 0 and "yandex_audience" in ended.text and "jsonl" in ended.text
    (folder / "audiences").mkdir()
    (folder / "audiences" / "broken.yaml").write_text("persona: 1\n", encoding="utf-8")
    broken = command("audience", folder, "--list")
    assert broken.code == 1 and "broken.yaml" in broken.text and "mailchimp" in broken.text


@pytest.mark.parametrize(
    "arguments",
    [["--for", "crm"], ["STUDY"], ["STUDY", "--for", "crm", "--map", "email"]],
    ids=["no study", "no system", "no pair"],
)
def test_wrong_usage(arguments: list[str], folder: Path, command: Callable[..., Any]) -> None:
    given = [str(folder) if word == "STUDY" else word for word in arguments]
    assert command("audience", *given).code == 2


def test_an_unknown_system(folder: Path, command: Callable[..., Any]) -> None:
    ended = command("audience", folder, "--for", "mailchip")
    assert ended.code == 1 and "Did you mean 'mailchimp'?" in ended.text


def test_records_of_a_system_fill_variables_by_its_profile(folder: Path) -> None:
    questionnaire = (folder / "questionnaire.yaml").read_text("utf-8")
    more = """\
      - {id: rating, type: number, kind: behaviour, decimals: 0, text: {en: Rating, pl: Ocena}}
      - {id: joined, type: date, kind: behaviour, text: {en: Joined, pl: Od kiedy}}
      - {id: spent, type: money, currency: PLN, kind: value, text: {en: Spent, pl: Wydatki}}
"""
    (folder / "questionnaire.yaml").write_text(questionnaire + more, encoding="utf-8")
    mail = ["Email Address,MEMBER_RATING,OPTIN_TIME,LEID"]
    mail += [
        f"K{n}@Example.com,{n % 5 + 1},2025-01-{n % 28 + 1:02d} 10:00:00,{n}" for n in range(1, N)
    ]
    (folder / "members.csv").write_text("\n".join(mail) + "\n", encoding="utf-8")
    sales = ["Дата;Код контрагента;Сумма"]
    sales += [f"0{n % 9 + 1}.10.2026;{n:03d};1 0{n % 10}0,50" for n in range(1, N)]
    (folder / "sales.csv").write_bytes(("\r\n".join(sales) + "\r\n").encode("cp1251"))
    book = openpyxl.load_workbook(folder / "answers.xlsx")
    sheet = book["Answers"]
    width = sheet.max_column + 1
    sheet.cell(1, width, "mail")
    for row in range(2, N + 2):
        sheet.cell(row, width, f"k{row - 1}@example.com")
    book.save(folder / "answers.xlsx")
    declare(
        folder,
        "records:\n"
        "  - {file: members.csv, profile: mailchimp, to: mail,\n"
        "     columns: {rating: member_rating, joined: optin_time}}\n"
        "  - {file: sales.csv, profile: 1c, columns: {spent: money}}\n",
    )
    read = Study.load(folder).read()
    assert read.frame.loc["007", "rating"] == 7 % 5 + 1
    assert read.frame.loc["007", "spent"] == 1070.5
    assert str(read.frame.loc["007", "joined"])[:10] == str(dt.date(2025, 1, 8))
    said = [problem.message for problem in read.problems]
    assert any("is read as Mailchimp" in sentence for sentence in said)


def test_records_of_an_unknown_system_are_told_with_their_line(folder: Path) -> None:
    declare(folder, "records:\n  - {file: a.csv, profile: mailchip, columns: {sex: a}}\n")
    with pytest.raises(StudyError) as refused:
        Study.load(folder)
    said = str(refused.value)
    assert "line 9" in said and "'mailchimp'" in said


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{file: contacts.csv, profile: mailchimp, columns: {sex: a}}", ["none of the exports"]),
        ("{file: absent.csv, profile: mailchimp, columns: {sex: a}}", ["no such file"]),
    ],
)
def test_records_by_a_profile_that_do_not_fit(line: str, words: list[str], folder: Path) -> None:
    declare(folder, f"records:\n  - {line}\n")
    with pytest.raises(DataError) as refused:
        Study.load(folder).read()
    for word in words:
        assert word in str(refused.value)
