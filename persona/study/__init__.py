"""Studies: the chain from a study file to segments, personas and every output."""

from __future__ import annotations

from persona.study.decisions import Applied
from persona.study.loading import check_file, init_study
from persona.study.progress import Progress, Silent
from persona.study.result import StudyResult
from persona.study.study import Study

__all__ = ["Applied", "Progress", "Silent", "Study", "StudyResult", "check_file", "init_study"]
