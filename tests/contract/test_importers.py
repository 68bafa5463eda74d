"""Every importer reads real exports, and every export is read or refused with the reason."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from persona.errors import DataError, PersonaError
from persona.questionnaire.cells import normal
from persona.responses import Responses, draft_questionnaire, read_export
from persona.responses.export import SurveyExport
from persona.responses.importers import IMPORTERS
from persona.responses.structure import batteries, option_sets

#: file: platform, respondents, columns, batteries, sets of options.
READ = {
    "alchemer/jupyter_2015.csv": ("alchemer", 1706, 37, 0, 1),
    "generic_pl/elearning_semicolon.csv": ("table", 228, 13, 1, 0),
    "generic_pl/student_burnout_may.xlsx": ("table", 230, 44, 1, 0),
    "google_forms/haxe_2018_no_header.csv": ("google_forms", 605, 22, 0, 1),
    "google_forms/packaged_roti_consumers.xlsx": ("google_forms", 112, 37, 1, 7),
    "google_forms/personal_finance_it.csv": ("google_forms", 1199, 24, 1, 0),
    "google_forms/spack_2025.csv": ("google_forms", 245, 56, 2, 11),
    "google_forms/spack_2025.xlsx": ("google_forms", 245, 56, 2, 11),
    "kobo_odk/animals_labels_es.csv": ("kobo", 3, 19, 0, 1),
    "kobo_odk/animals_xml.csv": ("kobo", 3, 19, 0, 1),
    "kobo_odk/bird_nests_nested_repeat.xlsx": ("kobo", 4, 12, 0, 0),
    "kobo_odk/emperors_labels_en.csv": ("kobo", 3, 19, 0, 1),
    "kobo_odk/emperors_xml.csv": ("kobo", 3, 19, 0, 1),
    "kobo_odk/needs_assessment_r.csv": ("kobo", 10, 925, None, None),
    "kobo_odk/profile_data.xlsx": ("kobo", 5, 25, 0, 1),
    "kobo_odk/who_va_2022_groups.csv": ("odk", 23, 461, None, 0),
    "kobo_odk/who_va_2022_groups_split.csv": ("odk", 23, 482, None, 6),
    "limesurvey/amsterdam_R_data_file.csv": ("limesurvey", 3, 646, None, None),
    "limesurvey/digital_twins_de.csv": ("limesurvey", 96, 317, 13, 24),
    "limesurvey/digital_twins_en.csv": ("limesurvey", 96, 317, 13, 24),
    "limesurvey/rse_germany_2017.csv": ("limesurvey", 325, 248, 5, 7),
    "ms_forms/rse_arts_humanities.csv": ("ms_forms", 24, 51, 2, 6),
    "qualtrics/cloze_semicolon.csv": ("qualtrics", 63, 421, 0, 0),
    "qualtrics/many_types_insights.csv": ("qualtrics", 5, 190, None, 16),
    "qualtrics/many_types_legacy.csv": ("qualtrics", 5, 189, None, 16),
    "qualtrics/no_basis_insights.csv": ("qualtrics", 15, 49, 2, 3),
    "qualtrics/no_basis_legacy.csv": ("qualtrics", 15, 48, 2, 3),
    "qualtrics/restaurant_ads.xlsx": ("qualtrics", 93, 29, 1, 0),
    "qualtrics/restaurant_ads_choice_text.csv": ("qualtrics", 93, 29, 1, 0),
    "sosci/hups2.csv": ("sosci", 206, 85, 0, 1),
    "sosci/prosody_pilot_rdata.csv": ("sosci", 20, 62, 1, 0),
    "sosci/prosody_pilot_utf16.csv": ("sosci", 20, 62, 1, 0),
    "spss/Colas.sav": ("spss", 327, 87, 3, 9),
    "spss/Mobiles_feedback_4_weeks.sav": ("spss", 895, 28, 2, 1),
    "spss/chocolate.sav": ("spss", 403, 36, None, None),
    "spss/eggs.sav": ("spss", 380, 33, 2, 1),
    "spss/electric.por": ("spss", 240, 13, 0, 0),
    "spss/electric.sav": ("spss", 240, 13, 0, 0),
    "spss/labelled-num-na.sav": ("spss", 2, 1, 0, 0),
    "spss/sample_missing.sav": ("spss", 7, 7, 0, 0),
    "spss/simple_alltypes_mrsets.sav": ("spss", 6, 12, 1, 1),
    "spss/umlauts.sav": ("spss", 4, 1, 0, 0),
    "surveyjs/response.json": ("surveyjs", 1, 37, None, None),
    "surveymonkey/star_wars_2014.csv": ("surveymonkey", 1186, 38, 1, 1),
    "surveymonkey/thanksgiving_2015.csv": ("surveymonkey", 1058, 65, 0, 3),
    "typeform/assistant_thesis_2020.csv": ("table", 30, 47, 1, 6),
    "typeform/cantera_2020.csv": ("typeform", 60, 112, 1, 12),
}
#: Files that hold a questionnaire and no answers.
QUESTIONNAIRES = (
    "xlsform/",
    ".lss",
    "limesurvey/structure",
    ".qsf",
    "schema.json",
    "profile_form",
    "needs_assessment_questions",
    "needs_assessment_choices",
)


@pytest.fixture(scope="module")
def exports(shared: Path) -> Path:
    """The folder of real exports."""
    return shared / "data" / "exports"


def test_every_file_is_read_or_refused_with_the_reason(exports: Path) -> None:
    files = [p.relative_to(exports).as_posix() for p in exports.glob("*/*")]
    assert len(files) > 70
    for name in files:
        if name in READ:
            assert read_export(exports / name).n > 0
            continue
        assert any(mark in name for mark in QUESTIONNAIRES), name
        with pytest.raises(DataError) as refused:
            read_export(exports / name)
        assert [problem.code for problem in refused.value.problems] == ["file.questionnaire"]


@pytest.mark.parametrize("name", READ)
def test_platform_size_and_structure(exports: Path, name: str) -> None:
    platform, respondents, columns, grids, sets = READ[name]
    export = read_export(exports / name)
    variables = export.variables
    assert export.platform == platform
    assert export.n == len(export.frame) == len(export.status) == respondents
    assert len(variables) == len(export.frame.columns) == columns
    assert grids is None or len(batteries(variables)) == grids
    assert sets is None or len(option_sets(variables)) == sets


@pytest.mark.parametrize("name", READ)
def test_names_are_unique_and_headers_are_kept(exports: Path, name: str) -> None:
    export = read_export(exports / name)
    assert export.frame.columns.is_unique
    assert set(export.states) <= {"complete", "partial", "test"}
    rows = len(export.table.header_rows)
    assert all(len(variable.header) == rows for variable in export.variables)
    assert export.table.rows.tolist() == sorted(set(export.table.rows.tolist()))


@pytest.mark.parametrize("name", [n for n in READ if "needs_assessment" not in n])
def test_a_draft_of_each_file_reads_the_file(exports: Path, name: str) -> None:
    export = read_export(exports / name)
    if not any(v.type not in ("system", "empty", "other") for v in export.variables):
        with pytest.raises(PersonaError):
            _ = draft_questionnaire(export).questionnaire
        return
    draft = draft_questionnaire(export)
    if (export.states == "test").all():
        with pytest.raises(DataError, match="test interview"):
            Responses.from_export(export, draft.questionnaire, mapping=draft.mapping)
        return
    responses = Responses.from_export(export, draft.questionnaire, mapping=draft.mapping)
    matched = {match.variable for match in responses.matches}
    assert set(draft.mapping.values()) <= matched
    answered = int(responses.missing["answered"].sum())
    assert answered > 0
    assert responses.missing["faulty"].sum() <= 0.02 * answered


def test_every_importer_meets_a_real_or_made_file(exports: Path, tmp_path: Path) -> None:
    made = {
        "nextcloud": '"User ID","User display name","Timestamp","Which tea?"\n'
        '"","Anonymous user","2025-01-01T10:00:00+01:00","Green; Black"\n',
        "unipark": "lfdn;tester;dispcode;lastpage;v_1\n1;0;31;9;2\n2;0;22;3;-77\n3;1;31;9;1\n",
        "odk": "SubmissionDate,tea,KEY\n2025-01-01T10:00:00Z,green,uuid:1\n",
    }
    met = {platform for platform, *_ in READ.values()} | {"questionnaire"}
    for platform, text in made.items():
        path = tmp_path / f"{platform}.csv"
        path.write_text(text, encoding="utf-8")
        export = read_export(path)
        assert export.platform == platform
        met.add(platform)
        if platform == "unipark":
            assert export.states.tolist() == ["complete", "partial", "test"]
    assert set(IMPORTERS) <= met


def _comparable(export: SurveyExport) -> list[list[str]]:
    """Asked cells as texts; codes that mean no answer are empty, as .por files lose them."""
    asked = [column for column in export.columns if not column.system]
    columns = [
        [
            "" if cell is None or cell in column.missing else normal(str(cell))
            for cell in export.table.column(column.number)
        ]
        for column in asked
    ]
    return columns


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("sosci/prosody_pilot_rdata.csv", "sosci/prosody_pilot_utf16.csv"),
        ("google_forms/spack_2025.csv", "google_forms/spack_2025.xlsx"),
        ("qualtrics/restaurant_ads.xlsx", "qualtrics/restaurant_ads_choice_text.csv"),
        ("qualtrics/no_basis_insights.csv", "qualtrics/no_basis_legacy.csv"),
        ("qualtrics/many_types_insights.csv", "qualtrics/many_types_legacy.csv"),
        ("spss/electric.sav", "spss/electric.por"),
    ],
)
def test_the_same_survey_in_two_formats_comes_out_equal(
    exports: Path, first: str, second: str
) -> None:
    one, two = read_export(exports / first), read_export(exports / second)
    assert one.states.tolist() == two.states.tolist()
    assert _comparable(one) == _comparable(two)
    if "many_types" not in first:
        assert [v.type for v in one.variables if v.type != "system"] == [
            v.type for v in two.variables if v.type != "system"
        ]


def test_two_languages_of_one_survey_have_one_structure(exports: Path) -> None:
    english = read_export(exports / "limesurvey/digital_twins_en.csv")
    german = read_export(exports / "limesurvey/digital_twins_de.csv")
    assert [v.type for v in english.variables] == [v.type for v in german.variables]
    for one, two in zip(english.columns, german.columns, strict=True):
        pairs = set(zip(english.frame[one.id], german.frame[two.id], strict=True))
        assert len(pairs) == len({a for a, _ in pairs}) or one.form == "other"


def test_labels_and_codes_of_one_form_have_one_structure(exports: Path) -> None:
    coded = read_export(exports / "kobo_odk/animals_xml.csv")
    spoken = read_export(exports / "kobo_odk/animals_labels_es.csv")
    ticks = [v.id for v in coded.variables if v.type == "multiple"]
    heard = [v.id for v in spoken.variables if v.type == "multiple"]
    assert coded.frame[ticks].to_numpy().tolist() == spoken.frame[heard].to_numpy().tolist()


def test_previews_and_pretests_are_tests(exports: Path) -> None:
    restaurant = read_export(exports / "qualtrics/restaurant_ads_choice_text.csv")
    assert (restaurant.status == "test").sum() == 4
    assert (read_export(exports / "sosci/prosody_pilot_rdata.csv").status == "test").all()
    jupyter = read_export(exports / "alchemer/jupyter_2015.csv").status.value_counts()
    assert jupyter.to_dict() == {"partial": 927, "complete": 779}


def test_spss_keeps_labels_missing_codes_and_sets(exports: Path) -> None:
    cola = read_export(exports / "spss/Colas.sav")
    assert {len(items) for items in batteries(cola.variables).values()} == {3, 6}
    missing = {v.id: v.missing for v in read_export(exports / "spss/sample_missing.sav").variables}
    assert any(codes for codes in missing.values())
    umlauts = read_export(exports / "spss/umlauts.sav").variables[0]
    assert umlauts.text == "This is an ä-umlaut"
    assert umlauts.labels == {1: "the ä umlaut", 2: "the ü umlaut", 3: "the ö umlaut"}


def test_triple_s_reads_fixed_and_csv_data(tmp_path: Path) -> None:
    xml = """<?xml version="1.0"?><sss version="2.0"><survey><record ident="A" format="{layout}">
