"""What a campaign asks for: by source, with evidence; changed and withdrawn with a trace; wishes taken or declined."""

from datetime import date
from typing import Any

import pytest

from tests.web.campaigns import CODE
from tests.web.conftest import client_of
from tramyte.domain.errors import BadData, NotAllowed
from tramyte.exchange.columns import sheets
from tramyte.web.actions import campaigns, requirements
from tramyte.web.actions.requirements import SOURCES, Row
from tramyte.web.models import Campaign, Conduct, Event, Facility, Requirement, Wanted
from tramyte.web.planning import problem_of

pytestmark = pytest.mark.django_db
AT = f"/dot/{CODE}/nhu-cau/"
SPAN = (date(2026, 1, 19), date(2026, 2, 2))


@pytest.fixture
def campaign(province):
    return Campaign.objects.get(province="08", code=CODE)


def codes(error):
    return {one.code for one in error.value.findings}


def wanted(by, station, **more):
    values: dict[str, Any] = {"skill": "NOI", "count": 1, "span": SPAN, "reason": "bác sĩ đi học"} | more
    return requirements.want(by=by, facility=station, **values)


def test_sources_are_those_of_the_workbook():
    assert [one.code for one in sheets()["requirements"].column("source").choices] == list(SOURCES)


def test_rows_are_added_and_every_mistake_told_at_once(province, campaign, station, somebody):
    row = Row(station.code, "CDHA", 2, 5, 2, 1, "norm")
    with pytest.raises(NotAllowed):
        requirements.add(by=somebody("commune", station.path), campaign=campaign, rows=[row])
    bad = [Row("X", "QQ", 0, 13, 0, 1), Row(station.code, "NOI", 1, 2, 1, 2)]
    with pytest.raises(BadData) as wrong:
        requirements.add(by=province, campaign=campaign, rows=bad)
    assert codes(wrong) == {"E761", "E771", "E772", "E773", "E774"}
    before = Requirement.objects.count()
    requirements.add(by=province, campaign=campaign, rows=[row])
    with pytest.raises(BadData) as twice:
        requirements.add(by=province, campaign=campaign, rows=[row])
    assert codes(twice) == {"E770"} and Requirement.objects.count() == before + 1
    problem, _ = problem_of(campaign)
    need = next(one for one in problem.station_by_id[station.code].needs if str(one.skill) == "CDHA" and one.start == 1)
    assert (need.end, need.count, need.critical) == (5, 2, 1)


def test_a_row_is_changed_and_withdrawn_with_its_history(province, campaign):
    row = Requirement.objects.filter(campaign=CODE).first()
    requirements.edit(by=province, campaign=campaign, row=row, weeks=(1, 4), count=3, critical=3)
    row.refresh_from_db()
    assert (row.last_week, row.critical, row.history.count()) == (4, 3, 2)
    for problem in ({"critical": 4}, {"weeks": (4, 1)}):
        with pytest.raises(BadData):
            given: dict[str, Any] = {"weeks": (1, 4), "count": 3, "critical": 3} | problem
            requirements.edit(by=province, campaign=campaign, row=row, **given)
    with pytest.raises(BadData):
        requirements.withdraw(by=province, campaign=campaign, row=row, reason="")
    requirements.withdraw(by=province, campaign=campaign, row=row, reason="trạm đã có người")
    assert not Requirement.objects.filter(pk=row.pk).exists() and Requirement.every.filter(pk=row.pk).exists()
    changed = Event.objects.get(action="requirements.edit").details["changed"]
    assert changed["count"] == [1, 3]


def test_a_campaign_that_is_over_takes_nothing_more(province, campaign, station):
    conduct = campaigns.opened(by=province, campaign=campaign)
    Conduct.objects.filter(pk=conduct.pk).update(state="ended")
    with pytest.raises(BadData) as over:
        requirements.add(by=province, campaign=campaign, rows=[Row(station.code, "CDHA", 1, 2, 1)])
    assert codes(over) == {"E705"}


