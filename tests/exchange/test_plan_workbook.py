"""The plan workbook, read back cell by cell."""

import io
from dataclasses import replace
from datetime import date, datetime, time

import openpyxl
import pytest

from tests.exchange.reports import big, line, report
from tramyte.domain.finding import Breach
from tramyte.domain.messages import say
from tramyte.domain.plan import PARTS, Objective, Unmet
from tramyte.exchange.grid import HEAD, TOTAL
from tramyte.exchange.plan_workbook import REASONS, gap_words, number, write

FIXED = ["Tóm tắt", "Bảng trạm × tuần", "Chưa đáp ứng", "Theo người", "Điểm phạt theo quy tắc", "Vi phạm"]


def book(made=None, **options):
    """Return the written workbook, opened again."""
    return openpyxl.load_workbook(io.BytesIO(write(made or report(), **options)))


def day(*parts):
    """Return a day as the reader gives it."""
    return datetime.combine(date(*parts), time.min)


def table(sheet):
    """Return the head and the rows under it."""
    rows = [list(row) for row in sheet.iter_rows(min_row=HEAD + 1, values_only=True)]
    return rows[0], rows[1:]


def facts(sheet):
    """Return label -> (figure, words) of the summary."""
    return {row[0]: row[1:3] for row in sheet.iter_rows(values_only=True) if row[0]}


def test_the_same_plan_makes_the_same_bytes():
    assert write(report()) == write(report())


def test_sheets_stand_in_order_and_every_one_says_synthetic_source_and_travel():
    made = book()
    assert made.sheetnames == [*FIXED, "Bệnh viện Đa khoa tỉnh", "Trung tâm Y tế Tủa Chùa"]
    for sheet in made:
        assert sheet["A3"].value == say("X_SYNTHETIC", "vi")
        assert sheet["A2"].value == (
            "Tính đến 01/12/2025 · Nguồn: province.xlsx · Thời gian đi lại: đường chim bay × 1,4, 30 km/giờ"
        )
        assert sheet.page_setup.orientation == "landscape"


@pytest.mark.parametrize(("lang", "title"), [("vi", "Phương án cử người: "), ("en", "Plan of tours: ")])
def test_no_title_names_an_instrument_since_a_plan_is_of_support_or_of_rotation(lang, title):
    made = book(report(name="Đợt 01/2026"), lang=lang)
    assert made.worksheets[0]["A1"].value == f"{title}Đợt 01/2026"
    words = " ".join(
        str(cell) for sheet in made for row in sheet.iter_rows(values_only=True) for cell in row
    ).casefold()
    assert not any(kind in words for kind in ("luân phiên", "tăng cường", "rotation", "support"))


def test_a_real_plan_carries_no_mark_and_what_is_unknown_is_a_dash():
    sheet = book(report(synthetic=False, as_of=None, source="", travel=""))["Tóm tắt"]
    assert sheet["A3"].value is None
    assert sheet["A2"].value == "Tính đến — · Nguồn: — · Thời gian đi lại: —"


def test_the_summary_puts_what_is_unmet_first_and_bound_and_gap_into_words():
    sheet = book()["Tóm tắt"]
    found = facts(sheet)
    assert list(found)[3:5] == ["Tuần-người thiết yếu chưa đáp ứng", "Tuần-người khác chưa đáp ứng"]
    assert found["Tuần-người thiết yếu chưa đáp ứng"][0] == 2
    assert found["Tuần-người khác chưa đáp ứng"][0] == 2
    assert found["Tuần-người cần có"] == (10, "Trong đó đã đáp ứng 6")
    assert found["Số tuần của đợt"][1] == "Từ tuần 51/2025 (15–21/12) đến tuần 02/2026 (05–11/01)"
    assert found["Số người đi"] == (4, "4 lượt, 2 trạm")
    assert found["Điểm phạt của phương án này"] == (310, "Điểm phạt cách phương án tốt nhất có thể không quá 0,7%")
    assert found["Điểm phạt ít nhất có thể"] == (308, "Với các quy tắc hiện có, điểm phạt không thể dưới 308")
    assert found["Cách tính thời gian đi lại"][1] == "đường chim bay × 1,4, 30 km/giờ"
    assert found["Số khởi tạo ngẫu nhiên (seed)"][0] == 7
    assert found["Thời gian tính (giây)"][0] == 1.5
    assert "chi phí" not in str(found).lower()


