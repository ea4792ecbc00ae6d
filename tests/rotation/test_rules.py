"""Every rule is said twice, and both sayings agree; every rule has a plan that keeps it and one that breaks it."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rotation import brute
from tests.worlds import NEED, TINY, plans, problems, random_plan, random_problem, tiny_problem
from tramyte.domain.plan import Tour
from tramyte.rotation.problem import Problem
from tramyte.rotation.rules import (
    HARD,
    RULES,
    SETS,
    SINGLE,
    SOFT,
    Apart,
    Exempt,
    Locked,
    MinimumAtHome,
    Rest,
    Rows,
    Rule,
    Together,
)

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
LOCK = {"staff": "lan", "station": "A", "skill": "NOI", "start": 0, "weeks": 2}
LAN, MINH = Tour("lan", "A", "NOI", 0, 2), Tour("minh", "A", "NOI", 2, 2)
SEVEN = Tour(7, "B", 2, 1, 2)
LATE = {"frozen_before": 1, "incumbent": []}
HOME = {"schema": "rotation/2", "staff": [{**TINY["staff"][0], "preferences": [{"station": "A", "points": 5}]},
                                          *TINY["staff"][1:]]}  # fmt: skip
SHARED = {"schema": "rotation/2", "weights": {**TINY["weights"], "handover": 20},
          "stations": [{"id": "A", "needs": [{**NEED, "handover": 1}]}, *TINY["stations"][1:]]}  # fmt: skip
APART = {"schema": "rotation/2", "apart": [["lan", "minh"]]}
TOGETHER = {"schema": "rotation/2", "together": [["lan", "minh"]]}
BOTH = "lan, minh"

# code -> what is changed in the tiny world, a plan that keeps the rule, one that breaks it
EXAMPLES: dict[str, tuple[dict, list[Tour], list[Tour]]] = {
    "R1": ({}, [Tour("lan", "A", "NOI", 0, 1)], [Tour("lan", "A", "NOI", 0, 3)]),
    "R2": ({}, [Tour(7, "A", "NOI", 2, 2)], [Tour("lan", "A", 2, 0, 2)]),
    "R3": ({}, [Tour("lan", "A", "NOI", 2, 2)], [Tour("lan", "A", "NOI", 3, 2)]),
    "R4": ({}, [Tour("lan", "B", "NOI", 0, 2)], [Tour("lan", 3, "NOI", 0, 2)]),
    "R5": ({}, [SEVEN], [Tour("hoa", "B", 2, 1, 2)]),
    "R6": ({}, [SEVEN], [Tour(7, "B", 2, 0, 2)]),
    "R7": ({}, [Tour("lan", "A", "NOI", 0, 1), Tour("lan", "A", "NOI", 2, 2)],
           [Tour("lan", "A", "NOI", 0, 1), Tour("lan", "A", "NOI", 1, 2)]),
    "R8": ({}, [MINH], [Tour("minh", "A", "NOI", 0, 1), Tour("minh", "A", "NOI", 2, 1)]),
    "R9": ({}, [LAN, MINH, SEVEN], [LAN, Tour("minh", "A", "NOI", 1, 2)]),
    "R10": ({"locked": [LOCK]}, [LAN, MINH], [Tour("lan", "A", "NOI", 0, 1)]),
    "R11": (LATE, [SEVEN], [LAN]),
    "R12": (HOME, [Tour("lan", "B", "NOI", 0, 2)], [LAN]),
    "R13": (SHARED, [LAN, Tour("minh", "A", "NOI", 1, 2)], [LAN, MINH]),
    "R14": (APART, [LAN, MINH], [LAN, Tour("minh", "A", "NOI", 1, 2)]),
    "R15": (TOGETHER, [LAN, Tour("minh", "A", "NOI", 0, 2)], [LAN]),
}  # fmt: skip


def _violates(rows: Rows, chosen: set[int]) -> bool:
    """Whether the 0/1 vector with these ones breaks a row."""
    sums = [0] * len(rows.upper)
    for row, index, coefficient in rows.entries:
        sums[row] += coefficient * (index in chosen)
    return any(total > upper for total, upper in zip(sums, rows.upper, strict=True))


def _say_twice(rule: type[Rule], problem: Problem, plan: tuple[Tour, ...]) -> None:
    """Ask both sides: the plan is the first of the candidates, and others stand beside it unchosen."""
    others = [tour for tour in brute.free_tours(problem)[:20] if not any(brute.same(tour, own) for own in plan)]
    if rule in SINGLE:  # a tour that must stand stands, whatever it breaks by itself
        plan = tuple(tour for tour in plan if not brute.is_locked(problem, tour))
    if rule in (MinimumAtHome, Apart, Together) and "R7" in brute.broken(problem, plan):
        return  # tours stand for people there, and only with R7 are they as many
    rows = rule.rows(problem, [*plan, *others])
    assert _violates(rows, set(range(len(plan)))) == bool(rule.breaches(problem, plan)), rule.code


def _judge(data: st.DataObject, *, second: bool) -> None:
    problem = data.draw(problems(second=second))
    plan = data.draw(plans(problem))
    broken = brute.broken(problem, plan)
    for rule in HARD:
        _say_twice(rule, problem, plan)
        assert bool(rule.breaches(problem, plan)) == (rule.code in broken), rule.code


@pytest.mark.parametrize("second", [False, True])
@given(data=st.data())
@settings(SLOW, max_examples=150)
def test_both_sayings_and_the_oracle_agree(data, second):
    _judge(data, second=second)


@pytest.mark.long
@pytest.mark.parametrize("second", [False, True])
@given(data=st.data())
@settings(SLOW, max_examples=10_000)
def test_both_sayings_and_the_oracle_agree_on_thousands(data, second):
    _judge(data, second=second)


@pytest.mark.parametrize("second", [False, True])
def test_random_plans_break_and_keep_every_rule(second):
    found = [random_problem(seed, second=second) for seed in range(300)]
    drawn = [(problem, random_plan(Random(seed), problem)) for seed, problem in enumerate(found)]
    broken = [brute.broken(problem, plan) for problem, plan in drawn]
    rules = [rule for rule in HARD if second or rule not in (Apart, Together)]
    for rule in rules:
        assert 10 < sum(rule.code in codes for codes in broken) < 290, rule.code
    good = [problem for codes, (problem, plan) in zip(broken, drawn, strict=True) if plan and not codes]
    assert len(good) > (10 if second else 20)


def test_every_rule_has_its_examples():
    assert [rule.code for rule in RULES] == [f"R{number}" for number in range(1, 16)]
    assert set(EXAMPLES) == {rule.code for rule in RULES}
    assert {*SINGLE, *SETS, Locked} == set(HARD)
    assert {*HARD, *SOFT} == set(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_plan_that_keeps_the_rule(rule):
    changes, good, _ = EXAMPLES[rule.code]
    assert rule.breaches(tiny_problem(**changes), good) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_plan_that_breaks_the_rule_is_told_in_words(rule):
    changes, _, bad = EXAMPLES[rule.code]
    problem = tiny_problem(**changes)
    (breach,) = rule.breaches(problem, bad)
    assert breach.rule == rule.code
    assert breach.staff == (BOTH if rule.code in ("R9", "R13", "R14") else str(bad[0].staff))
    assert breach.week in range(problem.weeks)
    for lang in ("vi", "en"):
        assert breach.sentence(lang).startswith(f"{rule.code}, ")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_rule_has_a_sentence(rule):
    assert rule.__doc__.endswith(".")


def test_a_locked_tour_breaks_no_rule_by_itself():
    lock = {**LOCK, "staff": "hoa", "station": 3, "weeks": 4, "start": 3}
    problem = tiny_problem(locked=[lock])
    for rule in SINGLE:
        assert rule.breaches(problem, problem.locked) == []
    assert Exempt.forbids(problem, problem.locked[0])


def test_a_locked_tour_that_is_no_candidate_leaves_no_plan():
    problem = tiny_problem(locked=[LOCK])
    assert _violates(Locked.rows(problem, [MINH]), {0})
    assert _violates(Locked.rows(problem, [LAN]), set())
    assert not _violates(Locked.rows(problem, [LAN]), {0})


def test_a_long_tour_is_still_on_when_a_short_one_inside_it_has_ended():
    tours = [Tour("lan", "A", "NOI", 0, 4), Tour("lan", "A", "NOI", 1, 1), Tour("lan", "A", "NOI", 3, 1)]
    assert [breach.week for breach in Rest.breaches(tiny_problem(), tours)] == [1, 3]


def test_one_person_in_two_places_is_one_person_away():
    tours = [LAN, Tour("lan", "B", "NOI", 0, 2)]
    assert MinimumAtHome.breaches(tiny_problem(), tours) == []


def test_weeks_after_the_campaign_count_for_nobody():
    tours = [Tour("lan", "A", "NOI", 3, 2), Tour("minh", "A", "NOI", 4, 2)]
    assert MinimumAtHome.breaches(tiny_problem(), tours) == []
    assert MinimumAtHome.rows(tiny_problem(), tours) == Rows([], [])


def test_a_role_without_a_limit_may_not_leave():
    problem = tiny_problem()
    units = [{**unit, "max_away": {}} for unit in problem.raw["units"]]
    breaches = MinimumAtHome.breaches(tiny_problem(units=units), [SEVEN])
    assert [(breach.week, breach.fields["most"]) for breach in breaches] == [(1, 0), (2, 0)]


def test_ids_are_one_when_their_text_is():
    seven = Tour("7", "B", "2", 1, 2)
    for rule in RULES:
        assert rule.breaches(tiny_problem(), [seven]) == []
        assert rule.breaches(tiny_problem(locked=[SEVEN.to_json()]), [seven]) == []
