"""The overview of a station: four measures with their basis, who is where, what comes next; nothing made up."""

from datetime import date, timedelta

import pytest

from tests.web.test_pages import page, seen
from tests.web.test_stations import PHO_BANG, YEN_THANH, at, counted, table
from tramyte.domain.messages import say
from tramyte.need.numbers import number
from tramyte.web.models import Absence, Appointment, Collaborator, Commune, Facility, Licence, PastTour, Staff
from tramyte.web.views.columns import span
from tramyte.web.views.measures import against, together

pytestmark = pytest.mark.django_db
ON = date(2026, 1, 8)
DAYS = timedelta(days=1)


@pytest.fixture
def people(province):
    """Codes of the people of Yên Thành, and what their rows have in common."""
    rows = Appointment.objects.filter(facility="TYT-01234").order_by("staff")
    return list(rows.values_list("staff", flat=True)), {"province": "08", "path": rows[0].path}


def test_a_station_shows_four_measures_each_with_range_basis_and_a_way_to_its_tab(province, report):
    own, rows = report.rows["TYT-01234"], table(province, at(YEN_THANH), "bon-thuoc-do")
    told = {row[0]: " ".join(row[1:]) for row in rows}
    assert list(told) == ["Định mức", "Chỉ tiêu", "Khối lượng việc (WISN)", "Tiếp cận (đi lại)"]
    posts, work = own["all"].norm, own["doctor"].workload
    assert f"{span(posts.lo, posts.hi, 'vi')} người" in told["Định mức"]
    assert "Thông tư 03/2023/TT-BYT ngày 17/2/2023, Điều 5" in told["Định mức"]
    assert "4–5 bác sĩ" in told["Chỉ tiêu"] and "thiếu 2–3" in told["Chỉ tiêu"]
    assert "Nghị quyết 72-NQ/TW" in told["Chỉ tiêu"]
    assert f"{span(round(work.lo, 2), round(work.hi, 2), 'vi')} bác sĩ" in told["Khối lượng việc (WISN)"]
    assert "WISN User's Manual" in told["Khối lượng việc (WISN)"].replace("&#x27;", "'")
    assert told["Tiếp cận (đi lại)"].startswith(f"{say('UI_unknown', 'vi')} {say('UI_why_access', 'vi')}")
    links = page(province, at(YEN_THANH)).links
    assert sum(link.startswith(f"{YEN_THANH}nhu-cau/?") for link in links) == 1, "the tab, with the state of the page"


def test_a_measure_that_lacks_something_says_what_and_shows_no_figure(province):
    Facility.objects.filter(code="TYT-01234").update(catchment_population=None)
    Commune.objects.filter(code="01234").update(population=None)
    rows = {row[0]: row[1:] for row in table(province, at(YEN_THANH), "bon-thuoc-do")}
    assert rows["Định mức"][1:] == ["Chưa có số liệu", say("UI_lacks_population", "vi"), "—"], "after what it rests on"
    assert rows["Chỉ tiêu"][-1] == "thiếu 2–3", "the others stay as they are"
    early = {row[0]: row[1:] for row in table(province, at(YEN_THANH, "2025-09-08"), "bon-thuoc-do")}
    assert early["Chỉ tiêu"] == ["Chưa có số liệu", say("UI_not_in_force", "vi"), "—"]
    assert not table(province, at(YEN_THANH, "1999-01-01"), "bon-thuoc-do")
    assert "Ngày 01/01/1999 chưa có quy định" in seen(province, at(YEN_THANH, "1999-01-01")).content.decode()


@pytest.mark.parametrize(
    ("wanted", "there", "look", "words"),
    [((4, 5), 2, "short", "2–3"), ((4, 5), 4, "near", "0–1"), ((4, 5), 5, "met", None), ((4, 4), 1.5, "short", "2,5")],
)
def test_what_is_there_is_held_against_both_ends_of_a_range(wanted, there, look, words):
    found = against(wanted, there, "vi")
    assert found and (found.look, found.fields.get("short")) == (look, words)


def test_a_range_of_several_stations_is_unknown_when_one_of_them_is():
    assert together([(1, 2), (3.5, 4)]) == (4.5, 6)
    assert together([(1, 2), None]) is None and together([]) is None
    assert against(None, 3, "vi") is None and against((1, 2), float("nan"), "vi") is None


def test_people_stand_by_building_and_whoever_is_away_a_guest_or_beside_staff_stands_apart(province, people):
    codes, common = people
    before = table(province, at(PHO_BANG), "dang-o-dau")
    assert len([row for row in before if row[0].startswith(("Phòng khám", "Trạm"))]) >= 4, "with three stations below"
    Absence.objects.create(staff=codes[0], outcome="absent", start=ON, end=ON + 9 * DAYS, paper="GP-1", **common)
    Absence.objects.create(staff=codes[1], outcome="exempt", start=ON, end=ON + 9 * DAYS, paper="GP-2", **common)
    tour = {"skill": "NOI", "start": ON - DAYS, "end": ON + 10 * DAYS, "instrument": "support", **common}
    PastTour.objects.create(staff=codes[2], facility="PK-00745", **tour)
    guest = Appointment.objects.filter(facility="BV-08-01").order_by("staff").first().staff
    PastTour.objects.create(staff=guest, facility="TYT-01234", **tour)
    for number_of, kind in enumerate(("village_health", "village_health", "population")):
        Collaborator.objects.create(
            code=f"CTV-{number_of}", facility="TYT-01234", kind=kind, family_names="Lò Thị", given_name="Hoa", **common
        )
    rows = {row[0]: row[1:] for row in table(province, at(YEN_THANH), "dang-o-dau")}
    whole = sum(int(row[-1]) for name, row in rows.items() if name.startswith(("Trạm", "Điểm")))
    assert whole == len(codes) + Appointment.objects.filter(facility="DT-01234-1").count()
    assert rows[say("UI_absent_of_these", "vi")][1:] == ["đến 16/01/2026", "1"], "who is exempt is not absent"
    assert rows[say("UI_away_of_these", "vi")][1:] == ["đến 17/01/2026", "1"]
    assert rows[say("UI_guests", "vi")][-1] == "1" and "đến 17/01/2026" in rows[say("UI_guests", "vi")]
    beside = rows[say("UI_beside_staff", "vi")]
    assert beside[0].startswith("cộng tác viên dân số 1 · nhân viên y tế thôn, bản 2") and beside[-1] == "3"
    assert counted(province, at(f"{YEN_THANH}cong-tac-vien/")) == 3


