"""One place: figures open to rows that count to them, on any day and as known on any other, for whoever may see it."""

import re
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.test_pages import Rows, page, seen
from tramyte.domain.messages import say
from tramyte.need import needs
from tramyte.web.models import Appointment, Authority, Commune, Equipment, Facility, Post, Staff, Succession
from tramyte.web.views.station import TABS, WITH_NAMES

pytestmark = pytest.mark.django_db
DAY = "2026-01-08"
YEN_THANH = "/tram/TYT-01234/tram-y-te-xa-yen-thanh/"
PHO_BANG = "/tram/PK-00745/phong-kham-da-khoa-khu-vuc-pho-bang/"


def at(path, day=DAY, **more):
    state = "".join(f"&{name.replace('_', '-')}={value}" for name, value in more.items())
    return f"{path}?pv=08&ngay={day}{state}"


def counted(account, address):
    """Return how many rows a list has: all of them stand on its paper."""
    return len([row for row in page(account, f"{address}&xuat=in").rows if row])


def table(account, address, name):
    """Return the rows of one table of a page; none where it is not there."""
    text = seen(account, address).content.decode()
    _, found, rest = text.partition(f'id="{name}"')
    body = rest.partition("</table>")[0].replace("</tbody>\n<tbody>", "")
    return Rows(f"<table {body}</table>").rows if found else []


def facts(account, address):
    """Return word -> value of the overview."""
    text = seen(account, address).content.decode()
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", text)
    return {word: re.sub(r"<[^>]+>", "", value) for word, value in found}


def test_a_wrong_name_in_the_address_leads_to_the_right_one_with_its_state(province):
    for wrong in ("/tram/TYT-01234/", "/tram/TYT-01234/ten-sai/", "/co-so/TYT-01234/ten-sai/"):
        assert seen(province, at(wrong)).headers["Location"] == at(YEN_THANH)
    assert seen(province, at("/tram/TYT-01234/x/nhan-luc/")).headers["Location"] == at(f"{YEN_THANH}nhan-luc/")
    assert seen(province, at("/tram/TYT-99999/x/")).status_code == 404
    assert seen(province, at(f"{YEN_THANH}khong-co/")).status_code == 404


@pytest.mark.parametrize("path", [YEN_THANH, PHO_BANG, "/co-so/BV-08-01/benh-vien-da-khoa-tinh-tuyen-quang/"])
def test_every_figure_of_a_place_opens_to_rows_that_count_to_it(province, path):
    found = page(province, at(path))
    figures = {
        address: int(words.replace(".", "")) for address, words in found.links.items()
        if urlsplit(address).path.startswith(path) and re.fullmatch(r"[\d.]+", words)
    }  # fmt: skip
    assert figures
    for address, figure in figures.items():
        assert parse_qs(urlsplit(address).query)["ngay"] == [DAY]
        assert counted(province, address) == figure, address


def test_people_and_doctors_of_every_station_are_those_of_the_need(province, tuyen_quang):
    report = needs(tuyen_quang, on=date(2026, 1, 8))
    rows: dict[str, list[str]] = {}
    for number in (1, 2, 3):
        listed = page(province, at("/tram/", dem="tram", trang=number, sap="name", cot="name&cot=people&cot=doctors"))
        rows |= {row[0]: row[1:] for row in listed.rows}
    expected = {
        one.facility.name: [
            str(len(report.rows[one.code]["all"].people)), str(report.doctors.stations.counts[one.code])
        ]
        for one in report.stations
    }  # fmt: skip
    assert rows == expected
    own = facts(province, at(YEN_THANH))
    assert [own["Người"], own["Bác sĩ"]] == expected["Trạm Y tế xã Yên Thành"] == ["11", "2"]


def test_another_day_shows_who_managed_it_then_and_says_what_is_otherwise_today(province):
    then = facts(province, at(YEN_THANH, "2025-12-31"))
    assert then["Đơn vị quản lý"] == "Trung tâm Y tế khu vực Quang Bình"
    assert facts(province, at(YEN_THANH, "2026-01-01"))["Đơn vị quản lý"] == "Ủy ban nhân dân xã Yên Thành"
    found = page(province, at(YEN_THANH, "2025-12-31"))
    rows = table(province, at(YEN_THANH, "2025-12-31"), "khac")
    assert ["Đơn vị quản lý", "Trung tâm Y tế khu vực Quang Bình", "Ủy ban nhân dân xã Yên Thành"] in rows
    assert say("UI_seen_on", "vi", on="31/12/2025") in found.words
    today = page(province, f"{YEN_THANH}?pv=08")
    assert not any("không phải hôm nay" in words for words in today.words)


