"""The words of a decision, before any layout."""

from dataclasses import replace
from datetime import date

import pytest

from tests.exchange.papers import SIGNED, drafted
from tests.exchange.reports import line, report
from tramyte.exchange.paper import content, kinds, long_date, plain, wording

TERM_WORDS = {"support": "tăng cường", "rotation": "luân phiên", "secondment": "biệt phái", "transfer": "điều động"}


def text(found):
    """Return all words of the content as one text, small letters."""
    return str(found).casefold()


def test_there_are_words_for_the_four_kinds():
    assert kinds() == ("support", "rotation", "secondment", "transfer")


@pytest.mark.parametrize("kind", TERM_WORDS)
def test_kinds_are_never_mixed(kind):
    found = text(content(replace(drafted(kind), legal_bases=()), report()))
    assert TERM_WORDS[kind] in found
    assert not any(word in found for other, word in TERM_WORDS.items() if other != kind)
    assert "chi phí" not in found


@pytest.mark.parametrize("kind", ["support", "rotation", "secondment"])
def test_who_goes_for_a_term_is_paid_by_the_sender_and_comes_back(kind):
    found = content(drafted(kind), report())
    assert [article["head"] for article in found["articles"]] == ["Điều 1.", "Điều 2.", "Điều 3.", "Điều 4."]
    assert "đơn vị cử" in found["articles"][2]["first"] and "trở về đơn vị cử" in found["articles"][2]["first"]
    assert "từ ngày 15 tháng 12 năm 2025 đến hết ngày 28 tháng 12 năm 2025" in found["articles"][0]["first"]
    assert found["annex"]["columns"][-2:] == ["Đến ngày", "Số tuần"]
    duties = " ".join([found["articles"][1]["first"], *found["articles"][1]["rest"]])
    assert "báo cáo đột xuất" in duties


def test_support_reports_every_week():
    assert any(
        "Báo cáo tuần và báo cáo đột xuất" in line for line in content(drafted(), report())["articles"][1]["rest"]
    )


def test_a_transfer_has_no_end_and_no_return_and_the_receiver_pays():
    found = content(drafted("transfer"), report())
    assert found["annex"]["columns"][-1] == "Từ ngày"
    assert {len(row) for row in found["annex"]["rows"]} == {7}
    assert "đơn vị tiếp nhận chi trả" in found["articles"][2]["first"]
    assert "trở về" not in text(found) and "hết ngày" not in text(found) and "đơn vị cử" not in text(found)


def test_a_draft_has_blanks_and_a_mark_a_signed_paper_has_neither():
    made = content(drafted(), report(synthetic=False))
    assert (made["mark"], made["is_draft"], made["signer"]) == ("BẢN DỰ THẢO", True, "")
    assert made["number"] == "Số:         /QĐ-SYT"
    assert made["place_date"] == "Điện Biên, ngày         tháng        năm 2025"
    assert "01/12/2025" in made["annex"]["note"] and "đường chim bay × 1,4" in made["annex"]["note"]
    signed = content(drafted(**SIGNED), report(synthetic=False))
    assert (signed["mark"], signed["signer"], signed["annex"]["note"]) == ("", "Nguyễn Văn Mẫu", "")
    assert signed["number"] == "Số: 05/QĐ-SYT"
    assert signed["place_date"] == "Điện Biên, ngày 08 tháng 12 năm 2025"
    assert signed["annex"]["reference"] == "(Kèm theo Quyết định số 05/QĐ-SYT ngày 08 tháng 12 năm 2025)"


def test_a_made_up_plan_is_marked_even_when_signed():
    assert content(drafted(), report())["mark"] == "BẢN DỰ THẢO · SỐ LIỆU GIẢ LẬP"
    assert content(drafted(**SIGNED), report())["mark"] == "SỐ LIỆU GIẢ LẬP"


def test_numbers_that_are_not_plain_stand_as_given():
    assert content(drafted(**{**SIGNED, "number": "12a"}), report())["number"] == "Số: 12a/QĐ-SYT"


