"""What only rotation/2 knows: preferences and handovers have a price, groups go together or are kept apart."""

from random import Random
from typing import Any

import highspy
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rotation import brute
from tests.worlds import NEED, TINY, plans, problems, random_plan, random_problem, tiny_problem
from tramyte.domain.plan import Tour
from tramyte.rotation.check import check, clashes, misses, objective
from tramyte.rotation.problem import Problem
from tramyte.rotation.rules import SOFT, Apart, Handover, Preferences, Rows, Together

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
LAN, MINH = Tour("lan", "A", "NOI", 0, 2), Tour("minh", "A", "NOI", 0, 2)


def _second(**changes: Any) -> Problem:
    return tiny_problem(schema="rotation/2", **changes)


def _asking(handover: int, *, rest: int = 1) -> Problem:
    """Station A asks for a handover, of which one that is missed costs 10."""
    return _second(
        stations=[{"id": "A", "needs": [{**NEED, "handover": handover}]}, *TINY["stations"][1:]],
        staff=[{**row, "rest_weeks": rest} for row in TINY["staff"]],
        weights={**TINY["weights"], "handover": 10},
    )


def _wishing(*wishes: dict[str, Any]) -> Problem:
    return _second(staff=[{**TINY["staff"][0], "preferences": list(wishes)}, *TINY["staff"][1:]])


def _least(rows: Rows, chosen: int, others: int) -> float:
    """The least cost of the rows when these tours are chosen and those are not: a linear programme."""
    costs = dict(rows.costs)
    size = max([chosen + others, *(variable + 1 for _, variable, _ in rows.entries)])
    if not size:
        return 0.0  # an empty programme has no status
    solver = highspy.Highs()
    solver.silent()
    for variable in range(size):
        fixed = 1.0 if variable < chosen else 0.0
        solver.addVar(fixed, fixed if variable < chosen + others else 1.0)
        solver.changeColCost(variable, costs.get(variable, 0))
    for row, upper in enumerate(rows.upper):
        entries = [(variable, coefficient) for at, variable, coefficient in rows.entries if at == row]
        index, value = zip(*entries, strict=True)
        solver.addRow(-highspy.kHighsInf, upper, len(index), list(index), list(value))
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(solver.getInfo().objective_function_value)


def _judge(data: st.DataObject) -> None:
    problem = data.draw(problems(second=True))
    plan = data.draw(plans(problem))
    others = [tour for tour in brute.free_tours(problem)[:20] if not any(brute.same(tour, own) for own in plan)]
    counted = brute.costs(problem, plan)
    for rule in SOFT:
        rows = rule.rows(problem, [*plan, *others])
        assert counted[str(rule.weight)] == rule.points(problem, plan) == pytest.approx(
            _least(rows, len(plan), len(others))
        )  # fmt: skip
    missed = misses(problem, plan)
    assert sum(row.fields["points"] for row in missed if row.rule == "R13") == counted["handover"]
    assert sum(row.fields["points"] for row in missed if row.rule == "R12") >= max(0, counted["preference"])


@given(st.data())
@settings(SLOW, max_examples=100)
def test_the_rows_cost_what_the_plan_costs(data):
    _judge(data)


@pytest.mark.long
@given(st.data())
@settings(SLOW, max_examples=5_000)
def test_the_rows_cost_what_the_plan_costs_on_thousands(data):
    _judge(data)


def test_random_plans_miss_and_keep_what_has_a_price():
    found = [random_problem(seed, second=True) for seed in range(300)]
    costs = [brute.costs(problem, random_plan(Random(seed), problem)) for seed, problem in enumerate(found)]
    for part in ("preference", "handover"):
        assert 5 < sum(cost[part] > 0 for cost in costs) < 200, part
    assert sum(cost["preference"] < 0 for cost in costs) > 5


def test_a_miss_is_no_breach_and_has_its_words():
    problem, plan = _asking(1), [LAN, Tour("minh", "A", "NOI", 2, 2)]
    assert check(problem, plan) == []
    (miss,) = misses(problem, plan)
    assert (miss.rule, miss.staff, miss.week, miss.fields["points"]) == ("R13", "lan, minh", 1, 10)
    assert "weeks 2 to 3" in miss.sentence("en") and "các tuần 2 đến 3" in miss.sentence("vi")


