"""Figures that must agree with each other."""

from datetime import date

from tests.exchange.province import cell, only, province, raws, spoil


def test_the_longest_tour_is_not_shorter_than_the_shortest():
    finding = only(spoil(("senders", 0, "tour_weeks_min", 2.0), ("senders", 0, "tour_weeks_max", 1.0)), "E204")
    assert finding.sentence("en") == (
        "E204 Đơn vị cử!D2: tour_weeks_max is 1, less than tour_weeks_min 2 in C2. Give at least 2, or lower C2."
    )
    assert finding.sentence("vi") == (
        "E204 Đơn vị cử!D2: Đọc được số tuần tối đa là 1, nhỏ hơn số tuần tối thiểu 2 ở ô C2. Cần từ 2 trở lên. "
        "Ghi 2 trở lên vào ô này, hoặc giảm C2."
    )


def test_a_campaign_starts_on_a_monday():
    finding = only(spoil(("campaign", 0, "first_monday", date(2025, 12, 17))), "E214")
    assert (finding.fields["before"], finding.fields["after"]) == ("15/12/2025", "22/12/2025")
    assert "thứ Tư" in finding.sentence("vi") and "Wednesday" in finding.sentence("en")


def test_a_workbook_has_one_campaign_or_none():
    tables = raws(province())
    tables["campaign"].append(["D2", *tables["campaign"][1][1:]])
    assert only(spoil(tables=tables), "E122").cell == "A3"
    tables = raws(province())
    tables["campaign"].pop()
    assert spoil(("requirements", 0, "last_week", 90.0), tables=tables) == ()


def test_critical_people_are_among_those_asked_for():
    finding = only(spoil(("requirements", 0, "critical", 2.0)), "E215")
    assert finding.cell == cell("requirements", 0, "critical")
    assert finding.fields["other"] == cell("requirements", 0, "count")


def test_weeks_run_forward_and_end_with_the_campaign():
    assert only(spoil(("requirements", 1, "first_week", 5.0)), "E216").cell == cell("requirements", 1, "last_week")
    finding = only(spoil(("requirements", 0, "last_week", 13.0)), "E217")
    assert finding.fields["weeks"] == 12 and finding.fields["other"] == "Đợt!E2"


def test_a_locked_tour_ends_with_the_campaign():
    assert spoil(("locks", 0, "week", 11.0)) == ()
    finding = only(spoil(("locks", 0, "week", 12.0)), "E217")
    assert (finding.fields["read"], finding.fields["most"]) == (13, 11)


def test_unreadable_weeks_are_said_once():
    assert only(spoil(("campaign", 0, "weeks", "x")), "E223").cell == "E2"
    assert only(spoil(("requirements", 0, "last_week", "x")), "E223").cell == "D2"
    assert only(spoil(("locks", 0, "weeks", "x")), "E223").cell == "E2"
    assert only(spoil(("campaign", 0, "first_monday", "x")), "E207").cell == "D2"
    assert only(spoil(("senders", 0, "tour_weeks_max", "x")), "E223").cell == "D2"


def test_a_skill_that_nobody_has_is_a_warning_once():
    tables = raws(province())
    tables["requirements"] += [["T1", "CDHA", 1, 2, 3], ["T1", "CDHA", 4, 5, 2]]
    finding = only(spoil(tables=tables), "W506")
    assert finding.cell == "B4" and finding.fields["count"] == 3
    tables.pop("skills")
    assert spoil(tables=tables) == ()
    tables = raws(province())
    tables["skills"] = tables["skills"][:1]
    assert spoil(tables=tables) == ()


def test_an_unreadable_need_is_said_once():
    assert only(spoil(("requirements", 0, "skill", "")), "E201").cell == "B2"
    findings = spoil(("requirements", 0, "skill", "CDHA"), ("requirements", 0, "count", ""))
    assert [row.code for row in findings] == ["W506", "E201"]


def test_a_stated_total_that_the_rows_do_not_count_to_is_a_warning():
    finding = only(spoil(("totals", 0, "value", 5.0)), "W508")
    assert (finding.fields["count"], finding.fields["difference"]) == (2, 3)
    assert spoil(("totals", 0, "value", 1.0), ("totals", 0, "on", date(2024, 12, 1))) == ()
    assert spoil(("totals", 0, "value", 1.0), ("staff", 0, "end", date(2025, 12, 1))) == ()


def test_stated_parts_that_do_not_add_up_are_a_warning():
    tables = raws(province())
    day = date(2025, 12, 1)
    tables["totals"] += [["staff_medical", day, 1, "Báo cáo"], ["staff_other", day, 1, "Báo cáo"]]
    assert spoil(tables=tables) == ()
    tables["totals"][3][2] = 0
    finding = only(spoil(tables=tables), "W509")
    assert (finding.fields["sum"], finding.fields["parts"]) == (1, "staff_medical + staff_other")


def test_an_unreadable_total_is_said_once():
    assert only(spoil(("totals", 0, "value", "x")), "E223").cell == "C2"
    assert only(spoil(("totals", 0, "on", "x")), "E207").cell == "B2"
    tables = raws(province())
    del tables["staff"]
    assert only(spoil(tables=tables), "E124")
