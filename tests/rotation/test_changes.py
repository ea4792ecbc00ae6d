"""What a re-plan changes and why: every tour is told once, and every reason is true of the two plans."""

from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from tests.rotation import brute
from tests.rotation.held import held_plan
from tests.worlds import NEED, random_problem, tiny
from tramyte.domain.plan import Tour
from tramyte.rotation import read
from tramyte.rotation.changes import changes
from tramyte.rotation.solve import solve

SINGLE = ("R1", "R2", "R3", "R4", "R5", "R6")
SETS = ("R7", "R8", "R9", "R14", "R15")
LAN, MINH = Tour("lan", "A", "NOI", 0, 2), Tour("minh", "A", "NOI", 2, 2)
SEVEN = Tour(7, "B", 2, 1, 2)


def replan(incumbent, *, people=(), needs=None, units=(), **more):
    """The hand-made world after an event; people, units: id -> what changes."""
    file = tiny(incumbent=[tour.to_json() for tour in incumbent], **more)
    for rows, struck in ((file["staff"], dict(people)), (file["units"], dict(units))):
        for row in rows:
            row |= struck.get(row["id"], {})
    if needs is not None:
        file["stations"][0]["needs"] = needs
    return read.problem(file)


def told(found):
    return [(row.kind, row.is_lost, [reason.code for reason in row.reasons]) for row in found.each]


def test_nothing_is_told_of_a_plan_that_is_kept():
    found = changes(replan([LAN, MINH, SEVEN]), [LAN, MINH, SEVEN])
    assert (found.each, found.kept, found.lost, found.touched, found.added) == ((), 3, 0, 0, 0)


def test_who_falls_ill_is_lost_and_who_takes_over_says_from_whom():
    problem = replan([LAN, SEVEN], people={"lan": {"unavailable": [[0, 4]]}})
    found = changes(problem, [replace(LAN, staff="minh"), SEVEN])
    assert told(found) == [("dropped", True, ["R6", "GIVES"]), ("new", False, ["TAKES"])]
    assert (found.kept, found.lost, found.touched, found.added) == (1, 1, 0, 1)
    gone, come = found.each
    assert (gone.before, gone.after, come.before, come.after) == (LAN, None, None, replace(LAN, staff="minh"))
    assert come.reasons[0].tours == (LAN,)
    assert gone.sentence("en") == (
        "− lan (lan) no longer goes to A (NOI, 1–2): lan is not available in every week of 1 to 2 (R6); "
        "minh (minh) takes over weeks 1–2"
    )
    assert come.sentence("vi") == (
        "+ minh (minh) đi A (NOI, 1–2): nhận các tuần 1–2 tại A của lan (lan), "
        "vốn đi vai trò NOI từ tuần 1 đến hết tuần 2"
    )
    assert found.sentence("en").startswith("Of the plan in force 1 tours stand, 1 cannot")


EVENTS: dict[str, Any] = {
    "R1": {"units": {"H": {"durations": [1]}}},
    "R2": {"people": {"lan": {"skills": [2]}}},
    "R3": {"weeks": 4, "incumbent": Tour("lan", "A", "NOI", 3, 2)},
    "R4": {"people": {"lan": {"max_travel_min": 10}}},
    "R5": {"people": {"lan": {"exempt": True}}},
    "R6": {"people": {"lan": {"unavailable": [[1, 2]]}}},
    "R7": {"locked": [Tour("lan", "B", "NOI", 2, 2).to_json()]},
    "R8": {"people": {"lan": {"max_deployments": 0}}},
    "R9": {"units": {"H": {"max_away": {"NOI": 0}}}},
}


@pytest.mark.parametrize("rule", EVENTS)
def test_an_event_names_the_rule_under_which_the_old_tour_cannot_stand(rule):
    event = dict(EVENTS[rule])
    old = event.pop("incumbent", LAN)
    problem = replan([old], **event)
    found = changes(problem, problem.locked)
    row = found.each[0]
    assert (row.before, row.is_lost, row.reasons[0].code) == (old, True, rule)
    assert f"({rule})" in row.sentence("en")
    assert f"({rule})" in row.sentence("vi")


def test_who_goes_together_is_lost_with_a_mate_who_cannot_go():
    both = [Tour(7, "A", 2, 1, 2), Tour("lan", "A", "NOI", 1, 2)]
    problem = replan(both, people={7: {"exempt": True}}, schema="rotation/2", together=[["lan", 7]])
    found = changes(problem, ())
    assert {row.before.staff: row.reasons[0].code for row in found.each if row.before} == {"lan": "R15", 7: "R5"}
    assert found.lost == 2


def test_who_must_now_be_kept_apart_is_lost_beside_who_stays():
    meets = Tour(7, "A", "NOI", 1, 2)
    problem = replan([LAN, meets], schema="rotation/2", apart=[["lan", 7]])
    found = changes(problem, [LAN])
    assert told(found) == [("dropped", True, ["R14"])]


