"""The list of stations with its measures, and some of them side by side: the figures of the need, never made up."""

import io
from datetime import date
from urllib.parse import urlencode

import pytest
from openpyxl import load_workbook

from tests.web.test_pages import page, seen
from tests.web.test_stations import at, counted, table
from tramyte.domain.messages import say
from tramyte.web.models import Commune, Facility, PastTour
from tramyte.web.views.columns import span
from tramyte.web.views.measures import norm_span, work_span

pytestmark = pytest.mark.django_db
ON = date(2026, 1, 8)


def compared(account, *stations, day="2026-01-08"):
    """Return word -> cells of the comparison."""
    address = f"/tram/so-sanh/?{urlencode([('pv', '08'), ('ngay', day), *(('tram', one) for one in stations)])}"
    return {row[0]: row[1:] for row in table(account, address, "so-sanh")}


def wide(account, **more):
    """Return the workbook of the list: head -> column of values, and the totals."""
    book = load_workbook(io.BytesIO(seen(account, at("/tram/", xuat="xlsx", **more)).content))
    sheet = book.worksheets[1]
    heads = [str(cell.value) for cell in sheet[5]]
    rows = [row for row in sheet.iter_rows(min_row=6, values_only=True) if row[0]]
    totals = dict(zip(heads, (cell.value for cell in sheet[4]), strict=True))
    return {head: [row[at_] for row in rows] for at_, head in enumerate(heads)}, totals


def test_the_list_shows_norm_and_workload_as_the_need_counts_them(province, report):
    expected = {
        one.facility.name: [span(*found, "vi") if found else "—" for found in (norm_span(of), work_span(of))]
        for one in report.stations for of in [report.rows[one.code]]
    }  # fmt: skip
    rows: dict[str, list[str]] = {}
    for number in (1, 2, 3):
        rows |= {
            row[0]: row[1:]
            for row in page(province, at("/tram/", dem="tram", trang=number, cot="name&cot=norm&cot=wisn")).rows
        }
    assert rows == expected and len(rows) == 127


@pytest.mark.parametrize("by", ["tram", "xa"])
def test_a_workbook_holds_both_ends_of_a_range_as_true_numbers_that_add_up(province, report, by):
    columns, totals = wide(province, dem=by)
    spans = [norm_span(report.rows[one.code]) for one in report.stations]
    for head, at_ in (("UI_norm_lo", 0), ("UI_norm_hi", 1)):
        values = columns[say(head, "vi")]
        assert all(isinstance(one, int | float) for one in values)
        assert sum(values) == totals[say(head, "vi")] == sum(one[at_] for one in spans if one)


def test_a_list_is_sorted_by_a_range_and_what_is_unknown_comes_last(province):
    Facility.objects.filter(code="TYT-01234").update(catchment_population=None)
    Commune.objects.filter(code="01234").update(population=None)
    for turn, order in (("norm", sorted), ("-norm", lambda values: sorted(values, reverse=True))):
        columns, totals = wide(province, dem="tram", sap=turn)
        values = columns[say("UI_norm_lo", "vi")]
        assert values[-1] == "—" and list(order(values[:-1])) == values[:-1]
    assert totals[say("UI_norm_lo", "vi")] == sum(values[:-1])


def test_the_choices_over_the_list_count_to_all_of_it(province):
    tour = {"province": "08", "path": "08/", "skill": "NOI", "start": ON, "instrument": "support"}
    PastTour.objects.create(staff="TQ-1", facility="TYT-01234", end=date(2026, 2, 1), **tour)
    whole = counted(province, at("/tram/", dem="tram"))
    for code, values in {
        "thieu": ("co", "khong"), "tang-cuong": ("co", "khong"), "vung": "123", "loai": ("station", "polyclinic"),
    }.items():  # fmt: skip
        parts = [_count(province, **{code: value}) for value in values]
        assert sum(parts) == whole == 127 and max(parts) < whole, code
    assert _count(province, tang_cuong="co") == 1


def _count(account, **filters):
    text = seen(account, at("/tram/", dem="tram", xuat="txt", **filters)).content.decode()
    return sum(line.startswith("- ") for line in text.splitlines())


def test_stations_are_compared_by_code_name_or_old_name_with_the_figures_of_the_list(province, report):
    rows = compared(province, "ban ria", "PK-00745")
    listed = {row[0]: row for row in page(province, at("/tram/", dem="tram", tim="yen thanh")).rows}
    assert rows["Bác sĩ"][0] == "2" and rows["Người"] == ["11", "17"]
    for at_, code in enumerate(("TYT-01234", "PK-00745")):
        of = report.rows[code]
        for word, found in (("UI_norm_range", norm_span(of)), ("UI_wisn_range", work_span(of))):
            assert found and rows[say(word, "vi")][at_] == span(*found, "vi")
        assert of["doctor"].reasons[0].sentence("vi") in " ".join(rows[say("UI_why", "vi")])
    assert rows[say("UI_measure_access", "vi")] == ["Chưa có số liệu", say("UI_why_access", "vi")] * 2
    assert "Trạm Y tế xã Yên Thành" in listed


def test_a_station_that_is_none_is_named_and_one_alone_is_too_few(province):
    address = at("/tram/so-sanh/") + "&tram=Yên Thành&tram=khong co"
    words = page(province, address).words
    unknown = say("UI_compare_unknown", "vi", number=say("UI_compare_one", "vi", number=2), text="khong co")
    assert unknown in words and say("UI_compare_few", "vi") in words
    text = seen(province, address).content.decode()
    assert 'value="khong co"' in text and 'value="Trạm Y tế xã Yên Thành"' in text, "what was typed stays"
    empty = page(province, at("/tram/so-sanh/")).words
    assert say("UI_compare_few", "vi") not in empty and say("UI_compare_go", "vi") in empty


def test_nobody_compares_a_station_that_they_may_not_see(province, somebody):
    officer = somebody("commune", "08/01234/")
    assert compared(officer, "TYT-01234", "PK-00745")["Người"] == ["11"]
    assert "Phố Bảng" not in seen(officer, at("/tram/so-sanh/") + "&tram=PK-00745").content.decode()


def test_the_pages_of_stations_lead_to_the_comparison(province):
    links = page(province, at("/tram/")).links
    assert at("/tram/so-sanh/") in links
    own = page(province, at("/tram/TYT-01234/tram-y-te-xa-yen-thanh/")).links
    assert f"{at('/tram/so-sanh/')}&tram=TYT-01234" in own