def test_legal_bases_end_with_semicolons_and_the_last_line_with_a_full_stop():
    found = content(replace(drafted(), legal_bases=("Luật A;", "Nghị định B.")), report())["bases"]
    assert found == ["Căn cứ Luật A;", "Căn cứ Nghị định B;", "Theo đề nghị của Trưởng phòng Tổ chức cán bộ."]


def test_the_last_word_is_followed_by_the_closing_sign():
    assert content(drafted(), report())["articles"][-1]["first"].endswith("./.")


@pytest.mark.parametrize(
    ("form", "post", "agency", "superior", "authority", "signature"),
    [
        ("", "GIÁM ĐỐC", "SỞ Y TẾ", "UBND TỈNH ĐIỆN BIÊN", "GIÁM ĐỐC SỞ Y TẾ TỈNH ĐIỆN BIÊN", ["GIÁM ĐỐC"]),
        ("Q.", "giám đốc", "SỞ Y TẾ", "UBND TỈNH ĐIỆN BIÊN", "GIÁM ĐỐC SỞ Y TẾ TỈNH ĐIỆN BIÊN", ["Q. GIÁM ĐỐC"]),
        ("KT.", "PHÓ GIÁM ĐỐC", "SỞ Y TẾ", "ỦY BAN NHÂN DÂN THÀNH PHỐ QUẢNG NINH",
         "GIÁM ĐỐC SỞ Y TẾ THÀNH PHỐ QUẢNG NINH", ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]),
        ("TL.", "TRƯỞNG PHÒNG", "SỞ Y TẾ", "UBND TỈNH A", "GIÁM ĐỐC SỞ Y TẾ TỈNH A", ["TL. GIÁM ĐỐC", "TRƯỞNG PHÒNG"]),
        ("TUQ.", "TRƯỞNG PHÒNG", "SỞ Y TẾ TỈNH A", "UBND TỈNH A", "GIÁM ĐỐC SỞ Y TẾ TỈNH A",
         ["TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG"]),
        ("TM.", "CHỦ TỊCH", "ỦY BAN NHÂN DÂN XÃ A", "", "ỦY BAN NHÂN DÂN XÃ A",
         ["TM. ỦY BAN NHÂN DÂN XÃ A", "CHỦ TỊCH"]),
        ("", "CHỦ TỊCH", "UBND XÃ A", "", "CHỦ TỊCH UBND XÃ A", ["CHỦ TỊCH"]),
        ("", "GIÁM ĐỐC", "BỆNH VIỆN A", "BỘ Y TẾ", "GIÁM ĐỐC BỆNH VIỆN A", ["GIÁM ĐỐC"]),
    ],
)  # fmt: skip
def test_each_form_of_authority_has_its_lines(form, post, agency, superior, authority, signature):
    decision = replace(drafted(), authority_form=form, signer_post=post, agency=agency, superior=superior)
    found = content(decision, report())
    assert (found["authority"], found["signature"]) == (authority, signature)
    level = "thành phố" if "THÀNH PHỐ" in superior else "tỉnh"
    assert f"- Ủy ban nhân dân {level} (để báo cáo);" in found["recipients"]


@pytest.mark.parametrize(
    ("office", "lines"),
    [
        ("ỦY BAN NHÂN DÂN TỈNH ĐIỆN BIÊN", ["ỦY BAN NHÂN DÂN", "TỈNH ĐIỆN BIÊN"]),
        ("ỦY BAN NHÂN DÂN THÀNH PHỐ QUẢNG NINH", ["ỦY BAN NHÂN DÂN", "THÀNH PHỐ QUẢNG NINH"]),
        ("UBND THÀNH PHỐ HỒ CHÍ MINH", ["UBND", "THÀNH PHỐ HỒ CHÍ MINH"]),
        ("ỦY BAN NHÂN DÂN TP. HÀ NỘI", ["ỦY BAN NHÂN DÂN", "TP. HÀ NỘI"]),
        ("Ủy ban nhân dân xã Mường Nhé", ["Ủy ban nhân dân", "xã Mường Nhé"]),
        ("UBND TỈNH ĐIỆN BIÊN", ["UBND TỈNH ĐIỆN BIÊN"]),
        ("BỘ Y TẾ", ["BỘ Y TẾ"]),
        ("TRUNG TÂM KIỂM SOÁT BỆNH TẬT", ["TRUNG TÂM KIỂM SOÁT BỆNH TẬT"]),
    ],
)
def test_a_long_office_breaks_before_its_place_and_never_inside_it(office, lines):
    found = content(drafted(superior=office, agency=office), report())
    assert found["superior"].split("\n") == found["agency"].split("\n") == lines
    assert "\n" not in found["authority"]


