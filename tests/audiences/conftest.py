"""Made-up people with segments, in files as users have them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from persona.audiences.asking import Request
from persona.audiences.audience import Audience, make_audience
from persona.audiences.options import AudienceOptions
from persona.audiences.people import People, people_in
from persona.audiences.profiles import find_profile
from persona.responses import read_export

HEADER = [
    "Customer number",
    "User ID",
    "ClientID",
    "E-mail",
    "Phone",
    "First name",
    "Last name",
    "Agreed",
    "segment",
    "segment_name",
    "probability",
    "uncertain",
]
NAMES = {1: "Łowcy okazji", 2: "Smakosze, i nie tylko", 3: 'The "spontaneous"'}
Row = list[object]


def people_rows(n: int = 360, segments: int = 3) -> list[Row]:
    """People of whom all agreed; their names are awkward."""
    awkward = [
        "Anna",
        "O'Hara",
        'Jan "Ja"',
        "Müller, jr.",
        "=1+1",
        "Żółć",
        "Ирина",
        "☕ Ola",
        "-Ed",
    ]
    return [
        [
            f"{n_:06d}",
            f"u-{n_:05d}",
            f"{10**17 + n_}",
            f"Person.{n_}@Example.com ",
            f"+48 600 {n_ // 1000:03d} {n_ % 1000:03d}",
            awkward[n_ % len(awkward)],
            awkward[(n_ + 4) % len(awkward)],
            "yes",
            n_ % segments + 1,
            NAMES.get(n_ % segments + 1, f"Group {n_ % segments + 1}"),
            f"{0.7 + n_ % 30 / 100:.4f}",
            "no",
        ]
        for n_ in range(n)
    ]


@pytest.fixture(scope="session")
def made_rows() -> Callable[..., list[Row]]:
    """Makes rows of people, as many as are asked for."""
    return people_rows


@pytest.fixture(scope="session")
def readers(helper: Callable[[str], ModuleType]) -> ModuleType:
    """Readers written from the destinations' rules."""
    return helper("tests/audiences/readers")


@pytest.fixture
def write_people(tmp_path: Path) -> Callable[..., Path]:
    """Write a file of people; cells may be changed by (row from 0, header)."""

    def write(
        rows: Sequence[Row] | None = None,
        changes: dict[tuple[int, str], object] | None = None,
        header: Sequence[str] = HEADER,
        drop: Sequence[str] = (),
        name: str = "people.csv",
    ) -> Path:
        table = [list(row) for row in (people_rows() if rows is None else rows)]
        for (row, column), value in (changes or {}).items():
            table[row][list(header).index(column)] = value
        kept = [place for place, one in enumerate(header) if one not in drop]
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow([header[place] for place in kept])
            writer.writerows([[row[place] for place in kept] for row in table])
        return path

    return write


@pytest.fixture
def people(write_people: Callable[..., Path]) -> Callable[..., People]:
    """The people of such a file."""

    def read(*arguments: Any, **options: Any) -> People:
        path = write_people(*arguments, **options)
        return people_in(read_export(path, platform="table"), path.name, {}, {})

    return read


@pytest.fixture
def audience() -> Callable[..., Audience]:
    """Make a list; keywords of Request and of AudienceOptions together."""
    of_request = {"segments", "encoding", "leave_out_faulty", "study", "today"}

    def make(people: People, name: str, folder: Path | None = None, **given: Any) -> Audience:
        import datetime as dt

        asked = {key: given.pop(key) for key in list(given) if key in of_request}
        asked = {"study": "club", "today": dt.date(2026, 10, 31), **asked}
        options = AudienceOptions(**{"consent": "Agreed", **given})
        return make_audience(people, find_profile(name, folder).profile, options, Request(**asked))

    return make
