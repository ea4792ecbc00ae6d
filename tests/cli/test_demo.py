"""`tramyte demo`: the whole way in one folder."""

import json

import pytest

from tramyte.exchange import workbook

FILES = {"province.xlsx", "need.json", "problem.json", "plan.json", "plan.xlsx", "quyet-dinh.docx", "quyet-dinh.pdf"}


def test_the_demo_leaves_every_file_and_a_summary(run, tmp_path, monkeypatch):
    monkeypatch.setenv("DEMO_SERVE", "0")
    out = tmp_path / "demo"
    (out / "lich").mkdir(parents=True)
    (out / "lich" / "old.ics").write_text("")
    ran = run("demo", "--out", out, "--seconds", 3)
    assert ran.code == 0, ran.err
    assert {path.name for path in out.iterdir()} == FILES | {"lich"}
    people = {tour["staff"] for tour in json.loads((out / "plan.json").read_text("utf-8"))["assignments"]}
    assert {path.stem.upper() for path in (out / "lich").iterdir()} == people
    words = ["SỐ BÁC SĨ TẠI TRẠM", "PHƯƠNG ÁN CỬ NGƯỜI", "SỐ LIỆU GIẢ LẬP", "Kiểm tra độc lập", "CÁC TỆP"]
    places = [ran.out.index(word) for word in words]
    assert places == sorted(places) and all(str(out / name) in ran.out for name in FILES)
    assert [line[:3] for line in ran.err.splitlines() if line[1:3] == "/5"] == ["1/5", "2/5", "3/5", "4/5", "5/5"]
    register, _ = workbook.read((out / "province.xlsx").read_bytes(), filename="province.xlsx")
    assert len(register.communes) == 45
    assert run("check", out / "province.xlsx", out / "plan.json").code == 0
    assert json.loads((out / "need.json").read_text("utf-8"))["doctors"]["communes"] == 45


@pytest.mark.long
def test_the_demo_tells_a_program_one_object(run, tmp_path):
    told = run("demo", "--province", "tuyên quang", "--out", tmp_path / "d", "--seconds", 3, "--json").json
    assert told["check"]["ok"] and told["doctors"]["total"] == 258 and told["synthetic"]
    assert all((tmp_path / "d").joinpath(name).exists() for name in FILES) and len(told["files"]) > len(FILES)


def test_a_place_that_sends_nobody_is_refused_before_anything_is_written(run, tmp_path):
    ran = run("demo", "--province", "15724", "--out", tmp_path / "d")
    assert ran.code == 10 and not (tmp_path / "d").exists()


def test_a_plan_that_does_not_hold_ends_the_demo(run, tmp_path, monkeypatch):
    from tramyte.cli import demo, plans
    from tramyte.domain.finding import Breach

    monkeypatch.setattr(plans, "solve", lambda problem, **_: _empty(problem))
    monkeypatch.setattr(demo, "_need", lambda *_: None)
    real, calls = plans.checked, []

    def second_thoughts(problem, stated):
        calls.append(1)
        return (
            real(problem, stated) if len(calls) == 1 else (None, [Breach("bound", fields={"stated": 1, "counted": 0})])
        )

    monkeypatch.setattr(plans, "checked", second_thoughts)
    assert run("demo", "--out", tmp_path / "d").code == 12


def _empty(problem):
    from tramyte.domain.plan import Plan
    from tramyte.rotation.check import objective

    tours = problem.locked_set
    cost = objective(problem, tours)
    return Plan(tours, cost, cost.total, "optimal", 0.0, 0)