def test_the_annex_is_sorted_by_unit_then_given_name_and_counts_its_rows():
    people = {"S1": {"title": "Bác sĩ", "title_code": "V.08.01.03", "birth_year": "1985"}}
    found = content(drafted(), report(), people=people)["annex"]
    assert [(row[0], row[1], row[4]) for row in found["rows"]] == [
        ("1", "Lò Thanh Hoa", "Bệnh viện Đa khoa tỉnh"),
        ("2", "Lò Thị Hoa", "Bệnh viện Đa khoa tỉnh"),
        ("3", "Giàng A An", "Trung tâm Y tế Tủa Chùa"),
        ("4", "Đặng Ánh", "Trung tâm Y tế Tủa Chùa"),
    ]
    assert found["rows"][1] == [
        "2", "Lò Thị Hoa", "1985", "Bác sĩ (V.08.01.03); Bác sĩ nội",
        "Bệnh viện Đa khoa tỉnh", "Trạm y tế Mường Nhé", "15/12/2025",
        "28/12/2025", "2",
    ]  # fmt: skip
    assert found["rows"][0][2:4] == ["—", "Bác sĩ nội"]
    known = {"S1": {"title": "Y sĩ", "title_code": ""}, "S2": {"title_code": "V.08.99.99"}}
    rows = content(drafted(), report(), people=known)["annex"]["rows"]
    assert [row[3] for row in rows[:2]] == ["Bác sĩ nội", "Y sĩ; Bác sĩ nội"]
    assert found["total"] == "Danh sách này gồm 04 người, 04 lượt, đến 02 trạm y tế./."


def test_a_person_with_two_tours_is_one_person():
    two = report(tours=(line("S1", "MN", "IM", 0, 1), line("S1", "NK", "IM", 2, 1)))
    found = content(drafted(), two)
    assert "Cử 01 viên chức, người lao động của 01 đơn vị" in found["articles"][0]["first"]
    assert found["annex"]["total"].startswith("Danh sách này gồm 01 người, 02 lượt")


def test_a_plan_without_dates_leaves_them_blank():
    blank = replace(line("S1", "MN", "IM", 0, 1, monday=None), skill_name="")
    made = content(drafted(), report(tours=(blank,), as_of=None, source="", travel=""))
    assert made["annex"]["rows"][0][3:] == ["—", *made["annex"]["rows"][0][4:6], *["....../....../........"] * 2, "1"]
    assert "từ ngày ....../....../........" in made["articles"][0]["first"]
    assert "tính đến —; nguồn: —; thời gian đi lại: —" in made["annex"]["note"]


def test_days_are_written_with_a_zero_below_ten_and_in_months_one_and_two():
    assert long_date(date(2026, 2, 3)) == "03 tháng 02 năm 2026"
    assert long_date(date(2026, 10, 20)) == "20 tháng 10 năm 2026"


def test_text_is_composed_and_on_one_line():
    assert plain(" Lo\u0300\nThi\u0323\x00 Hoa ") == "Lò Thị Hoa"


def test_the_words_file_reaches_no_attributes():
    assert "{" not in str(wording()["kinds"]["support"]["articles"])
    evil = replace(drafted(), place="$people {0.__class__} ${number}")
    assert content(evil, report())["place_date"].startswith("$people {0.__class__} ${number}, ngày")
