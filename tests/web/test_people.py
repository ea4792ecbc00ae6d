"""People: the list in Vietnamese order, the page of one person on any day, and nothing of strangers anywhere."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.conftest import client_of
from tests.web.test_corrections import change
from tests.web.test_pages import Rows
from tramyte.domain.names import person_key
from tramyte.web.actions import register
from tramyte.web.models import Absence, Appointment, Facility, Licence, PastTour, Staff

pytestmark = pytest.mark.django_db
DAY = "2026-01-08"


def text(account, address, status=200):
    answer = client_of(account).get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def test_people_stand_in_the_order_of_vietnamese_lists_and_all_are_counted(province):
    page = text(province, f"/nguoi/?pv=08&ngay={DAY}")
    everybody = Staff.objects.filter(province="08").count()
    assert f"{everybody:,}".replace(",", ".") in re.findall(r"<h1>(.*?)</h1>", page)[0]
    names = [row[0] for row in Rows(page).rows]
    people = sorted(Staff.objects.filter(province="08"), key=lambda one: person_key(one.family_names, one.given_name))
    assert names == [f"{one.family_names} {one.given_name}" for one in people][:50]


def test_the_licences_that_home_counts_are_the_rows_of_the_list(province, person):
    for row, days in zip(Licence.objects.filter(province="08").order_by("pk")[:3], (-1, 0, 90), strict=True):
        Licence.objects.filter(pk=row.pk).update(expires=date(2026, 1, 8) + timedelta(days=days))
    ended = Licence.objects.filter(province="08", expires__lt=date(2026, 1, 8)).values("staff").distinct().count()
    soon = Licence.objects.filter(
        province="08", expires__gte=date(2026, 1, 8), expires__lte=date(2026, 1, 8) + timedelta(days=90)
    ).count()
    for value, count in (("het", ended), ("sap", soon)):
        page = text(province, f"/nguoi/?pv=08&ngay={DAY}&gphn={value}")
        assert count and re.findall(r"<h1>(\d+)", page) == [str(count)]


def test_a_unit_and_a_cadre_narrow_the_list(province, station):
    page = text(province, f"/nguoi/?pv=08&ngay={DAY}&noi={station.code}")
    assert len(Rows(page).rows) == Staff.objects.filter(path__startswith=station.path).count()
    page = text(province, f"/nguoi/?pv=08&ngay={DAY}&noi={station.code}&nhom=doctor")
    doctors = Staff.objects.filter(path__startswith=station.path, title_code__startswith="V.08.01").count()
    assert len([row for row in Rows(page).rows if row]) == doctors


def test_a_person_is_one_page_with_licence_and_what_its_end_forbids(province, person):
    Licence.objects.filter(staff=person.code).delete()
    days = {"issued": date(2021, 1, 21), "expires": date(2026, 1, 20)}
    licence = {"staff": person.code, "number": "001/HG-GPHN", "kind": "gphn", "scope": None, "cme_hours": None, **days}
    register.add(by=province, noun="licences", province="08", values=licence)
    page = text(province, f"/nguoi/{person.code}/?pv=08&ngay={DAY}")
    assert "001/HG-GPHN" in page and "20/01/2026" in page
    assert "Từ 21/01/2026 chưa có giấy phép: không hành nghề, không xếp lượt cần giấy phép." in page
    assert page.count("<h1") == 1 and "<script" not in page.split("<main")[1] and " style=" not in page


def test_a_page_of_another_day_and_of_earlier_knowledge(province, person, station):
    work = Appointment.objects.get(staff=person.code)
    hospital = Facility.objects.filter(kind="hospital").first()
    old = person.given_name
    change(province, work, since=date(2026, 1, 8), facility=hospital.code)
    person.refresh_from_db()
    change(province, person, given_name="Xuyến")
    page = text(province, f"/nguoi/{person.code}/?pv=08&ngay={DAY}")
    assert "Xuyến" in page and f"{old} → Xuyến" in page and station.name in page and hospital.name in page
    Staff.history.filter(id=person.id, given_name=old).update(history_date="2026-01-02T00:00:00Z")
    Appointment.history.filter(staff=person.code, facility=station.code).update(history_date="2026-01-02T00:00:00Z")
    known = text(province, f"/nguoi/{person.code}/?pv=08&ngay={DAY}&biet-den=2026-01-03")
    assert old in known and "Xuyến" not in known and "/sua/" not in known


def test_tours_past_and_to_come_stand_on_the_page(province, person, station):
    PastTour.objects.create(
        province="08", path=person.path, staff=person.code, facility=station.code, skill="gp", start=date(2025, 1, 6),
        end=date(2025, 1, 20), instrument="support", decision="7/QĐ-SYT",
    )  # fmt: skip
    page = text(province, f"/nguoi/{person.code}/?pv=08&ngay={DAY}")
    assert "7/QĐ-SYT" in page and "tăng cường" in page and "đã kết thúc" in page


@pytest.mark.parametrize("role", ["planner", "director", "clerk", "commune", "head", "sender"])
def test_a_stranger_finds_nobody_and_each_role_its_own(role, somebody, person, station):
    other = Facility.objects.filter(kind="station").exclude(commune=station.commune).first()
    own, stranger = somebody(role, station.path), somebody(role, other.path)
    address = f"/nguoi/{person.code}/?pv=08&ngay={DAY}"
    assert person.given_name in text(own, address)
    text(stranger, address, 404)
    listed = Rows(text(own, f"/nguoi/?pv=08&ngay={DAY}"))
    assert len(listed.rows) == Staff.objects.filter(path__startswith=station.path).count()
    assert person.code not in text(stranger, f"/nguoi/?pv=08&ngay={DAY}")


def test_who_sees_no_people_is_told_which_right_is_missing(province, somebody, person):
    text(somebody("analyst", ""), f"/nguoi/?pv=08&ngay={DAY}", 403)
    text(somebody("analyst", ""), f"/nguoi/{person.code}/?pv=08", 404)
    text(somebody("staff", "08/", staff=person.code), "/nguoi/?pv=08", 404)


def test_the_list_asks_as_many_questions_for_few_people_as_for_fifty(province, station):
    client, asked = client_of(province), []
    client.get("/nguoi/?pv=08")  # what is kept for the next request is read here
    for more in ("", f"&noi={station.code}"):
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"/nguoi/?pv=08&ngay={DAY}{more}").status_code == 200
        asked.append(len(found))
    assert asked[0] == asked[1] <= 20


def test_what_is_mine_is_shown_to_me_and_to_nobody_else(somebody, province, person):
    other = Staff.objects.filter(province="08").exclude(pk=person.pk).first()
    Absence.objects.create(province="08", path=person.path, staff=person.code, outcome="exempt", start=date(2026, 1, 1),
                           paper="11/TB-SYT")  # fmt: skip
    given = {"staff": person.code, "identity_number": "001199001234", "phone": "0912345678", "email": None}
    register.add(by=province, noun="contacts", province="08", values=given)
    page = text(somebody("staff", "08/", staff=person.code), "/toi/")
    assert "001199001234" in page and "0912345678" in page and "được miễn" in page and "11/TB-SYT" in page
    other_page = text(somebody("staff", "08/", staff=other.code), "/toi/")
    assert "001199001234" not in other_page and f"{other.family_names} {other.given_name}" in other_page
    assert person.code not in other_page
    office = text(province, "/toi/")
    assert "Người lập kế hoạch" in office and "001199001234" not in office
    assert Client().get("/toi/").status_code == 302


def test_the_list_as_known_earlier_has_its_licences_and_pages_follow_on_each_other(province):
    Licence.history.update(history_date="2026-01-02T00:00:00Z")
    Staff.history.update(history_date="2026-01-02T00:00:00Z")
    Facility.history.update(history_date="2026-01-02T00:00:00Z")
    now, then = (
        [Rows(text(province, f"/nguoi/?pv=08&ngay={DAY}&sap=-ends&trang={page}{known}")).rows for page in (1, 2)]
        for known in ("", "&biet-den=2026-01-03")
    )
    assert now == then
    assert len(now[0]) == 50 and not {row[1] for row in now[0]} & {row[1] for row in now[1]}
    days = [date(*map(int, reversed(row[5].split("/")))) for page in now for row in page if "/" in row[5]]
    assert days == sorted(days, reverse=True)