def test_a_surge_asks_every_station_of_the_communes_in_one_act(province, campaign):
    communes = ["01234", "00745"]
    stations = Facility.objects.filter(commune__in=communes, kind__in=("station", "polyclinic"), end=None).count()
    given: dict[str, Any] = {
        "communes": communes,
        "skills": ["HSCC", "GSD"],
        "weeks": (1, 2),
        "count": 2,
        "critical": 1,
    }
    with pytest.raises(BadData):
        requirements.surge(by=province, campaign=campaign, reason=" ", **given)
    made = requirements.surge(by=province, campaign=campaign, reason="dịch sởi", **given)
    assert len(made) == 2 * stations >= 4 and {one.source for one in made} == {"surge"}
    assert Event.objects.filter(action="requirements.surge").count() == 1
    with pytest.raises(BadData) as again:
        requirements.surge(by=province, campaign=campaign, reason="dịch sởi", **given)
    assert codes(again) == {"E770"}


def test_the_page_of_a_surge_shows_what_it_would_record_first(province, campaign):
    client = client_of(province)
    typed = {"xa": ["01234"], "khoa": ["GSD"], "tu-tuan": "1", "den-tuan": "2", "so-nguoi": "1"}
    page = client.post(f"{AT}dot-xuat/?pv=08", typed)
    assert len(page.context["preview"]) == 1 and not Requirement.objects.filter(source="surge").exists()
    page = client.post(f"{AT}dot-xuat/?pv=08", typed | {"ghi": "1"})
    assert page.context["summary"][0][0] == "ly-do" and page.context["preview"]
    assert client.post(f"{AT}dot-xuat/?pv=08", typed | {"ghi": "1", "ly-do": "dịch"}).status_code == 302
    shown = client.get(f"{AT}?pv=08&nguon=surge")
    assert shown.context["list"].count == 1
    empty = client.post(f"{AT}dot-xuat/?pv=08", {**typed, "xa": [], "so-nguoi": "x"})
    assert empty.context["summary"]


def test_figures_by_source_count_to_their_rows(province, campaign):
    client = client_of(province)
    page = client.get(f"{AT}?pv=08")
    rows = Requirement.objects.filter(campaign=CODE)
    assert page.context["list"].count == rows.count() == sum(one["rows"] for one in page.context["sums"])
    for one in page.context["sums"]:
        if one["rows"]:
            assert client.get(one["address"]).context["list"].count == one["rows"]
    typed = {"co-so": rows[0].facility, "chuyen-khoa": "RHM", "tu-tuan": "1", "den-tuan": "3", "so-nguoi": "1"}
    assert client.post(f"{AT}?pv=08", typed).status_code == 302
    wrong = client.post(f"{AT}?pv=08", typed | {"so-nguoi": "một", "tu-tuan": ""})
    assert {name for name, _ in wrong.context["summary"]} == {"so-nguoi", "tu-tuan"}


def test_the_target_lens_proposes_what_stations_lack(province, campaign):
    client = client_of(province)
    page = client.get(f"{AT}goi-y/?pv=08")
    rows = page.context["rows"]
    assert page.context["lens"] == "target" and rows
    assert all(row["count"] == row["short"] - row["asked"] > 0 for row in rows)
    chosen = rows[0]
    typed = {"tram": [chosen["code"]], "chuyen-khoa": "NOI", "tu-tuan": "1", "den-tuan": "12", "thiet-yeu": "1"}
    assert client.post(f"{AT}goi-y/?pv=08", typed).status_code == 302
    made = Requirement.objects.get(source="target")
    assert (made.facility, made.count, made.critical) == (chosen["code"], chosen["count"], 1)
    left = client.get(f"{AT}goi-y/?pv=08").context["rows"]
    assert chosen["code"] not in {row["code"] for row in left}, "what is asked for is taken off"
    for lens in ("wisn", "norm"):
        assert client.get(f"{AT}goi-y/?pv=08&thuoc-do={lens}").status_code == 200
    assert client.post(f"{AT}goi-y/?pv=08", {**typed, "tram": []}).context["summary"]


