"""Data quality: every count opens to as many rows, every row to its record, and 24 people stay unexplained."""

import re
from datetime import date

import pytest
from django.test import Client

from tramyte.sample import sample
from tramyte.web import quality, records
from tramyte.web.actions import imports
from tramyte.web.models import Province, Staff, StatedTotal
from tramyte.web.quality import CHECKS, Look
from tramyte.web.views.quality import COUNTED_AT

pytestmark = pytest.mark.django_db
STATE = "?pv=08&ngay=2026-01-08"


def page(account, address):
    client = Client()
    client.force_login(account)
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer


def count_of(text):
    (found,) = re.findall(r"<h1>[^<]*\((\d[\d.]*)\)</h1>", text)
    return int(found.replace(".", ""))


def test_every_count_opens_to_as_many_rows(province):
    listed = page(province, f"/chat-luong/{STATE}").context["list"].rows
    assert len(listed) == len(CHECKS)
    assert {row["code"]: row["count"] for row in listed}["co-so-chua-co-co-quan"] == 20
    for row in listed:
        there = page(province, f"/chat-luong/{row['code']}/{STATE}")
        assert there.context["list"].count == row["count"], row
        assert count_of(there.content.decode()) == row["count"]


def test_every_row_leads_to_its_record(province):
    for kind in ("co-so-chua-co-co-quan", "chua-co-giay-phep", "xa-chua-co-vung", "nguoi-trung"):
        table = page(province, f"/chat-luong/{kind}/{STATE}").context["list"]
        for row in list(table.page.object_list)[:2]:
            address = table.columns[0].link(row)
            client = Client()
            client.force_login(province)
            assert client.get(address, follow=True).status_code == 200, address


def test_8715_is_not_8739_and_the_24_are_named(somebody):
    Province.objects.create(code="22", name="Quảng Ninh", kind="tỉnh", is_sample=True)
    planner = somebody("planner", "22/")
    run = imports.ask(by=planner, path="22/", filename="so.xlsx", data=b"22")
    imports.accept(by=planner, run=run, register=sample("22", seed=1), on=date(2025, 3, 5))
    table = page(planner, "/chat-luong/tong-khong-khop/?pv=22&ngay=2025-03-05").context["list"]
    (row,) = [row for row in table.rows if row.said == "D013"]
    assert (row.fields["whole"], row.fields["parts"], row.fields["difference"]) == (8739, 8715, 24)
    behind = next(column for column in table.columns if column.code == "lech").link(row)
    assert page(planner, behind).context["list"].count == 24
    then = page(planner, "/chat-luong/tong-khong-khop/?pv=22&ngay=2025-03-04").context["list"]
    assert not then.count


def test_what_was_counted_opens_to_as_many_rows(province, somebody):
    day = date(2026, 1, 8)
    for measure in COUNTED_AT:
        StatedTotal.objects.create(province="08", path="08/", measure=measure, value=1, on=day, source="thử")
    table = page(province, f"/chat-luong/tong-khong-khop/{STATE}").context["list"]
    link = next(column.link for column in table.columns if column.code == "dem")
    rows = {row.name: row for row in table.rows if row.said in ("D010", "D012")}
    assert rows.keys() >= COUNTED_AT.keys() - {"staff_without_title", "preventive_doctors"}
    for row in rows.values():
        assert page(province, link(row)).context["list"].count == row.fields["counted"], row.name
    table = page(somebody("analyst", ""), f"/chat-luong/tong-khong-khop/{STATE}").context["list"]
    link = next(column.link for column in table.columns if column.code == "dem")
    assert {bool(link(row)) for row in table.rows if row.name in ("staff", "doctors")} == {False}


def test_what_is_wrong_is_found_and_only_that(province, tuyen_quang):
    Staff.every.filter(code=tuyen_quang.staff[0].code).update(title_code=None, birth_month=None)
    on = date(2026, 1, 8)
    found = records.register("08", on=on)
    look = Look(on, found, found, frozenset(), quality.codes(found.communes))
    assert [row.code for row in quality.rows(look, "nguoi-chua-co-chuc-danh")] == [tuyen_quang.staff[0].code]
    assert [row.code for row in quality.rows(look, "nguoi-chua-co-thang-sinh")] == [tuyen_quang.staff[0].code]
    astray = quality.rows(look, "nguoi-phan-cong-sai-noi")
    assert len(astray) == len(found.appointments)
    assert not quality.rows(look, "tong-khong-khop")
    assert len(quality.rows(look, "co-so-sai-noi")) == sum(bool(one.parent) for one in found.facilities)


def test_the_analyst_sees_no_people_and_a_commune_only_its_own(province, somebody):
    analyst = page(somebody("analyst", ""), f"/chat-luong/{STATE}").context["list"].rows
    assert {CHECKS[row["code"]][1] for row in analyst} == {"totals", "facilities", "communes", "posts"}
    client = Client()
    client.force_login(somebody("analyst", ""))
    assert client.get(f"/chat-luong/nguoi-trung/{STATE}").status_code == 404
    assert client.get(f"/chat-luong/khong-co/{STATE}").status_code == 404
    officer = somebody("commune", "08/01234/")
    own = page(officer, f"/chat-luong/chua-co-giay-phep/{STATE}").context["list"].rows
    mine = set(Staff.objects.filter(path__startswith="08/01234/").values_list("code", flat=True))
    assert {row.code for row in own} <= mine
    client.force_login(somebody("planner", "11/"))
    assert client.get(f"/chat-luong/{STATE}").status_code == 404
    client.force_login(officer)
    assert client.get(f"/chat-luong/tong-khong-khop/{STATE}").status_code == 404


def test_counts_and_rows_come_out_as_a_workbook(province):
    for address in ("/chat-luong/", "/chat-luong/chua-co-giay-phep/"):
        answer = page(province, f"{address}{STATE}&xuat=xlsx")
        assert answer.headers["Content-Type"].startswith("application/vnd.openxml")