def test_the_summary_lists_every_rule_with_its_points_and_their_sum():
    found = facts(book()["Tóm tắt"])
    stated = report().plan.objective.to_json()
    for part in PARTS:
        assert found[say(f"X_RULE_{part}", "vi")] == (stated[part], say(f"X_MEANING_{part}", "vi"))
    assert found["Cộng"][0] == stated["total"]


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(
    ("status", "bound", "code"),
    [("optimal", 310, "X_GAP_ZERO"), ("infeasible", 0, "X_GAP_NONE"), ("stopped", 309, "X_GAP")],
)
def test_the_gap_is_said_in_words_for_every_status(status, bound, code, lang):
    made = report(plan=replace(report().plan, status=status, bound=bound))
    percent = {"vi": "0,4", "en": "0.4"}[lang]  # 1/310 is 0.32 %: rounded up, so that the sentence stays true
    assert gap_words(made, lang) == say(code, lang, percent=percent)
    sheet = book(made, lang=lang).worksheets[0]
    assert say(f"X_STATUS_{status}", lang) in [row[2] for row in sheet.iter_rows(values_only=True)]


def test_numbers_are_grouped_as_the_language_does():
    assert (number(1234567, "vi"), number(1234567, "en"), number(0, "vi")) == ("1.234.567", "1,234,567", "0")


def test_the_board_has_a_lane_per_position_mondays_as_days_and_words_beside_colours():
    sheet = book()["Bảng trạm × tuần"]
    head, rows = table(sheet)
    assert head == ["Trạm", "Vị trí", "tuần 51/2025", "tuần 52/2025", "tuần 01/2026", "tuần 02/2026"]
    assert rows[0][2:] == [day(2025, 12, 15), day(2025, 12, 22), day(2025, 12, 29), day(2026, 1, 5)]
    assert rows[1:] == [
        ["Trạm y tế Mường Nhé", "Bác sĩ nội 1", "Hoa (Lò Thị)", None, "▲ THIẾU thiết yếu 2 tuần", None],
        ["Trạm y tế Mường Nhé", "Chẩn đoán hình ảnh 1", "# An (Giàng A.)", "Ánh (Đặng)", None, None],
        ["Trạm y tế Nậm Kè", "Bác sĩ nội 1", "Hoa (Lò Thanh)", None, None, None],
        ["Trạm y tế Nậm Kè", "Bác sĩ nội 2", "▲ THIẾU 2 tuần", None, None, None],
    ]
    assert {str(span) for span in sheet.merged_cells.ranges} == {"C7:D7", "E7:F7", "C9:D9", "C10:D10"}
    short, amber = sheet["E7"], sheet["C10"]
    assert (short.fill.fgColor.rgb, short.font.color.rgb) == ("FFA61B1B", "FFFFFFFF")
    assert (amber.fill.fgColor.rgb, amber.font.color.rgb) == ("FFFFF0CC", "FF6B4200")
    assert sheet.freeze_panes == "C7"
    assert sheet.print_title_rows == "$5:$6" and sheet.print_title_cols == "$A:$B"
    assert sheet.page_setup.paperSize == 8


def test_a_board_without_dates_numbers_its_weeks():
    made = book(report(monday=None), lang="en")
    head, rows = table(made["Stations × weeks"])
    assert list(head[2:]) == ["week 1", "week 2", "week 3", "week 4"]
    assert list(rows[0][2:]) == ["—"] * 4
    unit = made["Bệnh viện Đa khoa tỉnh"]
    assert [cell.value for cell in unit[6]][4:6] == ["week 1", "week 2"]
    assert "week 1 – week 2" in [row[3] for row in table(made["Points by rule"])[1]]


def test_unmet_needs_keep_a_row_a_week_and_their_reasons_add_up_to_the_cadre():
    head, rows = table(book()["Chưa đáp ứng"])
    reasons = [say(f"X_REASON_{code}", "vi") for code in ("R2", "R6", "R9", "COST")]
    assert list(head[7:11]) == reasons
    assert [row[3] for row in rows] == [
        "tuần 01/2026 (29/12–04/01)",
        "tuần 02/2026 (05–11/01)",
        "tuần 51/2025 (15–21/12)",
        "tuần 52/2025 (22–28/12)",
    ]
    assert [row[2] for row in rows] == [
        "tuần 01/2026 – tuần 02/2026, 2 tuần",
        "tuần 01/2026 – tuần 02/2026, 2 tuần",
        "tuần 51/2025 – tuần 52/2025, 2 tuần",
        "tuần 51/2025 – tuần 52/2025, 2 tuần",
    ]
    for row, unmet in zip(rows, report().plan.unmet, strict=True):
        assert (row[4], row[5]) == (unmet.count, unmet.critical)
        assert row[6] == sum(row[7:11]) == sum(unmet.reasons.values()) == 4
    assert rows[0][11] == "1 khác chuyên khoa; 1 vắng trong tuần này; 2 đơn vị cử sẽ dưới mức tối thiểu"


