"""`tramyte rotate FOLDER`: every province has its own plan, and one that fails stops no other."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.cli.slow import slow_problem
from tests.worlds import TINY
from tramyte.cli import nation, province
from tramyte.cli.province import Task
from tramyte.domain.finding import Breach
from tramyte.rotation import read
from tramyte.rotation.check import check

POSIX = pytest.mark.skipif(os.name != "posix", reason="sends a signal the POSIX way")
LOCK = {"staff": "minh", "station": "A", "skill": "NOI", "weeks": 1}
CLASH = [{**LOCK, "start": 0}, {**LOCK, "start": 3}]


@pytest.fixture
def folder(tmp_path):
    """Two provinces to plan, one whose locked tours clash, one that is no problem, and files that are none of these."""
    source = tmp_path / "in"
    source.mkdir()
    for name, file in {
        "a": {**TINY, "name": "An"},
        "b": {**TINY, "name": "Bình", "weeks": 4},
        "clash": {**TINY, "name": "Clash", "locked": CLASH},
        "bad": {"schema": "rotation/1", "weeks": 0},
    }.items():
        (source / f"{name}.json").write_text(json.dumps(file), "utf-8")
    (source / "read me.txt").write_text("not a province", "utf-8")
    (source / "~$a.xlsx").write_bytes(b"a lock of Excel")
    (source / "summary.json").write_text("{}", "utf-8")
    return source


def test_good_provinces_are_planned_whatever_the_others_are(run, folder, tmp_path):
    out = tmp_path / "out"
    ran = run("rotate", folder, "--work", 20000, "--seed", 1, "--out", out, "--json")
    assert ran.code == 10
    assert {path.name for path in out.iterdir()} == {"a.json", "b.json", "summary.json"}
    rows = {row["file"]: row for row in ran.json["provinces"]}
    states = {name: row["status"] for name, row in rows.items()}
    assert states == {"a.json": "optimal", "b.json": "optimal", "bad.json": "bad data", "clash.json": "infeasible"}
    for name, world in (("a.json", rows["a.json"]), ("b.json", rows["b.json"])):
        problem, plan = read.problem((folder / name).read_bytes()), json.loads((out / name).read_text("utf-8"))
        assert not check(problem, read.tours(plan, problem))
        assert (world["objective"], world["bound"]) == (plan["objective"]["total"], plan["bound"])
        assert (world["people"], world["stations"], world["plan"]) == (4, 3, name)
        assert {"critical", "unmet", "seconds", "gap"} <= world.keys()
    total = ran.json["total"]
    assert total["provinces"] == 4 and total["planned"] == 2 and total["objective"] == 2 * rows["a.json"]["objective"]
    assert {row["code"] for row in ran.json["findings"]["bad.json"]} >= {"P104", "P102"}
    assert ran.json["findings"]["clash.json"][0]["rule"] == "R8"
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert summary["total"] == total and summary["provinces"] == ran.json["provinces"]


def test_the_same_seed_and_work_give_the_plan_of_a_single_run(run, folder, tmp_path):
    for name in ("bad", "clash", "b"):
        (folder / f"{name}.json").unlink()
    run("rotate", folder, "--work", 20000, "--seed", 1, "--out", tmp_path / "out", "--workers", 1)
    run("rotate", folder / "a.json", "--work", 20000, "--seed", 1, "--out", tmp_path / "a.json")
    plans = [json.loads(path.read_text("utf-8")) for path in (tmp_path / "out" / "a.json", tmp_path / "a.json")]
    assert plans[0]["assignments"] == plans[1]["assignments"] and plans[0]["bound"] == plans[1]["bound"]


def test_the_table_tells_every_province_and_the_totals(run, folder, small, tmp_path):
    (folder / "bad.json").unlink()
    (folder / "a.xlsx").write_bytes(small)
    out = tmp_path / "out"
    ran = run("rotate", folder, "--seconds", 6, "--seed", 1, "--out", out)
    assert ran.code == 12
    assert {path.name for path in out.iterdir()} == {"a.json.json", "a.xlsx.json", "b.json", "summary.json"}
    lines = ran.out.splitlines()
    assert "Tỉnh" in lines[0] and "Khoảng cách" in lines[0]
    assert any(line.startswith("  An ") and ("tốt nhất" in line or "hết giới hạn" in line) for line in lines)
    assert any("Clash" in line and "lượt ghim mâu thuẫn" in line and "—" in line for line in lines)
    assert any("Tất cả (đã xếp 3/4)" in line for line in lines)
    assert "R8, minh" in ran.err and "W510" in ran.err and "Đã ghi" in ran.out


def test_what_cannot_be_asked_of_a_folder_is_told(run, folder, tmp_path):
    out = tmp_path / "out"
    assert run("rotate", folder, "--work", 5).code == 2
    assert run("rotate", folder, "--work", 5, "--out", out, "--out", tmp_path / "more").code == 2
    for name in ("--problem-out", "--certificate"):
        ran = run("rotate", folder, "--work", 5, "--out", out, name, tmp_path / "x.json")
        assert ran.code == 2 and name in ran.err
    assert run("rotate", folder, "--work", 5, "--out", folder).code == 10
    (tmp_path / "file").write_text("", "utf-8")
    assert run("rotate", folder, "--work", 5, "--out", tmp_path / "file").code == 10
    empty = tmp_path / "empty"
    empty.mkdir()
    ran = run("rotate", empty, "--work", 5, "--out", out)
    assert ran.code == 10 and ".xlsx" in ran.err


@POSIX
def test_ctrl_c_keeps_what_is_done_and_the_best_of_what_is_at_work(tmp_path):
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    (source / "first.json").write_text(json.dumps(TINY), "utf-8")
    for name in ("second", "third", "fourth"):
        (source / f"{name}.json").write_text(json.dumps({**slow_problem(), "name": name}), "utf-8")
    command = [sys.executable, "-m", "tramyte.cli", "rotate", "in", "--seconds", "120", "--out", "out", "--lang", "en"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stderr
        for line in process.stderr:
            if "1 of 4 provinces done" in line:
                break
        os.killpg(process.pid, signal.SIGINT)  # a terminal tells every process of the group
        told, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    states = [row["status"] for row in json.loads((out / "summary.json").read_text("utf-8"))["provinces"]]
    assert states[0] == "optimal" and states.count("stopped") == 2 and states.count("not begun") == 1
    assert "Traceback" not in err and "not begun" in told and len(list(out.iterdir())) == 4


def test_a_process_that_dies_costs_its_own_province_only(tmp_path):
    paths = [tmp_path / f"{name}.json" for name in "ab"]
    for path in paths:
        path.write_text(json.dumps(TINY), "utf-8")
    with nation._hands(1) as (hands, start, halt):
        whole = nation.Nation(tmp_path, nation.Limits(None, 20_000, 0, 1), hands, start, halt)
        hands[0].process.terminate()
        hands[0].process.join()
        seen: list[nation.Seen] = []
        whole.plan(paths, threading.Event(), seen.append)
    assert whole.found[paths[0]].row["status"] == "failed" and whole.found[paths[0]].findings[0].code == "C212"
    assert whole.found[paths[1]].row["status"] == "optimal"
    assert nation._exit(whole.found) == 1
    assert all("provinces done" in words.words("en") for words in seen)


def test_a_bug_keeps_its_traceback_and_stops_no_other(monkeypatch, tmp_path, capsys):
    def broken(*_, **__):
        raise ZeroDivisionError("a bug")

    path = tmp_path / "a.json"
    path.write_text(json.dumps(TINY), "utf-8")
    monkeypatch.setattr(province, "solve", broken)
    done = province.done(Task(path, tmp_path / "plan.json", work=5), threading.Event(), lambda _: None)
    assert done.is_bad and "a bug" in done.trace and done.row["status"] == "failed"
    summary = nation._summary({path: done}, [path], 1.0)
    nation._tell({path: done}, summary, "en")
    assert "ZeroDivisionError" in capsys.readouterr().err and nation._exit({path: done}) == 1


def test_a_solver_that_breaks_a_rule_writes_nothing(monkeypatch, tmp_path):
    path, out = tmp_path / "a.json", tmp_path / "plan.json"
    path.write_text(json.dumps(TINY), "utf-8")
    breach = Breach("objective", fields={"part": "total", "stated": 1, "counted": 2})
    monkeypatch.setattr(province, "check", lambda *_: [breach])
    done = province.done(Task(path, out, work=5), threading.Event(), lambda _: None)
    assert done.breaches == (breach,) and done.row["status"] == "infeasible" and not out.exists()


def test_a_province_tells_its_gap_at_most_every_second(tmp_path):
    path = tmp_path / "slow.json"
    path.write_text(json.dumps(slow_problem(people=20, stations=8)), "utf-8")
    gaps: list[float] = []
    began = time.monotonic()
    done = province.done(Task(path, tmp_path / "plan.json", seconds=2.5), threading.Event(), gaps.append)
    assert not done.is_bad and 1 <= len(gaps) <= 2 + time.monotonic() - began


def test_shares_follow_size_and_unused_time_goes_to_those_that_wait():
    for loads in ([1, 1, 2, 4], [5, 5, 5], [1], [1, 100]):
        clock, free, end = 0.0, [0.0, 0.0], 100.0
        shares = []
        for index in range(len(loads)):
            first = free.index(min(free))
            clock = free[first]
            share = nation.fair_share(free, loads[index:], first=first, end=end, late=0.5)
            free[first] = clock + share + 0.5
            shares.append(share)
        assert max(free) <= end + 1e-6 and min(shares) > 0
        assert len(loads) > 2 or shares == pytest.approx([99.5] * len(loads))
    assert nation.fair_share([100.0], [3, 4], first=0, end=100.0, late=0.0) == nation.LEAST
    early = nation.fair_share([10.0], [1, 1], first=0, end=100.0, late=0.0)
    assert early > nation.fair_share([40.0], [1, 1], first=0, end=100.0, late=0.0)


def test_plans_are_named_after_their_provinces():
    paths = [Path(name) for name in ("hue.json", "Hue.xlsx", "summary.xlsx", "vinh.xlsx")]
    assert list(nation._names(paths).values()) == ["hue.json.json", "Hue.xlsx.json", "summary.xlsx.json", "vinh.json"]
