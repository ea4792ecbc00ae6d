"""Reasons of unmet needs, counted, and the plan laid out for people."""

from collections import Counter
from datetime import date, timedelta

import pytest

from tests.rotation.held import cases
from tests.worlds import random_problem, tiny_problem
from tramyte.domain.plan import Tour
from tramyte.rotation import read
from tramyte.rotation.check import clashes, objective
from tramyte.rotation.explain import REASONS, Situation, explained, report
from tramyte.rotation.solve import solve

SEEDS = [seed for seed in range(300, 340) if not clashes(random_problem(seed))]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_reasons_of_every_unmet_need_add_up_to_the_cadre(seed):
    problem = random_problem(seed)
    plan = solve(problem, work=20)
    cadres = Counter(problem.skill_by_id[person.primary].cadre for person in problem.staff)
    for row in plan.unmet:
        assert sum(row.reasons.values()) == cadres[problem.skill_by_id[str(row.skill)].cadre]
        assert set(row.reasons) <= set(REASONS)
        assert row.count >= row.critical >= 0 < row.count


@pytest.mark.parametrize("seed", SEEDS[:20])
def test_the_report_adds_up_to_the_objective(seed):
    problem = random_problem(seed)
    plan = solve(problem, work=20)
    paper = report(problem, plan)
    assert sum(line.cost for line in paper.needs) == plan.objective.shortage
    assert sum(line.cost for line in paper.loads) == plan.objective.fairness
    for part, of_plan in (("travel", "travel"), ("start", "start"), ("return", "return_")):
        assert sum(line.costs[part] for line in paper.tours) == getattr(plan.objective, of_plan)
    assert not paper.breaches
    missing = sum(max(0, line.count - line.served) for line in paper.needs)
    assert missing == sum(row.count for row in plan.unmet)


def reason(problem, plan, person, row):
    """The rule that stops one person, span by span, as the sentences of the rules say it."""
    own = [tour for tour in plan if str(tour.staff) == str(person.id)]
    unit = problem.unit_by_id[str(person.unit)]
    minutes = problem.minutes(person.unit, row.station)
    first = {
        "R2": str(row.skill) not in map(str, person.skills),
        "R5": person.exempt,
        "R6": person.is_unavailable(row.week, row.week + 1),
        "R4": minutes is None or minutes > person.max_travel_min,
    }
    stopped = next((code for code, holds in first.items() if holds), None)
    every = [range(start, start + weeks) for weeks in unit.durations for start in range(problem.weeks)]
    spans = [s for s in every if row.week in s and s.start >= problem.frozen_before and s.stop <= problem.weeks]
    free = [s for s in spans if not person.is_unavailable(s.start, s.stop)]
    rested = [s for s in free if all(s.stop + person.rest_weeks <= tour.start or tour.end + person.rest_weeks <= s.start
                                     for tour in own)]  # fmt: skip
    mates = [tour for tour in plan if problem.unit_of(tour) is unit
             and problem.person_by_id[str(tour.staff)].primary == person.primary]  # fmt: skip
    most = unit.max_away.get(person.primary, 0)
    spared = [s for s in rested if all(sum(t.start <= w < t.end for t in mates) < most for w in s)]
    later = {"R3": not spans, "R1": not free, "R7": not rested, "R8": len(own) >= person.max_deployments,
             "R9": not spared, "COST": True}  # fmt: skip
    return stopped or next(code for code, holds in later.items() if holds)


def test_everybody_is_counted_under_the_first_rule_as_if_asked_one_by_one():
    told: Counter[str] = Counter()
    for _seed, problem, plan in cases(range(250)):
        for row in explained(problem, plan):
            cadre = problem.skill_by_id[str(row.skill)].cadre
            people = [person for person in problem.staff if problem.skill_by_id[person.primary].cadre == cadre]
            codes = [reason(problem, plan, person, row) for person in people]
            assert row.reasons == dict(Counter(codes))
            assert list(row.reasons) == [code for code in REASONS if code in codes]
            situation = Situation(problem, plan)
            said = [situation.reason(person, str(row.station), str(row.skill), row.week) for person in people]
            assert said == codes
            told.update(codes)
    assert set(told) == set(REASONS), told


