"""The check finds every breach and the exact cost; an engine that shares no line with it agrees."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rotation import brute
from tests.worlds import NEED, plans, problems, tiny_problem
from tramyte.domain.plan import Tour
from tramyte.rotation.check import check, clashes, missing, objective, presence, unmet

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
LAN, MINH, SEVEN = Tour("lan", "A", "NOI", 0, 2), Tour("minh", "A", "NOI", 2, 2), Tour(7, "B", 2, 1, 2)


def _judge(data: st.DataObject) -> None:
    problem = data.draw(problems(second=data.draw(st.booleans())))
    plan = data.draw(plans(problem))
    assert {breach.rule for breach in check(problem, plan)} == brute.broken(problem, plan)
    cost = objective(problem, plan).to_json()
    assert cost == brute.costs(problem, plan)
    assert cost["total"] == sum(price for part, price in cost.items() if part != "total") and cost["return"] <= 0
    stands = brute.broken(problem, brute.locked_set(problem)) & {"R7", "R8", "R9", "R14", "R15"}
    assert {breach.rule for breach in clashes(problem)} == stands
    priced = 0
    for row in unmet(problem, plan):
        station = next(station for station in problem.stations if station.id == row.station)
        need = station.needs[row.need]
        assert need.start <= row.week < need.end and need.skill == row.skill
        assert 0 <= row.critical <= row.count and row.count > 0
        priced += need.w_crit * row.critical + need.w_norm * row.count
    assert priced == cost["shortage"]


@given(st.data())
@settings(SLOW, max_examples=300)
def test_breaches_and_cost_are_those_of_the_oracle(data):
    _judge(data)


@pytest.mark.long
@given(st.data())
@settings(SLOW, max_examples=10_000)
def test_breaches_and_cost_are_those_of_the_oracle_on_thousands(data):
    _judge(data)


def test_a_good_plan_has_no_breach_and_its_price():
    cost = objective(tiny_problem(), [LAN, MINH, SEVEN])
    assert check(tiny_problem(), [LAN, MINH, SEVEN]) == []
    assert cost.to_json() == {
        "total": 107, "shortage": 100, "fairness": 0, "travel": 5, "start": 6, "return": -4, "disruption": 0,
    }  # fmt: skip


def test_all_breaches_are_found_at_once():
    bad = [Tour("hoa", 3, "NOI", 3, 3)]
    assert [breach.rule for breach in check(tiny_problem(locked=[LAN.to_json()]), bad)] == [
        "R1", "R2", "R3", "R5", "R10",
    ]  # fmt: skip


def test_travel_is_divided_once_for_the_whole_way():
    # 2 x 45 minutes at 1 a hour: 90 // 60 = 1, not 2 x (45 // 60) = 0
    problem = tiny_problem(travel_min=[[45, 0, 0], [0, 0, 0]])
    assert objective(problem, [LAN]).travel == 1


def test_a_locked_tour_to_nowhere_travels_for_nothing():
    away = Tour("lan", 3, "NOI", 0, 2)
    problem = tiny_problem(locked=[away.to_json()])
    assert objective(problem, [away]).travel == 0
    assert check(problem, [away]) == []


def test_needs_for_one_skill_are_priced_on_their_own():
    stations = [{"id": "A", "needs": [NEED, {**NEED, "start": 1, "end": 3, "count": 2, "w_norm": 7}]},
                {"id": "B", "needs": []}, {"id": 3, "needs": []}]  # fmt: skip
    # week 0 covered; weeks 1-2 lack one of two; week 3 lacks a critical person in the first need only
    cover = Tour("lan", "A", "NOI", 0, 3)
    assert objective(tiny_problem(stations=stations), [cover]).shortage == 7 + 7 + 1000 + 100


def test_the_ledger_counts_even_for_those_who_stay():
    staff = [{**row, "prior_weeks": 9} for row in tiny_problem().raw["staff"]]
    # units H and 1 owe 2 and 4 weeks: 7 and 5 above once, 5 and 1 above twice, two people each
    assert objective(tiny_problem(staff=staff), []).fairness == 2 * (3 * 7 + 8 * 5) + 2 * (3 * 5 + 8 * 1)


def test_tours_of_the_plan_in_force_that_change_are_counted():
    problem = tiny_problem(incumbent=[LAN.to_json(), {**MINH.to_json(), "start": 1}])
    assert objective(problem, [LAN, MINH]).disruption == 15


def test_locked_tours_that_clash_are_named():
    twice = [LAN.to_json(), {**MINH.to_json(), "start": 0}]
    assert [(row.rule, row.week, row.staff) for row in clashes(tiny_problem(locked=twice))] == [
        ("R9", 0, "lan, minh"), ("R9", 1, "lan, minh"),
    ]  # fmt: skip


def test_one_person_twice_at_one_place_is_one_person():
    assert presence(tiny_problem(), [LAN, LAN]) == {("A", "NOI", 0): 1, ("A", "NOI", 1): 1}


def test_weeks_outside_the_campaign_help_nobody():
    early = Tour("lan", "A", "NOI", -1, 6)
    assert sorted(week for _, _, week in presence(tiny_problem(), [early])) == [0, 1, 2, 3]


def test_unmet_rows_name_need_and_week():
    rows = unmet(tiny_problem(), [LAN, SEVEN])
    assert [(row.station, row.need, row.week, row.critical, row.count) for row in rows] == [
        ("A", 0, 2, 1, 1), ("A", 0, 3, 1, 1), ("B", 0, 3, 0, 1),
    ]  # fmt: skip
    assert missing(tiny_problem().stations[0].needs[0], 5) == (0, 0)
