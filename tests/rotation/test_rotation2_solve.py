"""What only `rotation/2` knows, solved: against the brute force, rule by rule, and in a province of 150 people."""

from random import Random
from typing import Any

import numpy as np
import pytest
from benchmarks.instances import province

from tests.rotation.brute import broken, costs, optimum
from tests.rotation.rich import rich_problem
from tests.worlds import NEED, random_problem, tiny
from tramyte.domain.errors import Infeasible
from tramyte.rotation import read
from tramyte.rotation.check import check, objective
from tramyte.rotation.solve import solve
from tramyte.rotation.solve.arrays import parts
from tramyte.rotation.solve.compiled import Flag, Kernel
from tramyte.rotation.solve.draft import Draft
from tramyte.rotation.solve.mip import Model, improve
from tramyte.rotation.solve.models import Models
from tramyte.rotation.solve.prices import Prices, columns

PERSON = {"unit": "U", "skills": ["A"], "max_deployments": 1, "rest_weeks": 0, "max_travel_min": 60}


def agrees_with_brute_force(problem, seed, **limits):
    """Hold a plan to the brute force; return whether it was proved."""
    wanted = optimum(problem)
    if wanted is None:
        with pytest.raises(Infeasible):
            solve(problem, seed=seed, **limits)
        return True
    plan = solve(problem, seed=seed, **limits)
    assert not broken(problem, plan.assignments)
    assert plan.objective.to_json() == costs(problem, plan.assignments)
    assert plan.bound <= wanted <= plan.objective.total
    return plan.status == "optimal"


@pytest.mark.parametrize("seed", range(60))
def test_wishes_handovers_and_groups_are_proved_best(seed):
    assert agrees_with_brute_force(rich_problem(seed), seed, work=30_000)


@pytest.mark.parametrize("seed", range(100, 114))
def test_a_small_limit_leaves_a_plan_that_holds_and_a_bound_that_is_true(seed):
    agrees_with_brute_force(rich_problem(seed), seed, work=seed % 40)


@pytest.mark.parametrize("seed", range(200, 230))
def test_everything_odd_that_is_allowed_is_solved(seed):
    assert agrees_with_brute_force(random_problem(seed, second=True), seed, work=30_000)


@pytest.mark.long
@pytest.mark.parametrize("first", range(1000, 2000, 125))
def test_thousands_of_plans_hold_and_their_bounds_are_true(first):
    for seed in range(first, first + 125):
        agrees_with_brute_force(rich_problem(seed), seed, work=1000)
        agrees_with_brute_force(random_problem(seed, second=True), seed, work=1000)


def small(staff, needs, *, weeks=4, durations=(2,), **keys):
    """Return a problem of one unit and two stations; needs: of each station."""
    file = tiny(
        schema="rotation/2", weeks=weeks,
        skills=[{"id": skill, "code": skill, "cadre": "doctor"} for skill in "AB"],
        units=[{"id": "U", "code": "U", "tier": "P", "durations": list(durations), "max_away": {"A": 9, "B": 9}}],
        stations=[
            {"id": f"s{index}", "needs": [{**NEED, "skill": "A", "end": weeks, **need} for need in rows]}
            for index, rows in enumerate(needs)
        ],
        staff=[{"id": name, **PERSON, **person} for name, person in staff.items()],
        travel_min=[[0] * len(needs)], fair_target={"U": 9}, **keys,
    )  # fmt: skip
    file["weights"] = {**dict.fromkeys(file["weights"], 0), "handover": keys.get("weights", {}).get("handover", 0)}
    return read.problem(file)


def best(problem):
    """Return the proven best plan."""
    plan = solve(problem)
    assert plan.status == "optimal"
    assert plan.objective.total == optimum(problem)
    return plan


def stays(plan, staff):
    """Return station, start and weeks of the tours of a person."""
    return [tour.stay for tour in plan.assignments if tour.staff == staff]


def test_people_go_where_and_when_they_like():
    wish = {"station": "s0", "points": 9}
    plan = best(small({"an": {"preferences": [wish]}, "bo": {}}, [[{}], [{"start": 0, "end": 2}]]))
    assert stays(plan, "an") == [("s1", 0, 2)]
    wish = {"start": 0, "end": 2, "points": 9}
    plan = best(small({"an": {"preferences": [wish]}, "bo": {}}, [[{}]]))
    assert (stays(plan, "an"), stays(plan, "bo")) == ([("s0", 2, 2)], [("s0", 0, 2)])