def test_as_known_on_an_earlier_day_a_later_correction_does_not_show(province):
    now = timezone.localdate()
    before = timezone.now()
    one = Appointment.objects.filter(facility="TYT-01234").first()
    Appointment.history.filter(id=one.id).update(history_date=before - timedelta(days=3))
    for model in (Facility, Appointment, Authority):
        model.history.update(history_date=before - timedelta(days=3))
    one.is_withdrawn = True
    one.save()
    day, earlier = now.isoformat(), (now - timedelta(days=1)).isoformat()
    Staff.history.update(history_date=before - timedelta(days=3))
    assert facts(province, at(YEN_THANH, day))["Người"] == "10"
    assert facts(province, at(YEN_THANH, day, biet_den=earlier))["Người"] == "11"
    assert ["Người", "11", "10"] in table(province, at(YEN_THANH, day, biet_den=earlier), "khac")
    long_ago = (now - timedelta(days=9)).isoformat()
    assert seen(province, at(YEN_THANH, day, biet_den=long_ago)).status_code == 404, "nobody knew of it then"


def test_the_history_says_who_changed_what(province):
    authority = Authority.objects.get(facility="TYT-01234", end__isnull=True)
    authority.supervising, authority._history_user = "Bệnh viện khu vực", province
    authority.save()
    rows = page(province, at(f"{YEN_THANH}lich-su/", sap="-at")).rows
    assert rows[0][1] == "planner" and rows[0][-1].endswith("Sở Y tế tỉnh Tuyên Quang → Bệnh viện khu vực")
    assert any(row[-1] == "Ghi nhận lần đầu" for row in rows[1:])


def test_posts_say_who_holds_them_and_machines_who_can_use_them(province):
    one = Appointment.objects.filter(facility="TYT-01234").order_by("pk").first()
    common = {"province": "08", "path": one.path, "facility": "TYT-01234"}
    for code in ("VT-1", "VT-2", "VT-3"):
        Post.objects.create(code=code, title_code="V.08.01.03", is_frozen=code == "VT-3", **common)
    one.post = "VT-1"
    one.save()
    Equipment.objects.create(code="M-1", kind="siêu âm", name="Máy siêu âm", skill="CDHA", **common)
    figures = facts(province, at(YEN_THANH))
    assert (figures["Số lượng người làm việc được giao"], figures["Vị trí đã có người"]) == ("3", "1")
    for state in ("filled", "free", "frozen"):
        assert counted(province, at(f"{YEN_THANH}vi-tri/", tinh_trang=state)) == 1, state
    assert "Chưa có người sử dụng" in page(province, at(f"{YEN_THANH}thiet-bi/")).rows[0]


def test_people_and_doctors_of_each_building_open_to_as_many_rows(province):
    links = page(province, at(f"{YEN_THANH}diem-tram/")).links
    figures = {link: words for link, words in links.items() if "nhan-luc/" in link and "noi=" in link}
    assert {("nhom=doctor" in link) for link in figures} == {True, False}
    for address, words in figures.items():
        assert counted(province, address) == int(words), address


def test_a_place_that_was_joined_says_since_when_and_leads_to_its_successor(province):
    old = Facility.objects.get(code="DT-01234-1")
    old.end = date(2026, 3, 1)
    old.save()
    Succession.objects.create(
        province="08", path=old.path, kind="facility", predecessor=old.code, successor="TYT-01234", on=old.end
    )
    found = page(province, at("/tram/DT-01234-1/diem-tram-ban-ria/", "2026-04-01"))
    assert say("UI_closed", "vi", end="01/03/2026") in found.words
    assert any(link.startswith("/tram/TYT-01234/") for link in found.links)
    joined = "/quan-tri/sap-xep/facility/TYT-01234/?pv=08&ngay="
    assert f"{joined}2026-04-01" in page(province, at(YEN_THANH, "2026-04-01")).links
    assert f"{joined}2026-01-08" not in page(province, at(YEN_THANH)).links, "not yet"