def test_an_unmet_week_alone_and_a_reason_nobody_knows_are_shown_as_they_are():
    plan = replace(report().plan, unmet=(Unmet("MN", "IM", 0, 2, 1, 1, {"R77": 4}),))
    head, rows = table(book(report(plan=plan))["Chưa đáp ứng"])
    assert head[7] == "R77"
    assert rows[0][2] == "tuần 01/2026"
    assert rows[0][8] == "4 R77"


def test_every_reason_of_the_checker_has_words():
    assert all(say(f"X_REASON_{code}", lang) for code in REASONS for lang in ("vi", "en"))


def test_loads_are_sorted_by_given_name_and_add_up():
    sheet = book()["Theo người"]
    _, rows = table(sheet)
    assert [row[0] for row in rows] == ["Giàng A An", "Đặng Ánh", "Lò Thanh Hoa", "Lò Thị Hoa"]
    assert rows[2] == ["Lò Thanh Hoa", "S2", "Bệnh viện Đa khoa tỉnh", 3, 2, 5, 4, 1, 10]
    totals = [cell.value for cell in sheet[TOTAL + 1]]
    assert totals[3:6] == [3, 6, 9] and totals[7:9] == [4, 10]


def test_every_point_opens_to_its_row_and_the_rows_add_up_to_the_objective():
    sheet = book()["Điểm phạt theo quy tắc"]
    _, rows = table(sheet)
    stated = report().plan.objective.to_json()
    for part in PARTS:
        assert sum(row[4] for row in rows if row[0] == say(f"X_RULE_{part}", "vi")) == stated[part]
    check = [row[6:10] for row in rows if row[6]]
    assert check[-1] == ["Kiểm tra: mọi quy tắc", 310, 310, 0]
    assert [row[3] for row in check] == [0] * 7
    assert ["Trở lại trạm cũ", "Lò Thanh Hoa", "Trạm y tế Nậm Kè", "15/12/2025 – 28/12/2025", -4] in [
        r[:5] for r in rows
    ]


def test_the_points_of_rotation_2_have_their_rows_and_add_up():
    cost = replace(report().plan.objective, preference=-6, handover=20)
    made = book(report(plan=replace(report().plan, objective=cost)))
    found = facts(made["Tóm tắt"])
    assert found["Nguyện vọng"] == (-6, say("X_MEANING_preference", "vi"))
    assert found["Bàn giao"][0] == 20 and found["Cộng"][0] == 324
    sheet = made["Điểm phạt theo quy tắc"]
    check = [row[6:10] for row in table(sheet)[1] if row[6]]
    assert check[-1] == ["Kiểm tra: mọi quy tắc", 324, 324, 0] and len(check) == 9
    assert [row[3] for row in check] == [0] * 9


def test_points_that_do_not_add_up_are_shown_not_mended():
    plan = replace(report().plan, objective=Objective(shortage=300))
    check = [row[6:10] for row in table(book(report(plan=plan))["Điểm phạt theo quy tắc"])[1] if row[6]]
    assert check[0] == ["Thiếu người", 300, 280, 20]


def test_breaches_are_sentences_and_none_is_said_in_words():
    assert book()["Vi phạm"]["A6"].value == "Không có vi phạm"
    fields = {"name": "Lò Thị Hoa", "station": "MN", "weeks": 3, "allowed": "1, 2"}
    breaches = (Breach("R1", "S1", 2, fields), Breach("R1", "", None, fields))
    _, rows = table(book(report(breaches=breaches))["Vi phạm"])
    assert rows[0] == ["R1", "Lò Thị Hoa", "S1", "tuần 01/2026 (29/12–04/01)", breaches[0].sentence("vi")]
    assert rows[1][:4] == ["R1", "—", "—", "—"]


def test_each_unit_has_its_sheet_with_true_days():
    sheet = book()["Bệnh viện Đa khoa tỉnh"]
    _, rows = table(sheet)
    first, last = day(2025, 12, 15), day(2025, 12, 28)
    assert rows == [
        ["Lò Thanh Hoa", "S2", "Bác sĩ nội", "Trạm y tế Nậm Kè", first, last, 2, 90, ""],
        ["Lò Thị Hoa", "S1", "Bác sĩ nội", "Trạm y tế Mường Nhé", first, last, 2, 90, ""],
    ]
    assert sheet["E6"].number_format == "dd/mm/yyyy"
    assert sheet["A4"].value == "2 người, 2 lượt"
    assert sheet.auto_filter.ref == "A5:I7"
    assert [cell.value for cell in book()["Trung tâm Y tế Tủa Chùa"][6]][-1] == "# ghim"


