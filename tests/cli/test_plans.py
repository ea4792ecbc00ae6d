"""`tramyte rotate`, `check`."""

import json

import pytest

from tests.worlds import TINY
from tramyte.rotation import read
from tramyte.rotation.check import check, objective
from tramyte.rotation.solve import solve


def _planned(path):
    return json.loads(path.read_text("utf-8"))


def test_a_plan_file_holds_what_the_problem_asks(run, problem, tmp_path):
    out = tmp_path / "plan.json"
    ran = run("rotate", problem, "--seconds", 2, "--seed", 1, "--out", out)
    assert ran.code == 0
    plan, world = _planned(out), read.problem(problem.read_bytes())
    tours = read.tours(out.read_bytes(), world)
    assert not check(world, tours)
    assert plan["objective"] == objective(world, tours).to_json()
    assert plan["bound"] <= plan["objective"]["total"] and plan["status"] == "optimal" and plan["gap"] == 0
    assert {"seconds", "seed", "unmet", "schema"} <= plan.keys()
    assert "Đã ghi" in ran.out and "Điểm phạt" in ran.out


def test_the_same_seed_and_work_give_the_same_plan(run, problem, tmp_path):
    outs = [tmp_path / "a.json", tmp_path / "b.json"]
    for out in outs:
        run("rotate", problem, "--work", 100, "--seed", 3, "--out", out)
    first, second = map(_planned, outs)
    assert first["assignments"] == second["assignments"] and first["bound"] == second["bound"]


def test_json_is_the_whole_answer(run, problem):
    ran = run("rotate", problem, "--work", 20000, "--json")
    assert ran.json["assignments"] and ran.json["files"] == [] and ran.json["status"] == "optimal"


def test_a_workbook_gives_a_problem_that_plans_again(run, small, tmp_path):
    book = tmp_path / "không phải đuôi quen.dat"
    book.write_bytes(small)
    outs = {name: tmp_path / name for name in ("plan.xlsx", "plan.json", "problem.json")}
    ran = run(
        "rotate", book, "--seconds", 2, "--out", outs["plan.xlsx"], "--out", outs["plan.json"],
        "--problem-out", outs["problem.json"],
    )  # fmt: skip
    assert ran.code == 0 and "W510" in ran.err and "SỐ LIỆU GIẢ LẬP" in ran.out
    assert outs["plan.xlsx"].read_bytes().startswith(b"PK")
    for source in (book, outs["problem.json"]):
        assert run("check", source, outs["plan.json"]).code == 0


def test_locked_tours_that_clash_leave_no_plan(run, tmp_path):
    lock = {"staff": "minh", "station": "A", "skill": "NOI", "weeks": 1}
    world = {**TINY, "locked": [{**lock, "start": 0}, {**lock, "start": 3}]}
    path, out = tmp_path / "p.json", tmp_path / "plan.json"
    path.write_text(json.dumps(world), "utf-8")
    ran = run("rotate", path, "--work", 5, "--out", out)
    assert ran.code == 12 and "R8" in ran.err and "minh" in ran.err and not out.exists()
    assert run("rotate", path, "--work", 5, "--json").json["error"]["findings"][0]["rule"] == "R8"


def test_a_solver_that_breaks_a_rule_writes_nothing(run, problem, tmp_path, monkeypatch):
    from tramyte.cli import plans

    def liar(world, **limits):
        plan = solve(world, **limits)
        return type(plan)((*plan.assignments, *plan.assignments), plan.objective, plan.bound, "feasible", 0.0, 0)

    monkeypatch.setattr(plans, "solve", liar)
    ran = run("rotate", problem, "--work", 5, "--out", tmp_path / "plan.json")
    assert ran.code == 12 and "R7" in ran.err and not (tmp_path / "plan.json").exists()


def test_check_names_rule_person_and_week(run, problem, plan):
    good = run("check", problem, plan)
    assert good.code == 0 and "giữ mọi quy tắc" in good.out
    spoiled = _planned(plan)
    spoiled["assignments"][0] |= {"start": 3, "weeks": 2, "staff": "lan", "station": "A", "skill": "NOI"}
    plan.write_text(json.dumps(spoiled), "utf-8")
    ran = run("check", problem, plan)
    assert ran.code == 12 and "R3, lan" in ran.out and "tuần thứ 4 của đợt (số 3 trong tệp)" in ran.out
    told = run("check", problem, plan, "--json")
    assert told.code == 12 and told.json["ok"] is False
    assert {"rule": "R3", "staff": "lan", "week": 3}.items() <= told.json["breaches"][0].items()


