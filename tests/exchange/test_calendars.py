"""One calendar file a person, read back."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from icalendar import Calendar

from tests.exchange.reports import line, report
from tramyte.exchange.calendars import calendars

STAMP = datetime(2025, 12, 1, 8, 0, tzinfo=UTC)


def events(data):
    """Return the events of a file."""
    return list(Calendar.from_ical(data).walk("VEVENT"))


def test_each_person_gets_one_file_with_whole_days():
    files = calendars(report(), stamp=STAMP)
    assert sorted(files) == ["s1.ics", "s2.ics", "s3.ics", "s4.ics"]
    (event,) = events(files["s1.ics"])
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2025, 12, 15), date(2025, 12, 29))
    assert event["LOCATION"] == "Trạm y tế Mường Nhé"
    assert event["SUMMARY"] == "Đi tăng cường: Trạm y tế Mường Nhé (Bác sĩ nội)"
    assert "đường chim bay × 1,4" in event["DESCRIPTION"]
    assert event["DTSTAMP"].dt == STAMP


@pytest.mark.parametrize(
    ("kind", "word"),
    [("support", "tăng cường"), ("rotation", "Luân phiên"), ("secondment", "Biệt phái"), ("transfer", "Điều động")],
)
def test_each_instrument_has_its_own_word(kind, word):
    (event,) = events(calendars(report(), stamp=STAMP, kind=kind)["s1.ics"])
    assert word in event["SUMMARY"]


def test_events_are_tentative_until_the_decision_is_signed():
    (draft,) = events(calendars(report(), stamp=STAMP)["s1.ics"])
    (signed,) = events(calendars(report(synthetic=False), stamp=STAMP, is_draft=False)["s1.ics"])
    assert (draft["STATUS"], signed["STATUS"]) == ("TENTATIVE", "CONFIRMED")
    assert "Dự thảo" in draft["DESCRIPTION"] and "MÔ PHỎNG" in draft["DESCRIPTION"]
    assert "Dự thảo" not in signed["DESCRIPTION"] and "MÔ PHỎNG" not in signed["DESCRIPTION"]
    assert draft["UID"] == signed["UID"]


def test_the_same_stamp_makes_the_same_bytes_in_any_zone():
    hanoi = STAMP.astimezone(timezone(timedelta(hours=7)))
    bare = STAMP.replace(tzinfo=None)
    assert calendars(report(), stamp=STAMP) == calendars(report(), stamp=hanoi) == calendars(report(), stamp=bare)


def test_two_tours_of_one_person_stand_in_one_file_under_two_names():
    two = report(tours=(line("S1", "MN", "IM", 0, 1), line("S1", "NK", "IM", 2, 1)), travel="")
    found = events(calendars(two, stamp=STAMP)["s1.ics"])
    assert [event["DTSTART"].dt for event in found] == [date(2025, 12, 15), date(2025, 12, 29)]
    assert len({event["UID"] for event in found}) == 2


def test_a_plan_without_dates_has_no_calendars():
    assert calendars(report(monday=None), stamp=STAMP) == {}


def test_file_names_are_safe_and_never_alike():
    codes = ("Đ/1", "d-1", "../..", "D:1", "***")
    tours = tuple(
        replace(row, tour=replace(row.tour, staff=code))
        for row, code in zip([line("S1", "MN", "IM", 0, 1)] * len(codes), codes, strict=True)
    )
    assert sorted(calendars(report(tours=tours), stamp=STAMP)) == [
        "d-1-2.ics",
        "d-1-3.ics",
        "d-1.ics",
        "x-2.ics",
        "x.ics",
    ]