def test_unit_names_become_sheet_names_that_excel_takes():
    names = ["x" * 40, "X" * 40, "a/b:c*?[d]\\", "'q'", "History", "//", "Tóm tắt", "e\N{HOSPITAL}f"]
    tours = tuple(
        replace(line("S1", "MN", "IM", 0, 1), unit=f"U{index}", unit_name=name) for index, name in enumerate(names)
    )
    made = book(report(tours=tours)).sheetnames[len(FIXED) :]
    assert sorted(made) == sorted(
        ["x" * 31, "X" * 27 + " (2)", "a b c   d", "q", "History (2)", "-", "Tóm tắt (2)", "e f"]
    )


def units(*names):
    """Return a plan of one tour for each sending unit."""
    first = line("S1", "MN", "IM", 0, 1)
    return report(tours=tuple(replace(first, unit=f"U{at}", unit_name=name) for at, name in enumerate(names)))


def test_long_unit_names_are_abbreviated_and_cut_between_words_and_stand_in_full_inside():
    names = {
        "Bệnh viện Đa khoa tỉnh Điện Biên": "BVĐK tỉnh Điện Biên",
        "Bệnh viện Phổi": "BV Phổi",
        "Trung tâm Kiểm soát bệnh tật tỉnh Điện Biên": "CDC tỉnh Điện Biên",
        "Trung tâm y tế thành phố Điện Biên Phủ": "TTYT thành phố Điện Biên Phủ",
        "Phòng khám đa khoa khu vực Mường Nhà": "PKĐKKV Mường Nhà",
        "Trạm Y tế xã Mường Nhé": "TYT xã Mường Nhé",
        "Bệnh viện Y học cổ truyền, Phục hồi chức năng": "BV Y học cổ truyền, Phục hồi",
        "Cơ sở điều trị số một, Phục hồi - chức năng": "Cơ sở điều trị số một, Phục hồi",
    }
    made = book(units(*names))
    titles = {sheet["A1"].value.split(" (U")[0]: sheet.title for sheet in made.worksheets[len(FIXED) :]}
    assert titles == names


def test_unit_names_that_all_fit_stay_as_they_are():
    assert "Trung tâm Y tế Tủa Chùa" in book(units("Trung tâm Y tế Tủa Chùa", "Bệnh viện Phổi")).sheetnames


def test_units_with_one_short_name_keep_sheets_apart():
    twice = "Trung tâm Y tế thành phố Điện Biên Phủ và vùng"
    names = [twice + " ngoài", twice.upper() + " TRONG", "TTYT thành phố Điện Biên Phủ", "x" * 40 + " y"]
    made = book(units(*names)).sheetnames[len(FIXED) :]
    assert sorted(map(str.casefold, made)) == sorted(
        [
            "ttyt thành phố điện biên phủ và",
            "ttyt thành phố điện biên (2)",
            "ttyt thành phố điện biên phủ",
            "x" * 31,
        ]
    )
    assert all(len(name) <= 31 for name in made)


def test_text_is_never_a_formula_or_a_link():
    evil = replace(line("S1", "MN", "IM", 0, 1), staff_name="=1+1", station_name="http://x.test", unit_name="@SUM(A1)")
    made = book(report(tours=(evil,), needs=(), plan=replace(report().plan, unmet=())))
    kinds = {cell.data_type for sheet in made for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert not any(cell.hyperlink for sheet in made for row in sheet.iter_rows() for cell in row)


def test_an_empty_plan_is_still_a_workbook():
    plan = replace(report().plan, unmet=(), objective=Objective(), bound=0)
    made = book(report(tours=(), needs=(), loads=(), plan=plan))
    assert made.sheetnames == FIXED
    assert made["Chưa đáp ứng"]["A6"].value == "Mọi nhu cầu đều được đáp ứng"
    assert made["Điểm phạt theo quy tắc"]["A6"].value == "Không dòng nào bị tính điểm"


def test_a_province_of_108_people_adds_up():
    made = book(big())
    assert len(made.sheetnames) == len(FIXED) + 6
    assert len(table(made["Theo người"])[1]) == 108
    assert table(made["Điểm phạt theo quy tắc"])[1][6][9] == 0
