"""One calendar file a person, read back."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from icalendar import Calendar

from tests.exchange.reports import line, report
from tramyte.exchange.calendars import agenda, calendars

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
    assert event["DESCRIPTION"].splitlines()[:2] == [
        "Đơn vị cử: Bệnh viện Đa khoa tỉnh.",
        "Đi lại khoảng 1 giờ 30 phút một chiều, đường chim bay × 1,4, 30 km/giờ.",
    ]
    assert event["DTSTAMP"].dt == STAMP


@pytest.mark.parametrize(
    ("minutes", "vi", "en"),
    [
        (200, "Đi lại khoảng 3 giờ 20 phút một chiều.", "Travel about 3 h 20 min one way."),
        (120, "Đi lại khoảng 2 giờ một chiều.", "Travel about 2 h one way."),
        (59, "Đi lại khoảng 59 phút một chiều.", "Travel about 59 min one way."),
    ],
)
def test_a_trip_tells_its_own_travel_in_hours_and_minutes(minutes, vi, en):
    tours = (line("S1", "MN", "IM", 0, 1, minutes=minutes), line("S1", "NK", "IM", 2, 1, minutes=15))
    made = report(tours=tours, travel="")
    found = {vi: calendars(made, stamp=STAMP), en: calendars(made, stamp=STAMP, lang="en")}
    for words, files in found.items():
        first, second = events(files["s1.ics"])
        assert words in first["DESCRIPTION"].splitlines()
        assert words not in second["DESCRIPTION"] and "15" in second["DESCRIPTION"]


@pytest.mark.parametrize(
    ("note", "ending"),
    [
        ("bảng đi lại của tỉnh (1.234 cặp)", "một chiều, bảng đi lại của tỉnh."),
        ("ma trận (đo năm 2025)", "một chiều, ma trận (đo năm 2025)."),
        (
            "đường chim bay × 1,8, 22 km/h (282 cặp); bảng đi lại của tỉnh (9 cặp)",
            "tính theo một trong các cách: đường chim bay × 1,8, 22 km/h; bảng đi lại của tỉnh.",
        ),
    ],
)
def test_how_a_trip_was_measured_is_named(note, ending):
    (event,) = events(calendars(report(travel=note), stamp=STAMP)["s1.ics"])
    assert event["DESCRIPTION"].splitlines()[1].endswith(ending)
    assert "cặp" not in event["DESCRIPTION"]


def test_a_way_nobody_knows_is_not_told():
    made = report(tours=(line("S1", "MN", "IM", 0, 1, minutes=0),))
    (event,) = events(calendars(made, stamp=STAMP)["s1.ics"])
    assert "Đi lại" not in event["DESCRIPTION"]


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
    assert "Dự thảo" in draft["DESCRIPTION"] and "GIẢ LẬP" in draft["DESCRIPTION"]
    assert "Dự thảo" not in signed["DESCRIPTION"] and "GIẢ LẬP" not in signed["DESCRIPTION"]
    assert draft["UID"] == signed["UID"]


def test_the_same_stamp_makes_the_same_bytes_in_any_zone():
    hanoi = STAMP.astimezone(timezone(timedelta(hours=7)))
    bare = STAMP.replace(tzinfo=None)
    assert calendars(report(), stamp=STAMP) == calendars(report(), stamp=hanoi) == calendars(report(), stamp=bare)


def test_tours_of_one_person_stand_in_one_file_by_date_under_names_of_their_own():
    # by the letters of their stations they would stand the other way round
    two = report(tours=(line("S1", "MN", "IM", 2, 1), line("S1", "NK", "IM", 0, 1)), travel="")
    found = events(calendars(two, stamp=STAMP)["s1.ics"])
    assert [event["DTSTART"].dt for event in found] == [date(2025, 12, 15), date(2025, 12, 29)]
    assert len({event["UID"] for event in found}) == 2
    alone = events(calendars(report(tours=two.tours[:1]), stamp=STAMP)["s1.ics"])
    assert alone[0]["UID"] == found[1]["UID"]  # the other tours of a plan do not change the name of one


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


def test_names_windows_keeps_for_devices_get_a_number():
    paper = report()
    lines = tuple(replace(line, tour=replace(line.tour, staff="CON")) for line in paper.tours)
    assert list(calendars(replace(paper, tours=lines), stamp=STAMP)) == ["con-2.ics"]


def test_an_english_calendar_tells_in_english_how_travel_was_measured():
    noted = report(travel="đường chim bay × 1,8, 22 km/h (282 cặp)")
    (event,) = events(calendars(noted, stamp=STAMP, lang="en")["s1.ics"])
    assert "great circle × 1.8, 22 km/h" in event["DESCRIPTION"] and "chim bay" not in event["DESCRIPTION"]


def test_what_happens_on_days_makes_one_file_that_is_the_same_in_every_copy():
    days = [("den 1", date(2026, 1, 12), "Hoa đến Mường Nhé"), ("ve 1", date(2026, 1, 25), "Hoa về")]
    data = agenda(days, name="Lịch", stamp=datetime(2026, 1, 8))  # noqa: DTZ001  without a zone: UTC
    assert data == agenda(days, name="Lịch", stamp=datetime(2026, 1, 8, tzinfo=UTC))
    first, last = events(data)
    assert (first["DTSTART"].dt, first["DTEND"].dt, first["SUMMARY"]) == (days[0][1], date(2026, 1, 13), days[0][2])
    assert first["UID"] != last["UID"] and first["DTSTAMP"].dt == datetime(2026, 1, 8, tzinfo=UTC)