def test_collaborators_that_nobody_recorded_are_unknown_and_not_none(province):
    rows = {row[0]: row[1:] for row in table(province, at(YEN_THANH), "dang-o-dau")}
    assert rows[say("UI_beside_staff", "vi")] == ["Chưa có số liệu", "—"]


def test_what_comes_next_is_told_by_day_from_records_alone(province, people):
    codes, common = people
    Licence.objects.filter(staff__in=codes).update(expires=None)
    Staff.objects.filter(code__in=codes).update(birth_year=1995, contract_end=None)
    names = {one.code: f"{one.family_names} {one.given_name}" for one in Staff.objects.filter(code__in=codes)}
    address = at(YEN_THANH)
    assert not table(province, address, "sap-toi") and say("UI_no_coming", "vi") in page(province, address).words
    Licence.objects.filter(staff=codes[0]).update(expires=ON + 30 * DAYS)
    Licence.objects.filter(staff=codes[1]).update(expires=ON + 200 * DAYS)
    PastTour.objects.create(
        staff=codes[2], facility="TYT-01234", skill="NOI", start=ON - DAYS, end=ON + 10 * DAYS, instrument="support",
        **common,
    )  # fmt: skip
    Staff.objects.filter(code=codes[3]).update(birth_year=1965, birth_month=6, sex="male")
    Staff.objects.filter(code=codes[4]).update(contract_end=ON + 5 * DAYS)
    assert counted(province, f"{at(f'{YEN_THANH}nhan-luc/')}&nghi=24") == 1, "the one who retires"
    assert table(province, address, "sap-toi") == [
        ["13/01/2026", say("UI_next_contract_ends", "vi", who=names[codes[4]])],
        ["17/01/2026", say("UI_next_tour_ends", "vi", who=names[codes[2]])],
        ["07/02/2026", say("UI_next_licence_ends", "vi", who=names[codes[0]])],
        ["31/12/2026", say("UI_next_retires", "vi", who=names[codes[3]])],
    ]


def test_an_analyst_is_told_neither_who_is_away_nor_what_comes(province, people, somebody):
    Absence.objects.create(staff=people[0][0], outcome="absent", start=ON, end=ON + 9 * DAYS, **people[1])
    analyst = somebody("analyst", "")
    rows = [row[0] for row in table(analyst, at(YEN_THANH), "dang-o-dau")]
    assert say("UI_absent_of_these", "vi") not in rows and say("UI_guests", "vi") in rows
    text = seen(analyst, at(YEN_THANH)).content.decode()
    assert 'id="sap-toi"' not in text and say("UI_coming", "vi") not in text
    profile = seen(analyst, at(f"{YEN_THANH}ly-lich/")).content.decode()
    names = Staff.objects.filter(code__in=people[0]).values_list("family_names", "given_name")
    assert not any(f"{family} {given}" in profile for family, given in names)


def test_the_day_is_moved_by_one_and_the_tab_stays(province):
    for tab in ("", "nhu-cau/"):
        links = page(province, at(f"{YEN_THANH}{tab}")).links
        for day in ("2026-01-07", "2026-01-09"):
            assert at(f"{YEN_THANH}{tab}", day) in links, (tab, day)


def test_the_profile_holds_the_measures_the_people_and_who_manages(province):
    text = seen(province, at(f"{YEN_THANH}ly-lich/")).content.decode()
    for part in ("bon-thuoc-do", "dang-o-dau", "quan-ly"):
        assert f'id="{part}"' in text, part
    one = Staff.objects.get(code=Appointment.objects.filter(facility="TYT-01234").order_by("staff").first().staff)
    assert f"{one.family_names} {one.given_name}" in text and text.count("<h1") == 1
    assert at(f"{YEN_THANH}ly-lich/") in page(province, at(YEN_THANH)).links
    assert seen(province, at("/co-so/BV-08-01/benh-vien-da-khoa-tinh-tuyen-quang/ly-lich/")).status_code == 404


def test_the_tab_of_need_cites_the_norms_and_says_why_access_is_blank(province, report):
    words = page(province, at(f"{YEN_THANH}nhu-cau/")).words
    assert any("Thông tư 03/2023/TT-BYT ngày 17/2/2023, Điều 5" in one for one in words)
    assert say("UI_why_access", "vi") in words and say("UI_unknown", "vi") in words
    assert number(report.rows["TYT-01234"]["all"].norm.lo, "vi") in words