def one_need(**person):
    """One station wants one person of skill a in week 2 of 4; one person of the cadre."""
    return read.problem(
        {
            "schema": "rotation/1",
            "name": "one",
            "weeks": 4,
            "week0": "2025-12-15",
            "skills": [{"id": "a", "code": "A", "cadre": "doctor"}, {"id": "b", "code": "B", "cadre": "doctor"}],
            "units": [{"id": "u", "code": "U", "tier": "P", "durations": [2], "max_away": {"a": 1, "b": 1}}],
            "stations": [
                {
                    "id": "s",
                    "needs": [
                        {"skill": "a", "start": 2, "end": 3, "count": 1, "critical": 1, "w_crit": 9, "w_norm": 1}
                    ],
                }
            ],
            "staff": [
                {
                    "id": "p", "unit": "u", "skills": ["a"], "max_deployments": 1, "rest_weeks": 1,
                    "max_travel_min": 60, "unavailable": [], "exempt": False, "prior_weeks": 0, "prior_stations": [],
                    **person,
                }
            ],
            "travel_min": [[30]],
            "locked": [],
            "weights": {
                "fair1": 0, "fair2": 0, "travel_per_hour": 0, "start_fee": 0, "return_bonus": 0, "disruption": 0,
            },
            "fair_target": {"u": 4},
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("person", "code"),
    [
        ({"skills": ["b"]}, "R2"),
        ({"exempt": True}, "R5"),
        ({"unavailable": [[2, 3]]}, "R6"),
        ({"max_travel_min": 29}, "R4"),
        ({"unavailable": [[1, 2], [3, 4]]}, "R1"),
        ({"max_deployments": 0}, "R8"),
        ({}, "COST"),
    ],
)
def test_each_person_is_counted_under_the_first_rule_that_stops_him(person, code):
    (row,) = explained(one_need(**person), [])
    assert row.reasons == {code: 1}


def test_a_station_that_cannot_be_reached_counts_as_too_far():
    file = read.to_json(one_need())
    file["travel_min"] = [[None]]
    (row,) = explained(read.problem(file), [])
    assert row.reasons == {"R4": 1}


def test_a_campaign_too_short_for_any_tour_counts_as_outside():
    file = read.to_json(one_need())
    file["units"][0]["durations"] = [5]
    (row,) = explained(read.problem(file), [])
    assert row.reasons == {"R3": 1}


def test_his_own_tours_count_as_rest_and_the_unit_as_minimum_at_home():
    file = read.to_json(one_need(max_deployments=2))
    file["stations"].append({"id": "t", "needs": []})
    file["travel_min"] = [[30, 30]]
    problem = read.problem(file)
    (row,) = explained(problem, [Tour("p", "t", "a", 0, 2)])
    assert row.reasons == {"R7": 1}
    file["staff"].append({**file["staff"][0], "id": "q"})
    problem = read.problem(file)
    (row,) = explained(problem, [Tour("p", "t", "a", 1, 2)])
    assert row.reasons == {"R7": 1, "R9": 1}


def test_days_follow_the_first_monday_and_are_open_without_one():
    problem = one_need()
    plan = solve(problem)
    (line,) = report(problem, plan, source="x").tours
    assert line.start_date == date(2025, 12, 15) + timedelta(weeks=line.tour.start)
    assert line.end_date == line.start_date + timedelta(days=13)
    file = read.to_json(problem)
    del file["week0"]
    (line,) = report(read.problem(file), plan).tours
    assert line.start_date is None
    assert line.end_date is None


def test_the_tiny_world_is_explained_whole():
    problem = tiny_problem()
    plan = solve(problem)
    assert plan.objective == objective(problem, plan.assignments)
    assert plan.to_json()["objective"]["total"] == plan.objective.total
