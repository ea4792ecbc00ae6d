"""`tramyte explain`, and how `rotate` and `check` name locked tours that clash and what is missed at a price."""

import json

import pytest

from tests.worlds import NEED, TINY, tiny
from tramyte.rotation import read
from tramyte.rotation.check import check, objective


@pytest.fixture
def empty(tmp_path):
    """A plan without tours."""
    path = tmp_path / "empty.json"
    path.write_text("[]", "utf-8")
    return path


@pytest.fixture
def full(tmp_path):
    """A problem in which lan alone could serve A in week 3, but H may spare nobody; and an empty plan."""
    file = tiny()
    file["staff"] = file["staff"][:1]
    file["stations"][0] |= {"name": "Trạm A", "needs": [{**NEED, "start": 2, "end": 3}]}
    file["stations"][1]["needs"] = []
    file["units"][0]["max_away"]["NOI"] = 0
    path, plan = tmp_path / "full.json", tmp_path / "none.json"
    path.write_text(json.dumps(file), "utf-8")
    plan.write_text("[]", "utf-8")
    return path, plan


def test_what_stays_empty_is_told_with_reasons_the_dearest_first(run, problem, empty):
    out = run("explain", problem, empty).out.splitlines()
    assert "(5/7 tuần" in out[0] and "▲ A (A), NOI, tuần thứ 1" in out[1] and "1.100 điểm phạt" in out[1]
    assert "được miễn" not in out[2] and "đi được nhưng tổng điểm phạt sẽ cao hơn 2" in out[2]
    assert len(run("explain", problem, empty, "--most", 7).out.splitlines()) == 1 + 2 * 7
    told = run("explain", problem, empty, "--json").json
    assert [row["points"] for row in told["unmet"]] == [1100] * 4 + [100] * 3 and told["clashes"] is None
    assert all(row["reasons"] for row in told["unmet"])


def test_a_plan_that_leaves_nothing_empty_says_so(run, tmp_path, empty):
    path = tmp_path / "p.json"
    path.write_text(json.dumps({**TINY, "stations": [{"id": key, "needs": []} for key in ("A", "B", 3)]}), "utf-8")
    assert run("explain", path, empty).out == "Mọi nhu cầu đều được đáp ứng.\n"


def test_what_would_fill_a_week_is_told_with_moves_and_price_by_part(run, full):
    ran = run("explain", *full, "--station", "Trạm A", "--skill", "NOI", "--week", 3, "--lang", "en")
    assert ran.code == 0
    lines = [line.strip() for line in ran.out.splitlines()]
    assert lines[2].startswith("WHAT WOULD FILL IT (1,")
    assert lines[3] == "1. -1096 points: 1 people of NOI away from H in weeks 3 to 3, at most 0 now (R9)"
    assert lines[4] == "+ lan (lan) goes to A as NOI, weeks 3 to 3".replace("to A", "to Trạm A")
    assert lines[5].endswith("filled 1, newly empty 0; points by part: Shortage -1100; Travel +2; Number of tours +2")


def test_the_plan_of_an_answer_is_a_draft_that_says_what_must_be_allowed(run, full, tmp_path):
    out = tmp_path / "draft.json"
    asked = ("explain", *full, "--station", "A", "--skill", "NOI", "--week", 3, "--out", out)
    ran = run(*asked)
    assert ran.code == 0 and f"Đã ghi: {out}" in ran.out and "(R9)" in ran.out.splitlines()[-1]
    problem, draft = read.problem(full[0].read_bytes()), json.loads(out.read_text("utf-8"))
    tours = read.tours(out.read_bytes(), problem)
    assert {breach.rule for breach in check(problem, tours)} == {change["rule"] for change in draft["allowed_first"]}
    assert draft["objective"] == objective(problem, tours).to_json() and "bound" not in draft
    told = run(*asked, "--json").json
    assert told["files"] == [str(out)] and told["relaxations"][0]["assignments"] == draft["assignments"]
    assert run(*asked, "--answer", 2).code == 10


def test_a_draft_that_needs_nothing_keeps_every_rule(run, problem, empty, tmp_path):
    out = tmp_path / "draft.json"
    ran = run("explain", problem, empty, "--station", "A", "--skill", "NOI", "--week", 1, "--out", out)
    assert ran.code == 0 and "giữ mọi quy tắc" in ran.out.splitlines()[-1]
    assert run("check", problem, out).code == 0


def test_a_week_nobody_could_fill_says_so(run, full):
    file = json.loads(full[0].read_text("utf-8"))
    file["travel_min"] = [[None] * 3] * 2
    full[0].write_text(json.dumps(file), "utf-8")
    ran = run("explain", *full, "--station", "A", "--skill", "NOI", "--week", 3)
    assert ran.code == 0 and ran.out.splitlines()[-1] == "Các cách đã thử đều không đủ người."


def test_a_tour_is_told_with_its_alternatives(run, problem, plan):
    ran = run("explain", problem, plan, "--tour", "7,3", "--lang", "en")
    assert ran.code == 0 and ran.out.startswith("7 (7) at ")
    assert "INSTEAD, FOR THE PERSON" in ran.out and "7 stays at home" in ran.out
    assert ran.out.splitlines()[-1].startswith("Everybody else of the cadre: ")
    told = run("explain", problem, plan, "--tour", "7,3", "--json").json
    assert told["tour"]["staff"] == 7 and told["person"][0]["kind"]


