"""Files of rotation/2: preferences, handovers and groups are read, told where they are wrong, and written back."""

from dataclasses import replace
from typing import Any

import pytest

from tests.worlds import NEED, TINY, tiny, tiny_problem
from tramyte.domain.errors import BadData
from tramyte.rotation import read
from tramyte.rotation.problem import Preference

WISH = {"station": "A", "start": 1, "end": 3, "points": 5}


def second(**changes: Any) -> dict[str, Any]:
    """The tiny file as rotation/2."""
    return tiny(schema="rotation/2", **changes)


def wishing(*wishes: Any) -> dict[str, Any]:
    """The tiny file in which Lan has preferences."""
    return second(staff=[{**TINY["staff"][0], "preferences": list(wishes)}, *TINY["staff"][1:]])


def handing(handover: Any, **need: Any) -> dict[str, Any]:
    """The tiny file in which station A asks for a handover."""
    return second(stations=[{"id": "A", "needs": [{**NEED, "handover": handover, **need}]}, *TINY["stations"][1:]])


PLACE = "staff[0].preferences[0]"
# the file -> the one finding, and its place
BROKEN: list[tuple[dict[str, Any], str, str]] = [
    (wishing(5), "P103", PLACE),
    (wishing({**WISH, "points": 1.5}), "P104", f"{PLACE}.points"),
    (wishing({"station": "A"}), "P104", f"{PLACE}.points"),
    (wishing({**WISH, "start": -1}), "P104", f"{PLACE}.start"),
    (wishing({**WISH, "station": "Z"}), "P107", f"{PLACE}.station"),
    (wishing({**WISH, "end": 5}), "P122", PLACE),
    (wishing({**WISH, "start": 3}), "P122", PLACE),
    (wishing({"points": 1, "start": 4}), "P122", PLACE),
    (second(staff=[{**TINY["staff"][0], "preferences": {}}, *TINY["staff"][1:]]), "P102", "staff[0].preferences"),
    (handing(-1), "P104", "stations[0].needs[0].handover"),
    (handing("1"), "P104", "stations[0].needs[0].handover"),
    (second(weights={**TINY["weights"], "handover": None}), "P104", "weights.handover"),
    (second(apart="lan"), "P102", "apart"),
    (second(together=None), "P102", "together"),
    (second(apart=["lan"]), "P102", "apart[0]"),
    (second(apart=[[]]), "P123", "apart[0]"),
    (second(together=[["lan"]]), "P123", "together[0]"),
    (second(apart=[["lan", "Z"]]), "P107", "apart[0][1]"),
    (second(together=[["lan", "minh", "lan"]]), "P124", "together[0]"),
    (second(apart=[[7, "7"]]), "P124", "apart[0]"),
    (second(together=[["lan", "minh"], [7, "lan"]]), "P125", "together[1]"),
    (second(together=[["lan", "minh"]], apart=[["hoa", 7], [7, "minh", "lan"]]), "P126", "apart[1]"),
]


