"""A place below the province: chosen in the bar, kept in the address, honoured by every list, and never beyond it."""

from datetime import date
from urllib.parse import quote

import pytest
from django.test import Client

from tests.web.matrix import FORBIDDEN, country, said, viewers
from tests.web.test_pages import DAY, page, seen
from tramyte.web.models import Appointment, Commune, Facility, PastTour, Staff
from tramyte.web.views.need import line, report_of
from tramyte.web.views.scope import scope_for
from tramyte.web.views.stations import lines

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]
COMMUNE, STATION = "01234", "TYT-01234"
STATE = f"pv=08.{COMMUNE}&ngay={DAY}"
LISTS = (
    "/tong-quan/", "/viec-cua-toi/", "/tram/", "/co-so/", "/nguoi/", "/nhu-cau/", "/chat-luong/",
    "/chat-luong/nguoi-chua-phan-cong/", "/chat-luong/co-so-chua-co-toa-do/", "/quan-tri/don-vi/",
    "/quan-tri/don-vi/co-so/", "/quan-tri/sap-xep/", "/nhap/", "/de-nghi-sua/", "/pham-vi/", "/tim/",
)  # fmt: skip
WIDE = ("/pham-vi/", "/tim/")  # one chooses another place, or looks for one, in all that is granted
# what each may choose of: own commune, own facility, the commune beside, its facility, a commune of another province
CHOICES = {
    "planner": "11110", "director": "11110", "clerk": "11110", "commune": "11000", "head": "01000", "sender": "01000",
    "staff": "00000", "analyst": "11111", "admin": "00000", "stranger": "00000", "closed": "00000",
}  # fmt: skip


def scope(account, pv):
    return scope_for(account, pv, on=date.fromisoformat(DAY), lang="vi")


@pytest.mark.parametrize("name", CHOICES)
def test_nobody_chooses_a_place_that_they_may_not_see(name):
    own, near, far = country()
    for place in (own, near, far):  # where a commune's own row stands in a register
        Commune.objects.filter(code=place.commune).update(path=f"{place.province}/{place.commune}/")
    account = viewers(own, name)[name]
    client = Client()
    client.force_login(account)
    wanted = [
        f"08.{own.commune}", f"08.{own.facility}", f"08.{near.commune}", f"08.{near.facility}", f"11.{far.commune}",
    ]  # fmt: skip
    for pv, may in zip(wanted, CHOICES[name], strict=True):
        for address in LISTS:
            answer = client.get(f"{address}?pv={quote(pv)}&ngay=2026-01-08")
            assert answer.status_code != 200 or may == "1", (address, pv)
            if may == "0":
                assert answer.status_code == 404, (address, pv)
        assert client.get(f"/tram/?pv={quote(pv)}").status_code == (200 if may == "1" else 404)
    for nowhere in ("08.", "08.0", "08..", "08.00001.00002", ".00001", "11.00001", "08.00003", "8.00001", "08/00001"):
        answer = client.get(f"/tram/?pv={quote(nowhere)}")
        assert answer.status_code == (200 if nowhere == "08." and name not in NONE else 404), nowhere


NONE = ("staff", "admin", "stranger", "closed")  # who sees no place at all


@pytest.mark.parametrize("name", ["planner", "analyst", "commune"])
def test_no_list_of_a_place_tells_of_another(name):
    own, near, _ = country()
    client = Client()
    client.force_login(viewers(own, name)[name])
    for pv in (f"08.{own.commune}", f"08.{own.facility}"):
        for address in set(LISTS) - set(WIDE):
            for out in ("", "&xuat=xlsx", "&xuat=txt", "&xuat=in"):
                text = said(client.get(f"{address}?pv={pv}&ngay=2026-01-08{out}"), address)
                told = [mark for mark in (*near.marks, *FORBIDDEN[name]) if mark.lower() in text.lower()]
                assert not told, (address, pv, out)


