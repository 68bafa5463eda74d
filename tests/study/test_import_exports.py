"""Every export of the shared data becomes a study that checks, or is refused with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from persona.cli import main
from persona.errors import PersonaError
from persona.study import Study

#: File: what it is recognised as, respondents, and how the import ends. Files that end with 1 hold
#: test interviews alone, or cells that are no answer.
QUICK = {
    "generic_pl/elearning_semicolon.csv": ("a plain table", 228, 0),
    "generic_pl/student_burnout_may.xlsx": ("a plain table", 230, 0),
    "google_forms/packaged_roti_consumers.xlsx": ("Google Forms", 112, 0),
    "google_forms/personal_finance_it.csv": ("Google Forms", 1199, 0),
    "kobo_odk/animals_labels_es.csv": ("KoboToolbox", 3, 0),
    "kobo_odk/animals_xml.csv": ("KoboToolbox", 3, 0),
    "kobo_odk/emperors_labels_en.csv": ("KoboToolbox", 3, 0),
    "kobo_odk/emperors_xml.csv": ("KoboToolbox", 3, 0),
    "kobo_odk/profile_data.xlsx": ("KoboToolbox", 5, 0),
    "qualtrics/many_types_legacy.csv": ("Qualtrics", 5, 1),
    "qualtrics/no_basis_insights.csv": ("Qualtrics", 15, 1),
    "qualtrics/no_basis_legacy.csv": ("Qualtrics", 15, 1),
    "qualtrics/restaurant_ads.xlsx": ("Qualtrics", 93, 0),
    "qualtrics/restaurant_ads_choice_text.csv": ("Qualtrics", 93, 0),
    "sosci/prosody_pilot_rdata.csv": ("SoSci Survey", 20, 1),
    "sosci/prosody_pilot_utf16.csv": ("SoSci Survey", 20, 1),
    "spss/electric.por": ("SPSS", 240, 0),
    "spss/electric.sav": ("SPSS", 240, 0),
    "spss/labelled-num-na.sav": ("SPSS", 2, 0),
    "spss/sample_missing.sav": ("SPSS", 7, 0),
    "spss/simple_alltypes_mrsets.sav": ("SPSS", 6, 0),
    "spss/umlauts.sav": ("SPSS", 4, 0),
    "surveyjs/response.json": ("SurveyJS", 1, 0),
}
SLOW = {
    "alchemer/jupyter_2015.csv": ("Alchemer (SurveyGizmo)", 1706, 0),
    "google_forms/haxe_2018_no_header.csv": ("Google Forms", 605, 0),
    "google_forms/spack_2025.csv": ("Google Forms", 245, 0),
    "google_forms/spack_2025.xlsx": ("Google Forms", 245, 0),
    "kobo_odk/needs_assessment_r.csv": ("KoboToolbox", 10, 0),
    "kobo_odk/who_va_2022_groups.csv": ("ODK Central", 23, 0),
    "kobo_odk/who_va_2022_groups_split.csv": ("ODK Central", 23, 0),
    "limesurvey/amsterdam_R_data_file.csv": ("LimeSurvey", 3, 0),
    "limesurvey/digital_twins_de.csv": ("LimeSurvey", 96, 0),
    "limesurvey/digital_twins_en.csv": ("LimeSurvey", 96, 0),
    "limesurvey/rse_germany_2017.csv": ("LimeSurvey", 325, 0),
    "ms_forms/rse_arts_humanities.csv": ("Microsoft Forms", 24, 0),
    "qualtrics/cloze_semicolon.csv": ("Qualtrics", 63, 0),
    "qualtrics/many_types_insights.csv": ("Qualtrics", 5, 1),
    "sosci/hups2.csv": ("SoSci Survey", 206, 0),
    "spss/Colas.sav": ("SPSS", 327, 0),
    "spss/Mobiles_feedback_4_weeks.sav": ("SPSS", 895, 0),
    "spss/chocolate.sav": ("SPSS", 403, 0),
    "spss/eggs.sav": ("SPSS", 380, 0),
    "surveymonkey/star_wars_2014.csv": ("SurveyMonkey", 1186, 0),
    "surveymonkey/thanksgiving_2015.csv": ("SurveyMonkey", 1058, 0),
    "typeform/assistant_thesis_2020.csv": ("", 30, 0),
    "typeform/cantera_2020.csv": ("Typeform", 60, 0),
}
#: Places and what the platform writes alone.
NO_QUESTION = "kobo_odk/bird_nests_nested_repeat.xlsx"
QUESTIONNAIRES = {".lss", ".qsf"}


def ended(*arguments: object) -> int:
    with pytest.raises(SystemExit) as stopped:
        main([str(argument) for argument in arguments])
    code = stopped.value.code
    return code if isinstance(code, int) else int(bool(code))


@pytest.mark.parametrize(
    "name",
    [*QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)],
)
def test_an_export_becomes_a_study_that_checks(
    name: str, shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    title, respondents, code = {**QUICK, **SLOW}[name]
    folder = tmp_path / "study"
    found = ended("import", shared / "data" / "exports" / name, "--draft", folder)
    printed = capsys.readouterr()
    text = " ".join((printed.out + printed.err).split())
    assert found == code, text
    assert f"{title}, " in text and f"{respondents} respondent" in text
    assert "Traceback" not in text
    assert ended("check", folder) == 0, capsys.readouterr().out
    study = Study.load(folder)
    if found == 0:
        assert 0 < len(study.read().frame) <= respondents
    else:
        with pytest.raises(PersonaError):
            study.read()


def test_a_file_without_any_question_is_refused(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "study"
    file = shared / "data" / "exports" / NO_QUESTION
    assert ended("import", file, "--draft", folder) == 1
    assert "(KoboToolbox, 4 respondents) can be a question" in capsys.readouterr().err
    assert not folder.exists()


def test_questionnaires_are_refused_with_the_reason_and_nothing_is_left_out(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = shared / "data" / "exports"
    known = {*QUICK, *SLOW, NO_QUESTION}
    files = [path for path in sorted(root.rglob("*")) if path.is_file() and path.suffix != ".md"]
    others = [path for path in files if str(path.relative_to(root)) not in known]
    assert len(others) + len(known) == len(files)
    assert {path.suffix for path in others} >= QUESTIONNAIRES
    for path in others:
        folder = tmp_path / path.name
        assert ended("import", path, "--draft", folder) == 1, path
        assert "is a questionnaire" in capsys.readouterr().err, path
        assert not folder.exists()
