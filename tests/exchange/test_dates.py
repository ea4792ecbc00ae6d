"""Days within a row and between rows."""

from datetime import date

import pytest

from tests.exchange.province import cell, only, province, raws, spoil


@pytest.mark.parametrize("sheet", ["posts", "communes", "projects", "absences", "past_tours"])
@pytest.mark.parametrize("end", [date(2020, 1, 1), None])
def test_an_end_not_after_the_start_is_refused(sheet, end):
    tables = raws(province())
    finding = only(spoil((sheet, 0, "end", end or getattr(province(), sheet)[0].start), tables=tables), "E401")
    assert finding.cell == cell(sheet, 0, "end") and finding.fields["other"] == cell(sheet, 0, "start")


def test_a_licence_expires_after_its_issue():
    finding = only(spoil(("licences", 0, "expires", date(2024, 12, 31))), "E405")
    assert finding.fields["other"] == cell("licences", 0, "issued")
    assert spoil(("licences", 0, "expires", date(2025, 1, 1))) == ()


def test_two_rows_of_one_code_are_not_in_force_at_once():
    findings = spoil(
        ("communes", 1, "code", "03160"),
        ("communes", 1, "start", date(2025, 7, 1)),
        ("facilities", 0, "commune", "03160"),
    )
    finding = only(findings, "E404")
    assert finding.where == "Xã, phường!G3" and finding.fields["other"] == "G2"


def test_equal_starts_are_duplicates_only():
    findings = spoil(("facilities", 1, "code", "D1"), ("facilities", 2, "parent", None))
    assert [row.code for row in findings if row.cell == "A4" and row.sheet == "Cơ sở"] == ["E301"]
    assert "E404" not in {row.code for row in findings}


def test_a_person_does_not_work_more_than_full_time():
    finding = only(spoil(("appointments", 2, "share", 0.5)), "E402")
    assert finding.cell == "C4" and finding.fields["total"] == "1,1" and finding.fields["others"] == "C2"
    assert finding.fields["day"] == "…"


def test_full_time_counts_only_days_together():
    first = ("appointments", 0, "end", date(2025, 6, 1))
    second = ("appointments", 2, "share", 1.0)
    assert spoil(first, second, ("appointments", 2, "start", date(2025, 6, 1))) == ()
    finding = only(spoil(first, second, ("appointments", 2, "start", date(2025, 5, 31))), "E402")
    assert finding.fields["day"] == "31/05/2025"


def test_each_appointment_too_many_is_said():
    tables = raws(province())
    tables["appointments"] += [["A", "D1", 0.5], ["A", "BV1", 0.1, "P1"]]
    findings = spoil(tables=tables)
    assert [(row.code, row.cell) for row in findings] == [("E402", "C5"), ("E402", "C6")]


def test_without_a_column_of_shares_the_person_is_named():
    tables = raws(province())
    for row in tables["appointments"]:
        del row[2]
    assert only(spoil(tables=tables), "E402").fields["others"] == "A2"


def test_an_unreadable_share_is_said_once():
    assert only(spoil(("appointments", 0, "share", "x")), "E223").cell == "C2"


def test_two_past_tours_of_one_person_do_not_overlap():
    tables = raws(province())
    tour = tables["past_tours"][1]
    tables["past_tours"] += [
        [*tour[:3], date(2025, 3, 16), date(2025, 3, 20), *tour[5:]],
        [*tour[:3], date(2025, 3, 4), date(2025, 3, 5), *tour[5:]],
        [*tour[:3], date(2025, 3, 20), date(2025, 3, 21), *tour[5:]],
    ]
    findings = spoil(tables=tables)
    assert [(row.code, row.cell, row.fields["other"]) for row in findings] == [
        ("E403", "D3", "D2"), ("E403", "D4", "D2"),
    ]  # fmt: skip
    assert "17/03/2025" in findings[0].sentence("vi")


def away(*rows):
    tables = raws(province())
    tables["absences"] += [["B", *row] for row in rows]
    return spoil(tables=tables)


@pytest.mark.parametrize("outcome", ["vắng", "được miễn"])
def test_a_day_that_two_absences_of_one_person_share_is_a_warning_that_names_both_rows(outcome):
    finding = only(away([outcome, date(2026, 1, 11), date(2026, 1, 20)]), "W507")
    assert (finding.where, finding.fields["other"]) == ("Vắng và miễn!C3", "C2")
    assert "12/01/2026" in finding.sentence("vi") and "11/01/2026" in finding.sentence("en")


def test_absences_that_only_touch_are_no_news():
    assert away(["vắng", date(2026, 1, 12), date(2026, 1, 20)]) == ()


def test_an_absence_without_an_end_goes_on():
    findings = away(["vắng", date(2026, 2, 1), None], ["được miễn", date(2027, 1, 1), date(2027, 2, 1)])
    assert only(findings, "W507").fields["until"] == "…"


def test_absent_and_exempt_from_the_same_day_are_a_warning_and_the_same_row_twice_is_a_duplicate():
    assert only(away(["được miễn", date(2026, 1, 5), date(2026, 1, 12)]), "W507").cell == "C3"
    assert only(away(["vắng", date(2026, 1, 5), date(2026, 1, 9)]), "E301").cell == "A3"


def locked(*weeks):
    tables = raws(province())
    tables["locks"] += [["A", "T1", "SAN", *row] for row in weeks]
    return spoil(tables=tables)


def test_a_week_that_two_locks_of_one_person_share_is_refused_with_both_rows():
    finding = only(locked([4, 1]), "E406")
    assert (finding.where, finding.fields["other"], finding.fields["until"]) == ("Lượt ghim!D3", "D2", 4)
    assert only(locked([2, 2]), "E406").where == "Lượt ghim!D2"


def test_locks_of_weeks_side_by_side_or_of_two_people_stand():
    assert locked([5, 1], [2, 1]) == ()
    tables = raws(province())
    tables["locks"].append(["B", "T1", "SAN", 3, 2])
    assert spoil(tables=tables) == ()


def test_locks_of_one_first_week_are_duplicates_only_and_unreadable_ones_are_said_once():
    assert only(locked([3, 1]), "E301").cell == "A3"
    assert only(locked([4, "x"]), "E223").cell == "E3"
