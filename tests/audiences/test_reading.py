"""The same profiles read the systems' own exports: keys, behaviour and value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from persona.audiences.profiles import all_profiles, find_profile
from persona.audiences.reading import ReadAs, as_kind, comparable, read_as, takes
from persona.errors import DataError
from persona.responses import join_records

MAILCHIMP = """\
Email Address,First Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LEID,EUID,TAGS
Anna@Example.com,Anna,4,2024-05-01 10:00:00,2024-05-01 10:05:00,11,aa,"""
MAILCHIMP += '''"""Club"",""News"""
ola@example.com,Ola,2,2025-01-17 09:30:00,2025-01-17 09:31:00,12,bb,
'''
GA = """\
# ----------------------------------------
# User explorer
# 20260101-20261031
# ----------------------------------------

Effective user ID,Stream name,Event count,Sessions,Purchase revenue,Last seen
u-1,Web,"1,204",31,"1,250.50",20261030
u-2,Web,12,2,0,20260402
"""
ONE_C = """\
Регистратор;Дата;Код контрагента;Контрагент;Сумма;Прибыль
Реализация 1;01.10.2026 12:00:00;000017;ООО Ромашка;1 250,50;250,10
Реализация 2;15.10.2026 9:15:00;000017;ООО Ромашка;99,50;10
Реализация 3;20.09.2026 10:00:00;000018;Иванов И. И.;1,234;0,5
"""
TICKETS = """\
Ticket code,Subject,Status,Requester email,Date created,Channel
A-1,Late parcel,Resolved,Anna@Example.com,2026-10-01 08:00:00,E-mail
A-2,Broken cup,Open,anna@example.com,2026-10-20 18:30:00,Chat
A-3,Invoice,Resolved,ola@example.com,2026-08-12 11:00:00,E-mail
"""


def read(tmp_path: Path, text: str, name: str, encoding: str = "utf-8", **options: str) -> ReadAs:
    path = tmp_path / "export.csv"
    path.write_bytes(text.encode(encoding))
    return read_as(path, find_profile(name).profile, **options)


def column(found: ReadAs, name: str) -> list[object]:
    header = takes(found, name, "export.csv")
    table = found.export.table
    return list(table.column(table.header.index(header)))


def test_mailchimp_audience(tmp_path: Path) -> None:
    found = read(tmp_path, MAILCHIMP, "mailchimp")
    assert (found.read.id, found.key) == ("audience", "Email Address")
    assert column(found, "member_rating") == [4, 2]
    assert column(found, "optin_time") == [dt.date(2024, 5, 1), dt.date(2025, 1, 17)]
    joined = join_records(
        ["ANNA@example.com", "ola@example.com", "eva@example.com"],
        tmp_path / "export.csv",
        found.key,
        columns=["MEMBER_RATING"],
        export=found.export,
        same=found.same,
    )
    assert joined.frame["MEMBER_RATING"].tolist()[:2] == [4, 2]
    assert joined.without == ("2",)


def test_google_analytics_behind_its_lines_of_comment(tmp_path: Path) -> None:
    found = read(tmp_path, GA, "ga4")
    assert found.key == "Effective user ID"
    assert column(found, "events") == [1204, 12]
    assert column(found, "revenue") == [1250.5, 0]
    assert column(found, "last_visit") == [dt.date(2026, 10, 30), dt.date(2026, 4, 2)]
    assert found.export.table.rows.tolist() == [7, 8]


@pytest.mark.parametrize("encoding", ["cp1251", "utf-8", "utf-8-sig"])
def test_1c_sales_with_decimal_commas(encoding: str, tmp_path: Path) -> None:
    found = read(tmp_path, ONE_C, "1c", encoding)
    assert found.read.id == "sales" and found.key == "Код контрагента"
    assert found.purchases is not None
    joined = join_records(
        ["000017", "000018", "17"],
        tmp_path / "export.csv",
        found.key,
        purchases=found.purchases,
        export=found.export,
        same=found.same,
    )
    assert joined.frame["money"].tolist()[:2] == [1350.0, 1.234]
    assert joined.frame["margin"].tolist()[:2] == pytest.approx([260.1, 0.5])
    assert joined.frame["frequency"].tolist()[:2] == [2, 1]
    assert joined.frame["recency_days"].tolist()[:2] == [0, 25]
    assert joined.without == ("2",)


def test_liveagent_tickets_are_counted(tmp_path: Path) -> None:
    found = read(tmp_path, TICKETS, "liveagent")
    assert found.read.id == "tickets" and found.purchases is not None
    assert found.purchases.amount is None
    joined = join_records(
        ["anna@example.com", "OLA@example.com"],
        tmp_path / "export.csv",
        found.key,
        purchases=found.purchases,
        today="2026-10-31",
        export=found.export,
        same=found.same,
    )
    assert joined.frame["frequency"].tolist() == [2, 1]
    assert joined.frame["recency_days"].tolist() == [11, 80]
    assert joined.frame["channel"].tolist() == ["E-mail", "E-mail"]


def test_matomo_in_utf16(tmp_path: Path) -> None:
    text = "label\tnb_visits\tnb_actions\trevenue\nu-1\t12\t40\t99.5\nu-2\t3\t4\t0\n"
    found = read(tmp_path, text, "matomo", "utf-16")
    assert column(found, "visits") == [12, 3] and column(found, "revenue") == [99.5, 0]


def test_kissmetrics_people(tmp_path: Path) -> None:
    header = "Identity,First seen,Last seen,Visited Site,Billing Amount"
    text = f"{header}\nu1,2026-01-05,2026-10-30,14,49.90\n"
    found = read(tmp_path, text, "kissmetrics")
    assert column(found, "visits") == [14] and column(found, "revenue") == [49.9]
    assert column(found, "first_seen") == [dt.date(2026, 1, 5)]


def test_metrica_visitors_in_russian(tmp_path: Path) -> None:
    text = "ClientID;Визиты;Первый визит;Доход\n133591247640966458;14;2026-01-05;1250.5\n"
    found = read(tmp_path, text, "metrica")
    assert column(found, "visits") == [14] and column(found, "revenue") == [1250.5]
    ids = found.export.table.column(0)
    assert ids == ("133591247640966458",)


def test_a_crm_workbook_in_dutch(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (
        ["Klantnummer", "Omzet", "Laatste bestelling"],
        ["007", 1250.5, dt.date(2026, 3, 4)],
    ):
        book.active.append(row)
    book.save(tmp_path / "crm.xlsx")
    found = read_as(tmp_path / "crm.xlsx", find_profile("crm excel").profile)
    assert found.key == "Klantnummer" and column(found, "revenue") == [1250.5]
    assert column(found, "last_order") == [dt.date(2026, 3, 4)]


def test_orders_and_customers_of_one_system_are_told_apart(tmp_path: Path) -> None:
    orders = "order_id,customer_id,date,amount\n1,a,2026-01-01,10\n"
    customers = "customer_id,revenue,orders,last_order\na,10,1,2026-01-01\n"
    assert read(tmp_path, orders, "crm").read.id == "orders"
    assert read(tmp_path, customers, "crm").read.id == "customers"
    assert read(tmp_path, customers, "crm", read="customers").read.id == "customers"
    with pytest.raises(DataError) as refused:
        read(tmp_path, customers, "crm", read="order")
    assert "'orders'" in str(refused.value.problems[0])


def test_a_file_that_is_none_of_the_exports(tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        read(tmp_path, "a,b\n1,2\n", "mailchimp")
    problem = refused.value.problems[0]
    assert problem.code == "record.not_of_profile"
    assert "Email Address" in str(problem.allowed) and "a, b" in str(problem.found)


def test_a_system_whose_exports_are_not_described(tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        read(tmp_path, "a,b\n1,2\n", "yandex audience")
    assert refused.value.problems[0].code == "record.no_read"


def test_what_an_export_does_not_have(tmp_path: Path) -> None:
    found = read(tmp_path, MAILCHIMP, "mailchimp")
    with pytest.raises(DataError) as refused:
        takes(found, "member_ratin", "export.csv")
    assert "member_rating" in str(refused.value.problems[0])
    with pytest.raises(DataError) as refused:
        takes(found, "country", "export.csv")
    assert "'CC'" in str(refused.value.problems[0])


@pytest.mark.parametrize(
    ("cell", "decimal", "found"),
    [
        ("1 234,50 ₽", ",", 1234.5),
        ("1.234,50", ",", 1234.5),
        ("1,234", ",", 1.234),
        ("1,234", ".", 1234),
        ("$1,234.50", ".", 1234.5),
        ("1234.50 EUR", ".", 1234.5),
        ("-12,5", ",", -12.5),
        ("−3", ",", -3),
        ("12,34", ".", "12,34"),
        ("1,23,456", ".", "1,23,456"),
        ("n/a", ".", "n/a"),
        ("", ".", ""),
        (7.5, ",", 7.5),
        ("1'250.50", ".", 1250.5),
        ("-", ".", "-"),
    ],
)
def test_numbers_by_the_sign_before_decimals(cell: object, decimal: str, found: object) -> None:
    assert as_kind(cell, "number", decimal) == found


def test_keys_as_they_are_compared() -> None:
    assert comparable("email")(" Anna@EXAMPLE.com ") == "anna@example.com"
    assert comparable("phone")("+48 601 234 567") == comparable("phone")("48601234567")
    assert comparable("text")("007") == "007" != comparable("text")(7)


def test_every_name_that_can_be_taken_over_says_which_block_it_tells_of() -> None:
    reads = [read for found in all_profiles().found for read in found.profile.reads]
    assert len(reads) >= 12
    named: Sequence[str] = [name for read in reads for name in read.columns]
    assert {"revenue", "member_rating", "visits", "orders"} <= set(named)
    for one in reads:
        assert one.columns or one.events
        assert all(column.block in ("behaves", "value", "who") for column in one.columns.values())
        if "revenue" in one.columns:
            assert one.columns["revenue"].block == "value"
