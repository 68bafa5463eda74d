"""10,000 respondents by 150 questions from Excel, against what the sheet reader alone takes.

Run it from the checkout: ``python benchmarks/responses.py``. Every time is processor time, and
the ratio is the median over runs that alternate between the two; the peak of memory is that of
a fresh process which reads the file once, against one that only loads the same libraries.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import persona
from persona.questionnaire.model import Questionnaire

PEOPLE, ITEMS, SINGLES, RUNS = 10_000, 120, 28, 9
LABELS = ("Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree")


def write_answers(path: Path) -> None:
    """Ids, 120 items as figures, 28 questions as labels, and a verbatim."""
    import xlsxwriter

    answers = np.random.default_rng(1).integers(1, 6, (PEOPLE, ITEMS + SINGLES)).tolist()
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        names = [f"q{number}" for number in range(1, ITEMS + SINGLES + 1)]
        sheet.write_row(0, 0, ["respondent", *names, "why"])
        for row, given in enumerate(answers, start=1):
            labels = [LABELS[answer - 1] for answer in given[ITEMS:]]
            reason = f"Because of reason {row}"
            sheet.write_row(row, 0, [f"R{row:05d}", *given[:ITEMS], *labels, reason])


def questionnaire() -> Questionnaire:
    """The questionnaire of the answers."""
    numbers = range(1, ITEMS + 1)
    items = [{"id": f"q{n}", "text": f"Item {n}", "reverse": n % 7 == 0} for n in numbers]
    options = [{"code": code, "text": label} for code, label in enumerate(LABELS, start=1)]
    single = {"type": "single", "kind": "need", "options": options}
    grid = {"type": "grid", "kind": "need", "role": "basis", "scale": "agree", "items": items}
    questions = [
        {"id": "respondent", "type": "text", "kind": "id"},
        {"id": "battery", "text": "Agree?", **grid},
        *(
            {"id": f"q{n}", "text": f"Question {n}", **single}
            for n in range(ITEMS + 1, ITEMS + SINGLES + 1)
        ),
        {"id": "why", "type": "text", "kind": "verbatim", "text": "Why?"},
    ]
    return Questionnaire.from_data(
        {
            "id": "big",
            "scales": {"agree": {"points": dict(enumerate(LABELS, start=1))}},
            "sections": [{"id": "s", "block": "expects", "questions": questions}],
        }
    )


def sheet_alone(path: Path) -> object:
    """What the sheet reader alone does."""
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def seconds(run: Callable[[], object]) -> float:
    """Processor time of one call."""
    start = time.process_time()
    run()
    return time.process_time() - start


def peak(path: Path, *, read: bool) -> float:
    """Megabytes that one fresh process takes at its most."""
    words = [sys.executable, __file__, str(path), "read" if read else "load"]
    return float(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


def report_peak(path: Path, what: str) -> None:
    """Read the file once, or only load what reading needs, and print the peak of memory."""
    from persona import responses

    study = questionnaire()
    if what == "read":
        responses.Responses.read(path, study)
    status = Path("/proc/self/status").read_text(encoding="ascii")  # Linux counts it there
    print(int(status.partition("VmHWM:")[2].split()[0]) / 1024)


def main() -> None:
    """Print the ratio of the medians, of each pair of runs, and the peak of memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.xlsx"
        write_answers(path)
        study = questionnaire()
        persona.Responses.read(path, study)
        pairs = [
            (
                seconds(lambda: sheet_alone(path)),
                seconds(lambda: persona.Responses.read(path, study)),
            )
            for _ in range(RUNS)
        ]
        alone, whole = (statistics.median(times) for times in zip(*pairs, strict=True))
        ratio = statistics.median(read / sheet for sheet, read in pairs)
        print(f"sheet reader alone {alone:.2f} s, persona {whole:.2f} s (processor time)")
        print(f"ratio {ratio:.2f}, median of {RUNS} pairs of runs")
        loaded, used = peak(path, read=False), peak(path, read=True)
        print(f"peak {used:.0f} MB, {used - loaded:.0f} MB above the loaded libraries")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        report_peak(Path(sys.argv[1]), sys.argv[2])
    else:
        main()
