"""Make customers.csv of this example: an imagined address and consent for each member.

    python examples/coffee_club/make_customers.py [FOLDER]

The names are drawn from lists, the addresses end in example.com. As in real tables some addresses
are missing or none, two members share one, and not everybody answered about the newsletter.
"""

from __future__ import annotations

import csv
import random
import sys
import unicodedata
from pathlib import Path

from openpyxl import load_workbook

FOLDER = Path(__file__).parent
SEED = 20261031
FIRST = "Anna Piotr Ewa Jan Maria Tomasz Zofia Paweł Agnieszka Marek Łucja Ola Żaneta Igor".split()
LAST = "Nowak Kowalski Wiśniewska Wójcik Zielińska Szymański Dąbrowska Mazur Krawczyk Pająk".split()
HEADER = ["Customer number", "Member", "First name", "Last name", "E-mail", "Mobile"]
CONSENT = "Newsletter consent"


def plain(name: str) -> str:
    """A name in letters of ASCII, as addresses have them."""
    bare = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("Ł", "L"))
    return bare.encode("ascii", "ignore").decode().lower()


def members() -> list[str]:
    """The numbers of everybody who answered."""
    sheet = load_workbook(FOLDER / "answers.xlsx", read_only=True)["Answers"]
    cells = sheet.iter_rows(min_row=2, max_col=1, values_only=True)
    return [str(row[0]) for row in cells if row[0] is not None]


def rows(draw: random.Random) -> list[list[str]]:
    """One row a member."""
    made = []
    for number, member in enumerate(members(), 1):
        first, last = draw.choice(FIRST), draw.choice(LAST)
        address = f"{plain(first)}.{plain(last)}{number}@example.com"
        address = draw.choices([address, "", f"{plain(first)} at example"], [96, 3, 1])[0]
        consent = draw.choices(["yes", "no", ""], [68, 22, 10])[0]
        mobile = f"+48 600 {number // 1000:03d} {number % 1000:03d}"
        made.append([f"{number:06d}", member, first, last, address, mobile, consent])
    made[40][4] = made[39][4] = "family@example.com"
    return made


def main() -> None:
    """Write the file anew."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    with (target / "customers.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*HEADER, CONSENT])
        writer.writerows(rows(random.Random(SEED)))


if __name__ == "__main__":
    main()
