"""A problem file is read whole or not at all: every finding at once, each at its path."""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rotation import test_read_second
from tests.worlds import NEED, files, tiny, tiny_problem
from tramyte.domain.errors import BadData
from tramyte.domain.messages import messages
from tramyte.domain.plan import Tour
from tramyte.rotation import read

LAN = {"staff": "lan", "station": "A", "skill": "NOI", "start": 0, "weeks": 2}
MISSING = object()


def _put(file: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The file with one value changed, or taken out; a path is written with dots."""
    file = deepcopy(file)
    *way, last = path.split(".")
    row: Any = file
    for step in way:
        row = row[int(step) if isinstance(row, list) else step]
    key = int(last) if isinstance(row, list) else last
    if value is MISSING:
        del row[key]
    else:
        row[key] = value
    return file


def _findings(data: Any) -> list[tuple[str, str]]:
    with pytest.raises(BadData) as caught:
        read.problem(data)
    for finding in caught.value.findings:
        assert finding.sentence("vi") and finding.sentence("en")
    return [(finding.code, finding.sheet) for finding in caught.value.findings]


# what is put where -> the one finding, and its place
BROKEN: list[tuple[str, Any, str, str]] = [
    ("schema", "rotation/3", "P101", "schema"),
    ("schema", MISSING, "P101", "schema"),
    ("staff", {}, "P102", "staff"),
    ("staff", MISSING, "P102", "staff"),
    ("stations.1.needs", None, "P102", "stations[1].needs"),
    ("units.0.durations", 2, "P102", "units[0].durations"),
    ("staff.0.skills", "NOI", "P102", "staff[0].skills"),
    ("staff.0.unavailable", 3, "P102", "staff[0].unavailable"),
    ("staff.0.prior_stations", "A", "P102", "staff[0].prior_stations"),
    ("locked", MISSING, "P102", "locked"),
    ("incumbent", {}, "P102", "incumbent"),
    ("stations.0.needs.0", "NOI", "P103", "stations[0].needs[0]"),
    ("units.0.max_away", [1], "P103", "units[0].max_away"),
    ("weights", [], "P103", "weights"),
    ("fair_target", None, "P103", "fair_target"),
    ("weeks", 0, "P104", "weeks"),
    ("weeks", "4", "P104", "weeks"),
    ("weeks", True, "P104", "weeks"),
    ("weeks", 4.0, "P104", "weeks"),
    ("weeks", 10**6, "P104", "weeks"),
    ("frozen_before", -1, "P104", "frozen_before"),
    ("units.0.durations", [0], "P104", "units[0].durations[0]"),
    ("units.0.durations", [1, "2"], "P104", "units[0].durations[1]"),
    ("units.1.max_away.2", -1, "P104", "units[1].max_away.2"),
    ("stations.0.needs.0.w_crit", 1.5, "P104", "stations[0].needs[0].w_crit"),
    ("stations.0.needs.0.end", None, "P104", "stations[0].needs[0].end"),
    ("stations.0.needs.0.count", MISSING, "P104", "stations[0].needs[0].count"),
    ("staff.1.rest_weeks", 10**10, "P104", "staff[1].rest_weeks"),
    ("staff.1.max_deployments", MISSING, "P104", "staff[1].max_deployments"),
    ("weights.fair1", -3, "P104", "weights.fair1"),
    ("weights.disruption", MISSING, "P104", "weights.disruption"),
    ("fair_target.H", "2", "P104", "fair_target.H"),
    ("locked", [{**LAN, "weeks": 0}], "P104", "locked[0].weeks"),
    ("stations.2.id", None, "P105", "stations[2].id"),
    ("stations.2.id", 1.5, "P105", "stations[2].id"),
    ("stations.2.id", True, "P105", "stations[2].id"),
    ("name", ["a"], "P106", "name"),
    ("skills.0.cadre", MISSING, "P106", "skills[0].cadre"),
    ("travel_note", 1.5, "P106", "travel_note"),
    ("units.0.max_away.XYZ", 1, "P107", "units[0].max_away.XYZ"),
    ("stations.0.needs.0.skill", "XYZ", "P107", "stations[0].needs[0].skill"),
    ("stations.0.needs.0.skill", MISSING, "P107", "stations[0].needs[0].skill"),
    ("staff.0.unit", "XYZ", "P107", "staff[0].unit"),
    ("staff.0.unit", ["H"], "P107", "staff[0].unit"),
    ("staff.2.skills.1", "XYZ", "P107", "staff[2].skills[1]"),
    ("staff.2.prior_stations", ["XYZ"], "P107", "staff[2].prior_stations[0]"),
    ("locked", [LAN, {**LAN, "staff": "XYZ"}], "P107", "locked[1].staff"),
    ("incumbent", [{**LAN, "station": None}], "P107", "incumbent[0].station"),
    ("incumbent", [{**LAN, "skill": 2.0}], "P107", "incumbent[0].skill"),
    ("staff.3.id", "7", "P108", "staff[3].id"),
    ("staff.0.id", "7", "P108", "staff[2].id"),
    ("stations.2.id", "A", "P108", "stations[2].id"),
    ("stations.0.needs.0.critical", 2, "P109", "stations[0].needs[0].critical"),
    ("stations.0.needs.0.end", 5, "P110", "stations[0].needs[0]"),
    ("stations.0.needs.0.start", 4, "P110", "stations[0].needs[0]"),
    ("staff.0.skills", [], "P111", "staff[0].skills"),
    ("staff.0.exempt", "no", "P112", "staff[0].exempt"),
    ("staff.2.unavailable.0", [3, 1], "P113", "staff[2].unavailable[0]"),
    ("staff.2.unavailable.0", [3], "P113", "staff[2].unavailable[0]"),
    ("staff.2.unavailable.0", ["a", "b"], "P113", "staff[2].unavailable[0]"),
    ("staff.2.unavailable.0", 3, "P113", "staff[2].unavailable[0]"),
    ("travel_min", MISSING, "P114", "travel_min"),
    ("travel_min", [[1, 2, 3]], "P114", "travel_min"),
    ("travel_min.1", [1, 2], "P114", "travel_min"),
    ("travel_min.1", "far", "P114", "travel_min"),
    ("travel_min.1.2", -1, "P115", "travel_min[1][2]"),
    ("travel_min.0.0", 1.5, "P115", "travel_min[0][0]"),
    ("fair_target.1", MISSING, "P116", "fair_target"),
    ("week0", "2026-01-06", "P117", "week0"),
    ("week0", "05/01/2026", "P117", "week0"),
    ("week0", 20260105, "P117", "week0"),
    ("locked", [{**LAN, "start": "1"}], "P118", "locked[0].start"),
    ("locked", [{**LAN, "start": 10**10}], "P118", "locked[0].start"),
]


@pytest.mark.parametrize(
    ("where", "value", "code", "path"),
    BROKEN,
    ids=lambda value: "missing" if type(value) is object else str(value)[:30],
)
def test_what_is_wrong_is_one_finding_at_its_path(where, value, code, path):
    assert _findings(_put(tiny(), where, value)) == [(code, path)]


def test_every_code_of_the_reader_has_a_broken_file():
    codes = {code for code in messages() if code.startswith("P1")}
    told = {code for _, _, code, _ in BROKEN} | {code for _, code, _ in test_read_second.BROKEN}
    assert codes == told | {"P100", "P119", "P120", "P121"}


def test_all_findings_are_told_at_once_in_the_order_of_the_file():
    file = tiny(weeks=0, locked=[{}], week0="soon", fair_target={})
    file["staff"][1] |= {"unit": "XYZ", "skills": [], "exempt": 1}
    del file["staff"][2]["id"], file["staff"][3]["id"]
    assert _findings(file) == [
        ("P104", "weeks"),
        ("P107", "staff[1].unit"), ("P111", "staff[1].skills"), ("P112", "staff[1].exempt"),
        ("P105", "staff[2].id"), ("P105", "staff[3].id"),
        ("P117", "week0"),
        ("P107", "locked[0].staff"), ("P107", "locked[0].station"), ("P107", "locked[0].skill"),
        ("P118", "locked[0].start"), ("P104", "locked[0].weeks"),
        ("P116", "fair_target"), ("P116", "fair_target"),
    ]  # fmt: skip


NO_JSON = {
    "empty": ("", "P100"), "cut": ("{", "P100"), "latin": (b"\xff\xfe\xfa", "P120"),
    "deep": ("[" * 100_000, "P121"), "long": ('{"weeks": ' + "9" * 5000 + "}", "P121"),
    "half a sign": ('{"name": "\\ud800"}', "P120"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "code"), NO_JSON.values(), ids=NO_JSON)
def test_what_is_no_json_is_one_finding(data, code):
    assert _findings(data) == [(code, "")]


def test_what_is_no_json_is_said_in_our_words_with_its_place():
    with pytest.raises(BadData) as caught:
        read.problem('{"weeks": 4,\n "name" 5}')
    (finding,) = caught.value.findings
    assert dict(finding.fields) == {"line": 2, "column": 9}
    assert finding.sentence("vi").startswith("P100 Tệp không phải JSON, sai từ dòng 2, cột 9.")


@pytest.mark.parametrize("data", ["[]", "4", "null", [], [1], 4])
def test_what_is_no_object_is_one_finding(data):
    assert _findings(data) == [("P103", "")]


def test_a_value_is_shown_as_the_file_has_it_and_not_too_long():
    with pytest.raises(BadData) as caught:
        read.problem(tiny(weeks="x" * 200))
    shown = caught.value.findings[0].fields["read"]
    assert shown.startswith('"xxx') and shown.endswith("...") and len(shown) == 60


def test_bytes_text_and_object_are_read_alike():
    text = json.dumps(tiny())
    assert read.problem(text) == read.problem(text.encode()) == read.problem(tiny()) == tiny_problem()


def test_what_may_be_left_out_may_be_left_out():
    file = tiny()
    for key in ("name", "week0"):
        del file[key]
    del file["skills"][0]["code"], file["units"][1]["code"], file["units"][1]["tier"]
    found = read.problem(file)
    assert (found.name, found.week0, found.incumbent, found.frozen_before) == ("", None, (), 0)
    assert (found.skills[0].code, found.units[1].code, found.units[1].tier) == ("NOI", "1", "")
    assert (found.staff[0].unavailable, found.staff[0].exempt, found.staff[0].prior_stations) == ((), False, ())


def test_what_is_given_is_read():
    file = tiny(incumbent=[LAN], frozen_before=2, travel_note="đường bộ", synthetic=True)
    file["units"][0]["durations"] = [2, 1, 2]
    found = read.problem(file)
    assert found.week0 == date(2026, 1, 5)
    assert (found.travel_note, found.synthetic, found.frozen_before) == ("đường bộ", True, 2)
    assert found.incumbent == (Tour("lan", "A", "NOI", 0, 2),)
    assert found.units[0].durations == (1, 2) and found.travel_min == ((60, 90, None), (30, 30, 30))
    assert found.staff[2].unavailable == ((0, 1),) and found.staff[2].prior_stations == ("B",)
    assert found.stations[0].needs[0].w_norm == NEED["w_norm"]


def test_ids_are_equal_as_text_and_written_back_in_the_type_of_the_file():
    row = {"staff": "7", "station": "3", "skill": "2", "start": 0, "weeks": 2}
    (tour,) = read.problem(tiny(locked=[row])).locked
    assert tour.to_json() == {"staff": 7, "station": 3, "skill": 2, "start": 0, "weeks": 2}


def test_a_plan_is_read_with_its_name_or_as_a_bare_list():
    problem = tiny_problem()
    tour = (Tour("lan", "A", "NOI", 0, 2),)
    plan = {"assignments": [LAN], "objective": {"total": 3}}
    assert read.tours(plan, problem) == read.tours([LAN], problem) == read.tours((LAN,), problem) == tour
    assert read.tours(json.dumps(plan), problem) == read.tours(json.dumps([LAN]).encode(), problem) == tour
    assert read.tours([], problem) == ()


@pytest.mark.parametrize(
    ("plan", "findings"),
    [
        ([{**LAN, "staff": "XYZ"}, {**LAN, "weeks": 0}], [("P107", "assignments[0].staff"),
                                                         ("P104", "assignments[1].weeks")]),
        ([LAN, 5], [("P103", "assignments[1]")]),
        ({"tours": []}, [("P102", "assignments")]),
        ("4", [("P102", "assignments")]),
        ("{", [("P100", "")]),
    ],
)  # fmt: skip
def test_a_plan_that_names_nobody_is_bad_data(plan, findings):
    with pytest.raises(BadData) as caught:
        read.tours(plan, tiny_problem())
    assert [(finding.code, finding.sheet) for finding in caught.value.findings] == findings


def test_a_locked_tour_that_breaks_a_rule_by_itself_is_a_warning():
    bad = {"staff": "hoa", "station": 3, "skill": "NOI", "start": -1, "weeks": 3}
    problem, warnings = read.problem_with_warnings(tiny(locked=[LAN, bad]))
    assert [(row.code, row.sheet, row.severity, row.fields["rule"]) for row in warnings] == [
        ("P201", "locked[1]", "warning", rule) for rule in ("R1", "R2", "R3", "R5")
    ]
    assert "hoa" in warnings[0].sentence("vi") and len(problem.locked) == 2
    away = {**LAN, "station": 3}
    assert [row.fields["rule"] for row in read.problem_with_warnings(tiny(locked=[away]))[1]] == ["R4"]
    sick = {"staff": 7, "station": "B", "skill": 2, "start": 0, "weeks": 2}
    assert [row.fields["rule"] for row in read.problem_with_warnings(tiny(locked=[sick]))[1]] == ["R6"]


def test_a_locked_tour_before_the_frozen_week_is_no_warning():
    assert read.problem_with_warnings(tiny(locked=[LAN], frozen_before=2))[1] == ()


@given(st.booleans().flatmap(lambda second: files(second=second)))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_problem_comes_back_as_it_was_written(file):
    problem = read.problem(file)
    written = read.to_json(problem)
    again = read.problem(json.dumps(written))
    assert again == problem
    assert read.to_json(again) == written
    assert written["schema"] == file["schema"]


def test_unknown_keys_are_kept_at_every_level():
    file = tiny(seed=1, stats={"a": 1}, locked=[{**LAN, "why": "word"}])
    file["units"][1] |= {"x": 1.5, "headcount": {"2": 3}}
    file["stations"][0] |= {"points": [[1.0, 2.0]], "population": 5}
    file["stations"][0]["needs"][0] = {**NEED, "source": "norm"}
    file["staff"][2]["note"] = None
    file["weights"]["w_crit"] = 1000
    written = read.to_json(read.problem(file))

    def holds(small: Any, big: Any) -> bool:
        if isinstance(small, dict):
            return all(key in big and holds(value, big[key]) for key, value in small.items())
        if isinstance(small, list):
            return len(small) == len(big) and all(holds(*pair) for pair in zip(small, big, strict=True))
        return bool(small == big)

    assert holds(file, written)


def test_what_a_problem_no_longer_has_is_not_written():
    problem = read.problem(tiny(incumbent=[LAN], frozen_before=2, travel_note="x", synthetic=True))
    bare = replace(problem, incumbent=(), frozen_before=0, week0=None, travel_note="", synthetic=False)
    assert read.problem(read.to_json(bare)) == bare
    fewer = replace(problem, staff=problem.staff[:1], stations=problem.stations[1:], travel_min=((1, 2), (3, 4)),
                    incumbent=())  # fmt: skip
    assert read.problem(read.to_json(fewer)) == fewer


def test_a_file_that_is_wrong_all_over_is_put_down_after_enough_findings():
    file = tiny(staff=[{}] * 50_000)
    with pytest.raises(BadData) as raised:
        read.problem(file)
    assert len(raised.value.findings) == 5_001
    assert raised.value.findings[-1].code == "P119"
