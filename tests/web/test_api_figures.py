"""What the pages count, programs are told too: the same figures to the same accounts, and what an event changed."""

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.web.conftest import DAY, client_of
from tests.web.test_api import asked
from tests.web.test_corrections import change
from tramyte.need import doctors
from tramyte.web import records
from tramyte.web.actions import imports, norms, proposals, register
from tramyte.web.models import Commune, Event, Facility, Staff
from tramyte.web.views import home, stations
from tramyte.web.views.scope import scope_for
from tramyte.web.views.waiting import waiting

pytestmark = pytest.mark.django_db
LATER = date(2030, 1, 8)  # when licences are over
AT = f"province=08&on={DAY}"


def test_the_lists_of_places_are_those_of_the_pages_and_count_to_the_same(province, somebody):
    count = doctors(records.register("08", on=DAY, past=("communes",)), on=DAY)
    for by, spread in (("commune", count.communes), ("station", count.stations)):
        rows = asked(province, f"/places?{AT}&by={by}")["rows"]
        assert {row["code"]: row["doctors"] for row in rows} == dict(spread.counts)
        assert sum(row["short"] for row in rows) == spread.short_of(4)
        assert not {"address", "people_at", "path"} & set(rows[0])
    own = somebody("commune", "08/01234/")
    assert {row["code"] for row in asked(own, f"/places?{AT}")["rows"]} == {"01234"}
    units = asked(province, f"/units?{AT}")["rows"]
    assert {row["kind"] for row in units} <= {"hospital", "centre", "cdc"} and sum(row["people"] for row in units)
    for account in (somebody("staff", "08/", staff="x"), somebody("admin", "08/")):
        assert asked(account, f"/places?{AT}", status=403) and asked(account, f"/units?{AT}", status=403)


def test_one_place_has_the_figures_of_its_page(province, somebody):
    told = asked(province, f"/places/TYT-01234?{AT}")
    assert (told["figures"]["people"], told["figures"]["doctors"]) == (11, 2)
    assert told["figures"]["managing"] == "Ủy ban nhân dân xã Yên Thành" and told["is_open"] and told["former"]
    assert asked(somebody("analyst", ""), f"/places/TYT-01234?{AT}")["figures"]["people"] == 11
    assert asked(somebody("head", "08/01090/TYT-01090/"), f"/places/TYT-01234?{AT}", status=404)


def test_search_hierarchies_and_tasks_are_those_of_the_pages(province, somebody):
    names = [row["name"] for row in asked(province, f"/search?{AT}&find=yen thanh")["rows"]]
    assert {"Xã Yên Thành", "Trạm Y tế xã Yên Thành"} <= set(names)
    assert asked(province, f"/search?{AT}&find=y")["rows"] == []
    head = somebody("head", "08/01090/TYT-01090/")
    assert "Trạm Y tế xã Yên Thành" not in [row["name"] for row in asked(head, f"/search?{AT}&find=yen thanh")["rows"]]
    rows = asked(province, f"/hierarchies?{AT}&line=supervising")["rows"]
    assert sum(row["all"] for row in rows) == Facility.objects.filter(province="08").on(DAY).count()
    scope = scope_for(province, "08", on=LATER, lang="vi")
    told = [(row["look"], row["text"]) for row in asked(province, f"/tasks?province=08&on={LATER}")["rows"]]
    assert told == [(one.look, one.text) for one in waiting(scope, home.counted(scope))] != []
    scope = scope_for(province, "08", on=DAY, lang="vi")
    assert len(stations.lines(scope)) == Commune.objects.filter(province="08").on(DAY).count()


def test_proposals_are_told_to_who_may_answer_them(province, somebody, person):
    head, stranger = somebody("head", person.path), somebody("commune", "08/01090/")
    proposals.propose(by=head, noun="staff", pk=person.pk, typed={"ten": "Ánh"}, reason="theo căn cước")
    for account, count in ((province, 1), (head, 1), (stranger, 0)):
        rows = asked(account, f"/proposals?{AT}")["rows"]
        assert [row["reason"] for row in rows] == ["theo căn cước"] * count
    assert asked(province, f"/proposals?{AT}")["rows"][0]["changes"] == [f"Tên: {person.given_name} → Ánh"]


def test_an_event_tells_before_and_after_masked_and_no_people_to_who_may_not_see_them(province, somebody, person):
    event = change(province, Staff.objects.get(pk=person.pk), given_name="Ánh").event
    told = asked(province, f"/events/{event.number}")
    assert {"field": "given_name", "before": person.given_name, "after": "Ánh"}.items() <= told["lines"][0].items()
    assert told["is_sound"] and told["action"] == "register.correct" and told["hash"] == event.hash
    assert "Ánh" not in json.dumps(asked(somebody("admin", "08/"), f"/events/{event.number}"), ensure_ascii=False)
    contact = {"staff": person.code, "identity_number": "001199001234", "phone": "0912345678", "email": None}
    private = register.add(by=province, noun="contacts", province="08", values=contact).event
    assert "0912345678" not in json.dumps(asked(province, f"/events/{private.number}"))
    assert asked(somebody("planner", "11/"), f"/events/{event.number}", status=404)
    assert asked(somebody("clerk", "08/"), f"/events/{event.number}", status=403)


def test_norms_are_told_as_a_province_reads_them_to_who_has_to_do_with_it(province, somebody):
    start = timezone.localdate() + timedelta(days=1)
    row = norms.propose(
        by=province, province="08", name="doctors_per_station", values={"min": 5}, start=start, paper="x"
    )
    norms.decide(by=somebody("director", "08/"), proposal=row, is_approved=True)
    address = f"/norms?on={start}&name=doctors_per_station"
    own, law = (asked(province, f"{address}{more}")["rows"][0] for more in ("&province=08", ""))
    assert (own["own"], own["value"]["min"]) == ({"min": 5}, 5) and (law["own"], law["value"]["min"]) == ({}, 4)
    assert asked(somebody("admin", "08/"), f"{address}&province=08")["rows"][0]["own"]
    assert asked(province, f"{address}&province=11", status=404)


def test_the_health_of_the_installation_is_for_administrators(province, somebody):
    rows = asked(somebody("admin", ""), "/health", headers={"Accept-Language": "en"})["rows"]
    assert {"Last backup", "Database", "Versions"} <= {row["what"] for row in rows}
    assert asked(province, "/health", status=403)


def test_what_an_import_changes_and_what_its_undoing_would_is_told(province, tuyen_quang):
    from dataclasses import replace

    from tramyte.domain.register import Register

    first, second = tuyen_quang.staff[:2]
    run = imports.ask(by=province, path="08/", filename="so.xlsx", data=b"so")
    rows = (replace(first, given_name="Ánh"), replace(second, given_name="Bình"))
    assert asked(province, f"/imports/{run.pk}/undo", status=404)
    imports.accept(by=province, run=run, register=Register(staff=rows), on=DAY)
    change(province, Staff.objects.get(code=first.code), given_name="Cường")
    told = asked(province, f"/imports/{run.pk}/undo")
    assert told["count"] == 1 and [one["key"] for one in told["stays"]] == [
        f"staff:{Staff.objects.get(code=first.code).pk}"
    ]
    body = {"chosen": [told["stays"][0]["key"]]}
    done = client_of(province).post(f"/api/v1/imports/{run.pk}/undo", body, content_type="application/json")
    assert done.status_code == 200, done.content
    assert not Event.objects.get(number=done.json()["event"]).details["kept"]
    assert Staff.objects.get(code=first.code).given_name == first.given_name
    assert asked(province, f"/runs/{run.pk}/changes")["rows"] == []