def test_who_is_welcome_goes_where_nobody_is_needed():
    wish = {"station": "s1", "points": -3}
    plan = best(small({"an": {"preferences": [wish]}}, [[], []]))
    assert (plan.objective.preference, plan.objective.total) == (-6, -6)
    plan = best(small({"an": {"preferences": [{"points": -3}]}}, [[], []]))
    assert plan.objective.total == -6


@pytest.mark.parametrize(("price", "missed"), [(0, 1), (50, 0)])
def test_who_follows_comes_before_the_first_leaves_where_it_pays(price, missed):
    people: dict[str, dict[str, Any]] = {"an": {"unavailable": [[3, 4]]}, "bo": {"unavailable": [[0, 1]]}}
    need = {"w_crit": 0, "w_norm": 20, "handover": 1}
    wish = [{"start": 2, "end": 3, "points": 7}, {"start": 1, "end": 2, "points": 1}]
    wished = {"an": wish[:1], "bo": wish[1:]}
    people = {who: {**person, "preferences": wished[who]} for who, person in people.items()}
    problem = small(people, [[need]], durations=(2, 3), weights={**tiny()["weights"], "handover": price})
    plan = best(problem)
    first, second = (next(tour for tour in plan.assignments if tour.staff == who) for who in ("an", "bo"))
    assert (second.start >= first.end) == bool(missed)
    assert plan.objective.handover == 0


def test_a_third_bridges_two_who_are_locked():
    people: dict[str, Any] = {"an": {}, "bo": {}, "chi": {}}
    locked = [
        {"staff": who, "station": "s0", "skill": "A", "start": start, "weeks": 2}
        for who, start in (("an", 0), ("bo", 2))
    ]
    weights = {**tiny()["weights"], "handover": 30}
    plan = best(small(people, [[{"handover": 1}]], locked=locked, weights=weights))
    assert stays(plan, "chi") == [("s0", 1, 2)]
    assert plan.objective.total == 0


def test_tours_back_to_back_are_one_stay():
    person = {"max_deployments": 2}
    weights = {**tiny()["weights"], "handover": 30}
    locked = [{"staff": "an", "station": "s0", "skill": "A", "start": 0, "weeks": 2}]
    for tours in ([], locked):
        plan = best(small({"an": person, "bo": person}, [[{"handover": 1}]], locked=tours, weights=weights))
        assert plan.objective.total == 0
        assert len({tour.staff for tour in plan.assignments}) == 1


def test_people_to_be_kept_apart_never_meet():
    people: dict[str, Any] = {"an": {}, "bo": {}}
    plan = best(small(people, [[{"count": 2}]], apart=[["an", "bo"]]))
    assert sorted(tour.start for tour in plan.assignments) == [0, 2]
    locked = [{"staff": "bo", "station": "s0", "skill": "A", "start": 1, "weeks": 2}]
    plan = best(small(people, [[{}]], apart=[["an", "bo"]], locked=locked))
    assert not stays(plan, "an")


def test_people_who_go_together_have_the_same_tours_each_in_a_role():
    people = {"an": {}, "bo": {"skills": ["B", "A"]}, "chi": {}}
    needs = [[{"end": 2}, {"skill": "B", "end": 2}], [{"start": 2}]]
    plan = best(small(people, needs, together=[["an", "bo"]]))
    assert stays(plan, "an") == stays(plan, "bo") == [("s0", 0, 2)]
    assert {tour.skill for tour in plan.assignments if tour.station == "s0"} == {"A", "B"}
    assert stays(plan, "chi") == [("s1", 2, 2)]


def test_the_second_of_two_in_one_role_may_stay_unneeded():
    plan = best(small({"an": {}, "bo": {}}, [[{"end": 2}]], together=[["an", "bo"]]))
    assert len(plan.assignments) == 2
    assert plan.objective.shortage == 0


def test_together_holds_for_the_strictest_of_them():
    people: dict[str, Any] = {"an": {"unavailable": [[0, 2]]}, "bo": {"max_deployments": 2}}
    plan = best(small(people, [[{}]], together=[["an", "bo"]]))
    assert stays(plan, "an") == stays(plan, "bo") == [("s0", 2, 2)]
    people["an"]["exempt"] = True
    assert not best(small(people, [[{}]], together=[["an", "bo"]])).assignments


def test_a_replan_keeps_the_roles_of_people_who_go_together():
    people = {"an": {"skills": ["A", "B"]}, "bo": {"skills": ["A", "B"]}}
    tours = [
        {"staff": who, "station": "s0", "skill": skill, "start": 0, "weeks": 2}
        for who, skill in (("an", "B"), ("bo", "A"))
    ]
    file = read.to_json(small(people, [[{}, {"skill": "B"}]], together=[["an", "bo"]], incumbent=tours))
    file["weights"]["disruption"] = 7
    plan = best(read.problem(file))
    assert plan.objective.disruption == 0


