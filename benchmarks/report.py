"""How long a study's report takes beside its analysis, and a PDF beside the bare interpreter.

    python benchmarks/report.py
    python benchmarks/report.py examples/coffee_club --times 5 --languages en pl ru nl

Every figure is CPU seconds, user and system, of a process of its own with one thread for BLAS: the
median of several. The first table takes an example from its files to its output in one process and
divides that process's time: the analysis, with all it has to load, ends where the results are
known; each kind of file has what passes until the next one is begun. The second prints the PDF of
the report of made-up results that were stored before, from the start of the interpreter to the
last byte.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = """
import json, sys, time
from dataclasses import replace
from pathlib import Path
study, out, languages = sys.argv[1], Path(sys.argv[2]), tuple(sys.argv[3:])
import persona
from persona.study.reporting import study_report
found = persona.Study.load(study).run()
marks = [("analysis", time.process_time())]
from persona.report import write_all
report = replace(study_report(found), languages=languages)
write_all(report, out, progress=lambda name: marks.append((name, time.process_time())))
marks.append(("end", time.process_time()))
print(json.dumps(marks))
"""
STORE = """
import importlib.util, pickle, sys
spec = importlib.util.spec_from_file_location("made_up", sys.argv[1])
made_up = importlib.util.module_from_spec(spec)
sys.modules["made_up"] = made_up
spec.loader.exec_module(made_up)
pickle.dump(made_up.study_report(), open(sys.argv[2], "wb"))
"""
STORED = """
import pickle, sys
stored = pickle.load(open(sys.argv[1], "rb"))
from persona.report import locale, theme
from persona.report.pdf import report_pdf
from persona.report.sections import Context
open(sys.argv[2], "wb").write(report_pdf(Context(stored, locale.load("en"), theme.load())))
"""
RESULTS = "import pickle, sys; pickle.load(open(sys.argv[1], 'rb'))"
KINDS = ("index.html", "personas, HTML", "report.pdf", "personas, PDF", "deck.pptx", "other files")


def run(code: str, *arguments: str) -> tuple[float, str]:
    """CPU seconds of a process that runs the code, and what it printed."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        check=True,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used, done.stdout


def median(code: str, *arguments: str, times: int) -> float:
    """The median of the CPU seconds of several processes."""
    return statistics.median(run(code, *arguments)[0] for _ in range(times))


def kind(name: str) -> str:
    """Which of the kinds of files a file belongs to."""
    name = name.rpartition("/")[2] if not name.startswith("personas/") else name
    if name == "index.html":
        return name
    if name.endswith(".html"):
        return "personas, HTML"
    if name.endswith(".pdf"):
        return "report.pdf" if name.endswith("report.pdf") else "personas, PDF"
    return name if name.endswith("deck.pptx") else "other files"


def example(study: Path, languages: Sequence[str], times: int) -> Mapping[str, float]:
    """CPU seconds of the analysis and of each kind of file."""
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(times):
            _, printed = run(EXAMPLE, str(study), f"{folder}/out{number}", *languages)
            marks = json.loads(printed.strip().splitlines()[-1])
            used = dict.fromkeys(("analysis", *KINDS), 0.0)
            used["analysis"] = marks[0][1]
            # What comes before the first file is loading templates, words and the theme.
            used["other files"] = marks[1][1] - marks[0][1]
            for (name, begun), (_, ended) in itertools.pairwise(marks[1:]):
                used[kind(name)] += ended - begun
            for name, value in used.items():
                found.setdefault(name, []).append(value)
    return {name: statistics.median(values) for name, values in found.items()}


def show_example(study: Path, languages: Sequence[str], times: int) -> None:
    """Print what each kind of file takes beside the analysis."""
    used = example(study, languages, times)
    analysis = used["analysis"]
    print(f"{study.name}, {len(languages)} languages: {' '.join(languages)}")
    print(f"{'':32}{'CPU s':>8}{'of analysis':>13}")
    for name, value in used.items():
        print(f"{name:32}{value:8.2f}{value / analysis:13.2f}")
    report = sum(used[name] for name in KINDS[:4])
    everything = sum(used[name] for name in KINDS)
    print(f"{'report, HTML and PDF':32}{report:8.2f}{report / analysis:13.2f}")
    print(f"{'every file':32}{everything:8.2f}{everything / analysis:13.2f}")


def show_pdf(times: int) -> None:
    """Print what the PDF of stored results takes beside a bare start of the interpreter."""
    with tempfile.TemporaryDirectory() as folder:
        stored, made = f"{folder}/results.pickle", f"{folder}/report.pdf"
        run(STORE, str(ROOT / "tests" / "report" / "made_up.py"), stored)
        bare = median("pass", times=times)
        results = median(RESULTS, stored, times=times)
        whole = median(STORED, stored, made, times=times)
        print(f"report.pdf of stored results{_pages(made)}")
    print(f"{'':32}{'CPU s':>8}{'beside bare':>13}{'ratio':>8}")
    for name, value in (("bare interpreter", bare), ("results read", results), ("PDF", whole)):
        print(f"{name:32}{value:8.2f}{value - bare:13.2f}{value / bare:8.0f}")


def _pages(path: str) -> str:
    """How many pages a PDF has, by the tool of poppler; nothing where it is missing."""
    if shutil.which("pdfinfo") is None:
        return ""
    told = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    lines = [line.split() for line in told.splitlines() if line.startswith("Pages:")]
    return f", {lines[0][1]} pages"


def main() -> None:
    """Print both tables."""
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    reader.add_argument("study", nargs="?", default="examples/coffee_club", type=Path)
    reader.add_argument("--languages", nargs="+", default=["en", "pl", "ru", "nl"])
    reader.add_argument("--times", type=int, default=3)
    given = reader.parse_args()
    show_example(ROOT / given.study, given.languages, given.times)
    print()
    show_pdf(given.times)


if __name__ == "__main__":
    main()