def test_a_raised_need_is_filled_critically_first():
    need = {**NEED, "count": 3, "critical": 2, "start": 0, "end": 2}
    problem = replan([LAN], needs=[need])
    plan = [LAN, replace(LAN, staff="minh"), Tour(7, "A", "NOI", 0, 2)]
    found = changes(problem, plan)
    assert told(found) == [("new", False, ["CRITICAL"]), ("new", False, ["NORMAL"])]


def test_who_gives_up_a_station_says_for_what_and_at_which_price_it_could_stay():
    problem = replan([LAN, SEVEN], people={"lan": {"exempt": True}})
    plan = [Tour(7, "A", "NOI", 1, 2)]
    found = changes(problem, plan)
    assert told(found) == [("dropped", True, ["R5", "GIVES"]), ("station", False, ["TAKES", "CRITICAL", "BACK"])]
    assert found.touched == 1
    assert found.each[1].reasons[2].fields["points"] == f"{cost(problem, [SEVEN]) - cost(problem, plan):+d}"


def test_who_gives_way_at_home_says_who_would_be_too_many():
    minh = Tour("minh", "B", "NOI", 0, 2)
    problem = replan([LAN])
    found = changes(problem, [minh])
    assert told(found) == [("dropped", False, ["R9"]), ("new", False, ["COST"])]
    words = found.each[0].reasons[0].fields
    assert (words["away"], words["most"], words["week"]) == (2, 1, 1)


@pytest.mark.parametrize(
    ("after", "kind"),
    [
        (replace(LAN, station="B"), "station"), (replace(LAN, weeks=1), "shorter"), (replace(LAN, weeks=3), "longer"),
        (replace(LAN, start=1), "weeks"), (replace(LAN, skill=2), "role"),
    ],
)  # fmt: skip
def test_a_tour_that_replaces_another_of_the_same_person_says_how(after, kind):
    found = changes(replan([LAN]), [after])
    assert [(row.kind, row.before, row.after) for row in found.each] == [(kind, LAN, after)]


def test_the_most_alike_tours_replace_each_other():
    late = Tour("lan", "B", "NOI", 3, 1)
    found = changes(replan([LAN, late]), [replace(LAN, station="B", start=2), replace(LAN, weeks=1)])
    assert [(row.before, row.after.weeks) for row in found.each if row.after] == [(LAN, 1), (late, 2)]


def test_weeks_served_that_arrive_as_a_lock_shorten_the_tour():
    served = replace(LAN, weeks=1)
    problem = replan([LAN], people={"lan": {"unavailable": [[1, 4]]}}, locked=[served.to_json()], frozen_before=1)
    found = changes(problem, [served])
    assert told(found) == [("shorter", True, ["R6", "LOCK"])]


def test_an_answer_for_programs_holds_both_languages():
    problem = replan([LAN], people={"lan": {"exempt": True}})
    file = changes(problem, [replace(LAN, staff="minh")]).to_json("en")
    assert (file["kept"], file["lost"], file["touched"], file["added"]) == (0, 1, 0, 1)
    row = file["each"][0]
    assert row["before"] == LAN.to_json()
    assert row["after"] is None
    assert row["text"] == row["en"] != row["vi"]
    assert row["reasons"][1]["tours"] == [replace(LAN, staff="minh").to_json()]


def cost(problem, plan):
    return brute.costs(problem, plan)["total"]