def test_a_lonely_tour_has_nobody_else(run, full):
    file = json.loads(full[0].read_text("utf-8"))
    file["units"][0]["max_away"]["NOI"] = 1
    tour = {"staff": "lan", "station": "A", "skill": "NOI", "start": 2, "weeks": 1}
    full[0].write_text(json.dumps(file), "utf-8")
    full[1].write_text(json.dumps([tour]), "utf-8")
    ran = run("explain", *full, "--tour", "lan,3")
    assert ran.code == 0 and ran.out.splitlines()[-1] == "   không có"
    full[1].write_text(json.dumps([tour, tour]), "utf-8")
    assert run("explain", *full, "--tour", "lan,3").code == 12


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--station", "A"), 2, "--station, --skill"),
        (("--station", "A", "--skill", "NOI", "--week", 1, "--tour", "lan,1"), 2, "--station, --skill"),
        (("--out", "x.json"), 2, "--station, --skill"),
        (("--tour", "lan"), 2, "STAFF,WEEK"),
        (("--tour", "lan,x"), 2, "STAFF,WEEK"),
        (("--tour", "nobody,1"), 10, "Người nobody không có"),
        (("--tour", "lan,9"), 10, "không đi lượt nào ở tuần thứ 9"),
        (("--station", "Z", "--skill", "NOI", "--week", 1), 10, "Trạm Z không có"),
        (("--station", "A", "--skill", "Z", "--week", 1), 10, "Vai trò Z không có"),
        (("--station", "A", "--skill", "NOI", "--week", 9), 10, "Còn trống tại trạm này: 1, 2, 3, 4"),
        (("--station", "3", "--skill", "NOI", "--week", 1), 10, "Còn trống tại trạm này: —"),
    ],
)
def test_what_cannot_be_asked_ends_in_a_sentence(run, problem, empty, options, code, said):
    ran = run("explain", problem, empty, *options)
    assert ran.code == code and said in ran.err


def test_a_plan_is_wanted_unless_no_plan_can_be(run, problem):
    ran = run("explain", problem)
    assert ran.code == 2 and "PLAN" in ran.err


@pytest.fixture
def clash(tmp_path):
    """A problem whose locked tours clash: minh may go once."""
    lock = {"staff": "minh", "station": "A", "skill": "NOI", "weeks": 1}
    path = tmp_path / "clash.json"
    path.write_text(json.dumps({**TINY, "locked": [{**lock, "start": 0}, {**lock, "start": 3}]}), "utf-8")
    return path


CLASH = "2 lượt ghim không thể cùng giữ (R8)"
MEND = "cần bỏ ghim 1 lượt"


def test_locked_tours_that_clash_are_named_with_what_to_unlock(run, clash, empty, tmp_path):
    ran = run("explain", clash)
    assert ran.code == 12 and CLASH in ran.out and MEND in ran.out.splitlines()[-1]
    told = run("explain", clash, "--json")
    assert told.code == 12 and told.json["status"] == "infeasible" and len(told.json["clashes"]["mend"]) == 1


def test_rotate_and_check_name_them_too(run, clash, empty, tmp_path):
    ran = run("rotate", clash, "--work", 5, "--out", tmp_path / "plan.json")
    assert ran.code == 12 and "R8, minh" in ran.err and CLASH in ran.err and MEND in ran.err
    told = run("rotate", clash, "--work", 5, "--json")
    assert told.json["error"]["code"] == "Infeasible" and told.json["clashes"]["each"][0]["rules"] == ["R8"]
    ran = run("check", clash, empty)
    assert ran.code == 12 and CLASH in ran.out and MEND in ran.out
    assert run("check", clash, empty, "--json").json["clashes"]["each"][0]["rules"] == ["R8"]


@pytest.fixture
def second(tmp_path):
    """A problem of rotation/2, and a plan that goes against a preference."""
    file = tiny(schema="rotation/2")
    file["staff"][0]["preferences"] = [{"station": "A", "points": 5}]
    path, plan = tmp_path / "second.json", tmp_path / "second-plan.json"
    path.write_text(json.dumps(file), "utf-8")
    tours = [{"staff": "lan", "station": "A", "skill": "NOI", "start": 0, "weeks": 2}]
    plan.write_text(json.dumps(tours), "utf-8")
    return path, plan


def test_misses_are_told_and_fail_nothing(run, second, problem, plan):
    ran = run("check", *second)
    assert ran.code == 0 and "phương án vẫn đạt (1):\n  R12, lan" in ran.out
    told = run("check", *second, "--json").json
    assert told["ok"] and [row["rule"] for row in told["misses"]] == ["R12"] and "clashes" not in told
    assert run("check", problem, plan, "--json").json["misses"] == []


@pytest.mark.parametrize(("part", "points"), [("preference", 9), ("preference", 0), ("handover", 1)])
def test_points_of_preferences_and_handovers_that_are_not_so_are_a_breach(run, second, part, points):
    tours = json.loads(second[1].read_text("utf-8"))
    counted = run("check", *second, "--json").json["objective"]
    assert counted["preference"] == 10 and counted["handover"] == 0
    second[1].write_text(json.dumps({"assignments": tours, "objective": {**counted, part: points}}), "utf-8")
    ran = run("check", *second, "--json")
    assert ran.code == 12 and [row["fields"]["part"] for row in ran.json["breaches"]] == [part]


def test_a_part_that_the_problem_does_not_know_costs_nothing(run, problem, plan):
    told = json.loads(plan.read_text("utf-8"))
    for points, code in ((0, 0), (3, 12)):
        plan.write_text(json.dumps({**told, "objective": {**told["objective"], "preference": points}}), "utf-8")
        assert run("check", problem, plan).code == code
