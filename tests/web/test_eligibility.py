"""Who may go from one day to another: each rule at its edges, with the value read and the day it clears."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tramyte.domain.people import Absence, Appointment, Licence, Staff
from tramyte.domain.work import Campaign, PastTour, Sender
from tramyte.norms import norm
from tramyte.web.eligibility import RULES, File, Terms, eligibility, exempt_until, first_terms, free_weeks

MONDAY, DAY = date(2026, 1, 12), timedelta(days=1)
TERMS = Terms(MONDAY, MONDAY + timedelta(weeks=2), date(2026, 1, 8), "support", "NOI", 2)
LAST = TERMS.end - DAY
DOCTOR = Staff("P1", "Lò Thị", "Hoa", 1985, "female", 6, "V.08.01.03")
FILE = File(
    DOCTOR, (Appointment("P1", "BV"),), licences=(Licence("P1", "1", "cchn"),), skills=("NOI", "HSCC"),
    sender=Sender("BV", "P", 1, 2, 2), max_away=1,
)  # fmt: skip
CAMPAIGN = Campaign("D", "Đợt", "08", MONDAY, 6, "support", 2, 2, 480)


def verdict(rule, file=FILE, terms=TERMS):
    return next(one for one in eligibility(file, terms) if one.rule == rule)


def tour(start, end, instrument="support"):
    return PastTour("P1", "TYT", "NOI", start, end, instrument)


def test_every_rule_is_told_of_whoever_may_go():
    found = eligibility(FILE, TERMS)
    assert [one.rule for one in found] == list(RULES)
    assert all(one.holds for one in found), [one for one in found if not one.holds]
    assert not any(one.clears for one in found)


@pytest.mark.parametrize(
    ("start", "end", "holds", "clears"),
    [
        (LAST, LAST + DAY, False, LAST + DAY),  # the last day of the tour counts
        (TERMS.end, None, True, None),
        (date(2025, 1, 1), MONDAY, True, None),
        (date(2025, 1, 1), MONDAY + DAY, False, MONDAY + DAY),
        (date(2025, 1, 1), None, False, None),
    ],
)
def test_one_exempt_day_stops_the_whole_tour(start, end, holds, clears):
    found = verdict("absence", replace(FILE, absences=(Absence("P1", "exempt", start, end, "12/TB"),)))
    assert found.holds is holds and found.clears == clears
    assert "exempt" not in str(found.fields), "what kind of absence it is stays masked"


def test_a_child_exempts_until_it_is_36_months_old():
    born = date(2023, 1, 20)
    until = exempt_until(born, on=TERMS.on)
    assert until == date(2026, 1, 20)
    file = replace(FILE, absences=(Absence("P1", "exempt", date(2023, 1, 20), until),))
    assert verdict("absence", file).clears == until
    later = replace(TERMS, start=until, end=until + timedelta(weeks=2))
    assert verdict("absence", file, later).holds
    assert exempt_until(date(2024, 2, 29), on=TERMS.on) == date(2027, 3, 1)
    assert {row["child_months_below"] for row in norm("exemptions", on=TERMS.on).value.values()} == {None, 36}


@pytest.mark.parametrize(
    ("expires", "holds"), [(LAST, True), (LAST - DAY, False), (MONDAY - DAY, False), (date(2030, 1, 1), True)]
)
def test_a_licence_holds_to_the_last_day_of_the_tour(expires, holds):
    own = Licence("P1", "1", "gphn", issued=date(2021, 1, 1), expires=expires)
    found = verdict("licence", replace(FILE, licences=(own,)))
    assert found.holds is holds and found.fields["day"] == expires and found.clears is None


def test_a_licence_that_follows_says_from_when_one_may_go():
    first = Licence("P1", "1", "gphn", issued=date(2021, 1, 1), expires=MONDAY)
    later = Licence("P1", "2", "gphn", issued=MONDAY + 3 * DAY, expires=date(2031, 1, 1))
    assert verdict("licence", replace(FILE, licences=(first, later))).clears == MONDAY + 3 * DAY
    follows = replace(later, issued=MONDAY + DAY)
    assert verdict("licence", replace(FILE, licences=(follows, first))).holds


def test_without_a_licence_goes_only_who_needs_none():
    assert verdict("licence", replace(FILE, licences=())).holds is False
    health = replace(DOCTOR, title_code="V.08.04.10")
    assert verdict("licence", replace(FILE, person=health, licences=())).holds


def test_who_retires_inside_the_tour_does_not_go():
    # a woman born in May 1969 reaches 57 years in May 2026: her last day at work is its last
    retiring = replace(FILE, person=replace(DOCTOR, birth_year=1969, birth_month=5))
    on_the_day = replace(TERMS, start=date(2026, 5, 18), end=date(2026, 6, 1))
    found = verdict("retirement", retiring, on_the_day)
    assert found.fields["day"] == date(2026, 5, 31) and found.holds
    assert verdict("retirement", retiring, replace(on_the_day, end=date(2026, 6, 2))).holds is False


def test_service_covers_every_day():
    assert verdict("service", replace(FILE, person=replace(DOCTOR, contract_end=LAST))).holds
    assert verdict("service", replace(FILE, person=replace(DOCTOR, contract_end=LAST - DAY))).holds is False
    late = replace(FILE, appointments=(Appointment("P1", "BV", start=MONDAY + DAY),))
    assert verdict("service", late).clears == MONDAY + DAY


def test_the_unit_keeps_its_minimum():
    away = ((MONDAY + timedelta(weeks=1), MONDAY + timedelta(weeks=3)),)
    found = verdict("minimum", replace(FILE, others=away))
    assert found.holds is False and found.clears == MONDAY + timedelta(weeks=3)
    assert verdict("minimum", replace(FILE, others=away, max_away=2)).holds
    assert verdict("minimum", replace(FILE, others=((TERMS.end, TERMS.end + DAY),))).holds
    assert verdict("minimum", replace(FILE, max_away=0)).holds is False
    assert verdict("minimum", replace(FILE, sender=None)).holds is None


def test_tours_neither_overlap_nor_follow_without_rest():
    over = replace(FILE, tours=(tour(MONDAY - timedelta(weeks=1), MONDAY + timedelta(weeks=1)),))
    assert verdict("overlap", over).clears == MONDAY + timedelta(weeks=1)
    near = replace(FILE, tours=(tour(MONDAY - timedelta(weeks=2), MONDAY - timedelta(weeks=1)),))
    assert verdict("overlap", near).holds and verdict("rest", near).clears == MONDAY + timedelta(weeks=1)
    rested = replace(FILE, tours=(tour(MONDAY - timedelta(weeks=4), MONDAY - timedelta(weeks=2)),))
    assert verdict("rest", rested).holds
    after = replace(FILE, tours=(tour(TERMS.end + timedelta(weeks=1), TERMS.end + timedelta(weeks=2)),))
    assert verdict("rest", after).holds is False


def test_the_length_is_what_the_unit_sends_for():
    assert verdict("length", terms=replace(TERMS, end=TERMS.end + timedelta(weeks=1))).holds is False
    assert verdict("scope", terms=replace(TERMS, skill="NHI")).holds is False
    assert verdict("scope", terms=replace(TERMS, skill=None)).holds


def test_days_add_up_where_the_instrument_counts_them():
    terms = replace(TERMS, instrument="rotation")
    served = replace(FILE, tours=(tour(date(2024, 1, 1), date(2024, 12, 30), "rotation"),))
    assert verdict("days", terms=terms).holds and verdict("days", served, terms).fields["high"] == 264
    assert verdict("days", replace(served, tours=served.tours * 2), terms).holds is False
    assert verdict("days", replace(served, tours=served.tours * 2)).holds, "support has no limit that adds up"


def test_out_of_turn_asks_for_a_reason_and_stops_nobody():
    found = verdict("order", replace(FILE, longer=3, places=2))
    assert found.holds is False and found.is_soft and not found.stops
    assert verdict("order", replace(FILE, longer=1, places=2)).holds


def test_free_weeks_leave_room_for_a_tour():
    assert free_weeks(FILE, CAMPAIGN, on=TERMS.on) == ((0, 6),)
    absent = replace(FILE, absences=(Absence("P1", "absent", MONDAY + 8 * DAY, MONDAY + 9 * DAY),))
    assert free_weeks(absent, CAMPAIGN, on=TERMS.on) == ((0, 1), (2, 6))
    longer = replace(absent, sender=Sender("BV", "M", 3, 4, 4))
    assert free_weeks(longer, CAMPAIGN, on=TERMS.on) == ((2, 6),)
    assert first_terms(longer, CAMPAIGN, on=TERMS.on).start == MONDAY + timedelta(weeks=2)
    never = replace(FILE, absences=(Absence("P1", "exempt", date(2025, 1, 1)),))
    assert free_weeks(never, CAMPAIGN, on=TERMS.on) == ()
    assert first_terms(never, CAMPAIGN, on=TERMS.on).start == MONDAY