def test_what_is_told_of_a_place_is_the_same_when_one_looks_at_it_alone(province):
    """Also where somebody works at two places, or is there on tour from elsewhere."""
    before = lines(scope(province, f"08.{COMMUNE}"))[0]
    doctors = Staff.objects.filter(province="08", title_code__startswith="V.08.01")
    away = doctors.exclude(path__startswith=f"08/{COMMUNE}/").order_by("code").first()
    half = Appointment.objects.get(province="08", staff=away.code)
    half.share = 0.5
    half.save()
    station = Facility.objects.get(province="08", code=STATION)
    half.pk, half._state.adding, half.facility, half.path, half.post = None, True, station.code, station.path, None
    half.save()
    tour = PastTour.objects.filter(province="08").first()
    tour.facility, tour.start, tour.end, tour.instrument = STATION, date(2026, 1, 5), date(2026, 1, 19), "support"
    tour.save()
    whole = {row["code"]: row for row in lines(scope(province, "08"))}
    alone = lines(scope(province, f"08.{COMMUNE}"))
    assert [row["code"] for row in alone] == [COMMUNE] and alone == [whole[COMMUNE]]
    assert alone[0]["doctors"] == before["doctors"] + 1 and alone[0]["guests"] == before["guests"] + 1
    wide, narrow = scope(province, "08"), scope(province, f"08.{STATION}")
    report = [report_of(one) for one in (wide, narrow)]
    of_station = [next(one for one in found.stations if one.code == STATION) for found in report]
    assert len(report[1].stations) == 1
    told = [line(found, one, at) for found, one, at in zip(report, of_station, (wide, narrow), strict=True)]
    assert told[0] | {"commune": ""} == told[1], "who looks at one building alone is not told of its commune"


def test_the_first_page_and_the_lists_behind_its_figures_keep_the_place(province):
    home = page(province, f"/tong-quan/?{STATE}")
    assert "tỉnh Tuyên Quang · Xã Yên Thành" in home.words
    figures = {address: int(words) for address, words in home.links.items() if "so-bs=" in address}
    assert sum(figures.values()) == 1
    for address, figure in figures.items():
        assert f"pv=08.{COMMUNE}" in address
        assert len([row for row in page(province, address).rows if row]) == figure
    places = [address for address in home.links if address.startswith("/") and "?" in address]
    assert all(f"pv=08.{COMMUNE}" in address or "/pham-vi/" in address for address in places)
    assert "Ba bước để bắt đầu" not in home.words


def test_the_people_of_a_place_are_those_at_home_there(province):
    people = page(province, f"/nguoi/?{STATE}&xuat=in").rows
    path = f"08/{COMMUNE}/"
    assert len(people) == Staff.objects.filter(province="08", path__startswith=path).count() > 0


def test_the_page_of_one_thing_and_the_search_stay_whole_and_keep_the_place(province):
    other = Facility.objects.filter(province="08", kind="station").exclude(commune=COMMUNE).first()
    answer = seen(province, f"/tram/{other.code}/?{STATE}")
    assert answer.status_code == 302 and f"pv=08.{COMMUNE}" in answer.headers["Location"]
    assert page(province, answer.headers["Location"]).rows is not None
    found = page(province, f"/tim/?{STATE}&tim={quote(other.name)}")
    assert any(other.code in address and f"pv=08.{COMMUNE}" in address for address in found.links)


def test_a_place_is_found_by_an_old_name_and_leads_back_with_the_filters(province):
    back = quote(f"/tram/?pv=08&ngay={DAY}&so-bs=2&trang=2", safe="")
    found = page(province, f"/pham-vi/?pv=08&ngay={DAY}&tim=ban ria&toi={back}")
    wanted = f"/tram/?pv=08.{COMMUNE}&ngay={DAY}&so-bs=2"
    assert wanted in found.links and found.links[wanted] == "Xã Yên Thành"
    assert found.links[f"/tram/?pv=08&ngay={DAY}&so-bs=2"] == "Toàn tỉnh Tuyên Quang"
    for astray in ("//example.org/tram/", "https://example.org/tram/", "/khong-co/", "javascript:x", "/pham-vi/"):
        found = page(province, f"/pham-vi/?pv=08&ngay={DAY}&tim=ban ria&toi={quote(astray, safe='')}")
        assert f"/tong-quan/?pv=08.{COMMUNE}" in found.links


def test_a_point_is_seen_with_its_station_and_is_no_place_of_its_own(province):
    point = Facility.objects.filter(province="08", kind="point").first()
    assert point.path.count("/") > 3
    assert seen(province, f"/tram/?pv=08.{point.code}").status_code == 404


def test_what_is_taken_out_says_of_which_place_it_is(province):
    answer = seen(province, f"/tram/?{STATE}&xuat=xlsx")
    assert f"tram-08.{COMMUNE}-{DAY}.xlsx" in answer.headers["Content-Disposition"]
