"""The first page beside its distribution: what waits, the worst places, the shell around every page, and its errors."""

import re
from datetime import date
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import path

from tests.web.conftest import client_of
from tests.web.test_pages import DAY, Rows, seen
from tramyte.domain.errors import NormMissing, NotAllowed
from tramyte.domain.messages import messages, say
from tramyte.exchange.template import template
from tramyte.web import urls
from tramyte.web.models import Appointment, Facility, Grant, Licence, Province, Run
from tramyte.web.roles import Permission
from tramyte.web.views.sections import SECTIONS, Section, entries

pytestmark = pytest.mark.django_db
HOME = f"/tong-quan/?pv=08&ngay={DAY}"


def words(answer):
    return " ".join(Rows(answer.content.decode()).words)


def refused(request):
    raise NotAllowed(Permission.SEE_AUDIT.value, "08/")


def lawless(request):
    raise NormMissing("doctors_per_station", date(1999, 1, 1))


def bug(request):
    raise RuntimeError("a bug")


class Broken:
    """Addresses of a product in which things go wrong."""

    urlpatterns = (*urls.urlpatterns, path("khong-duoc/", refused), path("khong-luat/", lawless), path("hong/", bug))
    handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500


def test_licences_that_end_wait_and_the_number_is_that_of_the_people_behind_it(province):
    some = list(Licence.objects.filter(province="08", expires__isnull=False).order_by("pk")[:3])
    assert len(some) == 3
    Licence.objects.filter(pk__in=[one.pk for one in some]).update(expires=date(2026, 1, 31))
    page = Rows(seen(province, HOME).content.decode())
    told = {address: text for address, text in page.links.items() if "gphn=" in address}
    assert told
    for address, text in told.items():
        count = int(text.split()[0].replace(".", ""))
        there = Rows(seen(province, address).content.decode())
        assert any(str(count) in one for one in there.words), address


def test_an_import_that_was_read_waits_until_somebody_takes_it(province, somebody):
    from django.utils import timezone

    run = Run.objects.create(kind="import", province="08", path="08/", state="done", asked_at=timezone.now())
    page = Rows(seen(province, HOME).content.decode())
    (address,) = [one for one, text in page.links.items() if text == say("UI_imports_waiting", "vi", count=1)]
    assert client_of(province).get(address).context["list"].count == 1, "what was taken already is not among them"
    assert say("UI_imports_waiting", "vi", count=1) not in words(seen(somebody("analyst", ""), HOME))
    run.accepted_at = timezone.now()
    run.save()
    assert say("UI_imports_waiting", "vi", count=1) not in words(seen(province, HOME))


def test_places_that_nobody_knows_wait_and_are_no_zeros(province):
    Appointment.objects.update(is_withdrawn=True)
    answer = seen(province, HOME)
    assert messages()["UI_unknown_short"]["vi"] in words(answer)
    assert say("UI_places_unknown", "vi", count=124) in words(answer)
    assert '<path class="cell d' not in answer.content.decode(), "no number is drawn that nobody knows"


def test_an_empty_province_begins_with_three_steps_or_a_sample_and_takes_a_workbook(province, somebody):
    Province.objects.create(code="04", name="Cao Bằng", kind="tỉnh")
    planner = somebody("planner", "04/")
    Grant.objects.create(account=planner, role="analyst", path="")
    page = Rows(seen(planner, "/tong-quan/?pv=04").content.decode())
    steps = ["Nhập cơ sở từ tệp Excel", "Nhập người từ tệp Excel", "Xem và chọn chỉ tiêu"]
    assert [text for text in page.links.values() if text in steps] == steps[1:]  # two lead to the same page
    assert page.links["/tong-quan/?pv=08"] == "Hoặc xem trước tỉnh mẫu: Tuyên Quang"
    for account in (somebody("analyst", ""), somebody("clerk", "04/")):
        text = words(seen(account, "/tong-quan/?pv=04"))
        assert not any(step in text for step in steps) and "Thả tệp" not in text
    client = Client()
    client.force_login(planner)
    text = client.get("/tong-quan/?pv=04").content.decode()
    address = re.search(r'action="([^"]+)"[^>]*data-drop', text)
    place = re.search(r'name="noi" value="([^"]+)"', text)
    assert address and place
    file = SimpleUploadedFile("so.xlsx", template())
    answer = client.post(unescape(address[1]), {"tep": file, "noi": place[1]})
    run = Run.objects.get(province="04")
    assert (run.path, run.filename) == ("04/", "so.xlsx") and answer.headers["Location"].startswith(f"/nhap/{run.pk}/")


