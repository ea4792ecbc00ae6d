"""Certificates go into files and come back, and a file that is none says everything that is wrong with it."""

import json

import pytest

from tests.worlds import tiny, tiny_problem
from tramyte.domain.errors import BadData, Infeasible
from tramyte.rotation import certificate as certificates
from tramyte.rotation.certificate import Certificate, certified, solved, verified


def _own():
    return certified(
        tiny_problem(),
        scale=64,
        cover={("A", "NOI", 0): 64 * 1100, ("3", "2", 3): 5, ("B", "2", 1): 0},
        away={("1", "2", 2): 7, ("H", "NOI", 0): 0},
    )


def test_ids_are_written_in_the_type_of_the_problem_file_and_zeros_left_out():
    assert _own().to_json(tiny_problem()) == {
        "schema": "rotation-cert/1",
        "scale": 64,
        "cover": [
            {"station": "A", "skill": "NOI", "week": 0, "price": 70400},
            {"station": 3, "skill": 2, "week": 3, "price": 5},
        ],
        "away": [{"unit": 1, "skill": 2, "week": 2, "price": 7}],
        "bound": _own().bound,
    }


def test_a_certificate_comes_back_from_its_file():
    problem = tiny_problem()
    file = _own().to_json(problem)
    for data in (file, json.dumps(file), json.dumps(file).encode()):
        assert certificates.read(data, problem) == _own()


def test_every_finding_is_told_at_once():
    file = {
        "schema": "rotation-cert/1",
        "scale": 0,
        "cover": [
            {"station": "X", "skill": "NOI", "week": 0, "price": 1},
            {"station": "A", "skill": "?", "week": 4, "price": -1},
            {"station": "A", "skill": "NOI", "week": 1, "price": 0.5},
            {"station": "A", "skill": "NOI", "week": 2, "price": 3},
            {"station": "A", "skill": "NOI", "week": 2, "price": 3},
            7,
        ],
        "bound": None,
    }
    with pytest.raises(BadData) as raised:
        certificates.read(file, tiny_problem())
    assert [(finding.sheet, finding.code) for finding in raised.value.findings] == [
        ("scale", "P104"), ("cover[5]", "P103"), ("cover[0].station", "P107"), ("cover[1].skill", "P107"),
        ("cover[1].week", "P104"), ("cover[1].price", "P104"), ("cover[2].price", "P104"), ("cover[4]", "C202"),
        ("away", "P102"), ("bound", "P104"),
    ]  # fmt: skip


@pytest.mark.parametrize("data", ["[]", "{", b"\xff", "{}", json.dumps(tiny())])
def test_another_file_is_no_certificate(data):
    with pytest.raises(BadData) as raised:
        certificates.read(data, tiny_problem())
    assert len(raised.value.findings) == 1
    assert data != "{}" or raised.value.findings[0].code == "C200"


def test_a_problem_that_the_proof_does_not_know_is_refused(monkeypatch):
    file = {**tiny(), "schema": "rotation/2"}
    monkeypatch.setattr("tramyte.rotation.read.to_json", lambda problem: file)
    with pytest.raises(BadData) as raised:
        certified(tiny_problem(), scale=1, cover={}, away={})
    assert raised.value.findings[0].code == "C201"


def test_a_solved_problem_has_a_plan_and_its_certificate():
    problem = tiny_problem()
    plan, own = solved(problem, work=50, seed=1)
    assert isinstance(own, Certificate) and own.scale >= 1
    assert all(type(price) is int and price > 0 for price in (*own.cover.values(), *own.away.values()))
    assert verified(problem, plan.assignments, certificate=own) == (own.bound, plan.objective.total)


def test_locked_tours_that_clash_have_no_certificate():
    lock = {"staff": "minh", "station": "A", "skill": "NOI", "weeks": 1}
    with pytest.raises(Infeasible):
        solved(tiny_problem(locked=[{**lock, "start": 0}, {**lock, "start": 3}]), work=5)
