"""A province sets values where the law leaves room: who is affected is known before, and two persons agree."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from tramyte.domain.errors import AlreadyIssued, BadData, NotAllowed
from tramyte.need import needs
from tramyte.web import records
from tramyte.web.actions import norms
from tramyte.web.models import Event, LocalNorm
from tramyte.web.norms import law_of

pytestmark = pytest.mark.django_db
STAFFING, DOCTORS = "staffing_03_2023", "doctors_per_station"


@pytest.fixture
def tomorrow():
    return timezone.localdate() + timedelta(days=1)


def proposed(by, start, *, name=STAFFING, values=None, **more):
    given = {
        "province": "08",
        "name": name,
        "values": values or {"readings.step": "lo"},
        "paper": "Công văn 12/SYT-TCCB",
    }
    return norms.propose(by=by, start=start, **{**given, **more})


def posts(on, law):
    report = needs(records.register("08", on=on, past=("communes",)), on=on, law=law)
    rows = [row["all"].norm for row in report.rows.values()]
    return sum(row.lo for row in rows), sum(row.hi for row in rows)


def test_what_the_preview_counts_is_what_the_need_says_from_that_day_on(province, somebody, tomorrow):
    seen = norms.affected(province="08", name=STAFFING, values={"readings.step": "lo"}, start=tomorrow)
    before, after = (seen.total("lo")[side] for side in (0, 1))
    assert 0 < len(seen.affected) <= 127 and after > before and seen.total("hi")[0] == seen.total("hi")[1]
    row = proposed(province, tomorrow)
    assert posts(tomorrow, law_of("08"))[0] == before  # a proposal changes nothing
    norms.decide(by=somebody("director", "08/"), proposal=row, is_approved=True)
    assert posts(tomorrow, law_of("08")) == (after, seen.total("hi")[1])
    assert posts(tomorrow - timedelta(days=1), law_of("08"))[0] == before
    told = Event.objects.get(action="norms.decide").details["affected"]
    assert (told["stations"], told["people"]) == (len(seen.affected), len(seen.people))
    assert told["lo"] == [before, after]


def test_a_target_of_5_counts_the_doctors_short_of_5(province, tomorrow):
    seen = norms.affected(province="08", name=DOCTORS, values={"min": 5}, start=tomorrow)
    by_station = needs(records.register("08", on=tomorrow), on=tomorrow).doctors.stations.short
    assert seen.total("short") == (by_station[4], by_station[5])
    assert {one.before["lo"] == one.after["lo"] for one in seen.stations} == {True}


def test_what_was_known_before_stays_as_it_was_known(province, somebody, tomorrow):
    moment = timezone.now()
    norms.decide(by=somebody("director", "08/"), proposal=proposed(province, tomorrow), is_approved=True)
    assert law_of("08").changes and not law_of("08", known=moment).changes
    assert not law_of("11").changes


def test_two_persons_decide_and_the_database_holds_it_too(province, somebody, tomorrow):
    row = proposed(province, tomorrow)
    with pytest.raises(BadData, match="E636"):
        norms.decide(by=province, proposal=row, is_approved=True)
    for role, path in (("clerk", "08/"), ("commune", "08/"), ("admin", ""), ("director", "11/")):
        with pytest.raises(NotAllowed):
            norms.decide(by=somebody(role, path), proposal=row, is_approved=True)
    director = somebody("director", "08/")
    with pytest.raises(BadData, match="E637"):
        norms.decide(by=director, proposal=row, is_approved=False)
    norms.decide(by=director, proposal=row, is_approved=False, reason="Chưa có văn bản")
    assert not law_of("08").changes
    with pytest.raises(AlreadyIssued):
        norms.decide(by=director, proposal=row, is_approved=True)
    with pytest.raises(IntegrityError):
        LocalNorm.every.filter(pk=row.pk).update(decided_by=province)


def test_nothing_past_changes_and_nothing_certain_is_set(province, somebody, tomorrow):
    today = tomorrow - timedelta(days=1)
    cases = [
        ({"start": today}, "E634"), ({"values": {"base": 6}}, "E630"), ({"name": "retirement"}, "E630"),
        ({"paper": " "}, "E635"), ({"name": DOCTORS, "values": {"min": 6}}, "E633"),
        ({"name": "wisn_allowances", "values": {"category.doctor.0.amount": 1.2}}, "D022"),
    ]  # fmt: skip
    for more, code in cases:
        with pytest.raises(BadData, match=code):
            proposed(province, more.pop("start", tomorrow), **more)
    for role, path in (("director", "08/"), ("planner", "11/"), ("analyst", "")):
        with pytest.raises(NotAllowed):
            proposed(somebody(role, path), tomorrow)
    assert not LocalNorm.objects.exists()


def test_an_approval_that_comes_too_late_is_refused(province, somebody, tomorrow):
    row = proposed(province, tomorrow)
    LocalNorm.every.filter(pk=row.pk).update(start=date(2026, 1, 1))
    with pytest.raises(BadData, match="E634"):
        norms.decide(by=somebody("director", "08/"), proposal=row, is_approved=True)


def test_a_form_names_what_differs_and_blank_is_the_law_again(province, somebody, tomorrow):
    read = {"readings.step": "lo", "readings.rounding": ""}
    assert norms.read_values(STAFFING, read, province="08", on=tomorrow) == {"readings.step": "lo"}
    norms.decide(by=somebody("director", "08/"), proposal=proposed(province, tomorrow), is_approved=True)
    assert norms.read_values(STAFFING, read, province="08", on=tomorrow) == {}
    assert norms.read_values(STAFFING, {"readings.step": " "}, province="08", on=tomorrow) == {"readings.step": None}
    later = tomorrow + timedelta(days=30)
    before = posts(tomorrow, law_of("08"))
    row = proposed(province, later, values={"readings.step": None})
    norms.decide(by=somebody("director", "08/"), proposal=row, is_approved=True)
    assert posts(later, law_of("08"))[0] < before[0] == posts(tomorrow, law_of("08"))[0]
    assert norms.read_values(DOCTORS, {"min": "4", "max": "5"}, province="08", on=tomorrow) == {}
    with pytest.raises(BadData, match="E631"):
        norms.read_values(DOCTORS, {"min": "bốn"}, province="08", on=tomorrow)
