"""`tramyte rotate --tiers`, and what a re-plan changes."""

import json

import pytest

from tests.worlds import tiny

LAN = {"staff": "lan", "station": "A", "skill": "NOI", "start": 0, "weeks": 2}


@pytest.fixture
def replan(tmp_path):
    """A problem whose doctor of the plan in force has fallen ill."""
    file = tiny(incumbent=[LAN])
    file["staff"][0]["unavailable"] = [[0, 4]]
    path = tmp_path / "replan.json"
    path.write_text(json.dumps(file), "utf-8")
    return path


def test_tiers_are_told_each_with_its_proof(run, problem, tmp_path):
    plan = tmp_path / "plan.json"
    ran = run("rotate", problem, "--work", 20000, "--tiers", "--out", plan, "--lang", "en")
    assert ran.code == 0
    assert "Critical shortage: " in ran.out
    assert ran.out.count("proved to be the least") == 3
    assert run("check", problem, plan).code == 0
    told = run("rotate", problem, "--work", 20000, "--tiers", "--json").json
    assert [tier["tier"] for tier in told["tiers"]["each"]] == ["critical", "normal", "rest"]
    assert sum(tier["value"] for tier in told["tiers"]["each"]) == told["objective"]["total"]


def test_tiers_have_no_certificate_and_no_folder(run, problem, tmp_path):
    out = tmp_path / "plan.json"
    ran = run("rotate", problem, "--tiers", "--out", out, "--certificate", tmp_path / "cert.json", "--lang", "en")
    assert ran.code == 2 and "do not go together" in ran.err
    (tmp_path / "all").mkdir()
    ran = run("rotate", tmp_path / "all", "--tiers", "--out", tmp_path / "plans", "--lang", "en")
    assert ran.code == 2 and "--tiers is for one problem" in ran.err


def test_a_replan_tells_what_changes_and_why(run, replan, tmp_path):
    ran = run("rotate", replan, "--work", 50, "--out", tmp_path / "plan.json", "--lang", "en")
    assert ran.code == 0
    assert "Of the plan in force 0 tours stand, 1 cannot stand any more" in ran.out
    assert "no longer goes to A (NOI, 1–2): lan is not available" in ran.out
    told = run("rotate", replan, "--work", 50, "--json").json
    assert told["changes"]["lost"] == 1
    assert told["changes"]["each"][0]["before"] == LAN


def test_a_plan_without_one_in_force_tells_no_changes(run, problem):
    assert "changes" not in run("rotate", problem, "--work", 50, "--json").json


def test_the_plan_file_tells_tiers_and_changes_as_a_program_is_told(run, replan, tmp_path):
    plan = tmp_path / "plan.json"
    told = run("rotate", replan, "--work", 20000, "--tiers", "--out", plan, "--json").json
    written = json.loads(plan.read_text("utf-8"))
    assert {"tiers", "changes"} <= set(written)
    assert {**written, "findings": told["findings"], "files": told["files"]} == told
    assert run("check", replan, plan).code == 0
    run("rotate", replan, "--work", 50, "--out", plan, "--out", tmp_path / "plan.xlsx", "--lang", "en")
    written = json.loads(plan.read_text("utf-8"))
    assert "tiers" not in written
    assert written["changes"]["text"].startswith("Of the plan in force 0 tours stand")


def test_a_plan_file_without_tiers_or_changes_tells_neither(run, problem, tmp_path):
    plan = tmp_path / "plan.json"
    run("rotate", problem, "--work", 50, "--out", plan)
    assert not {"tiers", "changes"} & set(json.loads(plan.read_text("utf-8")))


def test_only_the_first_changes_are_shown(run, replan, tmp_path, monkeypatch):
    monkeypatch.setattr("tramyte.cli.screen.SHOWN", 0)
    ran = run("rotate", replan, "--work", 50, "--out", tmp_path / "plan.json", "--lang", "en")
    assert "more changes; the plan as JSON has them all" in ran.out
