"""Days become whole weeks: one day that cannot be served takes its week away."""

from datetime import date, timedelta

import pytest

from tests.rotation.province import MONDAY, licence, person
from tramyte.domain.people import Absence, Appointment
from tramyte.domain.work import PastTour
from tramyte.rotation.away import Horizon, Papers, merged, weeks_away

HORIZON = Horizon(MONDAY, 4)  # 5 January to 1 February 2026
HOME = Appointment("lan", "H")


def _weeks(who=None, *, needs_licence=False, home=HOME, **papers):
    return weeks_away(
        who or person("lan"), Papers(home, **papers), horizon=HORIZON, on=MONDAY, needs_licence=needs_licence
    )


def _day(number: int) -> date:
    """Day 0 is the Monday of week 1."""
    return MONDAY + timedelta(days=number)


@pytest.mark.parametrize(
    ("start", "end", "weeks"),
    [
        (0, 7, (0, 1)), (0, 8, (0, 2)), (6, 7, (0, 1)), (6, 8, (0, 2)), (7, 14, (1, 2)), (27, 28, (3, 4)),
        (-9, -2, (0, 0)), (-9, 0, (0, 0)), (-9, 1, (0, 1)), (28, 30, (0, 0)), (20, 99, (2, 4)), (-9, 99, (0, 4)),
        (9, 9, (0, 0)), (9, 8, (0, 0)),
    ],
)  # fmt: skip
def test_a_span_of_days_touches_weeks(start, end, weeks):
    assert HORIZON.touched((_day(start), _day(end))) == weeks


def test_an_open_span_has_no_end():
    assert HORIZON.touched((None, _day(8))) == (0, 2)
    assert HORIZON.touched((_day(8), None)) == (1, 4)
    assert HORIZON.touched((None, None)) == (0, 4)


def test_spans_that_meet_are_one():
    assert merged([(2, 3), (0, 2), (1, 1), (5, 6), (0, 1)]) == ((0, 3), (5, 6))
    assert merged([(0, 4), (1, 2)]) == ((0, 4),)


def test_who_has_nothing_in_the_way_can_always_go():
    assert _weeks() == _weeks(person("lan", birth_month=6))
    assert (_weeks().unavailable, _weeks().exempt, _weeks().findings) == ((), False, ())


def test_an_absence_without_end_lasts():
    assert _weeks(absences=(Absence("lan", "absent", _day(15)),)).unavailable == ((2, 4),)


def test_two_exemptions_that_meet_are_a_whole_one():
    halves = (Absence("lan", "exempt", _day(0), _day(14)), Absence("lan", "exempt", _day(14), _day(28)))
    assert _weeks(absences=halves).exempt
    assert not _weeks(absences=halves[:1]).exempt
    assert not _weeks(absences=(Absence("lan", "absent", _day(0)),)).exempt


@pytest.mark.parametrize(
    ("papers", "unavailable"),
    [
        ([{}], ()),
        ([{"kind": "gphn", "issued": _day(-100), "expires": _day(6)}], ((1, 4),)),
        ([{"kind": "gphn", "issued": _day(-100), "expires": _day(7)}], ((1, 4),)),
        ([{"kind": "gphn", "issued": _day(-100), "expires": _day(13)}], ((2, 4),)),
        ([{"kind": "gphn", "issued": _day(-100)}], ()),
        ([{"kind": "gphn", "issued": date(2021, 1, 12)}], ((1, 4),)),  # five years end on 11 January, a Sunday
        ([{"kind": "gphn", "expires": _day(20)}], ((3, 4),)),
        ([{"kind": "gphn", "issued": _day(14), "expires": _day(500)}], ((0, 2),)),
        ([{"issued": _day(8)}], ((0, 2),)),
        ([{"kind": "gphn", "issued": _day(-9), "expires": _day(6)}, {"kind": "gphn", "issued": _day(14)}], ((1, 2),)),
        ([{"kind": "gphn", "issued": _day(-9), "expires": _day(9)}, {"kind": "gphn", "issued": _day(10)}], ()),
        ([{"kind": "gphn", "issued": _day(-9), "expires": _day(9)}, {}], ()),
        ([{"kind": "gphn", "issued": _day(-9)}, {"kind": "gphn", "issued": _day(-8), "expires": _day(6)}], ()),
    ],
)
def test_weeks_that_no_licence_covers_whole_are_out(papers, unavailable):
    licences = tuple(licence("lan", **more) for more in papers)
    found = _weeks(needs_licence=True, licences=licences)
    assert (found.unavailable, found.findings) == (unavailable, ())
    assert _weeks(licences=licences).unavailable == ()


@pytest.mark.parametrize("papers", [[], [{"kind": "gphn"}], [{"kind": "gphn", "expires": _day(-1)}]])
def test_without_a_licence_known_to_hold_every_week_is_out_and_the_person_named(papers):
    found = _weeks(needs_licence=True, licences=tuple(licence("lan", **more) for more in papers))
    assert found.unavailable == ((0, 4),)
    assert [(row.code, row.fields["staff"], row.severity) for row in found.findings] == [("P321", "lan", "warning")]


def test_weeks_after_retirement_are_out():
    # a man born in September 1964 reaches 61 years and 3 months in December 2025; the last day is a Wednesday
    leaver = person("lan", birth_year=1964, birth_month=9, sex="male")
    inside = Horizon(date(2025, 12, 8), 5)
    found = weeks_away(leaver, Papers(HOME), horizon=inside, on=inside.first, needs_licence=False)
    assert (found.unavailable, found.findings) == (((3, 5),), ())
    # born in February 1965: 61 years and 6 months on 31 August 2026, a Monday; no whole week is left
    monday = Horizon(date(2026, 8, 31), 4)
    same_day = weeks_away(person("lan", birth_year=1965, birth_month=2, sex="male"), Papers(HOME), horizon=monday,
                          on=monday.first, needs_licence=False)  # fmt: skip
    assert [(row.code, row.fields["day"]) for row in same_day.findings] == [("P322", date(2026, 8, 31))]
    late = _weeks(leaver)
    assert late.unavailable == ((0, 4),)
    assert [(row.code, row.fields["day"]) for row in late.findings] == [("P322", date(2025, 12, 31))]


def test_who_is_older_than_the_table_of_retirement_is_out():
    found = _weeks(person("lan", birth_year=1940))
    assert found.unavailable == ((0, 4),)
    assert [(row.code, row.fields["day"]) for row in found.findings] == [("P322", "–")]


def test_contract_service_and_appointment_end():
    assert _weeks(person("lan", contract_end=_day(13))).unavailable == ((2, 4),)
    assert _weeks(person("lan", end=_day(14))).unavailable == ((2, 4),)
    assert _weeks(person("lan", start=_day(7))).unavailable == ((0, 1),)
    assert _weeks(home=Appointment("lan", "H", start=_day(-9), end=_day(20))).unavailable == ((2, 4),)


def test_a_tour_under_way_takes_its_weeks():
    tour = PastTour("lan", "A", "NOI", _day(-7), _day(7), "support")
    assert _weeks(past_tours=(tour,)).unavailable == ((0, 1),)
