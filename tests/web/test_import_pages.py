"""The import page: findings by cell with fixes, what would change, recorded as seen, put back; for nobody else."""

import io
import re
import time
import zipfile
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
import xlsxwriter
from django.test import Client

from tramyte.domain.messages import messages
from tramyte.domain.register import Register
from tramyte.exchange import workbook
from tramyte.sample import sample
from tramyte.web import events
from tramyte.web.actions import runs
from tramyte.web.models import Event, Facility, Run, Staff
from tramyte.web.work import reading

pytestmark = pytest.mark.django_db
SHEET = "Nhân lực"


@pytest.fixture
def browser(province):
    client = Client()
    client.force_login(province)
    return client


@pytest.fixture(scope="module")
def people(tuyen_quang):
    return tuyen_quang.staff[:60]


def book(people, **cells):
    """Return a workbook of people with some cells of their sheet overwritten."""
    opened = openpyxl.load_workbook(io.BytesIO(workbook.write(Register(staff=tuple(people)))))
    for cell, value in cells.items():
        opened[SHEET][cell] = value
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def renamed(people, count):
    return [replace(one, given_name="Mới") if index < count else one for index, one in enumerate(people)]


def send(browser, data, name="so.xlsx", **more):
    file = io.BytesIO(data)
    file.name = name
    return browser.post("/nhap/?pv=08", {"tep": file, **more})


def read(address):
    """Do what a worker does, in this very thread and transaction; return the import as it stands then."""
    while (taken := runs.take(holder="w/1", kinds=["import"])) is not None:
        runs.end(run=taken, holder="w/1", state="done", result=reading.read(taken, lambda *_: None, lambda: False))
    return Run.objects.get(pk=address.split("/")[2])


def dropped(browser, data, **more):
    """Drop a file, let it be read, and return its address, the import and its page."""
    address = send(browser, data, **more).headers["Location"]
    run = read(address)
    return address, run, browser.get(address).content.decode()


def do(browser, run, what, **form):
    """Press a button; return the page after it, read again where that was asked for."""
    answer = browser.post(f"/nhap/{run.pk}/{what}/", form)
    assert answer.status_code == 302, answer.content.decode()[:500]
    again = read(answer.headers["Location"])
    return again, browser.get(answer.headers["Location"]).content.decode()


def test_from_the_file_to_the_register_and_back(browser, province, people):
    before = dict(Staff.objects.filter(province="08").values_list("code", "given_name"))
    _, run, page = dropped(browser, book(renamed(people, 42)))
    assert "Ghi nhận 42 thay đổi" in page and "Số dòng giữ nguyên: 18" in page
    done, page = do(browser, run, "ghi-nhan", **{"da-xem": run.result["preview"]["seen"]})
    assert "Đã ghi nhận 42 thay đổi" in page and done.accepted_at
    assert Staff.objects.filter(province="08", given_name="Mới").count() == 42
    asked = browser.get(f"/nhap/{run.pk}/hoan-lai/?pv=08").content.decode()
    assert "Hoàn lại 42 dòng" in asked
    _, page = do(browser, run, "hoan-lai")
    assert "Đã hoàn lại 42 dòng" in page
    assert dict(Staff.objects.filter(province="08").values_list("code", "given_name")) == before
    assert browser.get(f"/nhap/{run.pk}/hoan-lai/?pv=08").status_code == 404
    assert events.first_broken() is None


def test_each_figure_of_the_preview_is_a_link_whose_rows_count_to_it(browser, people):
    new = replace(people[0], code="MOI-1", given_name="Thêm")
    _, run, page = dropped(browser, book([*renamed(people, 7), new]))
    figures = dict(re.findall(r'<a href="(/nhap/[^"]+/thay-doi/[^"]+)">(\d+)</a>', page))
    assert sorted(figures.values()) == ["1", "1", "7", "7"]
    for link, figure in figures.items():
        rows = browser.get(link.replace("&amp;", "&")).content.decode()
        assert rows.split("<tbody>")[1].split("</tbody>")[0].count("<tr>") == int(figure)
    shown = browser.get(f"/nhap/{run.pk}/thay-doi/?pv=08&kieu=sua").content.decode()
    assert f"Tên: {people[0].given_name} → Mới" in shown