def struck(rng, problem):
    """Somebody is absent, exempt, or loses a role; a unit can spare fewer; a need is raised; a group is formed."""
    staff, units, stations = list(problem.staff), list(problem.units), list(problem.stations)
    for _ in range(rng.randint(1, 3)):
        kind, at = rng.randrange(7), rng.randrange(len(staff))
        one, unit, place = staff[at], rng.randrange(len(units)), rng.randrange(len(stations))
        staff[at] = (
            replace(one, unavailable=((0, problem.weeks),)) if kind == 0
            else replace(one, exempt=True) if kind == 1
            else replace(one, skills=one.skills[:1]) if kind == 2
            else replace(one, max_travel_min=one.max_travel_min // 2) if kind == 3
            else replace(one, max_deployments=one.max_deployments // 2) if kind == 4 else one
        )  # fmt: skip
        if kind == 5:
            fewer = {skill: people // 2 for skill, people in units[unit].max_away.items()}
            units[unit] = replace(units[unit], max_away=fewer)
        if kind == 6:
            more = tuple(replace(n, count=n.count + 1, critical=n.critical + 1) for n in stations[place].needs)
            stations[place] = replace(stations[place], needs=more)
    return replace(problem, staff=tuple(staff), units=tuple(units), stations=tuple(stations))


def events(seeds, **sizes):
    """A plan in force, an event, and some plan after it that keeps the rules."""
    for seed in seeds:
        rng = Random(seed)
        problem = replace(random_problem(seed, **sizes), incumbent=())
        plan = held_plan(rng, problem)
        if plan is None:
            continue
        after = struck(rng, replace(problem, incumbent=plan, frozen_before=rng.choice((0, 0, 1))))
        if brute.broken(after, brute.locked_set(after)):
            continue
        new = brute.locked_set(after)
        for tour in (*rng.sample(plan, rng.randint(0, len(plan))), *(held_plan(rng, after) or ())):
            if not any(brute.same(tour, other) for other in new) and not brute.broken(after, [*new, tour]):
                new.append(tour)
        yield after, new


def is_there(plan, staff, tour, week):
    return any(
        (str(own.staff), str(own.station), str(own.skill)) == (str(staff), str(tour.station), str(tour.skill))
        and own.start <= week < own.end
        for own in plan
    )


def weeks_in(text):
    found: list[int] = []
    for run in text.split(", "):
        first, _, last = run.partition("–")
        found += range(int(first) - 1, int(last or first))
    return found


def judge(problem, plan, row, reason, claimed):
    """Hold one reason to the two plans."""
    old, code = list(problem.incumbent), reason.code
    if code in SINGLE:
        assert row.is_lost
        assert code in brute.broken_alone(problem, row.before)
    elif code in SETS:
        kept = [tour for tour in plan if any(brute.same(tour, other) for other in old)]
        beside = [*kept, *brute.locked_set(problem)] if row.is_lost else [it for it in plan if it is not row.after]
        assert code in brute.broken(problem, [*beside, row.before])
    elif code in ("TAKES", "GIVES"):
        tour = row.after if code == "TAKES" else reason.tours[0]
        leaver = reason.tours[0] if code == "TAKES" else row.before
        for week in weeks_in(reason.fields["weeks"]):
            assert is_there(old, leaver.staff, tour, week)
            assert not is_there(plan, leaver.staff, tour, week)
            assert is_there(plan, tour.staff, tour, week)
            assert not is_there(old, tour.staff, tour, week)
            if code == "TAKES":
                claimed[str(leaver.staff), str(tour.station), str(tour.skill), week] += 1
    elif code in ("CRITICAL", "NORMAL"):
        station = next(it for it in problem.stations if str(it.id) == str(row.after.station))
        for week in weeks_in(reason.fields["weeks"]):
            there = {str(person.id) for person in problem.staff if is_there(old, person.id, row.after, week)}
            wanted = [
                need.critical if code == "CRITICAL" else need.count
                for need in station.needs
                if str(need.skill) == str(row.after.skill) and need.start <= week < need.end
            ]
            assert len(there) < max(wanted)
    elif code == "LOCK":
        assert brute.is_locked(problem, row.after)
    else:
        rest = [tour for tour in plan if tour is not row.after]
        new = [*rest, row.before] if code == "BACK" else rest
        assert reason.fields["points"] == f"{cost(problem, new) - cost(problem, plan):+d}"
        if code == "BACK":
            assert not brute.broken(problem, new) - {"R10", "R15"}


@pytest.mark.parametrize("second", [False, True])
def test_every_tour_is_told_once_and_every_reason_is_true(second):
    codes: Counter[str] = Counter()
    for problem, plan in events(range(400), people=5, second=second):
        found = changes(problem, plan)
        old, new = {tour.key for tour in problem.incumbent}, {tour.key for tour in plan}
        assert found.kept == len(old & new)
        assert found.kept + found.lost + found.touched == len(old)
        assert sorted(row.before.key for row in found.each if row.before) == sorted(old - new)
        assert sorted(row.after.key for row in found.each if row.after) == sorted(new - old)
        claimed: Counter[tuple[str, str, str, int]] = Counter()
        for row in found.each:
            assert row.reasons
            assert not (row.before and row.after) or str(row.before.staff) == str(row.after.staff)
            alone = brute.broken_alone(problem, row.before) - {"R11"} if row.before else set()
            assert row.is_lost or not alone
            for reason in row.reasons:
                judge(problem, plan, row, reason, claimed)
                codes[reason.code] += 1
        assert set(claimed.values()) <= {1}
    wanted = {"R5", "R6", "R7", "R8", "R9", "TAKES", "GIVES", "CRITICAL", "NORMAL", "BACK", "COST"}
    assert wanted | ({"R14"} if second else set()) <= set(codes), codes


def test_a_repair_by_the_solver_is_told_whole():
    problem = replan([LAN, SEVEN], people={"lan": {"unavailable": [[0, 4]]}})
    plan = solve(problem)
    found = changes(problem, plan.assignments)
    assert found.lost == 1
    assert plan.objective.disruption == problem.weights["disruption"] * (found.lost + found.touched)