def test_stations_and_communes_ask_and_others_do_not(province, station, somebody):
    commune, head = somebody("commune", f"08/{station.commune}/"), somebody("head", station.path)
    wanted(commune, station, letter="15/UBND", letter_on=date(2026, 1, 5))
    wanted(head, station)
    for role, path in (("sender", station.path), ("clerk", "08/"), ("commune", "08/00000/")):
        with pytest.raises(NotAllowed):
            wanted(somebody(role, path), station)
    with pytest.raises(NotAllowed):
        wanted(somebody("staff", station.path, staff="X"), station)
    with pytest.raises(BadData) as wrong:
        wanted(head, station, letter="15/UBND", count=0, span=SPAN[::-1], reason="", skill="QQ")
    assert codes(wrong) == {"E716", "E761", "E774", "E776", "E777"} and Wanted.objects.count() == 2


def test_the_planner_takes_a_wish_into_a_campaign_or_declines_it(province, campaign, station, somebody):
    head = somebody("head", station.path)
    first, second = wanted(head, station, skill="MAT"), wanted(head, station)
    client = client_of(province)
    page = client.get(f"{AT}de-nghi/{first.pk}/?pv=08")
    assert (page.context["typed"]["tu-tuan"], page.context["typed"]["den-tuan"]) == ("2", "3")
    assert client.post(f"{AT}de-nghi/{first.pk}/?pv=08", {"thiet-yeu": "1"}).status_code == 302
    row = Requirement.objects.get(facility=station.code, skill="MAT", campaign=CODE)
    assert (row.first_week, row.last_week, row.critical, row.source) == (2, 3, 1, "request")
    bare = client.post(f"{AT}de-nghi/{second.pk}/?pv=08", {"tu-choi": "1"})
    assert bare.context["summary"][0][0] == "ly-do"
    assert client.post(f"{AT}de-nghi/{second.pk}/?pv=08", {"tu-choi": "1", "ly-do": "hết người"}).status_code == 302
    assert {one.pk: one.state for one in Wanted.objects.all()} == {first.pk: "taken", second.pk: "declined"}
    again = client.post(f"{AT}de-nghi/{second.pk}/?pv=08", {"tu-choi": "1", "ly-do": "x"})
    assert "E775" in str(again.context["summary"])
    assert client_of(head).get(f"{AT}de-nghi/{first.pk}/?pv=08").status_code == 403


def test_others_read_the_rows_of_their_own_place_alone(province, campaign, somebody):
    row = Requirement.objects.filter(campaign=CODE).first()
    head = somebody("head", row.path)
    page = client_of(head).get(f"{AT}?pv=08")
    assert {one["code"] for one in page.context["list"].rows} == {row.facility} and not page.context["may"]
    other = Requirement.objects.filter(campaign=CODE).exclude(facility=row.facility).first()
    assert client_of(head).get(f"{AT}{other.pk}/?pv=08").status_code == 404
    assert client_of(head).get(f"{AT}{row.pk}/?pv=08").status_code == 403
    for page in ("goi-y/", "dot-xuat/"):
        assert client_of(head).get(f"{AT}{page}?pv=08").status_code == 403
    client = client_of(province)
    typed = {"tu-tuan": "1", "den-tuan": "2", "so-nguoi": "4", "thiet-yeu": "2"}
    assert client.post(f"{AT}{row.pk}/?pv=08", typed).status_code == 302
    assert client.post(f"{AT}{row.pk}/?pv=08", typed | {"thiet-yeu": "9"}).context["summary"][0][0] == "thiet-yeu"
    assert client.post(f"{AT}{row.pk}/?pv=08", {"bo": "1", "ly-do": "thừa"}).status_code == 302


def test_no_form_begins_with_words_of_the_program(province, campaign):
    client = client_of(province)
    row = Requirement.objects.filter(campaign=CODE).first()
    for address in ("", "goi-y/", "dot-xuat/", f"{row.pk}/"):
        assert 'value="None"' not in client.get(f"{AT}{address}?pv=08").content.decode(), address
