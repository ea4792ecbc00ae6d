"""What would fill an unmet week: every answer holds, costs what it says, and is as cheap as every plan can be."""

from collections import Counter

import pytest

from tests.rotation import brute
from tests.rotation.held import cases
from tests.worlds import NEED, tiny, tiny_problem
from tramyte.domain.errors import BadData, Infeasible
from tramyte.domain.explanation import Change
from tramyte.domain.plan import Tour
from tramyte.rotation import read
from tramyte.rotation.check import check, unmet
from tramyte.rotation.ledger import Ledger
from tramyte.rotation.options import options, relaxed, worded
from tramyte.rotation.relax import Effort, relaxations


def there(plan, row):
    cell = str(row.station), str(row.skill)
    return len({
        str(tour.staff)
        for tour in plan
        if (str(tour.station), str(tour.skill)) == cell and row.week in range(tour.start, tour.end)
    })  # fmt: skip


def questions(seeds, *, solves=8, most_tours=99, **sizes):
    """The first unmet week of each plan, with its answer, everybody free to move."""
    for seed, problem, plan in cases(seeds, **sizes):
        if len(brute.free_tours(problem)) <= most_tours and not (problem.apart or problem.together):
            for row in unmet(problem, plan)[:1]:
                effort = Effort(only=tuple(person.id for person in problem.staff), work=20_000, solves=solves)
                found = relaxations(
                    problem, plan, station=row.station, need=row.need, week=row.week, most=99, effort=effort
                )
                yield seed, problem, plan, row, found


def missing(problem, plan):
    return {(str(row.station), row.need, row.week): (row.critical, row.count) for row in unmet(problem, plan)}


