"""Readers of the lists, each written from the rules of its destination alone.

A reader takes the bytes of a file, refuses what the destination would refuse, and gives back what
it would know: one dictionary a person. None of them uses the package.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from urllib.parse import parse_qsl
from xml.etree import ElementTree


class Refused(Exception):
    """The destination would not take the file."""


def need(sound: bool, why: str) -> None:
    """The rule ``why`` holds, or the file is refused."""
    if not sound:
        raise Refused(why)


def csv_rows(content: bytes, encoding: str = "utf-8", delimiter: str = ",") -> list[list[str]]:
    """The cells of a CSV file by RFC 4180, read sign by sign."""
    text = content.decode(encoding)
    rows: list[list[str]] = [[]]
    cell, quoted, place = "", False, 0
    while place < len(text):
        sign = text[place]
        if quoted:
            if sign == '"' and text[place + 1 : place + 2] == '"':
                cell, place = cell + '"', place + 1
            elif sign == '"':
                quoted = False
            else:
                cell += sign
        elif sign == '"':
            need(cell == "", "a quotation mark within a cell that is not quoted")
            quoted = True
        elif sign == delimiter:
            rows[-1].append(cell)
            cell = ""
        elif sign in "\r\n":
            place += text.startswith("\r\n", place)
            rows[-1].append(cell)
            cell = ""
            rows.append([])
        else:
            cell += sign
        place += 1
    need(not quoted, "a quotation mark is not closed")
    need(rows[-1] == [] and cell == "", "the last line does not end")
    rows.pop()
    widths = {len(row) for row in rows}
    need(len(widths) == 1, f"rows of different widths: {widths}")
    return rows


def records(rows: list[list[str]]) -> list[dict[str, str]]:
    """Rows by the names of the first."""
    need(len(set(rows[0])) == len(rows[0]), "a header stands twice")
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def no_formulas(people: list[dict[str, str]], *but: str) -> None:
    """No cell begins as a formula; telephone numbers are digits behind their plus."""
    for person in people:
        for name, cell in person.items():
            number = re.fullmatch(r"\+\d{8,15}|-?\d+([.,]\d+)?", cell)
            need(
                name in but or not cell.startswith(tuple("=+-@\t\r＝＋－＠")) or number is not None,
                f"{name} begins a formula: {cell!r}",
            )


_ADDRESS = re.compile(r"[!-?A-~]+@[^@\s]+\.[^@\s.]{2,}")


def mailchimp(content: bytes) -> list[dict[str, str]]:
    """UTF-8; one address a person, ASCII before the @; texts of at most 255 bytes."""
    people = records(csv_rows(content))
    for person in people:
        need(_ADDRESS.fullmatch(person["Email Address"]) is not None, "an address that is none")
        need("," not in person["Tags"], "one tag each")
        for name, cell in person.items():
            need(len(cell.encode("utf-8")) <= 255, f"{name} of more than 255 bytes")
            need("\n" not in cell and "\r" not in cell, "a line break in a text")
    addresses = [person["Email Address"].lower() for person in people]
    need(len(set(addresses)) == len(addresses), "an address stands twice")
    no_formulas(people)
    return people


def google_analytics(content: bytes) -> list[dict[str, str]]:
    """A key and at most 25 properties: names to 24 signs, values to 36, nothing personal."""
    people = records(csv_rows(content))
    names = [name for name in people[0] if name != "user_id"]
    need("user_id" in people[0], "no key")
    need(len(names) <= 25, "more than 25 properties")
    for name in names:
        need(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,23}", name) is not None, f"name {name}")
        need(not name.startswith(("google_", "ga_", "firebase_")), f"reserved: {name}")
        need(name not in ("first_open_time", "first_visit_time", "user_id"), f"reserved: {name}")
    for person in people:
        need(0 < len(person["user_id"]) <= 256, "a key that is empty or too long")
        for name in names:
            need(len(person[name]) <= 36, f"{name} of more than 36 signs")
        for cell in person.values():
            need(_ADDRESS.search(cell) is None, "an e-mail address")
            need(re.search(r"\+\d[\d ()-]{7,}", cell) is None, "a telephone number")
    keys = [person["user_id"] for person in people]
    need(len(set(keys)) == len(keys), "a key stands twice")
    no_formulas(people)
    return people


def segment(content: bytes) -> list[dict[str, str]]:
    """Identify calls, one a line: an id each, at most 32 kB, a moment in ISO 8601."""
    people = []
    text = content.decode("utf-8")
    need(text.endswith("\n"), "the last line does not end")
    for line in text[:-1].split("\n"):
        need(len(line.encode("utf-8")) <= 32 * 1024, "a call of more than 32 kB")
        call = json.loads(line)
        need(call["type"] == "identify", "no identify call")
        need(isinstance(call.get("userId"), str) and call["userId"] != "", "no userId")
        need(isinstance(call.get("traits"), dict), "no traits")
        moment = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"
        need(re.fullmatch(moment, call["timestamp"]) is not None, "timestamp")
        need(call["context"]["active"] is False, "a call that counts as a visit")
        need(isinstance(call["traits"]["persona_segment"], int), "the segment is no number")
        people.append({"userId": call["userId"], **{k: str(v) for k, v in call["traits"].items()}})
    return people


def matomo(content: bytes) -> list[dict[str, str]]:
    """Bulk tracking: a list of query strings with site, rec=1, a user and a dimension."""
    data = json.loads(content.decode("utf-8"))
    need(set(data) == {"requests"}, "requests and nothing else")
    people = []
    for query in data["requests"]:
        need(query.startswith("?"), "no query string")
        need(query.isascii() and " " not in query, "not URL-encoded")
        asked = dict(parse_qsl(query[1:], strict_parsing=True, keep_blank_values=True))
        need(asked["rec"] == "1" and asked["idsite"].isdigit(), "idsite and rec")
        need(0 < len(asked["uid"]) <= 200, "uid")
        dimensions = {
            name: v for name, v in asked.items() if re.fullmatch(r"dimension\d{1,3}", name)
        }
        need(len(dimensions) == 1, "a dimension")
        need(all(len(value) <= 255 for value in dimensions.values()), "a value beyond 255 signs")
        need(asked.get("ca") == "1", "it would count as a page view")
        people.append({"uid": asked["uid"], "segment": asked["e_n"], **dimensions})
    return people


def yandex_metrica(content: bytes) -> list[dict[str, str]]:
    """UTF-8, ClientID, Key, Value: one row a visitor and parameter."""
    rows = records(csv_rows(content))
    need(set(rows[0]) == {"ClientID", "Key", "Value"}, "columns")
    people: dict[str, dict[str, str]] = {}
    for row in rows:
        need(row["ClientID"].isdigit(), "ClientID is a number")
        need(row["Key"] != "" and row["Value"] != "", "key and value")
        person = people.setdefault(row["ClientID"], {"ClientID": row["ClientID"]})
        need(row["Key"] not in person, "a parameter stands twice")
        person[row["Key"]] = row["Value"]
    return list(people.values())


def yandex_metrica_conversions(content: bytes) -> list[dict[str, str]]:
    """UTF-8, ClientId, Target, DateTime in seconds since 1970."""
    people = records(csv_rows(content))
    for person in people:
        need(set(person) == {"ClientId", "Target", "DateTime"}, "columns")
        need(person["ClientId"].isdigit(), "ClientId is a number")
        need(re.fullmatch(r"[A-Za-z0-9_.-]+", person["Target"]) is not None, "goal id")
        need(1e9 < int(person["DateTime"]) < 4e9, "Unix time in seconds")
    return people


def yandex_audience(content: bytes) -> list[dict[str, str]]:
    """UTF-8 or Windows-1251; at least 100 entries; e-mail or phone as SHA-256, one at least."""
    people = records(csv_rows(content, "cp1251"))
    need(records(csv_rows(content)) == people, "both encodings read the same")
    need(len(people) >= 100, f"{len(people)} entries are fewer than 100")
    need(set(people[0]) <= {"email", "phone", "external_id"}, "columns")
    need(bool({"email", "phone"} & set(people[0])), "neither e-mail nor phone")
    for person in people:
        filled = [cell for name, cell in person.items() if name in ("email", "phone") and cell]
        need(filled != [], "an entry without both")
        need(all(re.fullmatch(r"[0-9a-f]{64}", cell) for cell in filled), "no SHA-256")
    return people


def kissmetrics(content: bytes) -> list[dict[str, str]]:
    """Identity, Timestamp in seconds, at most 10 Prop: columns; no double quotation marks."""
    need(b'"' not in content, "double quotation marks are not taken")
    people = records(csv_rows(content))
    names = list(people[0])
    need(names[:2] == ["Identity", "Timestamp"], "Identity and Timestamp")
    need(all(name.startswith("Prop:") and len(name) > 5 for name in names[2:]), "Prop: columns")
    need(0 < len(names) - 2 <= 10, "1 to 10 properties")
    for person in people:
        need(person["Identity"] != "", "no identity")
        need(1e9 < int(person["Timestamp"]) < 4e9, "Unix time in seconds")
    no_formulas(people)
    return people


def liveagent(content: bytes) -> list[dict[str, str]]:
    """UTF-8, an address each, short fields of 255 signs."""
    people = records(csv_rows(content))
    for person in people:
        need(_ADDRESS.fullmatch(person["Email"]) is not None, "an address that is none")
        need(all(len(cell) <= 255 for cell in person.values()), "more than 255 signs")
        need("," not in person["Groups"] and ";" not in person["Groups"], "one group each")
    no_formulas(people)
    return people


def crm_csv(content: bytes, encoding: str = "utf-8") -> list[dict[str, str]]:
    """A table with a key, no formulas, a probability and a day."""
    people = records(csv_rows(content, encoding))
    for person in people:
        keys = ("customer_id", "id", "email", "phone")
        need(any(person.get(key) for key in keys), "no key")
        need(re.fullmatch(r"\d{4}-\d\d-\d\d", person["assigned_on"]) is not None, "day")
        need(person["uncertain"] in ("yes", "no", ""), "uncertain")
        if person["probability"]:
            need(0 <= float(person["probability"]) <= 1, "probability")
        need(re.fullmatch(r"(\+\d{8,15})?", person.get("phone", "")) is not None, "phone")
    no_formulas(people)
    return people


_SPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def _unescaped(text: str) -> str:
    """Signs that the format writes as ``_xHHHH_`` (ECMA-376, ST_Xstring)."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def sheet_cells(content: bytes) -> tuple[str, list[list[tuple[str, str]]]]:
    """The only sheet of a workbook, from its XML: its name, and (type, text) of each cell."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheets = ElementTree.fromstring(book.read("xl/workbook.xml")).findall(".//m:sheet", _SPACE)
        need(len(sheets) == 1, "one sheet")
        shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        texts = [_unescaped("".join(part.itertext())) for part in shared.findall("m:si", _SPACE)]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    need(sheet.find(".//m:f", _SPACE) is None, "a formula")
    rows = []
    for row in sheet.findall(".//m:row", _SPACE):
        cells: dict[int, tuple[str, str]] = {}
        for cell in row.findall("m:c", _SPACE):
            letters = re.sub(r"\d", "", cell.get("r", ""))
            number = 0
            for sign in letters:
                number = number * 26 + ord(sign) - 64
            value = cell.findtext("m:v", "", _SPACE)
            is_text = cell.get("t") == "s"
            cells[number - 1] = ("text", texts[int(value)]) if is_text else ("number", value)
        width = max(cells, default=-1) + 1
        rows.append([cells.get(place, ("empty", "")) for place in range(width)])
    return sheets[0].get("name", ""), rows


def _sheet_records(content: bytes) -> list[dict[str, tuple[str, str]]]:
    _, rows = sheet_cells(content)
    header = [text for _, text in rows[0]]
    need(len(set(header)) == len(header), "a header stands twice")
    return [
        {
            name: row[place] if place < len(row) else ("empty", "")
            for place, name in enumerate(header)
        }
        for row in rows[1:]
    ]


def one_c(content: bytes) -> list[dict[str, str]]:
    """A sheet of texts: decimal commas, dates with points, names of at most 100 signs."""
    people = []
    for row in _sheet_records(content):
        need(all(kind != "number" for kind, _ in row.values()), "1C reads cells as text")
        person = {name: text for name, (_, text) in row.items()}
        keys = ("Код", "Электронная почта", "Телефон")
        need(any(person.get(key) for key in keys), "no key")
        need(re.fullmatch(r"\d+", person["Сегмент"]) is not None, "segment")
        need(re.fullmatch(r"([01],\d+)?", person["Вероятность"]) is not None, "decimal comma")
        need(re.fullmatch(r"\d\d\.\d\d\.\d{4}", person["Дата"]) is not None, "date")
        need(len(person.get("Наименование", "")) <= 100, "a name of more than 100 signs")
        need(len(person["Название сегмента"]) <= 100, "a name of more than 100 signs")
        need(re.fullmatch(r"\d*", person.get("Телефон", "")) is not None, "phone")
        people.append(person)
    return people


def crm_excel(content: bytes) -> list[dict[str, str]]:
    """A sheet with numbers as numbers, codes and telephone numbers as texts."""
    people = []
    for row in _sheet_records(content):
        for name in ("segment", "probability"):
            need(row[name][0] in ("number", "empty"), f"{name} is no number")
        for name in ("customer_id", "id", "phone", "email"):
            need(row.get(name, ("empty", ""))[0] in ("text", "empty"), f"{name} is no text")
        people.append({name: text for name, (_, text) in row.items()})
    return people


READERS: dict[str, Callable[[bytes], list[dict[str, str]]]] = {
    "mailchimp": mailchimp,
    "google_analytics": google_analytics,
    "segment": segment,
    "matomo": matomo,
    "yandex_metrica": yandex_metrica,
    "yandex_metrica_conversions": yandex_metrica_conversions,
    "yandex_audience": yandex_audience,
    "kissmetrics": kissmetrics,
    "liveagent": liveagent,
    "1c": one_c,
    "crm_csv": crm_csv,
    "crm_excel": crm_excel,
}
KNOWN_BY = {
    "mailchimp": "Email Address",
    "google_analytics": "user_id",
    "segment": "userId",
    "matomo": "uid",
    "yandex_metrica": "ClientID",
    "yandex_metrica_conversions": "ClientId",
    "yandex_audience": "email",
    "kissmetrics": "Identity",
    "liveagent": "Email",
    "1c": "Код",
    "crm_csv": "customer_id",
    "crm_excel": "customer_id",
}
"""The column by which the destination knows a person."""
