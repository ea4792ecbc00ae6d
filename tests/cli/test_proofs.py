"""`tramyte rotate --certificate` and `tramyte verify`."""

import json
import time

import pytest

from tests.cli.slow import slow_problem
from tests.worlds import TINY
from tramyte.rotation import read
from tramyte.rotation.certificate import certified


@pytest.fixture
def files(run, problem, tmp_path):
    """A problem, its plan and its certificate."""
    plan, cert = tmp_path / "plan.json", tmp_path / "cert.json"
    assert run("rotate", problem, "--work", 50, "--seed", 1, "--out", plan, "--certificate", cert).code == 0
    return problem, plan, cert


def _change(path, **keys):
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **keys}), "utf-8")


def test_a_plan_comes_with_the_prices_that_prove_it(run, files):
    cert = json.loads(files[2].read_text("utf-8"))
    assert cert["schema"] == "rotation-cert/1" and set(cert) == {"schema", "scale", "cover", "away", "bound"}
    assert all(set(row) == {"station", "skill", "week", "price"} and row["price"] > 0 for row in cert["cover"])
    told = run("verify", *files, "--json")
    assert told.code == 0 and told.json["ok"] and told.json["bound"] == cert["bound"] <= told.json["objective"]
    assert told.json["objective"] == json.loads(files[1].read_text("utf-8"))["objective"]["total"]
    assert told.json["gap"] == (told.json["objective"] - cert["bound"]) / told.json["objective"]


def test_both_bounds_are_told_in_words(run, files):
    assert "Chỉ bằng chứng chỉ" in run("verify", *files).out
    plan = json.loads(files[1].read_text("utf-8"))
    _change(files[2], cover=[], away=[], bound=-1)
    weaker = run("verify", *files, "--lang", "en")
    assert weaker.code == 0 and f"states a stronger bound, {plan['bound']}" in weaker.out
    _change(files[1], bound=-1, gap=(plan["objective"]["total"] + 1) / plan["objective"]["total"], status="feasible")
    assert "which the certificate proves" in run("verify", *files, "--lang", "en").out
    files[1].write_text(json.dumps(plan["assignments"]), "utf-8")
    assert "plan file" not in run("verify", *files, "--lang", "en").out


def test_a_certificate_that_states_more_than_it_proves_ends_in_a_sentence(run, files):
    bound = json.loads(files[2].read_text("utf-8"))["bound"]
    _change(files[2], bound=bound + 1)
    ran = run("verify", *files, "--json", "--lang", "en")
    assert ran.code == 12 and not ran.json["ok"] and ran.json["bound"] == bound
    assert f"states the bound {bound + 1}; its prices prove {bound} only" in ran.json["breaches"][0]["text"]
    _change(files[2], bound=bound - 1)
    assert run("verify", *files).code == 0


def test_a_plan_that_breaks_a_rule_or_states_another_objective_ends_in_a_sentence(run, files):
    plan = json.loads(files[1].read_text("utf-8"))
    _change(files[1], objective={**plan["objective"], "total": 1})
    ran = run("verify", *files, "--json")
    assert ran.code == 12 and "objective" in {row["rule"] for row in ran.json["breaches"]}
    _change(files[1], **{**plan, "assignments": plan["assignments"] * 2})
    ran = run("verify", *files)
    assert ran.code == 12 and "R7" in ran.out


def test_a_bad_certificate_tells_every_finding(run, files):
    _change(files[2], scale=0, cover=[{"station": "A", "skill": "NOI", "week": 0, "price": -1}])
    ran = run("verify", *files)
    assert ran.code == 10 and "scale" in ran.err and "cover[0].price" in ran.err
    assert run("verify", files[0], files[1], files[1]).code == 10


def test_a_problem_that_the_proof_does_not_know_is_refused_before_it_is_planned(run, files, tmp_path, monkeypatch):
    monkeypatch.setattr("tramyte.rotation.read.to_json", lambda problem: {**TINY, "schema": "rotation/2"})
    ran = run("rotate", files[0], "--seconds", 60, "--out", tmp_path / "p.json", "--certificate", tmp_path / "c.json")
    assert ran.code == 10 and "C201" in ran.err and not (tmp_path / "c.json").exists()
    assert run("verify", *files).code == 10


def test_a_workbook_is_a_problem_too(run, small, tmp_path):
    book, plan, cert = tmp_path / "book.xlsx", tmp_path / "plan.json", tmp_path / "cert.json"
    book.write_bytes(small)
    assert run("rotate", book, "--work", 50, "--out", plan, "--certificate", cert).code == 0
    ran = run("verify", book, plan, cert, "--json")
    assert ran.code == 0 and ran.json["bound"] <= ran.json["objective"]
    assert any(finding["code"] == "W510" for finding in ran.json["findings"])


def test_sixty_people_take_a_moment():
    problem = read.problem(slow_problem())
    cover = {
        (str(station.id), str(need.skill), week): 300
        for station in problem.stations
        for need in station.needs
        for week in range(need.start, need.end)
    }
    began = time.process_time()
    assert certified(problem, scale=1, cover=cover, away={}).bound < 10**6
    assert time.process_time() - began < 5