def test_the_worst_places_stand_first_each_with_its_page(province):
    text = seen(province, HOME).content.decode()
    table = text[text.index('<table class="worst">') :]
    short = [int(one) for one in re.findall(r"thiếu (\d+)", table[: table.index("</table>")])]
    assert len(short) == 10 and short == sorted(short, reverse=True)
    for address in re.findall(r'<th scope="row"><a href="([^"]+)"', table)[:2]:
        assert seen(province, address.replace("&amp;", "&")).status_code == 200, address


@pytest.mark.parametrize("by", ["xa", "tram"])
def test_every_sentence_over_the_distribution_leads_to_rows_that_add_up_to_it(province, by):
    client = client_of(province)

    def rows(address):
        return list(client.get(address.replace("&amp;", "&")).context["list"].rows)

    for muc, level, other in (("", 4, 5), ("5", 5, 4)):
        page = client.get(f"{HOME}&dem={by}&muc={muc}")
        text, told = page.content.decode(), page.context
        over = text.split("<h1>")[1].split('class="switches"')[0]
        links = dict(re.findall(r'<a href="(/tram/[^"]+)">([^<]+)</a>', over))
        found = {words: rows(address) for address, words in links.items()}
        short, reached, missing, mean = found
        assert str(told["short"]) in short and sum(row["short"] for row in found[short]) == told["short"]
        assert f"{level} bác sĩ" in short and reached.startswith(f"{told['reached']}/{told['places']} ")
        assert len(found[reached]) == told["reached"] and {row["short"] for row in found[reached]} <= {0}
        assert f"mức {other}" in missing and sum(row["short"] for row in found[missing]) == dict(told["others"])[other]
        assert f"({sum(row['doctors'] for row in found[mean])}/{len(found[mean])})" in mean
        assert "Chỉ tiêu năm 2027" in text and "Nghị quyết 72-NQ/TW" in text


@pytest.mark.parametrize("by", ["xa", "tram"])
def test_doctors_of_the_worst_places_lead_to_these_doctors_for_who_may_see_them(province, somebody, by):
    text = seen(province, f"{HOME}&dem={by}").content.decode().split('<table class="worst">')[1]
    links = re.findall(r'<td class="num"><a href="([^"]+)">(\d+)</a>', text)
    assert len(links) >= 5
    for address, count in links[:3]:
        there = client_of(province).get(address.replace("&amp;", "&"))
        assert there.context["list"].count == int(count), address
    assert "nhan-luc" not in seen(somebody("analyst", ""), HOME).content.decode()


def test_the_map_of_a_commune_shows_no_number_of_another(province, somebody, tuyen_quang):
    station = next(one for one in tuyen_quang.facilities if one.kind == "station")
    text = seen(somebody("commune", f"08/{station.commune}/"), HOME).content.decode()
    drawing = text[text.index("<svg viewBox") : text.index("</figure>")]
    assert len(re.findall(r'<path class="cell d\d', drawing)) == 1
    assert len(re.findall(r"<title>", drawing)) == 1


def test_who_sees_one_building_alone_is_told_of_it_and_of_nothing_else(province, somebody, tuyen_quang):
    station = next(one for one in tuyen_quang.facilities if one.kind == "station")
    hospital = next(one for one in tuyen_quang.facilities if one.kind == "hospital")
    for one, text in ((station, "1 trạm"), (hospital, say("UI_no_stations_here", "vi"))):
        account = somebody("head" if one is station else "sender", Facility.objects.get(code=one.code).path)
        answer = seen(account, HOME)
        assert answer.status_code == 200 and text in words(answer), one.code
        assert "D004" not in words(answer) and "<svg viewBox" not in answer.content.decode()
        assert say("UI_by_communes", "vi") not in words(answer), "of a commune no more than a part is seen"