def test_a_commune_officer_sees_the_own_station_alone_and_an_analyst_no_names(province, somebody):
    officer = somebody("commune", "08/01234/")
    assert seen(officer, at(YEN_THANH)).status_code == 200
    assert seen(officer, at(PHO_BANG)).status_code == 404
    assert seen(officer, at("/xa/00745-xa-pho-bang/")).status_code == 404
    assert [row[0] for row in page(officer, at("/tram/", dem="tram")).rows] == ["Trạm Y tế xã Yên Thành"]
    assert len(page(officer, at("/xa/01234-xa-yen-thanh/")).rows) == 2
    analyst = somebody("analyst", "")
    found = page(analyst, at(YEN_THANH))
    assert facts(analyst, at(YEN_THANH))["Người"] == "11" and not any("nhan-luc" in link for link in found.links)
    for tab in TABS:
        expected = 404 if tab in WITH_NAMES else 200
        assert seen(analyst, at(f"{YEN_THANH}{tab}/" if tab else YEN_THANH)).status_code == expected, tab
    for stranger in (somebody("planner", "11/"), somebody("commune", "11/03127/"), somebody("admin", "")):
        for address in (at(YEN_THANH), at("/tram/"), at("/co-so/"), at("/xa/01234-xa-yen-thanh/"), at("/nhu-cau/")):
            assert seen(stranger, address).status_code == 404


def test_hospitals_and_centres_are_listed_with_their_people(province, tuyen_quang):
    rows = page(province, at("/co-so/")).rows
    kinds = [one.kind for one in tuyen_quang.facilities if one.kind in ("hospital", "centre", "cdc")]
    assert len(rows) == len(kinds) == 20
    assert counted(province, at("/co-so/", loai="hospital")) == 3
    staff = sum(1 for one in tuyen_quang.appointments if one.facility == "BV-08-01")
    assert next(row for row in rows if row[0] == "Bệnh viện Đa khoa tỉnh Tuyên Quang")[3] == str(staff)


def test_a_commune_names_those_it_was_made_of(province):
    found = seen(province, at("/xa/01234-ten-cu/"))
    assert found.headers["Location"] == at("/xa/01234-xa-yen-thanh/")
    own = Commune.objects.get(code="01234")
    Commune.objects.create(
        province="08", path=own.path, code="90001", name="Xã Nặm Cũ", kind="xã", end=date(2025, 7, 1),
        successor="01234", search_key="xa nam cu", sort_key=b"",
    )  # fmt: skip
    assert any("Xã Nặm Cũ" in words for words in page(province, at("/xa/01234-xa-yen-thanh/")).words)
    gone = page(province, at("/xa/90001-xa-nam-cu/"))
    assert any(link.startswith("/xa/01234-xa-yen-thanh/") for link in gone.links)


# the list and the overview ask what the need counts as well: services, totals, collaborators, the law
PINNED = {
    "/tram/": 27, YEN_THANH: 48, f"{YEN_THANH}nhan-luc/": 26, f"{YEN_THANH}vi-tri/": 23, f"{YEN_THANH}giay-phep/": 26,
    f"{YEN_THANH}nhu-cau/": 32, f"{YEN_THANH}diem-tram/": 26, f"{YEN_THANH}thiet-bi/": 23, f"{YEN_THANH}luot/": 24,
    f"{YEN_THANH}lich-su/": 27, "/co-so/": 20, "/xa/01234-xa-yen-thanh/": 31, "/nhu-cau/": 22, "/tim/": 24,
}  # fmt: skip


@pytest.mark.parametrize("path", PINNED)
def test_a_page_asks_the_database_a_fixed_number_of_questions(province, path, django_assert_max_num_queries):
    client = Client()
    client.force_login(province)
    with django_assert_max_num_queries(PINNED[path]):
        assert client.get(at(path, tim="ban ria" if path == "/tim/" else "")).status_code == 200


@pytest.mark.parametrize("path", PINNED)
def test_a_page_is_whole_and_has_nothing_inline(province, path):
    text = seen(province, at(path, tim="ban ria" if path == "/tim/" else "")).content.decode()
    assert text.count("<h1") == 1 and " style=" not in text and not re.search(r"\son\w+=", text)
    assert Rows(text).words