@pytest.mark.parametrize(
    ("handover", "tours", "missed"),
    [
        (1, [("lan", 0, 2), ("minh", 1, 2)], 0),  # one week in common
        (1, [("lan", 0, 2), ("minh", 2, 2)], 1),  # none
        (2, [("lan", 0, 3), ("minh", 2, 2)], 1),  # one week of two: the span of weeks 1 to 3
        (2, [("lan", 0, 2), ("minh", 2, 2)], 2),  # none of two
        (1, [("lan", 0, 2)], 0),  # nobody follows
        (1, [("lan", 0, 1), ("minh", 2, 2)], 0),  # a week with nobody lies between
        (1, [("lan", 0, 2), ("lan", 2, 2)], 0),  # follows herself
        (1, [("lan", 0, 2), ("minh", 2, 2), (7, 1, 2)], 0),  # a third is there throughout
        (3, [("lan", 0, 2), ("minh", 2, 2)], 1),
        (4, [("lan", 0, 2), ("minh", 2, 2)], 0),  # longer than the need
        (0, [("lan", 0, 2), ("minh", 2, 2)], 0),
    ],
)
def test_each_week_of_overlap_that_is_missing_counts(handover, tours, missed):
    problem = _asking(handover, rest=0)
    plan = [Tour(staff, "A", "NOI", start, weeks) for staff, start, weeks in tours]
    assert objective(problem, plan).handover == 10 * missed == brute.costs(problem, plan)["handover"]
    assert len(Handover.breaches(problem, plan)) == missed


def test_another_role_or_station_hands_nothing_over():
    problem = _asking(1)
    plan = [LAN, Tour("minh", "A", "NOI", 2, 2), Tour(7, "A", 2, 1, 2), Tour("hoa", "B", "NOI", 1, 2)]
    assert objective(problem, plan).handover == 10


def test_needs_of_one_role_ask_each_on_its_own():
    needs = [{**NEED, "handover": 1}, {**NEED, "handover": 2, "start": 1}, {**NEED, "end": 3}]
    stations = [{"id": "A", "needs": needs}, *TINY["stations"][1:]]
    problem = _second(stations=stations, weights={**TINY["weights"], "handover": 10})
    plan = [LAN, Tour("minh", "A", "NOI", 2, 2)]
    assert [miss.fields["handover"] for miss in misses(problem, plan)] == [1, 2]
    assert objective(problem, plan).handover == 20


def test_a_handover_without_a_price_is_told_and_costs_nothing():
    stations = [{"id": "A", "needs": [{**NEED, "handover": 1}]}, *TINY["stations"][1:]]
    problem = _second(stations=stations)
    plan = [LAN, Tour("minh", "A", "NOI", 2, 2)]
    assert objective(problem, plan).handover == 0
    assert [miss.fields["points"] for miss in misses(problem, plan)] == [0]


def test_preferences_add_up_week_by_week():
    problem = _wishing({"points": 5}, {"points": 7, "station": "A", "start": 1}, {"points": -2, "end": 1})
    assert objective(problem, [LAN]).preference == 2 * 5 + 7 - 2
    assert objective(problem, [Tour("lan", "B", "NOI", 1, 2)]).preference == 10
    assert objective(problem, [MINH]).preference == 0
    (miss,) = misses(problem, [LAN])
    assert (miss.rule, miss.staff, miss.fields["points"]) == ("R12", "lan", 15)


def test_a_tour_that_is_welcome_earns_points_and_misses_nothing():
    problem = _wishing({"points": -6})
    cost = objective(problem, [LAN])
    assert cost.preference == -12 and cost.total == sum(cost.parts().values())
    assert Preferences.breaches(problem, [LAN]) == []


def test_locked_tours_cost_and_weeks_outside_the_campaign_do_not():
    late = Tour("lan", "A", "NOI", 3, 3)
    problem = _second(
        staff=[{**TINY["staff"][0], "preferences": [{"points": 5}]}, *TINY["staff"][1:]], locked=[late.to_json()]
    )
    assert objective(problem, [late]).preference == 5