def test_everybody_lands_on_the_page_of_their_place(province, somebody, tuyen_quang):
    station = next(one for one in tuyen_quang.facilities if one.kind == "station")
    path = Facility.objects.get(code=station.code).path
    for role, place, wanted in (
        ("planner", "08/", "/tong-quan/"),
        ("analyst", "", "/tong-quan/"),
        ("commune", f"08/{station.commune}/", f"/xa/{station.commune}/?pv=08"),
        ("head", path, f"/tram/{station.code}/?pv=08"),
        ("sender", Facility.objects.get(code="BV-08-01").path, "/don-vi-cu/?pv=08"),
        ("head", "08/00000/GONE/", "/tong-quan/"),
        ("admin", "", "/quan-tri/suc-khoe/"),
    ):
        account = somebody(role, place)
        answer = seen(account, "/")
        assert answer.headers["Location"] == wanted, (role, place)
        if place != "08/00000/GONE/" and role != "admin":
            assert seen(account, wanted).status_code in (200, 302), wanted


def test_the_rail_shows_what_the_role_may_open(province, somebody):
    answer = words(seen(province, HOME))
    for code in ("UI_home", "UI_stations"):
        assert messages()[code]["vi"] in answer
    staff = somebody("staff", "08/", staff="X")
    assert messages()["UI_stations"]["vi"] not in words(seen(staff, "/khong-co/"))
    assert entries([]) == []


def test_every_section_leads_to_a_page_and_groups_share_an_entry():
    from django.urls import resolve

    for one in SECTIONS:
        assert resolve(one.address), one.address
        assert one.word in messages(), one.word
    assert len({one.key for one in SECTIONS}) == len(SECTIONS)
    whole = entries(set(Permission))
    assert sum(len(one.sections) for one in whole) == len(SECTIONS)
    grouped = {one.group for one in SECTIONS if one.group}
    assert len(whole) == len(grouped) + sum(1 for one in SECTIONS if not one.group)
    assert isinstance(whole[0].sections[0], Section) and whole[0].holds("home")


def test_a_page_that_is_not_there_says_where_what_and_what_to_do(province):
    answer = seen(province, "/khong-co/")
    assert answer.status_code == 404
    found = words(answer)
    assert "/khong-co/" in found and messages()["UI_404_cure"]["vi"] in found


@override_settings(ROOT_URLCONF=Broken)
def test_a_right_that_is_missing_is_named_with_who_gives_it(province, somebody):
    giver = somebody("admin", "")
    answer = seen(province, "/khong-duoc/")
    assert answer.status_code == 403
    found = words(answer)
    assert "xem nhật ký" in found and giver.get_full_name() in found and "Người lập kế hoạch" in found
    assert messages()["UI_nothing_kept"]["vi"] in found


@override_settings(ROOT_URLCONF=Broken)
def test_an_error_of_the_house_is_a_page_and_a_bug_says_what_became_of_the_data(province):
    answer = seen(province, "/khong-luat/")
    assert answer.status_code == 422 and "doctors_per_station" in words(answer)
    client = Client(raise_request_exception=False)
    client.force_login(province)
    answer = client.get("/hong/")
    assert answer.status_code == 500
    assert messages()["UI_500_kept"]["vi"] in words(answer)


def test_a_form_from_a_page_left_open_too_long_is_told_apart(province):
    client = Client(enforce_csrf_checks=True)
    client.force_login(province)
    answer = client.post("/ngon-ngu/", {"lang": "en"}, headers={"Referer": "http://testserver/tram/"})
    assert answer.status_code == 403
    assert "http://testserver/tram/" in Rows(answer.content.decode()).links
    elsewhere = client.post("/ngon-ngu/", {"lang": "en"}, headers={"Referer": "https://example.org/"})
    assert "https://example.org/" not in elsewhere.content.decode()
    assert messages()["UI_stale_cure"]["vi"] in words(answer)


def test_every_right_has_its_words():
    assert all(say(f"RIGHT_{one.value}", "vi") for one in Permission)