def drafted(problem, who, row):
    """Return the draft of the only part with people, one of them at a row for the first tour; and the tour."""
    part = next(part for part in parts(problem) if part.people)
    draft = Draft(Kernel(part))
    draft.add(who, row, 0)
    return draft, columns(part, np.array([[who, row, 0]]))


def test_a_small_model_keeps_people_apart_from_those_who_stay():
    draft, tour = drafted(small({"an": {}, "bo": {}}, [[{"count": 2}]], apart=[["an", "bo"]]), 0, 0)
    part = draft.kernel.part
    rows = np.array([[1, 0, start] for start in range(3)])
    answer = improve(
        part, columns(part, rows), draft.cover, draft.left, hint=np.zeros(0, np.int64), others=tour,
        stop=lambda: False, nodes=100, seconds=None, seed=0,
    )  # fmt: skip
    assert answer.chosen is not None
    assert rows[answer.chosen].tolist() == [[1, 0, 2]]
    assert [draft.has_room(1, 0, start) for start in range(3)] == [False, False, True]


@pytest.mark.parametrize("needs", [[[], []], [[{"end": 2}], []]])
def test_a_model_grows_over_the_cells_of_people_who_go_together(needs):
    wish = {"station": "s1", "points": -3}
    problem = small({"an": {"preferences": [wish]}, "bo": {}}, needs, together=[["an", "bo"]])
    idle = [row for row, crew in enumerate(next(p for p in parts(problem) if p.people).crews) if crew[0] == 1]
    cells = len(next(p for p in parts(problem) if p.people).cells)
    draft, _ = drafted(problem, 0, cells + idle[0])
    rng = np.random.default_rng(1)
    models = Models(Prices(draft.kernel), rng, near=0.03)
    filled = draft.kernel.part.crews[idle[0]][1]
    assert (models._spot(draft, [0], []) < 0) == (max(filled) < 0)
    draft.shake(50, (1, 2), (0.0, 0.0), Flag())
    assert draft.best_cost <= draft.cost


def second(seed, *, is_soft=True):
    """Return a province of 150 people with groups, and with wishes and handovers too."""
    rng = Random(seed)
    file = read.to_json(province(seed, staff=150, stations=30, weeks=16))
    file["schema"] = "rotation/2"
    bound = {str(tour["staff"]) for tour in file["locked"]}
    names = [person["id"] for person in file["staff"] if str(person["id"]) not in bound]
    rng.shuffle(names)
    file["together"] = [names[at : at + 2] for at in range(0, 20, 2)]
    file["apart"] = [names[at : at + 3] for at in range(19, 49, 3)]
    if is_soft:
        file["weights"]["handover"] = 40
        for station in file["stations"]:
            for need in station["needs"]:
                need["handover"] = rng.choice((0, 1, 1, 2))
        for person in file["staff"]:
            if rng.random() < 0.4:
                wish = {"points": rng.choice((-6, 5, 20, 60)), "start": rng.randrange(12), "end": 16}
                place = {"station": rng.choice(file["stations"])["id"]} if rng.random() < 0.7 else {}
                person["preferences"] = [wish | place]
    return read.problem(file)


@pytest.mark.long
def test_a_province_with_everything_is_better_than_one_that_ignores_it():
    problem = second(1)
    plan, other = solve(problem, work=1500), solve(second(1, is_soft=False), work=1500)
    assert not check(problem, plan.assignments)
    assert not check(problem, other.assignments)
    assert plan.objective == objective(problem, plan.assignments)
    assert plan.bound <= plan.objective.total < objective(problem, other.assignments).total


def test_no_row_of_a_model_names_a_column_twice(monkeypatch):
    built = []

    def build(model, integers, usual=Model.build):
        row, column = (np.concatenate([entry[part] for entry in model.entries]) for part in range(2))
        built.append(len(row))
        assert len(np.unique(np.stack([row, column]), axis=1).T) == len(row)
        return usual(model, integers)

    monkeypatch.setattr(Model, "build", build)
    people = {"an": {"rest_weeks": 1}, "bo": {"rest_weeks": 1}, "chi": {}}
    weights = {**tiny()["weights"], "handover": 30}
    need = {"count": 2, "handover": 1}
    best(small(people, [[need]], durations=(2, 3), together=[["an", "bo"]], weights=weights))
    for seed in range(8):
        agrees_with_brute_force(rich_problem(seed), seed, work=1000)
    assert built
