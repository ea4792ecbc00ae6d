"""The benchmarks run, their instances are what they say, and their peers are told the same problem as everybody."""

import importlib
import json

import pytest
from benchmarks import events, run, slots
from benchmarks.clerk import best_value, clerk
from benchmarks.instances import NATION, PROVINCES, national, preset
from benchmarks.model import World, build, components, constant
from benchmarks.ours import at, time_to_bound, time_to_gap
from benchmarks.peers import Result, highs, lp_bound, run_cpsat, run_highs, timefold_python
from benchmarks.shapes import SHAPES, shape
from benchmarks.statistics import compare, figures
from benchmarks.tables import middle, rank, worst

from tests.rotation import brute
from tests.worlds import random_problem
from tramyte.rotation import read
from tramyte.rotation.check import check, clashes, objective


def test_the_same_seed_makes_the_same_file():
    one, other, third = (read.to_json(preset("small", seed)) for seed in (4, 4, 5))
    assert one == other != third


@pytest.mark.parametrize(("name", "stations", "staff", "weeks"), [("small", 45, 108, 12), ("full", 124, 900, 26)])
def test_presets_have_the_sizes_and_shares_of_the_given_files(name, stations, staff, weeks):
    problem = preset(name, 1)
    assert (len(problem.stations), len(problem.staff), problem.weeks) == (stations, staff, weeks)
    found = figures(problem)
    assert 0.25 <= found["cells critical"] <= 0.5
    assert 0.95 <= found["wanted / could be served"] <= 1.1
    assert "wanted / could be served" in compare(name, [problem], [problem])


def test_the_nation_has_every_station_and_everybody():
    assert (len(PROVINCES), sum(PROVINCES)) == (34, 3_321)
    problems = national(1, share=0.1)
    assert len(problems) == 34
    assert sum(len(problem.staff) for problem in problems) == round(NATION * 0.1)


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_can_be_read_solved_by_a_clerk_and_has_a_plan(name):
    problem = shape(name, 1, share=0.3)
    assert not clashes(problem)
    for plan in (clerk(problem), best_value(problem)):
        assert not check(problem, plan)
        assert objective(problem, plan).total < objective(problem, problem.locked_set).total


def _small_worlds(count, first):
    for seed in range(first, first + count):
        problem = random_problem(seed, people=3, stations=2, weeks=4)
        if not clashes(problem) and getattr(problem, "version", 1) == 1:
            yield seed, problem


def test_the_model_has_the_cost_of_a_best_plan():
    """Brute force is the judge; HiGHS answers with plan and bound on the arrays of the model."""
    judged = 0
    for seed, problem in _small_worlds(120, 50_000):
        tours, bound = _solved_here(problem)
        assert not check(problem, tours), seed
        assert objective(problem, tours).total == bound == brute.optimum(problem), seed
        judged += 1
    assert judged > 60


def _solved_here(problem):
    """HiGHS in this process: a hundred processes would take minutes."""
    found = importlib.import_module("benchmarks.highs").chosen({"problem": read.to_json(problem), "seconds": 30})
    return read.tours(found["assignments"], problem), found["bound"]


def test_components_add_up_to_the_whole():
    problem = preset("tiny", 3)
    parts = [build(problem, roles) for roles in components(problem)]
    whole = build(problem)
    assert constant(problem, parts) == constant(problem, [whole])
    assert sum(part.whole for part in parts) == whole.whole


def test_peers_find_the_same_optimum_and_the_lp_is_below_it():
    problem = preset("tiny", 2)
    found = [run_highs(problem, 30), run_cpsat(problem, 30)]
    totals = {one.total for one in found}
    assert len(totals) == 1 and all(one.gap == 0 for one in found)
    low = [lp_bound(problem, method, 30)["value"] for method in ("ipm", "simplex")]
    assert low[0] == pytest.approx(low[1], rel=1e-6)
    assert low[0] <= min(total for total in totals if total is not None) + 0.01  # its tolerance
    tours, bound = highs(problem, 30.0)
    assert objective(problem, tours).total == bound


