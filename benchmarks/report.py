"""How long reports take beside the bare interpreter: `python benchmarks/report.py`.

Prints CPU seconds of a process of its own for each line, and the ratio to a bare start of Python.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_STUDY = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("made_up", {made_up!r})
made_up = importlib.util.module_from_spec(spec)
sys.modules["made_up"] = made_up
spec.loader.exec_module(made_up)
from pathlib import Path
"""
LINES = {
    "bare interpreter": "pass",
    "results alone (imports)": _STUDY + "made_up.study_report()",
    "index.html, one language": _STUDY
    + "from persona.report import locale, theme\n"
    + "from persona.report.html import index_html\n"
    + "from persona.report.sections import Context\n"
    + "index_html([Context(made_up.study_report(), locale.load('en'), theme.load())])",
    "report.pdf": _STUDY
    + "from persona.report import locale, theme\n"
    + "from persona.report.pdf import report_pdf\n"
    + "from persona.report.sections import Context\n"
    + "report_pdf(Context(made_up.study_report(), locale.load('en'), theme.load()))",
    "report.pdf of stored results": "import pickle\n"
    + "stored = pickle.load(open({stored!r}, 'rb'))\n"
    + "from persona.report import locale, theme\n"
    + "from persona.report.pdf import report_pdf\n"
    + "from persona.report.sections import Context\n"
    + "report_pdf(Context(stored, locale.load('en'), theme.load()))",
    "every file, one language": _STUDY
    + "from persona.report import write_all\n"
    + "write_all(made_up.study_report(languages=('en',)), Path({out!r}))",
    "every file, four languages": _STUDY
    + "from persona.report import write_all\n"
    + "write_all(made_up.study_report(languages=('en', 'pl', 'ru', 'nl')), Path({out!r}))",
}


def seconds(code: str, times: int = 3) -> float:
    """CPU seconds of a process that runs the code, the best of several."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    best = float("inf")
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", code], check=True, env=environment)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        best = min(best, used)
    return best


def main() -> None:
    """Print one line for each kind of report."""
    with tempfile.TemporaryDirectory() as folder:
        made_up = str(ROOT / "tests" / "report" / "made_up.py")
        stored = f"{folder}/results.pickle"
        store = "import pickle\npickle.dump(made_up.study_report(), open({stored!r}, 'wb'))"
        seconds((_STUDY + store).format(made_up=made_up, stored=stored), times=1)
        bare = 0.0
        print(f"{'':32}{'CPU s':>8}{'ratio':>9}{'beside results':>16}")
        alone = 0.0
        for name, code in LINES.items():
            used = seconds(code.format(made_up=made_up, stored=stored, out=f"{folder}/out"))
            bare = bare or used
            alone = used if name.startswith("results") else alone
            more = f"{used - alone:15.2f}" if alone else ""
            print(f"{name:32}{used:8.2f}{used / bare:9.1f} {more}")


if __name__ == "__main__":
    main()
