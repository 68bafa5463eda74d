"""Pages as pictures, compared with approved ones.

When a change of the look is wanted: look at the pages, then run
``APPROVE=1 python -m pytest tests/report/test_pictures.py`` and commit the new pictures.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

APPROVED = Path(__file__).parent / "approved"
TOLERANCE = 0.02
"""Mean difference of grey (0 to 1); another page or a lost element is beyond it."""


@pytest.mark.parametrize(
    ("name", "page"), [("cover", 1), ("contents", 2), ("findings", 3), ("persona", 4), ("sizes", 8)]
)
def test_pages_look_as_approved(
    written: Path, tmp_path: Path, pdftoppm: str, name: str, page: int
) -> None:
    source = str(written / "pl" / "report.pdf")
    command = [pdftoppm, "-gray", "-r", "36", "-png", "-singlefile"]
    pages = ["-f", str(page), "-l", str(page)]
    subprocess.run([*command, *pages, source, str(tmp_path / name)], check=True)
    made = tmp_path / f"{name}.png"
    if os.environ.get("APPROVE"):
        APPROVED.mkdir(exist_ok=True)
        shutil.copy(made, APPROVED / f"{name}.png")
    seen, wanted = imread(made), imread(APPROVED / f"{name}.png")
    assert seen.shape == wanted.shape
    assert float(np.abs(seen - wanted).mean()) < TOLERANCE


def test_the_approved_pages_differ_from_each_other() -> None:
    """The tolerance would notice one page in the place of another."""
    pictures = [imread(path) for path in sorted(APPROVED.glob("*.png"))]
    assert len(pictures) == 5
    for place, one in enumerate(pictures):
        for other in pictures[place + 1 :]:
            assert float(np.abs(one - other).mean()) > TOLERANCE
