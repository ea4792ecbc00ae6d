"""Lists: found, sorted, cut into pages, added up and taken out, alike from the database and from rows in memory."""

import io
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from openpyxl import load_workbook

from tests.web.matrix import addresses, country, viewers
from tests.web.test_pages import Rows, page, seen
from tramyte.domain.names import sort_key
from tramyte.web.models import Absence, Contact, Staff
from tramyte.web.nouns import MASKED
from tramyte.web.views import list_files
from tramyte.web.views.lists import PAGE, Column, Filter, Status, sum_of, table

pytestmark = pytest.mark.django_db
DAY = "2026-01-08"
at = datetime.fromisoformat  # a workbook knows no zone
ROWS = [
    {"name": name, "count": count, "on": date(2026, 1, count or 1), "at": datetime(2026, 1, 8, 9, 2, tzinfo=UTC)}
    for name, count in (("Ân", 2), ("An", None), ("=1+1", 3), ("Bình", 0))
]
COLUMNS = (
    Column("name", "UI_name", "name", "link", link=lambda row: f"/x/{row['name']}/"),
    Column("count", "UI_rows", "count", "number", total=sum_of("count")),
    Column("on", "UI_on", "on", "day"),
    Column("at", "UI_taken_at", "at", "moment", private=True),
    Column("state", "UI_state", lambda row: Status("short", "UI_row_short", {"short": row["count"] or 0}, row["count"]),
           "status"),
)  # fmt: skip
FEW = Filter("it", "UI_rows", lambda rows, value: [row for row in rows if row["count"] == int(value)], [("2", "hai")])


def asked(address):
    request = RequestFactory().get(address)
    request.user = AnonymousUser()
    return request


def listed(address, **more):
    request = asked(address)
    return table(request, None, "thu", "UI_total", COLUMNS, ROWS, **{"filters": [FEW], **more})


def names(found):
    return [row[0].text for row in found.body]


def test_what_is_not_known_comes_last_whichever_way_a_list_is_turned():
    assert names(listed("/?sap=count")) == ["Bình", "Ân", "=1+1", "An"]
    assert names(listed("/?sap=-count")) == ["=1+1", "Ân", "Bình", "An"]
    assert names(listed("/?sap=name")) == ["=1+1", "An", "Ân", "Bình"]
    assert names(listed("/?sap=nothing", order="-name")) == ["Bình", "Ân", "An", "=1+1"]


def test_a_head_sorts_and_then_turns_round():
    first, second = listed("/?tim=n").heads[:2]
    assert first["address"] == "/?tim=n&sap=name" and second["address"] == "/?tim=n&sap=-count"
    turned = listed("/?sap=-count").heads[1]
    assert turned["sort"] == "descending" and turned["address"] == "/?sap=count"


def test_blank_is_a_dash_and_adds_nothing_while_zero_is_a_figure():
    found = listed("/?sap=count")
    assert [row[1].text for row in found.body] == ["0", "2", "3", "—"]
    assert found.totals[1].text == "5"


def test_the_address_holds_filter_find_and_columns():
    found = listed("/?it=2&tim=an&cot=name&cot=count&trang=1")
    assert names(found) == ["Ân"] and [column.code for column in found.columns] == ["name", "count"]
    assert found.told == [("Tìm theo", "an"), ("Số dòng", "hai")]
    assert found.out("xlsx") == "/?tim=an&it=2&xuat=xlsx&cot=name&cot=count"
    assert found.links["all"] == "/?cot=name&cot=count"


def test_plain_words_leave_out_what_is_private():
    words = list_files.words(listed("/?sap=count"), scope=None)
    assert "- Ân · 2 · 02/01/2026 · thiếu 2" in words.splitlines() and "16:02" not in words


def test_a_workbook_holds_every_row_with_true_numbers_days_and_moments(province):
    book = load_workbook(io.BytesIO(list_files.workbook(listed("/?sap=count"), scope=None, by=province)))
    rows = [row for row in book.worksheets[1].iter_rows(min_row=6, values_only=True) if row[0]]
    assert rows[1] == ("Ân", 2, at("2026-01-02"), at("2026-01-08T16:02"), "thiếu 2")
    assert rows[3][1] == "—"
    cell = next(cell for cell in book.worksheets[1]["A"] if cell.value == "=1+1")
    assert cell.data_type == "s", "text that begins with = must stay text"