def test_what_changes_is_what_was_seen_or_nothing(browser, province, people):
    _, run, _ = dropped(browser, book(renamed(people, 3)))
    Staff.objects.filter(province="08", code=people[0].code).update(birth_year=1999)
    _, page = do(browser, run, "ghi-nhan", **{"da-xem": run.result["preview"]["seen"]})
    assert "E133" in page and not Staff.objects.filter(given_name="Mới").exists()
    again, page = do(browser, run, "xem-lai", **{"ngay-hieu-luc": "08/01/2026"})
    assert "Ghi nhận 3 thay đổi" in page and again.given["on"] == "2026-01-08"
    for words in ("Đã ghi nhận 3 thay đổi", messages()["UI_import_late"]["vi"]):
        _, page = do(browser, run, "ghi-nhan", **{"da-xem": again.result["preview"]["seen"]})
        assert words in page


def test_findings_are_mended_one_by_one_or_all_alike_on_top_of_the_file(browser, people):
    data = book(people, **{f"E{row}": "Nuu" for row in range(3, 9)}, D20="1980", C30=None)
    _, run, page = dropped(browser, data)
    assert run.result["errors"] == 7 and "Ghi nhận" not in page.split("<h2")[1]
    assert "và 5 ô khác" in page and "Sửa cả 6 ô cùng loại" in page and "Đọc được Nuu" in page
    one = next(index for index, kept in enumerate(run.result["findings"]) if kept["cell"] == "E5")
    again, _ = do(browser, run, "sua", o=one, chon=0)
    assert again.result["errors"] == 6
    again, page = do(browser, run, "sua", nhom=f"E205|{SHEET}|E")
    assert again.result["errors"] == 1 and "Số ô đã sửa tại đây: 6" in page
    assert browser.get(f"/nhap/{run.pk}/tep/").getvalue() == data
    again, _ = do(browser, run, "bo-sua")
    assert again.result["errors"] == 7 and not again.given["edits"]
    assert Event.objects.filter(action="imports.mend").count() == 2


def test_a_formula_is_cured_by_what_it_came_to(browser, people):
    """Programs write a formula with its last result beside it, as XlsxWriter does here."""
    out = io.BytesIO()
    plain = openpyxl.load_workbook(io.BytesIO(book(people[:3])))[SHEET]
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet(SHEET)
        for number, row in enumerate(plain.iter_rows(values_only=True)):
            for at, value in enumerate(row):
                sheet.write(number, at, value)
        sheet.write_formula("C3", '="M"&"ới"', None, "Mới")
    _, run, page = dropped(browser, out.getvalue())
    assert [one["code"] for one in run.result["findings"]] == ["E209"] and "Giữ kết quả của công thức" in page
    again, page = do(browser, run, "sua", o=0, chon=0)
    assert again.result["errors"] == 0 and "Ghi nhận 1 thay đổi" in page


def test_a_row_is_left_out_with_a_reason(browser, people):
    _, run, page = dropped(browser, book(renamed(people, 2), E3="xyz"))
    assert run.result["errors"] == 1 and "Bỏ một dòng" in page
    for wrong in ({"dong": "0"}, {"dong": "999999"}, {"dong": "x"}, {"ly-do": " "}, {"to": "Không có"}):
        _, page = do(browser, run, "bo-dong", **{"to": SHEET, "dong": "3", "ly-do": "trùng", **wrong})
        assert "E137" in page, wrong
    again, page = do(browser, run, "bo-dong", **{"to": SHEET, "dong": "3", "ly-do": "ghi trùng"})
    assert again.result["errors"] == 0 and "Ghi nhận 1 thay đổi" in page and "bỏ dòng: ghi trùng" in page
    assert Event.objects.get(action="imports.mend").details["given"]["edits"][0]["reason"] == "ghi trùng"


def test_of_very_many_findings_the_page_says_that_the_first_are_shown(browser, people, monkeypatch):
    monkeypatch.setattr(reading, "MOST", 5)
    _, run, page = dropped(browser, book(people, **{f"E{row}": "xyz" for row in range(3, 11)}))
    assert run.result["errors"] == 8 and "Chỉ hiện 5 dòng đầu trong tổng số 8" in page
    _, run, _ = dropped(browser, book(renamed(people, 8)))
    shown = browser.get(f"/nhap/{run.pk}/thay-doi/?pv=08").content.decode()
    assert "Chỉ hiện 5 dòng đầu trong tổng số 8" in shown


