"""For one tour of a plan: what else its person could do and who else could go, against every possibility."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from tests.rotation import brute
from tests.rotation.held import cases
from tests.worlds import tiny_problem
from tramyte.domain.plan import Tour
from tramyte.rotation.alternatives import alternatives
from tramyte.rotation.check import check

RULES_IN_ORDER = ("R2", "R5", "R6", "R4", "R3", "R1", "R7", "R8", "R9")


def questions(seeds, **kind):
    for seed, problem, plan in cases(seeds, **kind):
        if plan:
            tour = Random(seed).choice(plan)
            yield problem, plan, tour, alternatives(problem, plan, tour=tour, most=99)


def without(plan, gone):
    return [tour for tour in plan if tour not in gone]


def rise(problem, plan, after):
    old, new = brute.costs(problem, plan), brute.costs(problem, after)
    return {part: new[part] - old[part] for part in new}


def broken(problem, plan, tour):
    """The rules a plan breaks, but that this tour should stand."""
    found = brute.broken(problem, plan)
    return found - {"R10"} if brute.is_locked(problem, tour) else found


def judge(seeds, **kind):
    kinds: Counter[str] = Counter()
    for problem, plan, tour, answer in questions(seeds, **kind):
        assert answer.is_locked == brute.is_locked(problem, tour)
        for row in (*answer.person, *answer.others):
            after = [*without(plan, row.dropped), *row.added]
            assert len(after) == len(plan) - len(row.dropped) + len(row.added)
            assert row.change.to_json() == rise(problem, plan, after), row
            assert not broken(problem, after, tour), row
            assert tour in row.dropped
            kinds[row.kind] += 1
    return kinds


def test_every_alternative_keeps_the_rules_at_the_price_it_says():
    kinds = judge(range(300))
    assert set(kinds) == {"home", "weeks", "station", "role", "free", "swap", "trade"}
    assert min(kinds.values()) >= 7, kinds


def test_so_it_does_where_people_count_with_each_other():
    assert set(judge(range(120), second=True)) >= {"home", "weeks", "station", "role", "free"}


def kind_of(tour, other):
    if str(other.skill) != str(tour.skill):
        return "role"
    return "weeks" if str(other.station) == str(tour.station) else "station"


def test_no_tour_of_the_person_is_better_than_those_shown():
    judged: Counter[str] = Counter()
    for problem, plan, tour, answer in questions(range(150)):
        rest = without(plan, [tour])
        best: dict[str, int] = {}
        for other in brute.free_tours(problem):
            if str(other.staff) != str(tour.staff) or brute.same(other, tour):
                continue
            if broken(problem, [*rest, other], tour):
                continue
            kind = kind_of(tour, other)
            price = rise(problem, plan, [*rest, other])["total"]
            best[kind] = min(price, best.get(kind, price))
        for kind, price in best.items():
            assert min(row.change.total for row in answer.person if row.kind == kind) == price
            judged[kind] += 1
        assert {row.kind for row in answer.person} == {"home", *best}
    assert min(judged.values()) >= 10, judged


def test_everybody_of_the_cadre_is_shown_or_counted_under_the_first_rule():
    stopped: Counter[str] = Counter()
    for problem, plan, tour, answer in questions(range(200)):
        cadre = problem.skill_by_id[str(tour.skill)].cadre
        rest = without(plan, [tour])
        count: Counter[str] = Counter()
        for person in problem.staff:
            if str(person.id) == str(tour.staff):
                continue
            other = replace(tour, staff=person.id)
            alone = brute.broken_alone(problem, other) - ({"R11"} if brute.is_locked(problem, other) else set())
            found = broken(problem, [*rest, other], tour) | alone
            found = {"R3" if code == "R11" else code for code in found}
            if problem.skill_by_id[person.primary].cadre == cadre:
                count[next((code for code in RULES_IN_ORDER if code in found), "COST")] += 1
            free = [row for row in answer.others if row.kind == "free" and row.added[0].staff == person.id]
            assert len(free) == (not found)
        assert answer.reasons == dict(count)
        stopped.update(count)
    assert set(stopped) >= {"R1", "R2", "R4", "R5", "R6", "R7", "R8", "R9", "COST"}


def test_a_tour_of_the_plan_in_force_that_could_come_back_is_shown():
    old = Tour("lan", "B", "NOI", 2, 2)
    problem = tiny_problem(incumbent=[old.to_json()])
    now = Tour("lan", "A", "NOI", 0, 2)
    answer = alternatives(problem, [now], tour=now, most=9)
    (row,) = [row for row in answer.person if old in row.added]
    assert row.change.disruption == -15 and row.kind == "station"


def test_only_the_best_few_of_each_kind_are_shown_cheapest_first():
    problem = tiny_problem()
    plan = [Tour("lan", "A", "NOI", 0, 2), Tour(7, "B", 2, 1, 2)]
    answer = alternatives(problem, plan, tour=plan[0], most=1)
    assert [row.kind for row in answer.person] == ["home", "weeks", "station"]
    assert [row.kind for row in answer.others] == ["free"]
    assert answer.reasons == {"R2": 1, "COST": 1} or sum(answer.reasons.values()) == 1


@pytest.mark.parametrize(
    ("locked", "said"), [([], "lan (lan) tại A, vai trò NOI, từ tuần 1 đến hết tuần 2"), (["x"], "lượt ghim")]
)
def test_alternatives_are_said_in_words(locked, said):
    tour = Tour("lan", "A", "NOI", 0, 2)
    problem = tiny_problem(locked=[tour.to_json() for _ in locked])
    answer = alternatives(problem, [tour], tour=tour)
    assert said in answer.sentence("vi")
    told = answer.to_json("en")
    assert told["person"][0]["text"].endswith("points: lan stays at home")
    assert told["is_locked"] == bool(locked)
    assert told["others"][0]["added"][0]["staff"] == "minh"
    assert not check(problem, [tour])
