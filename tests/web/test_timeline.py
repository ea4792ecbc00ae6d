"""The timeline: next Monday with the figures of the first page, then day by day what one may see, as a file too."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from tests.web.campaigns import CODE, issued
from tests.web.conftest import client_of
from tramyte.web.models import Account, Call, Deployment, Draft, Licence, LocalNorm, Opinion, Staff
from tramyte.web.views.scope import scope_for
from tramyte.web.views.timeline import KINDS, entries, monday_of

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 1, 12)
ON = date(2026, 1, 9)
STATE = f"pv=08&ngay={ON}"


@pytest.fixture
def campaign(province, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_: ON)
    return issued(province)


def scope_of(account, on=ON):
    return scope_for(account, "08", on=on, lang="vi")


def test_the_next_monday_is_that_day_on_a_monday_and_the_next_one_after(province):
    days = {on: monday_of(scope_of(province, on=on)).day for on in (ON, MONDAY, MONDAY + timedelta(1))}
    assert days == {ON: MONDAY, MONDAY: MONDAY, MONDAY + timedelta(1): MONDAY + timedelta(7)}


def test_the_line_of_the_first_page_has_the_figures_of_the_timeline_and_each_its_rows(province, campaign):
    client = client_of(province)
    home = client.get(f"/tong-quan/?{STATE}").content.decode()
    line = re.search(r'<a href="(/lich/[^"]*)">(Thứ Hai 12/01/2026: đến (\d+) · về (\d+) · trống (\d+) trạm)</a>', home)
    assert line is not None
    page = client.get(line[1].replace("&amp;", "&")).content.decode()
    assert line[2] in page
    there = Deployment.objects.filter(campaign=CODE)
    assert int(line[3]) == there.filter(start=MONDAY).count() > 0
    parts = {name: page.split(f'<section id="{name}"')[1].split("</section>")[0] for name in ("den", "ve", "trong")}
    assert parts["den"].count("<li>") == int(line[3]) and parts["ve"].count("<li>") == int(line[4])
    stations = {one.split(" · ")[0] for one in re.findall(r"<li>(.*?)</li>", parts["trong"])}
    assert len(stations) == int(line[5])


def test_who_leaves_is_told_on_the_monday_after_the_last_day(province, campaign):
    day = Deployment.objects.filter(campaign=CODE).order_by("end").first().end
    monday = monday_of(scope_of(province, on=day))
    assert {row.pk for row in monday.leave} == set(Deployment.objects.filter(end=day).values_list("pk", flat=True))


def test_a_gap_is_what_is_asked_for_and_nobody_serves(province, campaign):
    before = monday_of(scope_of(province))
    cells = {(one.facility, one.skill) for one in before.gaps}
    gone = next(row for row in before.arrive if (row.facility, row.skill) not in cells)
    Deployment.objects.filter(pk=gone.pk).update(state="cancelled")
    after = monday_of(scope_of(province))
    assert {(one.facility, one.skill) for one in after.gaps} - cells == {(gone.facility, gone.skill)}


def test_every_kind_has_its_line_and_the_filter_keeps_one(province, campaign):
    now, own = timezone.now(), {"province": "08", "path": "08/"}
    Draft.objects.update(stage="opinions")
    Opinion.objects.create(
        **own, draft=Draft.objects.get(), side="sender", party="BV", party_name="Bệnh viện A", asked_at=now,
        due=ON + timedelta(3),
    )  # fmt: skip
    Call.objects.create(**own, campaign=CODE, unit="BV", skill="NOI", count=1, due=ON, asked_at=now)
    row = Staff.objects.filter(province="08").first()
    Staff.objects.filter(pk=row.pk).update(contract_end=ON + timedelta(5))
    Licence.objects.filter(province="08", staff=row.code).update(expires=ON + timedelta(7))
    LocalNorm.objects.create(
        **own, name="doctors_per_station", values={"min": 5}, start=ON + timedelta(6), state="approved", paper="1",
        proposed_by=province, proposed_at=now, decided_at=now,
        decided_by=Account.objects.create_user("khac", full_name="Khác"),
    )  # fmt: skip
    found = entries(scope_of(province), until=ON + timedelta(28))
    assert {one.kind for one in found} == set(KINDS)
    assert [one.day for one in found] == sorted(one.day for one in found)
    page = client_of(province).get(f"/lich/?{STATE}&loai=tra-loi").content.decode()
    assert "Bệnh viện A trả lời ý kiến" in page and "đề xuất người đi" in page and "Ngày cuối của" not in page


def test_the_calendar_file_has_what_the_page_has(province, campaign):
    answer = client_of(province).get(f"/lich/?{STATE}&loai=den&xuat=ics")
    told = {
        (event.decoded("DTSTART"), str(event["SUMMARY"])) for event in Calendar.from_ical(answer.content).walk("VEVENT")
    }
    found = [one for one in entries(scope_of(province), until=ON + timedelta(28)) if one.kind == "den"]
    assert told == {(one.day, one.words) for one in found}


def test_a_head_sees_who_comes_to_the_own_station_and_a_sender_who_goes(province, campaign, somebody):
    row = Deployment.objects.filter(campaign=CODE, start=MONDAY).first()
    for role, path, own in (("head", row.path, "path"), ("sender", row.sending_path, "sending_path")):
        monday = monday_of(scope_of(somebody(role, path)))
        there = Deployment.objects.filter(campaign=CODE, start=MONDAY, **{f"{own}__startswith": path})
        assert {one.pk for one in monday.arrive} == set(there.values_list("pk", flat=True))
    assert client_of(somebody("analyst", "")).get("/lich/?pv=08").status_code == 404
