"""Findings, breaches, plans, decisions and the register."""

from datetime import date
from typing import Any

import pytest

from tramyte.domain.decision import Decision
from tramyte.domain.errors import BadData, Infeasible, NormMissing, OutOfTime
from tramyte.domain.finding import Breach, Finding
from tramyte.domain.messages import messages, say
from tramyte.domain.people import Appointment, Staff
from tramyte.domain.place import Facility
from tramyte.domain.plan import EVERY_PART, PARTS, Objective, Plan, Tour, Unmet
from tramyte.domain.register import Register, roots

FINDING = Finding("P105", "staff[0].id", "", {"read": "1.5"})
BREACH = Breach("R8", "p1", 3, {"name": "Lò Thị Hoa", "tours": 3, "most": 2, "stays": "A (1–2)"})


def test_a_finding_says_code_place_and_cure_on_one_line_in_both_languages():
    assert FINDING.sentence("en") == "P105 staff[0].id: Read 1.5, expected an id: text or a whole number. " + (
        "Give every row its id."
    )
    assert FINDING.to_json("en")["text"] == FINDING.to_json()["en"]
    assert FINDING.to_json()["text"] == FINDING.to_json()["vi"] != FINDING.to_json()["en"]


def test_a_finding_names_sheet_and_cell():
    assert Finding("P111", "Staff", "D17").where == "Staff!D17"
    assert Finding("P111", "Staff").where == "Staff"
    assert Finding("P111", "", "D17").where == "D17"
    assert Finding("P111").sentence("en").startswith("P111 The person")


def test_a_breach_names_rule_person_and_week():
    assert BREACH.sentence("en") == (
        "R8, p1 (Lò Thị Hoa), week 4 of the campaign (3 in the file): "
        "3 tours, at most 2 allowed: A (1–2) (station, weeks)."
    )
    assert BREACH.to_json("vi")["text"] == BREACH.sentence("vi")


def test_errors_keep_what_went_wrong():
    assert BadData([FINDING]).findings == (FINDING,)
    assert "P105" in str(BadData([FINDING]))
    assert Infeasible([BREACH]).breaches == (BREACH,)
    assert "p1" in str(Infeasible([BREACH]))
    assert OutOfTime("plan").best == "plan"
    assert str(NormMissing("x", date(2026, 1, 1))) == "x has no value on 2026-01-01"
    assert "known" in str(NormMissing("x", date(2026, 1, 1), "known: y"))


def test_a_message_without_its_field_is_a_bug():
    with pytest.raises(KeyError):
        say("P105", "vi")


def test_every_message_is_said_in_both_languages():
    assert all(row["vi"] and row["en"] for row in messages().values())


def test_a_tour_reads_aloud_and_is_equal_by_text():
    tour = Tour(7, "s", "a", 2, 3)
    assert repr(tour) == "<Tour 7 → s as a, weeks 2–4>"
    assert tour.key == Tour("7", "s", "a", 2, 3).key
    assert tour.end == 5


def plan(total, bound):
    return Plan((Tour(1, 2, 3, 0, 1),), Objective(shortage=total), bound, "feasible", 1.23456, 7)


@pytest.mark.parametrize(("total", "bound", "gap"), [(200, 150, 0.25), (0, 0, 0.0), (-4, -5, 0.25), (0, -1, 1.0)])
def test_the_gap_is_a_share_of_the_cost_and_never_divides_by_zero(total, bound, gap):
    assert plan(total, bound).gap == gap


def test_a_plan_file_holds_what_the_format_asks_for():
    written = plan(200, 150).to_json()
    assert {"assignments", "objective", "bound", "gap", "status", "seconds", "seed", "unmet"} <= set(written)
    assert written["assignments"] == [{"staff": 1, "station": 2, "skill": 3, "start": 0, "weeks": 1}]
    parts = Objective(1, 2, 3, 4, -5, 6).to_json()
    assert parts.pop("total") == sum(parts.values()) == 11
    assert tuple(parts) == PARTS
    more = Objective(1, 2, 3, 4, -5, 6, preference=-7, handover=0).to_json()
    assert more.pop("total") == sum(more.values()) == 4
    assert tuple(more) == EVERY_PART
    assert Unmet(1, 2, 0, 3, 1, 1, {"R2": 4}).to_json()["reasons"] == {"R2": 4}


DRAFT: dict[str, Any] = {
    "kind": "support", "superior": "A", "agency": "B", "symbol": "QĐ-SYT", "place": "C", "signer_post": "GIÁM ĐỐC",
    "on": date(2025, 12, 10), "legal_bases": ("Luật",),
}  # fmt: skip
SIGNED: dict[str, Any] = {"number": "05", "signer": "Người Ký", "signed_on": date(2025, 12, 12)}


def test_a_decision_is_a_draft_until_number_signer_and_date_are_there():
    assert Decision(**DRAFT).is_draft
    assert not Decision(**DRAFT, **SIGNED).is_draft


@pytest.mark.parametrize("basis", ["Kế hoạch số [số]", "Kế hoạch số [", "Kế hoạch số 1]"])
def test_a_basis_with_brackets_keeps_a_numbered_decision_a_draft(basis):
    made = Decision(**{**DRAFT, "legal_bases": ("Luật A", basis)}, **SIGNED)
    assert made.is_draft and made.open_bases == (basis,)


@pytest.mark.parametrize("missing", SIGNED)
def test_number_signer_and_date_come_all_or_none(missing):
    with pytest.raises(ValueError, match="all together"):
        Decision(**DRAFT, **{key: value for key, value in SIGNED.items() if key != missing})


def test_points_and_child_stations_roll_up_to_the_highest_station():
    rows = [
        Facility("h", "H", "hospital", "c"),
        Facility("pk", "PK", "polyclinic", "c", parent="h"),
        Facility("t", "T", "station", "c", parent="pk"),
        Facility("d", "D", "point", "c", parent="t"),
        Facility("t2", "T2", "station", "c", parent="gone"),
        Facility("lost", "L", "point", "c"),
        Facility("a", "A", "station", "c", parent="b"),
        Facility("b", "B", "station", "c", parent="a"),
    ]
    found = roots(rows)
    assert {code: found.get(code) for code in ("pk", "t", "d", "t2")} == {"pk": "pk", "t": "pk", "d": "pk", "t2": "t2"}
    assert "h" not in found
    assert "lost" not in found
    assert {"a", "b"} <= set(found)


def test_the_register_of_a_day_holds_what_is_in_force():
    day = date(2026, 1, 8)
    old = Appointment("p", "t", end=day)
    new = Appointment("p", "t", start=day)
    assert Register(appointments=(old, new)).as_of(day).appointments == (new,)


def test_people_and_places_read_aloud():
    assert repr(Staff("p1", "Lò Thị", "Hoa", 1990, "female")) == "<Staff Lò Thị Hoa, p1>"
    assert repr(Facility("t1", "Trạm Y tế xã A", "station", "c")) == "<Facility Trạm Y tế xã A, station t1>"