def test_the_first_sheet_says_what_the_rows_are_as_of_when_and_by_whom(province):
    answer = seen(province, f"/tram/?pv=08&ngay={DAY}&dem=tram&tim=yen thanh&xuat=xlsx")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="tram-08-{DAY}.xlsx"'
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    facts = {str(row[0]): row[1] for row in sheet.values if row[0]}
    assert facts["Tìm theo"] == "yen thanh" and facts["Tính đến"] == at("2026-01-08")
    assert facts["Số dòng"] == 1 and facts["Người xuất"] == "planner" and facts["Phạm vi"] == "tỉnh Tuyên Quang"
    assert isinstance(facts["Thời điểm xuất"], datetime)


def test_what_is_taken_out_has_all_rows_and_the_totals_of_the_page(province):
    address = f"/tram/?pv=08&ngay={DAY}&dem=tram"
    whole = load_workbook(io.BytesIO(seen(province, f"{address}&xuat=xlsx").content)).worksheets[1]
    rows = [row for row in whole.iter_rows(min_row=6, values_only=True) if row[0]]
    on_paper = Rows(seen(province, f"{address}&xuat=in").content.decode()).rows
    words = seen(province, f"{address}&xuat=txt").content.decode().splitlines()
    assert len(rows) == len(on_paper) == sum(line.startswith("- ") for line in words) == 127
    head = [cell.value for cell in whole[5]]
    doctors = head.index("Bác sĩ")
    assert sum(int(str(row[doctors])) for row in rows) == whole.cell(4, doctors + 1).value == 258


def test_rows_of_the_database_are_sorted_cut_and_found_there(province, django_assert_max_num_queries):
    columns = (
        Column("name", "UI_name", "given_name", by="sort_key"),
        Column("born", "UI_born", "birth_year", "number", by="birth_year", total=sum_of("birth_year")),
        Column("code", "UI_record", "code"),
    )
    request = asked("/?sap=name&tim=NGUYEN&trang=2")
    with django_assert_max_num_queries(3):
        found = table(request, None, "nguoi", "UI_total", columns, Staff.objects.all())
        body, total = found.body, found.totals[1]
    rows = sorted(
        (row for row in Staff.objects.all() if row.family_names.startswith("Nguyễn")),
        key=lambda row: (sort_key(row.given_name), sort_key(row.family_names)),
    )
    assert found.count == len(rows) > PAGE
    assert [row[0].text for row in body] == [row.given_name for row in rows[PAGE : 2 * PAGE]]
    assert total.text == f"{sum(row.birth_year for row in rows):,}".replace(",", ".")
    assert found.heads[2]["address"] is None, "a column without a field in the database cannot be sorted by"


def test_the_columns_shown_can_be_chosen_and_the_choice_is_kept(province):
    found = page(province, f"/tram/?pv=08&ngay={DAY}&cot=name&cot=short")
    assert all(len(row) == 2 for row in found.rows) and len(found.rows) == PAGE
    assert any("cot=name" in link and "trang=2" in link for link in found.links)


@pytest.mark.sweep
def test_no_plain_words_of_any_list_hold_what_is_masked_or_a_reason_of_health():
    own, _, _ = country()
    client = Client()
    client.force_login(viewers(own, "planner")["planner"])
    secret = {
        str(getattr(own.rows[model.__name__], field))
        for model, fields in ((Contact, MASKED["contacts"]), (Absence, MASKED["absences"])) for field in fields
    }  # fmt: skip
    assert len(secret) > 3
    taken = 0
    for _, address in addresses([own]):
        answer = client.get(f"{address}?xuat=txt")
        if answer.headers.get("Content-Type", "").startswith("text/plain"):
            taken += 1
            assert not [one for one in secret if one in answer.content.decode()], address
    assert taken > 10