def test_check_accepts_the_bare_list(run, problem, plan):
    plan.write_text(json.dumps(_planned(plan)["assignments"]), "utf-8")
    told = run("check", problem, plan, "--json")
    assert told.code == 0 and told.json["stated"] == {"objective": None, "bound": None, "gap": None, "status": None}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda plan: plan["objective"].update(total=plan["objective"]["total"] + 1), "objective"),
        (lambda plan: plan["objective"].update(travel=-1), "objective"),
        (lambda plan: plan.update(objective=1), "objective"),
        (lambda plan: plan.update(bound=plan["objective"]["total"] + 1), "bound"),
        (lambda plan: plan.update(bound="0"), "bound"),
        (lambda plan: plan.update(bound=True), "bound"),
        (lambda plan: plan.update(gap=0.5), "gap"),
        (lambda plan: plan.update(gap=None), "gap"),
        (lambda plan: (plan.update(bound=plan["bound"] - 10), plan.pop("gap")), "status"),
    ],
)
def test_a_plan_file_that_contradicts_its_tours_is_a_breach(run, problem, plan, change, rule):
    told = _planned(plan)
    change(told)
    plan.write_text(json.dumps(told), "utf-8")
    ran = run("check", problem, plan, "--json")
    assert ran.code == 12 and {breach["rule"] for breach in ran.json["breaches"]} == {rule}
    assert run("check", problem, plan, "--lang", "en").out.startswith("The plan file")


def test_figures_a_plan_file_leaves_out_contradict_nothing(run, problem, plan):
    told = _planned(plan)
    plan.write_text(json.dumps({"assignments": told["assignments"], "objective": {}}), "utf-8")
    assert run("check", problem, plan).code == 0
    plan.write_text(json.dumps({**told, "objective": told["objective"]["total"]}), "utf-8")
    assert run("check", problem, plan).code == 0


def test_a_plan_of_another_problem_is_bad_data(run, problem, plan):
    told = _planned(plan)
    told["assignments"][0]["staff"] = "nobody"
    plan.write_text(json.dumps(told), "utf-8")
    ran = run("check", problem, plan)
    assert ran.code == 10 and "nobody" in ran.err


def test_every_finding_of_a_bad_problem_is_told(run, tmp_path):
    path = tmp_path / "p.json"
    path.write_text(json.dumps({**TINY, "weeks": 0, "weights": []}), "utf-8")
    ran = run("rotate", path, "--json", "--lang", "en")
    codes = {finding["sheet"]: finding["code"] for finding in ran.json["error"]["findings"]}
    assert ran.code == 10 and codes["weeks"] == "P104" and codes["weights"] == "P103"
    told = run("rotate", path, "--out", tmp_path / "plan.json").err
    assert "P104" in told and "P103" in told and "Lỗi phải sửa" in told and "Chưa ghi tệp nào" in told


def test_a_problem_without_dates_or_unmet_needs_is_told_so(run, tmp_path):
    world = {**TINY, "stations": [{"id": "A", "name": "Trạm A", "needs": []}, *TINY["stations"][1:]]}
    world["stations"][1] = {**world["stations"][1], "needs": []}
    world.pop("week0")
    path = tmp_path / "p.json"
    path.write_text(json.dumps(world), "utf-8")
    out = run("rotate", path, "--work", 5, "--out", tmp_path / "o.json").out
    assert "chưa gắn ngày" in out and "Mọi nhu cầu đều được đáp ứng" in out


def test_somewhere_to_write_is_asked_for_first(run, problem):
    ran = run("rotate", problem, "--work", 5)
    assert ran.code == 2 and "--out" in ran.err


def test_locked_tours_that_clash_are_named_and_leave_no_plan(run, tmp_path):
    person, station = TINY["staff"][0], TINY["stations"][0]
    tour = {"staff": person["id"], "station": station["id"], "skill": person["skills"][0], "weeks": 2}
    path = tmp_path / "clash.json"
    path.write_text(json.dumps({**TINY, "locked": [{**tour, "start": 0}, {**tour, "start": 1}]}), "utf-8")
    out = tmp_path / "plan.json"
    ran = run("rotate", path, "--work", 5, "--out", out)
    assert ran.code == 12 and f"R7, {person['id']}" in ran.err and not out.exists()
    told = run("rotate", path, "--work", 5, "--out", out, "--json")
    assert told.code == 12 and told.json["status"] == "infeasible"
    assert told.json["error"]["findings"][0]["rule"] == "R7"


@pytest.mark.parametrize(
    ("key", "value", "rule"),
    [
        ("bound", -(10**400), "bound"),
        ("gap", 10**400, "gap"),
        ("status", "banana", "state"),
        ("status", "infeasible", "state"),
    ],
)
def test_figures_beyond_reason_are_contradictions_and_no_crash(run, problem, plan, key, value, rule):
    plan.write_text(json.dumps({**_planned(plan), key: value}), "utf-8")
    told = run("check", problem, plan, "--json")
    assert told.code == 12 and rule in [row["rule"] for row in told.json["breaches"]]


def test_an_english_answer_tells_in_english_how_travel_was_measured(run, small, tmp_path):
    path = tmp_path / "p.xlsx"
    path.write_bytes(small)
    ran = run("rotate", path, "--work", 1, "--out", tmp_path / "plan.json", "--lang", "en")
    assert "Travel: great circle × " in ran.out and "đường chim bay" not in ran.out