def test_people_apart_may_serve_at_other_stations_or_in_other_weeks():
    problem = _second(apart=[["lan", "minh", 7], [7, "hoa"]])
    assert check(problem, [LAN, Tour("minh", "A", "NOI", 2, 2), Tour(7, "B", 2, 1, 2)]) == []
    seven = Tour("7", "A", 2, 1, 2)
    (breach,) = Apart.breaches(problem, [LAN, seven, Tour("hoa", "B", 2, 1, 2)])
    assert (breach.staff, breach.week, breach.fields["last"]) == ("lan, 7", 1, 2)


def test_people_in_two_groups_apart_are_told_once():
    problem = _second(apart=[["lan", "minh"], ["minh", "lan", 7]])
    assert len(Apart.breaches(problem, [LAN, MINH])) == 1


def test_one_person_twice_keeps_no_distance_from_herself():
    problem = _second(apart=[["lan", "minh"]])
    assert Apart.breaches(problem, [LAN, LAN]) == []
    assert Apart.rows(problem, [LAN, LAN]) == Rows([], [])


def test_people_together_may_fill_different_roles():
    problem = _second(together=[["lan", 7]])
    assert Together.breaches(problem, [LAN, Tour(7, "A", 2, 0, 2)]) == []
    (breach,) = Together.breaches(problem, [LAN, Tour(7, "A", 2, 1, 2), MINH][:1])
    assert (breach.staff, breach.week, breach.fields["without"]) == ("lan", 0, "7")


def test_locked_tours_of_people_apart_clash():
    problem = _second(apart=[["lan", "minh"]], locked=[LAN.to_json(), MINH.to_json()])
    assert "R14" in {breach.rule for breach in clashes(problem)}


def test_a_lock_holds_for_a_whole_group_or_for_nobody():
    alone = _second(together=[["lan", "minh"]], locked=[LAN.to_json()])
    assert [breach.rule for breach in clashes(alone)] == ["R15"]
    assert [breach.staff for breach in Together.breaches(alone, [LAN, MINH])] == ["lan", "minh"]
    both = _second(together=[["lan", "minh"]], locked=[LAN.to_json(), MINH.to_json()])
    assert "R15" not in {breach.rule for breach in clashes(both)}
    assert Together.breaches(both, [LAN, MINH]) == []


def test_who_loses_the_mate_loses_the_tour_in_force():
    ill = [{**row, "unavailable": [[1, 2]]} if row["id"] == "minh" else row for row in TINY["staff"]]
    force = {"incumbent": [LAN.to_json(), MINH.to_json()], "frozen_before": 1}
    assert len(_second(together=[["lan", "minh"]], **force).locked_set) == 2
    assert tiny_problem(staff=ill, **force).locked_set == (LAN,)
    problem = _second(together=[["lan", "minh"]], staff=ill, **force)
    assert problem.locked_set == () == tuple(clashes(problem))
    assert objective(problem, []).disruption == 30
    served = [Tour(who, "A", "NOI", 0, 1).to_json() for who in ("lan", "minh")]
    assert len(_second(together=[["lan", "minh"]], staff=ill, locked=served, **force).locked_set) == 2


def test_weeks_outside_the_campaign_bring_nobody_together():
    early = [Tour("lan", "A", "NOI", -2, 3), Tour("minh", "A", "NOI", -1, 1)]
    late = [Tour("lan", "A", "NOI", 3, 2), Tour("minh", "A", "NOI", 4, 2)]
    problem = _second(apart=[["lan", "minh"]])
    for tours in (early, late):
        assert Apart.breaches(problem, tours) == []
        assert Apart.rows(problem, tours) == Rows([], [])
    (breach,) = Apart.breaches(problem, [Tour("lan", "A", "NOI", -2, 9), Tour("minh", "A", "NOI", -1, 9)])
    assert (breach.week, breach.fields["first"], breach.fields["last"]) == (0, 1, 4)


def test_a_group_of_three_goes_round_in_its_rows():
    problem = _second(together=[["lan", "minh", "hoa"]])
    tours = [LAN, Tour("hoa", "A", "NOI", 0, 2)]
    assert Together.rows(problem, tours) == Rows([(0, 0, 1), (1, 1, -1), (2, 1, 1), (2, 0, -1)], [0, 0, 0])


def test_of_people_apart_one_goes_in_each_week():
    problem = _second(apart=[["lan", "minh"]])
    assert Apart.rows(problem, [LAN, MINH]) == Rows([(0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 1)], [1, 1])