def _findings(file: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(BadData) as caught:
        read.problem(file)
    for finding in caught.value.findings:
        assert finding.sentence("vi") and finding.sentence("en")
    return [(finding.code, finding.sheet) for finding in caught.value.findings]


@pytest.mark.parametrize(("file", "code", "path"), BROKEN, ids=lambda value: str(value)[:20])
def test_what_is_wrong_is_one_finding_at_its_path(file, code, path):
    assert _findings(file) == [(code, path)]


def test_all_findings_are_told_at_once():
    file = second(apart=[[], ["lan", "Z"]], together=[["lan", "lan"]], weights={**TINY["weights"], "handover": -1})
    assert _findings(file) == [
        ("P104", "weights.handover"), ("P123", "apart[0]"), ("P107", "apart[1][1]"), ("P124", "together[0]"),
    ]  # fmt: skip


def test_a_wrong_length_of_the_campaign_is_not_told_again_for_each_preference():
    assert _findings({**wishing(WISH), "weeks": 0}) == [("P104", "weeks")]


def test_a_preference_without_station_and_weeks_holds_always_and_everywhere():
    problem = read.problem(wishing({"points": -3}, {**WISH, "station": None}, WISH))
    assert problem.staff[0].preferences == (Preference(None, 0, 4, -3), Preference(None, 1, 3, 5),
                                            Preference("A", 1, 3, 5))  # fmt: skip
    assert problem.staff[1].preferences == ()


def test_groups_and_handovers_are_found_by_the_text_of_an_id():
    file = {**handing(1), "apart": [["lan", "7"]], "together": [["minh", "hoa"]]}
    file["weights"]["handover"] = 30
    problem = read.problem(file)
    assert problem.apart == (("lan", 7),) and problem.together == (("minh", "hoa"),)
    assert problem.apart_of == {"lan": (0,), "7": (0,)}
    assert problem.mates == {"minh": ("hoa",), "hoa": ("minh",)}
    assert list(problem.handovers) == [("A", "NOI")] and problem.handover_price == 30


def test_a_file_of_the_first_format_keeps_the_new_keys_and_ignores_them():
    file = {**handing(1), "schema": "rotation/1", "apart": [["lan", "Z"]], "together": 5}
    file["staff"][0]["preferences"] = "none"
    file["weights"]["handover"] = "word"
    problem = read.problem(file)
    assert problem == tiny_problem() and problem.version == 1 and problem.handovers == {}
    written = read.to_json(problem)
    assert written["schema"] == "rotation/1" and (written["apart"], written["together"]) == ([["lan", "Z"]], 5)
    assert written["staff"][0]["preferences"] == "none" and "preferences" not in written["staff"][1]
    assert written["stations"][0]["needs"][0]["handover"] == 1
    assert written["weights"]["handover"] == "word"


def test_a_problem_that_comes_to_use_the_second_format_is_written_in_it():
    file = {**handing(1), "schema": "rotation/1", "apart": [["lan", "Z"]], "together": 5}
    file["staff"][0]["preferences"] = "none"
    file["weights"]["handover"] = "word"
    problem = replace(read.problem(file), apart=(("lan", "minh"),))
    written = read.to_json(problem)
    assert problem.version == 2 and written["schema"] == "rotation/2" and written["apart"] == [["lan", "minh"]]
    assert "together" not in written and "handover" not in written["weights"]
    assert read.problem(written) == problem


@pytest.mark.parametrize("changes", [
    {"weights": {**TINY["weights"], "handover": 1}}, {"together": (("lan", "minh"),)},
    {"staff": (replace(tiny_problem().staff[0], preferences=(Preference(None, 0, 1, 1),)),)},
    {"stations": (replace(tiny_problem().stations[0], needs=(replace(tiny_problem().stations[0].needs[0],
                                                                     handover=1),)),)},
])  # fmt: skip
def test_each_of_its_features_makes_a_problem_one_of_the_second_format(changes):
    assert tiny_problem().version == 1
    assert replace(tiny_problem(), **changes).version == 2


def test_a_file_that_says_so_is_of_the_second_format_without_using_it():
    problem = read.problem(second())
    assert problem.version == 2 and read.to_json(problem)["schema"] == "rotation/2"
    assert "handover" not in problem.weights and problem.handover_price == 0


def test_unknown_keys_of_a_preference_are_kept():
    written = read.to_json(read.problem(wishing({**WISH, "why": "family"})))
    assert written["staff"][0]["preferences"] == [{**WISH, "why": "family"}]


def test_handovers_that_nothing_can_come_of_are_warnings():
    _, warnings = read.problem_with_warnings(handing(4))
    assert [(row.code, row.sheet, row.severity) for row in warnings] == [
        ("P202", "stations[0].needs[0].handover", "warning"), ("P203", "weights", "warning"),
    ]  # fmt: skip
    for warning in warnings:
        assert warning.sentence("vi") and warning.sentence("en")
    priced = {**handing(3), "weights": {**TINY["weights"], "handover": 1}}
    assert read.problem_with_warnings(priced)[1] == ()
