"""Keys and references between sheets."""

from tests.exchange.province import cell, only, province, raws, read_raws, spoil
from tramyte.exchange.links import Nearest


def test_a_key_that_stands_twice_names_both_cells():
    finding = only([row for row in spoil(("staff", 1, "code", "A")) if row.code == "E301"], "E301")
    assert finding.where == "Nhân lực!A3" and finding.fields["other"] == "A2" and finding.fields["key"] == "A"


def test_a_key_of_several_fields_is_compared_whole():
    assert spoil(("skills", 1, "skill", "NHI")) == ()
    findings = spoil(("skills", 1, "skill", "NOI"))
    assert only(findings, "E301").fields["key"] == "A · NOI"


def test_rows_without_a_whole_key_are_not_duplicates():
    findings = spoil(("weights", 0, "code", ""), ("weights", 1, "code", ""))
    assert [row.code for row in findings] == ["E201", "E201"]


def test_one_code_may_stand_twice_with_different_starts():
    assert spoil(
        ("communes", 1, "code", "03160"), ("communes", 1, "end", "01/01/2025"), ("facilities", 0, "commune", "03160")
    ) == ()  # fmt: skip


def test_an_unknown_reference_is_refused_with_the_nearest():
    finding = only(spoil(("senders", 0, "facility", "BV2"), ("away_limits", 0, "facility", "BV2"),
                         ("away_limits", 1, "facility", "BV2")), "E302")  # fmt: skip
    assert finding.where == "Đơn vị cử!A2" and finding.fields["nearest"] == "BV1"
    assert "Cơ sở" in finding.sentence("vi") and "Facilities" in finding.sentence("en")


def test_an_unknown_reference_unlike_any_is_refused():
    assert only(spoil(("locks", 0, "staff", "@@@@")), "E303").cell == cell("locks", 0, "staff")


def test_a_reference_to_a_sheet_that_is_not_there_is_refused():
    tables = raws(province())
    del tables["posts"]
    finding = only(spoil(tables=tables), "E124")
    assert (finding.where, finding.fields["count"], finding.fields["pages"]) == ("", 1, "Bổ nhiệm – phân công")
    assert "Vị trí việc làm" in finding.sentence("vi") and "Posts" in finding.sentence("en")


def test_a_sheet_that_is_not_there_is_one_finding_that_counts_the_rows():
    tables = raws(province())
    del tables["staff"]
    del tables["totals"]
    finding = only(spoil(tables=tables), "E124")
    rows = ("skills", "licences", "appointments", "absences", "past_tours", "locks")
    assert finding.fields["count"] == sum(len(tables[name]) - 1 for name in rows)
    assert len(finding.fields["pages"].split(", ")) == len(rows)


def test_a_row_that_refers_twice_to_a_sheet_that_is_not_there_counts_once():
    tables = {name: rows for name, rows in raws(province()).items() if name == "travel"}
    assert only(spoil(tables=tables), "E124").fields["count"] == 2


def test_a_sheet_without_rows_is_missing_too_and_said_in_its_place():
    tables = raws(province())
    tables["posts"] = tables["posts"][:1]
    assert only(spoil(tables=tables), "E124").where == "Vị trí việc làm"


def test_a_sheet_to_which_no_row_refers_is_not_missed():
    tables = raws(province())
    del tables["posts"]
    assert spoil(("appointments", 2, "post", None), tables=tables) == ()


def test_communes_may_be_left_out_and_an_unknown_one_is_a_warning():
    finding = only(spoil(("facilities", 2, "commune", "03161")), "W505")
    assert finding.fields["nearest"] == "03160"
    assert only(spoil(("facilities", 2, "commune", "99999")), "W505").fields["nearest"] == "?"
    tables = raws(province())
    tables["communes"] = tables["communes"][:1]
    assert read_raws(tables)[1] == ()


def test_a_missing_parent_is_refused():
    assert only(spoil(("facilities", 2, "parent", "T01")), "E302").fields["nearest"] == "T1"


def test_a_facility_above_itself_is_refused_once():
    finding = only(spoil(("facilities", 1, "parent", "D1")), "E304")
    assert finding.fields["chain"] in ("T1 → D1 → T1", "D1 → T1 → D1")
    assert only(spoil(("facilities", 0, "parent", "BV1")), "E304").fields["chain"] == "BV1 → BV1"


def test_a_way_into_a_circle_is_not_another_circle():
    findings = spoil(("facilities", 0, "parent", "T1"), ("facilities", 1, "parent", "T1"))
    assert only(findings, "E304").fields["value"] == "T1"


def test_ranks_of_one_person_differ_and_one_is_first():
    finding = only(spoil(("skills", 1, "rank", 1.0)), "E305")
    assert (finding.cell, finding.fields["other"]) == ("C3", "C2")
    assert only(spoil(("skills", 0, "rank", 3.0)), "E306").cell == "C2"


def test_an_unreadable_rank_or_person_is_said_once():
    assert only(spoil(("skills", 0, "rank", "x")), "E223").cell == "C2"
    assert only(spoil(("skills", 1, "staff", "")), "E201").cell == "A3"


def test_the_nearest_ignores_marks_case_dots_and_zeros_first():
    near = Nearest()
    known = {"NV-001", "NV-010", "TRẠM.1"}
    assert near("nv001", known) == "NV-001" and near("tram1", known) == "TRẠM.1"
    assert near("NV-01X", known) in known and near("zzz", known) == ""


def test_looking_for_near_codes_ends_when_it_would_take_too_long():
    near = Nearest()
    near.left = 3
    known = {"AAAA1", "BBBB2"}
    assert near("AAAA9", known) == "AAAA1"
    assert near("BBBB9", known) == ""
    assert near("AAAA9", known) == "AAAA1"
    assert near("bbbb2", known) == "BBBB2"
