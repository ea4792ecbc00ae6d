"""Desks: a commune sees what is its to decide, a unit what it owes; a station asks for people from its page."""

from datetime import date

import pytest

from tests.web.campaigns import CODE
from tests.web.conftest import client_of
from tramyte.domain.messages import say
from tramyte.web.actions import calls
from tramyte.web.models import Appointment, Campaign, Case, Deployment, PastTour, Post, Sender, Staff, Wanted

pytestmark = pytest.mark.django_db
COMMUNE = "/xa/01234-xa-yen-thanh/?pv=08&ngay=2026-01-08"
STATION = "TYT-01234"
UNIT = "BV-08-01"


def test_a_commune_sees_posts_people_difficulties_works_and_who_decides(province, somebody):
    officer = somebody("commune", "08/01234/")
    Case.objects.create(province="08", path="08/01234/TYT-01234/", number="C-1", facility=STATION, title="Máy hỏng")
    for number, is_frozen in enumerate((True, False)):
        Post.objects.create(province="08", path="08/01234/TYT-01234/", facility=STATION, code=f"VT-{number}",
                            title_code="V.08.01.03", is_frozen=is_frozen)  # fmt: skip
    Appointment.objects.filter(facility=STATION, pk=Appointment.objects.filter(facility=STATION).first().pk).update(
        post="VT-1"
    )
    page = client_of(officer).get(COMMUNE)
    desk = page.context["desk"]
    codes = [row["code"] for row in page.context["list"].rows]
    posts = {one["word"]: one["count"] for one in desk["posts"]}
    assert [posts[f"UI_{one}"] for one in ("posts_granted", "posts_filled", "ca_posts_empty", "ca_posts_frozen")] == [
        2, 1, 1, 1
    ]  # fmt: skip
    people = {one["word"]: one["count"] for one in desk["people"]}
    home = set(Appointment.objects.on(date(2026, 1, 8)).filter(facility__in=codes).values_list("staff", flat=True))
    for one in desk["people"]:
        if one["address"]:
            assert client_of(officer).get(one["address"]).context["list"].count == one["count"], one["word"]
    guests = set(PastTour.objects.filter(facility__in=codes, start__lte="2026-01-08", end__gt="2026-01-08")
                 .values_list("staff", flat=True))  # fmt: skip
    assert people["UI_ca_guests"] == len(guests) and people["UI_ca_home"] == len(home - guests)
    away, absent = people["UI_ca_away"], people["UI_ca_absent_today"]
    assert people["UI_ca_there"] == people["UI_ca_home"] - away - absent + people["UI_ca_guests"]
    text = page.content.decode()
    assert "Máy hỏng" in text and "Chủ tịch UBND xã" in text and "Thông tư 43/2025/TT-BYT" in text


def test_an_analyst_sees_no_people_on_the_desk(province, somebody):
    desk = client_of(somebody("analyst", "")).get(COMMUNE).context["desk"]
    assert desk["people"] is None and not desk["cases"] and not desk["wants"] and not desk["may"]


def test_a_station_and_its_commune_ask_for_people_from_their_pages(province, somebody):
    officer, head = somebody("commune", "08/01234/"), somebody("head", "08/01234/TYT-01234/")
    link = f"/de-nghi-nguoi/?pv=08&amp;co-so={STATION}"
    for account, address in ((officer, COMMUNE), (head, f"/tram/{STATION}/tram-y-te-xa-yen-thanh/?pv=08")):
        assert link in client_of(account).get(address).content.decode(), account
    stranger = client_of(somebody("clerk", "08/"))
    assert "de-nghi-nguoi" not in stranger.get(f"/tram/{STATION}/tram-y-te-xa-yen-thanh/?pv=08").content.decode()
    address = f"/de-nghi-nguoi/?pv=08&co-so={STATION}"
    assert stranger.get(address).status_code == 403
    client = client_of(officer)
    assert link.encode() in client.get("/de-nghi-nguoi/?pv=08").content, "its own station is offered"
    assert stranger.get("/de-nghi-nguoi/?pv=08").status_code == 403
    empty = client.post(address, {"so-cong-van": "1/UBND"})
    assert {name for name, _ in empty.context["summary"]} == {"tu", "den", "so-nguoi", "ly-do"}
    typed = {"chuyen-khoa": "NOI", "so-nguoi": "1", "tu": "19/1/2026", "den": "1/2/2026", "ly-do": "bác sĩ đi học",
             "so-cong-van": "1/UBND", "ngay-cong-van": "5/1/2026"}  # fmt: skip
    assert client.post(address, typed).headers["Location"].startswith("/xa/01234-")
    wanted = Wanted.objects.get()
    assert (wanted.last, wanted.letter, wanted.state) == (date(2026, 2, 1), "1/UBND", "open")
    assert "1/UBND" in client.get(COMMUNE).content.decode()
    half = client.post(address, typed | {"ngay-cong-van": ""})
    assert "E776" in str(half.context["summary"])
    tasks = client_of(province).get("/viec-cua-toi/?pv=08").context["waiting"]
    assert say("UI_ca_waits_wishes", "vi", count=1) in [one.text for one in tasks]


def test_a_unit_lands_on_its_call_and_finds_its_desk(province, somebody):
    campaign, path = Campaign.objects.get(code=CODE), Sender.objects.get(facility=UNIT).path
    sender = somebody("sender", path)
    client = client_of(sender)
    assert client.get("/").headers["Location"] == "/don-vi-cu/?pv=08"
    desk = client.get("/don-vi-cu/?pv=08")
    assert desk.context["units"][0]["limits"] and not desk.context["calls"]
    calls.ask(by=province, campaign=campaign, counts={(UNIT, "NOI"): (2, None)}, due=date(2199, 1, 1))
    assert client.get("/").headers["Location"] == f"/dot/{CODE}/de-xuat/{UNIT}/?pv=08"
    assert client.get("/don-vi-cu/?pv=08").context["calls"][0]["missing"] == 2
    assert any("de-xuat" in one.address for one in client.get("/viec-cua-toi/?pv=08").context["waiting"])
    assert any("de-xuat" in one.address for one in client_of(province).get("/viec-cua-toi/?pv=08").context["waiting"])
    for role in ("planner", "commune"):
        assert client_of(somebody(role, "08/01234/")).get("/don-vi-cu/?pv=08").status_code == 404


def test_the_page_of_a_person_says_rule_by_rule_whether_they_may_go(province):
    client = client_of(province)
    code = Staff.objects.filter(path=Sender.objects.get(facility=UNIT).path).order_by("pk").first().code
    page = client.get(f"/nguoi/{code}/?pv=08")
    told = page.context["may_go"]
    assert len(told["lines"]) == 11 and all(one.basis for one in told["lines"]) and told["campaign"].code == CODE
    assert not Deployment.objects.filter(staff=code).exists()
    far = client.get(f"/nguoi/{code}/?pv=08&tu=1/1/2090&den=14/1/2090&dot={CODE}").context["may_go"]
    assert not far["can"] and next(one for one in far["lines"] if one.rule == "retirement").look == "short"
    assert client.get(f"/nguoi/{code}/?pv=08&biet-den=2026-01-01").context.get("may_go") is None
