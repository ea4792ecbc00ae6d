"""A problem looks everything up by the text of an id, and knows what must stand."""

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rotation import brute
from tests.worlds import problems, tiny_problem
from tramyte.domain.plan import Tour
from tramyte.rotation.problem import Need, Person, Problem

LAN = Tour("lan", "A", "NOI", 0, 2)
SEVEN = {"staff": 7, "station": "B", "skill": 2, "start": 0, "weeks": 2}


def test_a_week_costs_what_is_missing():
    need = Need("NOI", 0, 1, count=3, critical=1, w_crit=100, w_norm=10)
    assert [need.cost(present) for present in range(5)] == [130, 20, 10, 0, 0]


def test_numbers_and_their_text_name_the_same_row():
    problem = tiny_problem()
    assert problem.unit_by_id["1"].code == "M"
    assert problem.minutes(1, "3") == problem.minutes("1", 3) == 30
    assert problem.minutes("H", 3) is None
    assert problem.unit_of(Tour("7", "B", "2", 0, 2)) is problem.unit_by_id["1"]
    assert problem.person_by_id["7"].primary == "2"
    assert problem.skill_by_id["2"].cadre == "preventive"
    assert problem.station_by_id["3"].needs == ()


def test_a_week_is_unavailable_from_the_first_to_before_the_last():
    person = Person("a", "H", ("NOI",), 1, 0, 60, unavailable=((2, 4), (6, 6)))
    assert [person.is_unavailable(week, week + 1) for week in range(8)] == [
        False, False, True, True, False, False, False, False,
    ]  # fmt: skip
    assert person.is_unavailable(0, 3) and person.is_unavailable(3, 9) and person.is_unavailable(0, 9)
    assert not person.is_unavailable(4, 9)


def test_the_plan_in_force_is_locked_before_the_frozen_week():
    incumbent = [LAN.to_json(), {**LAN.to_json(), "staff": "minh", "start": 2}]
    assert tiny_problem(incumbent=incumbent).locked_set == ()
    assert tiny_problem(incumbent=incumbent, frozen_before=2).locked_set == (LAN,)
    assert len(tiny_problem(incumbent=incumbent, frozen_before=3).locked_set) == 2


def test_a_tour_of_who_fell_ill_or_was_excused_is_lost():
    hoa = {**SEVEN, "staff": "hoa"}
    problem = tiny_problem(incumbent=[SEVEN, hoa, {**SEVEN, "start": 1}], frozen_before=4)
    assert [(tour.staff, tour.start) for tour in problem.locked_set] == [(7, 1)]


def test_a_tour_locked_twice_is_one():
    problem = tiny_problem(
        locked=[LAN.to_json(), LAN.to_json()], incumbent=[LAN.to_json()], frozen_before=1
    )  # fmt: skip
    assert problem.locked_set == (LAN,)
    assert problem.locked_keys == {LAN.key}


@given(st.booleans().flatmap(lambda second: problems(second=second)))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_must_stand_is_what_the_oracle_says(problem: Problem):
    assert list(problem.locked_set) == brute.locked_set(problem)


def test_weeks_have_dates_if_the_problem_has():
    assert tiny_problem().day(2) == date(2026, 1, 19)
    assert tiny_problem(week0=None).day(2) is None


def test_a_problem_reads_aloud():
    assert repr(tiny_problem()) == "<Problem tiny: 4 people, 3 stations, 4 weeks, 0 locked>"
