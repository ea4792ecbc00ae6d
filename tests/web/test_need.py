"""The measures of need: on the page what `tramyte need` answers, each with a range, a basis, a reason, and its rows."""

import re

import pytest
from django.test import Client

from tests.web.conftest import client_of
from tests.web.test_pages import page, seen
from tests.web.test_stations import YEN_THANH, at, counted
from tramyte.need.numbers import number
from tramyte.web.memory import MEMORY
from tramyte.web.models import Appointment
from tramyte.web.views.station import TABS

pytestmark = pytest.mark.django_db


def test_the_measures_are_those_of_the_command_and_are_never_added_up(province, report):
    rows = {row[0]: " ".join(row) for row in page(province, at("/nhu-cau/")).rows}
    assert list(rows) == ["Định mức", "Chỉ tiêu", "Khối lượng việc (WISN)", "Dân số", "Tiếp cận (đi lại)"]
    posts = [report.rows[one.code]["all"].norm for one in report.stations]
    lo, hi = sum(one.lo for one in posts), sum(one.hi for one in posts)
    assert f"{number(lo, 'vi')}–{number(hi, 'vi')} người" in rows["Định mức"]
    for target in (one for one in report.targets if one.per == "station"):
        assert f"thiếu {target.short} bác sĩ nếu lấy mức {target.level}" in rows["Chỉ tiêu"]
    assert "—" in rows["Tiếp cận (đi lại)"]
    assert all("Căn cứ" not in text and len(text) > 60 for text in rows.values())


def test_every_figure_opens_to_as_many_stations(province):
    found = page(province, at("/nhu-cau/"))
    figures = {link: words for link, words in found.links.items() if "do=" in link and "cot=" not in link}
    assert len(figures) == 6
    for address, words in figures.items():
        text = seen(province, f"{address}&xuat=in").content.decode()
        body = text.split('id="nhu-cau"')[1].split("<tbody>")[1].split("</tbody>")[0] if 'id="nhu-cau"' in text else ""
        assert body.count("<tr>") == int(words.rpartition(": ")[2].replace(".", "")), address


def test_every_measure_opens_to_the_columns_whose_totals_it_is(province):
    client = client_of(province)
    page = client.get(at("/nhu-cau/"))
    told = {one["code"]: one for one in page.context["measures"]}

    def totals(address):
        table = client.get(address).context["list"]
        return {column.code: cell.text for column, cell in zip(table.columns, table.totals, strict=True)}

    for code, column in (("norm", "norm"), ("target", "target"), ("workload", "wisn")):
        assert totals(told[code]["address"])[column] == told[code]["span"], code
    for note, level in zip(told["target"]["notes"], (0, 1), strict=True):
        assert totals(note["address"])["short"].split("–")[level] in note["words"]
    assert told["density"]["notes"] and client.get(told["density"]["notes"][0]["address"]).status_code == 200
    for words, address in page.context["findings"]:
        assert client.get(at(address)).status_code == 200, words


def test_who_sees_no_people_gets_no_link_to_them(province, somebody):
    links = page(somebody("analyst", ""), at("/nhu-cau/")).links
    assert any("/nhu-cau/" in link for link in links) and not any("nhan-luc" in link for link in links)


def test_a_station_shows_each_cadre_under_each_measure_and_the_formula(province, report):
    rows = {row[0]: row for row in page(province, at(f"{YEN_THANH}nhu-cau/")).rows}
    own = report.rows["TYT-01234"]
    assert len(rows) == len(own)
    whole = own["all"]
    assert rows["Tất cả chức danh"][1:4] == [str(len(whole.people)), str(whole.norm.lo), str(whole.norm.hi)]
    doctor = own["doctor"]
    assert rows["Bác sĩ"][4] == "4–5" or "4–5" in rows["Bác sĩ"]
    assert number(doctor.workload.lo, "vi") in rows["Bác sĩ"] and number(doctor.workload.hi, "vi") in rows["Bác sĩ"]
    words = page(province, at(f"{YEN_THANH}nhu-cau/")).words
    assert all(value.formula("vi") in words for value in whole.norm.values)


def test_a_day_before_the_norms_says_so_on_the_page(province):
    for address in ("/nhu-cau/", f"{YEN_THANH}nhu-cau/"):
        text = seen(province, at(address, "1999-01-01")).content.decode()
        assert "Ngày 01/01/1999 chưa có quy định" in text, address
    tabs = [f"{YEN_THANH}{tab}/" for tab in TABS if tab]
    for address in ("/tong-quan/", "/tram/", "/co-so/", "/nguoi/", "/chat-luong/", "/nhu-cau/?xuat=xlsx", *tabs):
        joined = "&" if "?" in address else "?"
        assert seen(province, f"{address}{joined}pv=08&ngay=1999-01-01").status_code == 200, address


def test_people_of_a_cadre_are_a_link_whose_rows_count_to_them(province, report):
    found = page(province, at(f"{YEN_THANH}nhu-cau/"))
    links = {link: words for link, words in found.links.items() if "nhan-luc/" in link and "nhom=" in link}
    assert links
    for address, words in links.items():
        assert counted(province, address) == int(words)


def test_what_is_kept_in_memory_is_forgotten_as_soon_as_anything_is_recorded(province, monkeypatch):
    monkeypatch.setattr(MEMORY, "is_on", True)
    MEMORY.forget()
    address = at("/tram/", dem="tram", tim="yen thanh", cot="name&cot=people")
    first = page(province, address).rows
    assert page(province, address).rows == first == [["Trạm Y tế xã Yên Thành", "11"]]
    one = Appointment.objects.filter(facility="TYT-01234").first()
    one.is_withdrawn = True
    one.save()
    assert page(province, address).rows == [["Trạm Y tế xã Yên Thành", "10"]]
    MEMORY.forget()


def test_reading_again_asks_less_of_the_database(province, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(MEMORY, "is_on", True)
    MEMORY.forget()
    client = Client()
    client.force_login(province)
    whole = client.get(at("/nhu-cau/")).content
    with django_assert_max_num_queries(12):
        again = client.get(at("/nhu-cau/")).content
    blank = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
    assert blank.sub(b"", again) == blank.sub(b"", whole)
    MEMORY.forget()