def test_every_relaxation_fills_the_week_keeps_the_rules_left_and_costs_what_it_says():
    rules: Counter[str] = Counter()
    for _seed, problem, plan, row, found in questions(range(60)):
        prices = [answer.price.total for answer in found]
        assert prices == sorted(prices)
        for answer in found:
            new = answer.tours
            assert there(new, row) > there(plan, row)
            assert not brute.broken(relaxed(problem, answer.changes), new)
            old, cost = brute.costs(problem, plan), brute.costs(problem, new)
            assert answer.price.to_json() == {part: cost[part] - old[part] for part in cost}
            before, after = {tour.key for tour in plan}, {tour.key for tour in new}
            assert {move.tour.key for move in answer.moves if move.is_new} == after - before
            assert {move.tour.key for move in answer.moves if not move.is_new} == before - after
            rules.update([change.rule for change in answer.changes] or ["COST"])
    assert set(rules) == {"R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "COST"}, rules


def test_weeks_that_open_and_close_add_up_to_the_change_of_what_is_missing():
    opens = 0
    for _seed, problem, plan, row, found in questions(range(30)):
        old = missing(problem, plan)
        for answer in found:
            new = missing(problem, answer.tours)
            for key in {**old, **new}:
                (critical, count), was = new.get(key, (0, 0)), old.get(key, (0, 0))
                more = [r for r in answer.opened if (str(r.station), r.need, r.week) == key]
                less = [r for r in answer.closed if (str(r.station), r.need, r.week) == key]
                assert sum(r.count for r in more) - sum(r.count for r in less) == count - was[1]
                assert sum(r.critical for r in more) - sum(r.critical for r in less) == critical - was[0]
            assert any((str(r.station), r.need, r.week) == (str(row.station), row.need, row.week)
                       for r in answer.closed)  # fmt: skip
            opens += bool(answer.opened)
    assert opens > 0


def stirred(problem, plan, other):
    """One point for each tour that does not stay, where the problem has no price of change of its own."""
    kept = {tour.key for tour in other}
    return 0 if problem.incumbent else sum(tour.key not in kept for tour in plan)


def judge_moves(seeds):
    judged = impossible = 0
    for seed, problem, plan, row, found in questions(seeds, solves=1, most_tours=10, people=3, stations=2, weeks=4):
        prices = [
            brute.costs(problem, other)["total"] + stirred(problem, plan, other)
            for other in brute.every_plan(problem)
            if there(other, row) > there(plan, row)
        ]
        if prices:
            (moved,) = found
            assert not moved.changes
            best = min(prices) - brute.costs(problem, plan)["total"]
            assert moved.price.total + stirred(problem, plan, moved.tours) == best, seed
        else:
            assert not found
        judged += bool(prices)
        impossible += not prices
    return judged, impossible


def test_moving_people_costs_as_little_as_any_plan_that_fills_the_week():
    judged, impossible = judge_moves(range(150))
    assert judged > 8 and impossible > 30


@pytest.mark.long
def test_moving_people_costs_as_little_as_any_plan_on_hundreds():
    judged, impossible = judge_moves(range(150, 2000))
    assert judged > 100 and impossible > 300


def test_of_two_answers_none_allows_more_for_a_higher_price():
    for _seed, _problem, _plan, _row, found in questions(range(70, 100)):
        for index, answer in enumerate(found):
            assert not any(set(cheaper.changes) <= set(answer.changes) for cheaper in found[:index])


def test_the_same_seed_gives_the_same_answer():
    asked = [
        relaxations(
            problem, plan, station=row.station, need=row.need, week=row.week, effort=Effort(work=20_000, seed=3)
        )
        for _ in range(2)
        for _seed, problem, plan in cases(range(12))
        for row in unmet(problem, plan)[:1]
    ]
    half = len(asked) // 2
    assert asked[:half] == asked[half:] and any(asked)


def one(**person):
    """Lan alone may serve A in week 2 of 4, with her sheet changed."""
    file = tiny()
    file["staff"] = [{**file["staff"][0], **person}]
    file["stations"][0]["needs"] = [{**NEED, "start": 2, "end": 3}]
    file["stations"][1]["needs"] = [{**NEED, "start": 0, "end": 1}]
    return file


def first(file, plan=()):
    problem = read.problem(file)
    found = relaxations(problem, plan, station="A", need=0, week=2)
    return problem, found[0] if found else None


@pytest.mark.parametrize(
    ("person", "rule", "said"),
    [
        ({"exempt": True}, "R5", "lan thôi được miễn (R5) (không thuộc quyền người lập phương án)"),
        (
            {"unavailable": [[1, 9]]},
            "R6",
            "lan không vắng từ tuần 3 đến hết tuần 3 (R6) (không thuộc quyền người lập phương án)",
        ),
        ({"max_travel_min": 59}, "R4", "lan đi đường 60 phút, hiện nhiều nhất 59 phút (R4)"),
        ({"max_deployments": 0}, "R8", "lan đi 1 lượt, hiện nhiều nhất 0 lượt (R8)"),
        ({"skills": [2], "unit": 1}, "R2", "vai trò NOI cho lan (R2): đào tạo, bổ sung phạm vi giấy phép"),
    ],
)
def test_each_limit_of_a_person_has_its_sentence(person, rule, said):
    file = one(**person)
    file["skills"][1]["cadre"] = "doctor"
    _, answer = first(file)
    assert [change.rule for change in answer.changes] == [rule]
    assert said in answer.sentence("vi")
    assert answer.is_planners == (rule not in ("R5", "R6"))


def test_one_more_person_away_is_asked_for_the_weeks_that_are_full():
    file = one()
    file["units"][0]["max_away"]["NOI"] = 0
    problem, answer = first(file)
    assert answer.changes == (Change("R9", 1, unit="H", skill="NOI", start=2, end=3),)
    assert answer.sentence("en").endswith("1 people of NOI away from H in weeks 3 to 3, at most 0 now (R9)")
    assert [tour.weeks for tour in answer.tours] == [1]  # no other week is opened
    assert not check(relaxed(problem, answer.changes), answer.tours)


def test_another_length_is_asked_for_where_none_fits():
    file = one(unavailable=[[0, 2], [3, 4]])
    file["units"][0]["durations"] = [3]
    _, answer = first(file)
    assert [(change.rule, change.value, change.unit) for change in answer.changes] == [("R1", 1, "H")]
    assert answer.sentence("en").endswith("tours of 1 weeks for people of H (R1)")


def test_a_longer_campaign_is_asked_for_where_a_tour_would_run_over_its_end():
    file = one(unavailable=[[0, 2]])
    file["units"][0]["durations"] = [3]
    problem = read.problem(file)
    found = relaxations(problem, (), station="A", need=0, week=2)
    (longer,) = [row for row in found if [change.rule for change in row.changes] == ["R3"]]
    assert longer.changes[0].value == 5
    assert longer.sentence("vi").endswith("đợt dài 5 tuần thay cho 4 tuần (R3)")


def test_shorter_rest_is_asked_for_between_two_tours():
    file = one(rest_weeks=2)
    served = Tour("lan", "B", "NOI", 0, 1)
    file["locked"] = [served.to_json()]
    _, answer = first(file, [served])
    assert [(change.rule, change.value) for change in answer.changes] == [("R7", 1)]
    assert answer.sentence("en").endswith("1 weeks of rest for lan, 2 now (R7)")
    assert answer.to_json("vi")["changes"][0]["text"] == "lan nghỉ giữa hai lượt 1 tuần, hiện là 2 tuần (R7)"


def test_only_moving_people_names_who_comes_and_who_goes():
    file = one(max_deployments=1)
    served = Tour("lan", "B", "NOI", 0, 1)
    _, answer = first({**file, "staff": file["staff"]}, [served])
    assert answer.changes == () or answer.changes[0].rule == "R8"
    told = answer.to_json("vi")
    assert any("đi A, vai trò NOI" in move["text"] for move in told["moves"])


def test_a_week_that_is_met_has_no_answer_and_a_broken_plan_is_refused():
    problem = tiny_problem()
    plan = [Tour("lan", "A", "NOI", 0, 2)]
    assert relaxations(problem, plan, station="A", need=0, week=0) == ()
    assert relaxations(problem, plan, station="A", need=0, week=9) == ()
    with pytest.raises(Infeasible):
        relaxations(problem, [Tour("hoa", "B", 2, 1, 2)], station="A", need=0, week=3)


def test_decided_weeks_and_places_that_cannot_be_reached_offer_nobody():
    problem = tiny_problem(frozen_before=4)
    assert relaxations(problem, (), station="A", need=0, week=3) == ()
    file = tiny()
    file["stations"][2]["needs"] = [NEED]
    file["travel_min"][1][2] = None
    assert relaxations(read.problem(file), (), station=3, need=0, week=0) == ()


def test_a_locked_tour_never_gives_way():
    locked = Tour("lan", "B", "NOI", 2, 2)
    problem = tiny_problem(locked=[locked.to_json()])
    found = options(Ledger(problem, [locked]), station="A", skill="NOI", week=2)
    assert not [way for way in found if way.tour.staff == "lan" and way.dropped]


def test_words_of_a_change_come_from_the_problem_as_it_is():
    problem = tiny_problem()
    assert worded(problem, Change("R9", 2, unit="H", skill=2)).fields["now"] == 0  # not named: nobody may leave
    assert worded(problem, Change("R3", 6)).fields["now"] == 4
    assert worded(problem, Change("R7", 0, staff="lan")).fields["now"] == 1


def test_what_moving_people_gains_anyway_is_told_apart():
    """Lan alone can serve A, where nobody is sent yet: one more week of hers must not be paid for by all the others."""
    file = one(unavailable=[[2, 3]])
    file["stations"][0]["needs"] = [{**NEED, "start": 1, "end": 3}]
    problem = read.problem(file)
    found = relaxations(problem, (), station="A", need=0, week=2)
    assert found and all(answer.anyway > 1000 for answer in found)
    leave = next(answer for answer in found if [change.rule for change in answer.changes] == ["R6"])
    best = brute.optimum(problem)
    assert best is not None and leave.anyway == brute.costs(problem, ())["total"] - best
    assert leave.own_price == leave.price.total + leave.anyway
    assert leave.to_json()["own_price"] == leave.own_price and leave.to_json()["anyway"] == leave.anyway
    assert f"moving people gains {-leave.anyway:+d} anyway; both together {leave.price.total:+d}" in leave.sentence(
        "en"
    )


def test_a_week_that_a_better_plan_fills_anyway_needs_nothing():
    file = one()
    (answer,) = first_of(file)
    assert not answer.changes and answer.own_price == 0 and answer.anyway == -answer.price.total > 0


def first_of(file):
    return relaxations(read.problem(file), (), station="A", need=0, week=2)


@pytest.mark.parametrize("key", ["apart", "together"])
def test_groups_of_people_are_refused_with_a_sentence(key):
    problem = tiny_problem(schema="rotation/2", **{key: [["lan", "minh"]]})
    with pytest.raises(BadData) as raised:
        relaxations(problem, (), station="A", need=0, week=2)
    assert [(finding.code, finding.sheet) for finding in raised.value.findings] == [("G411", key)]


def test_preferences_are_counted_in_every_price():
    judged = 0
    for _seed, problem, plan, _row, found in questions(range(200), second=True):
        judged += len(found)
        for answer in found:
            old, cost = brute.costs(problem, plan), brute.costs(problem, answer.tours)
            assert answer.price.total == cost["total"] - old["total"]
            assert not brute.broken(relaxed(problem, answer.changes), answer.tours)
    assert judged > 50