<variable ident="1" type="single"><name>sex</name><label>Sex</label>
  <position start="1"/><values><value code="1">Female</value><value code="2">Male</value></values>
</variable>
<variable ident="2" type="multiple"><name>teas</name><label>Which teas?</label>
  <position start="2" finish="{finish}"/>
  <values><value code="1">Black</value><value code="2">Green</value></values></variable>
<variable ident="3" type="quantity"><name>cups</name><label>Cups</label>
  <position start="{cups}" finish="{cups_end}"/></variable>
</record></survey></sss>"""
    fixed = tmp_path / "fixed.sss"
    fixed.write_text(xml.format(layout="fixed", finish=3, cups=4, cups_end=5), encoding="utf-8")
    with pytest.raises(DataError, match="not beside it"):
        read_export(fixed)
    (tmp_path / "fixed.asc").write_text("110 3\n201 4\n2    \n", encoding="utf-8")
    comma = tmp_path / "comma.xml"
    comma.write_text(xml.format(layout="csv", finish=2, cups=3, cups_end=3), encoding="utf-8")
    (tmp_path / "comma.csv").write_text('1,"10",3\n2,"01",4\n2,"",\n', encoding="utf-8")
    for path in (fixed, comma):
        export = read_export(path)
        assert export.platform == "triple_s"
        assert export.frame["teas_1"].tolist() == ["1", "0", None]
        assert export.frame["cups"].tolist() == ["3", "4", None]
        assert export.variables[0].labels == {"1": "Female", "2": "Male"}
        assert export.variables[1].parent == export.variables[2].parent == "teas"


def test_parquet_is_read_or_says_what_it_needs(tmp_path: Path) -> None:
    import importlib.util

    path = tmp_path / "answers.parquet"
    if importlib.util.find_spec("pyarrow") is None:
        path.write_bytes(b"PAR1" + b"\0" * 20 + b"PAR1")
        with pytest.raises(DataError, match="pyarrow"):
            read_export(path)
        return
    pd.DataFrame({"a": ["x", None], "b": [1, 2]}).to_parquet(path)
    assert read_export(path).frame.to_dict("list") == {"a": ["x", None], "b": [1, 2]}