def test_findings_are_filtered_by_level_sheet_and_kind(browser, people):
    address, _, _ = dropped(browser, book(people, E3="xyz", E4="xyz", D20="1980", C30=None))

    def cells(query):
        page = browser.get(f"{address}&{query}").content.decode()
        return re.findall(r'<th scope="row">([^<]+)</th>', page.split('id="loi"')[1])

    assert cells("muc-do=warning") == [f"{SHEET}!D20"]
    assert cells("ma=E205") == [f"{SHEET}!E3", f"{SHEET}!E4"]
    assert cells(f"nhom=E201|{SHEET}|C") == [f"{SHEET}!C30"]
    assert len(cells(f"to={SHEET}")) == 4
    assert browser.get(f"{address}&xuat=xlsx").content[:2] == b"PK"


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 30_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "so.xlsx", "E101"),
        (b"%PDF-1.7 x", "so.xlsx", "E102"),
        (b"PK\x03\x04 cut off", "so.xlsx", "E106"),
        (bomb(), "so.xlsx", "E117"),
        (None, "", "E135"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_in_a_sentence_and_not_kept(browser, data, name, code):
    count = Run.objects.count()
    answer = browser.post("/nhap/?pv=08") if data is None else send(browser, data, name)
    page = answer.content.decode()
    assert answer.status_code == 422 and code in page and 'href="#tep"' in page
    assert Run.objects.count() == count


def test_a_day_that_is_none_is_said_and_what_was_typed_stays(browser, people):
    answer = send(browser, book(people), **{"ngay-hieu-luc": "32/13/2026"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "E136" in page and 'value="32/13/2026"' in page


def test_another_provinces_file_and_an_empty_one_say_so(browser):
    other = workbook.write(sample("11", seed=1))
    _, run, page = dropped(browser, other)
    assert "E131" in page and run.result["preview"] is None
    _, run, page = dropped(browser, workbook.write(Register()))
    assert messages()["UI_import_no_change"]["vi"] in page


def test_the_same_file_again_says_when_it_was_recorded(browser, people):
    data = book(renamed(people, 2))
    _, run, _ = dropped(browser, data)
    do(browser, run, "ghi-nhan", **{"da-xem": run.result["preview"]["seen"]})
    _, _, page = dropped(browser, data)
    assert "Tệp này đã nhập lúc" in page and messages()["UI_import_no_change"]["vi"] in page


def test_what_somebody_changed_since_stays_when_an_import_is_put_back(browser, people):
    _, run, _ = dropped(browser, book(renamed(people, 3)))
    do(browser, run, "ghi-nhan", **{"da-xem": run.result["preview"]["seen"]})
    since = {"given_name": "Khác", "search_key": "khac", "sort_key": b"k"}
    Staff.objects.filter(province="08", code=people[0].code).update(**since)
    asked = browser.get(f"/nhap/{run.pk}/hoan-lai/?pv=08").content.decode()
    assert "Hoàn lại 2 dòng" in asked and "Giữ nguyên 1 dòng" in asked and people[0].code in asked
    do(browser, run, "hoan-lai")
    assert Staff.objects.get(province="08", code=people[0].code).given_name == "Khác"


def test_a_row_that_somebody_changed_since_is_chosen_on_the_page_and_goes_back(browser, people):
    _, run, _ = dropped(browser, book(renamed(people, 3)))
    do(browser, run, "ghi-nhan", **{"da-xem": run.result["preview"]["seen"]})
    row = Staff.objects.get(province="08", code=people[0].code)
    Staff.objects.filter(pk=row.pk).update(given_name="Khác")
    asked = browser.get(f"/nhap/{run.pk}/hoan-lai/?pv=08").content.decode()
    assert f'value="staff:{row.pk}"' in asked and f"Tên: Khác → {people[0].given_name}" in asked
    _, page = do(browser, run, "hoan-lai", ca=f"staff:{row.pk}")
    assert "Đã hoàn lại 3 dòng; 0 dòng" in page
    assert Staff.objects.get(pk=row.pk).given_name == people[0].given_name


def test_the_file_comes_back_with_every_finding_marked(browser, people, somebody):
    data = book(people, E5="x5", B7=None, E9='=HYPERLINK("http://x","x")')
    _, run, page = dropped(browser, data, name="số liệu.xlsx")
    assert f'href="/nhap/{run.pk}/danh-dau/"' in page
    answer = browser.get(f"/nhap/{run.pk}/danh-dau/")
    assert "danh-dau.xlsx" in answer.headers["Content-Disposition"]
    marked = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert marked[SHEET]["E5"].comment and marked[SHEET]["E5"].value == "x5"
    assert marked[SHEET]["E9"].comment and marked[SHEET]["E9"].data_type != "f"
    listed = marked["Phát hiện"]
    assert len(list(listed.iter_rows(min_row=6))) == len(run.result["findings"]) == run.result["errors"]
    _, clean, page = dropped(browser, book(people))
    assert "danh-dau" not in page and browser.get(f"/nhap/{clean.pk}/danh-dau/").status_code == 404


def test_the_page_and_the_marked_file_say_when_only_the_first_findings_are_kept(browser, people, monkeypatch):
    monkeypatch.setattr(reading, "MOST", 2)
    _, run, page = dropped(browser, book(people, E5="x", E6="x", E7="x"))
    assert run.result["errors"] == 3 and len(run.result["findings"]) == 2
    assert "Chỉ hiện 2 dòng đầu trong tổng số 3" in page
    answer = browser.get(f"/nhap/{run.pk}/danh-dau/")
    marked = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert "2 phát hiện đầu trong tổng số 3" in marked["Phát hiện"]["A2"].value


def test_a_commune_imports_its_own_place_and_not_a_row_more(browser, somebody, tuyen_quang):
    own, other = [one for one in tuyen_quang.facilities if one.kind == "station"][:2]
    client = Client()
    client.force_login(somebody("commune", f"08/{own.commune}/"))
    wider = Register(facilities=(replace(own, name="Trạm mới"), replace(other, name="Trạm khác")))
    _, run, page = dropped(client, workbook.write(wider))
    assert "E132" in page and run.result["preview"] is None
    narrow = Register(facilities=(replace(own, name="Trạm mới"),))
    _, run, page = dropped(client, workbook.write(narrow))
    do(client, run, "ghi-nhan", **{"da-xem": run.result["preview"]["seen"]})
    assert Facility.objects.get(province="08", code=own.code).name == "Trạm mới"
    assert Facility.objects.get(province="08", code=other.code).name == other.name


def test_nobody_else_sees_an_import_or_does_anything_to_it(browser, somebody, people, tuyen_quang):
    _, run, _ = dropped(browser, book(renamed(people, 1)))
    acts = ("", "thay-doi/", "tep/", "danh-dau/", "hoan-lai/")
    pages = [f"/nhap/{run.pk}/{one}" for one in acts]
    commune = next(one.commune for one in tuyen_quang.facilities if one.kind == "station")
    for role, path in (("planner", "11/"), ("commune", f"08/{commune}/"), ("director", "08/"), ("head", "08/")):
        client = Client()
        client.force_login(somebody(role, path))
        assert [client.get(f"{page}?pv=08").status_code for page in pages] == [404] * 5, role
        for what in ("sua", "bo-sua", "xem-lai", "ghi-nhan", "hoan-lai"):
            assert client.post(f"/nhap/{run.pk}/{what}/").status_code == 404, role
    director = Client()
    director.force_login(somebody("director", "08/"))
    assert director.get("/nhap/?pv=08").status_code == 403
    assert Client().get(pages[0]).status_code == 302
    assert not Staff.objects.filter(given_name="Mới").exists()


def test_a_row_that_a_complete_list_no_longer_has_ends(browser, tuyen_quang):
    fewer = Register(totals=tuyen_quang.totals[:-1])
    _, run, page = dropped(browser, workbook.write(fewer), **{"day-du": "on"})
    assert sum(run.result["preview"]["counts"]["ended"].values()) == 1 and date.fromisoformat(run.given["on"])
    assert "Ghi nhận 1 thay đổi" in page


@pytest.mark.long
def test_ten_thousand_rows_show_every_finding_within_ten_seconds(browser, people):
    many = [replace(people[index % 60], code=f"N-{index}") for index in range(10_000)]
    data = book(many, **{f"E{row}": f"x{row}" for row in range(3, 10_003)})
    began, worked = time.monotonic(), time.process_time()
    _, run, page = dropped(browser, data)
    elapsed, seconds = time.monotonic() - began, time.process_time() - worked  # what else the machine does is not ours
    print(
        f"10,000 rows, {run.result['errors']} findings: shown after {elapsed:.1f} s, {seconds:.1f} s of the processor"
    )
    assert run.result["errors"] >= 10_000 and "Sửa tại đây" in page
    assert seconds < 10