def test_slots_say_the_same_tours_as_the_plan():
    """A plan put into slots and read back is the plan, and its price is its cost."""
    problem = shape("locks-and-incumbent", 2, share=0.2)
    asked, plan = slots.question(problem), best_value(problem)
    standing = {tour.key for tour in problem.locked_set}
    movable = [person for person in problem.staff if slots._options(World(problem), slots._cells(problem), person)]
    place = {str(person.id): index for index, person in enumerate(movable)}
    assert len(asked["people"]) == len(movable)
    cells, chosen = slots._cells(problem), []
    for tour in plan:
        if tour.key not in standing:
            person = place[str(tour.staff)]
            where = cells[str(tour.station), str(tour.skill)]
            code = (where * slots.LONGEST + tour.start) * slots.LENGTH + tour.weeks
            (one,) = [number for number in asked["people"][person]["options"] if number // slots.PRICE == code]
            chosen.append((person, one))
    assert {tour.key for tour in slots.tours_of_slots(problem, chosen)} == {tour.key for tour in plan}
    assert _worth(asked, chosen) == objective(problem, plan).total


def _worth(asked, chosen):
    """The score that Timefold gives these slots, in plain Python."""
    total: int = asked["base"]
    came: dict[tuple[int, int], int] = {}
    load: dict[int, int] = {}
    for person, number in chosen:
        rest, weeks = divmod(number // slots.PRICE, slots.LENGTH)
        cell, start = divmod(rest, slots.LONGEST)
        total += number % slots.PRICE - slots.ZERO
        load[person] = load.get(person, 0) + weeks
        for week in range(start, start + weeks):
            came[cell, week] = came.get((cell, week), 0) + 1
    total -= sum(saves for cell, week, saves, rank in asked["saves"] if came.get((cell, week), 0) >= rank)
    for person, weeks in load.items():
        row = asked["people"][person]
        for price, times in zip(asked["fair"], (1, 2), strict=True):
            line = times * row["target"]
            total += price * (max(0, row["load"] + weeks - line) - max(0, row["load"] - line))
    return total


@pytest.mark.parametrize("strike", [events.ill, events.licence_lost, events.surge])
def test_an_event_makes_a_problem_that_keeps_what_was_served(strike):
    problem = preset("small", 7)
    plan = clerk(problem)
    event = strike(problem, plan, 1)
    assert not clashes(event.problem)
    assert read.to_json(strike(problem, plan, 1).problem) == read.to_json(event.problem)
    early = {tour.key for tour in plan if tour.start < 4} - event.lost
    stand = (early | {tour.key for tour in problem.locked}) - event.lost
    assert stand <= event.problem.locked_keys
    assert event.touched(plan) == 0
    assert event.touched(event.problem.locked_set) == len(plan) - len(event.lost | stand)


def test_traces_tell_when_a_gap_and_a_bound_were_reached():
    trace = [(1.0, 200, None), (2.0, 150, 90), (3.0, 100, 95), (4.0, 100, 100)]
    assert at(trace, 0.5) == (None, None) and at(trace, 2.5) == (150, 90)
    assert time_to_gap(trace, 0.05) == 3.0 and time_to_gap(trace, 0.0) == 4.0
    assert time_to_gap(trace[:2], 0.05) is None
    assert time_to_bound(trace, 95) == 3.0 and time_to_bound(trace, 101) is None


def test_a_run_that_never_gets_there_is_no_good_median():
    assert middle([1.0, None, None]) is None and middle([1.0, 2.0, None]) == 2.0
    assert worst([1.0, None]) is None and worst([1.0, 3.0]) == 3.0
    assert rank(list(range(100)), 0.95) == 95


def test_a_peer_that_is_not_there_says_so(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert timefold_python()[1].startswith("not installed")
    assert Result("Timefold", None, None, 0.0, note="not installed").gap is None


def test_a_question_prints_its_table_and_keeps_the_rows(tmp_path, capsys):
    path = tmp_path / "figures.json"
    run.main(["check", "--count", "30", "--json", str(path)])
    assert "agree with brute force" in capsys.readouterr().out
    (table,) = json.loads(path.read_text("utf-8"))["tables"]
    assert table["rows"][0]["judged"] == 30
    assert table["rows"][0]["other_rules"] == table["rows"][0]["other_points"] == 0


def test_the_short_questions_on_tiny_problems(capsys):
    run.main(["quality", "small", "bound", "peers", "--size", "tiny", "--seeds", "3", "--seconds", "1"])
    told = capsys.readouterr().out
    for word in ("gap median", "highs_to_proof", "ours_to_a_thousandth", "best value", "Timefold"):
        assert word in told
