"""The papers around a decision, opened and read back; an amending decision lists what changes alone."""

import io
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.exchange.papers import ON, SIGNED, drafted
from tests.exchange.reports import MONDAY, line, report
from tests.exchange.test_decision import pages, paragraphs
from tramyte.domain.decision import Amendment
from tramyte.domain.errors import BadData
from tramyte.exchange import decision as decisions
from tramyte.exchange import letters
from tramyte.exchange.letters import Facts, compared, content, docx, kinds, of_units, pdf, wording
from tramyte.norms.legal import bases

WORDS = {"unit": "Bệnh viện Đa khoa tỉnh", "campaign": "Đợt 01/2026", "name": "Lò Thị Hoa"}


def facts(kind, **changes):
    """Return what a paper of a kind says of the tiny plan."""
    made = report(synthetic=False)
    rows = of_units(made) if kind == "submission" else ()
    if kind == "opinions":
        rows = (("1", "Xã Mường Nhé", "Thống nhất", "15/UBND", "08/12/2025"),)
    if kind == "comparison":
        rows = compared(report(tours=made.tours[:2]), made, on=ON)
    return replace(Facts(WORDS, made.tours, rows), **changes)


def flat(text):
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("kind", wording()["kinds"])
@pytest.mark.parametrize("signed", [{}, SIGNED], ids=["draft", "issued"])
def test_word_and_pdf_of_every_kind_say_the_same_words(kind, signed):
    paper = drafted(**signed)
    words = content(kind, paper, facts=facts(kind))
    word, text, heads = paragraphs(docx(kind, paper, facts=facts(kind)))
    printed = flat(" ".join(pages(pdf(kind, paper, facts=facts(kind)))))
    told = [words["nation"], words["motto"], words["title"], words["subject"], words["about"], *words["paragraphs"],
            *words["closing"], *words["recipients"], *words["signature"], words["to"]]  # fmt: skip
    for part in told:
        assert part in text, part
        assert flat(part) in printed, part
    if words["columns"]:
        table = [[cell.text for cell in row.cells] for row in word.tables[1].rows]
        assert table == [words["columns"], *words["rows"]]
        assert "w:tblHeader" in word.tables[1].rows[0]._tr.xml
    assert flat("".join(cell for row in words["rows"] for cell in row)) in printed
    assert ("BẢN DỰ THẢO" in heads) is (not signed and kind != "certificate")
    assert ("BẢNDỰTHẢO" in printed) is (not signed and kind != "certificate")


def test_the_kinds_are_those_that_have_words_and_each_is_one_page_of_a4():
    assert set(kinds()) == set(wording()["kinds"])
    assert all(len(pages(pdf(kind, drafted(), facts=facts(kind)))) == 1 for kind in kinds())


@pytest.mark.parametrize("kind", ["letter_sender", "certificate"])
def test_the_same_input_makes_the_same_bytes(kind):
    for make in (docx, pdf):
        assert make(kind, drafted(), facts=facts(kind)) == make(kind, drafted(), facts=facts(kind))


def test_a_letter_asks_while_the_decision_is_a_draft_and_tells_once_it_is_issued():
    asks, tells = (
        content("letter_receiver", one, facts=facts("letter_receiver")) for one in (drafted(), drafted(**SIGNED))
    )
    assert "lấy ý kiến" in asks["about"] and "Quyết định chưa được ban hành" in " ".join(asks["paragraphs"])
    assert "Quyết định số 05/QĐ-SYT ngày 08 tháng 12 năm 2025" in " ".join(tells["paragraphs"])
    assert asks["number"] == "Số:         /SYT-TCCB" and asks["signer"] == "" and tells["signer"] == SIGNED["signer"]
    assert asks["to"] == "Bệnh viện Đa khoa tỉnh" and "Sở Y tế dự kiến cử 04 người" not in asks["paragraphs"][0]


def test_what_nobody_said_is_a_dash_and_an_office_without_capitals_stays_as_it_is():
    bare = content("submission", replace(drafted(), agency="Bệnh viện A"), facts=Facts({}))
    assert "Kinh phí dự kiến: —." in " ".join(bare["paragraphs"]) and bare["to"] == "Giám đốc Bệnh viện A"
    assert "....../....../........" in bare["paragraphs"][0]
    undated = Facts({}, tuple(line("S1", "MN", "IM", 0, 2, monday=None) for _ in range(1)))
    assert content("annex", drafted(), facts=undated)["rows"][0][5] == "....../....../........"


def test_made_up_people_are_marked_on_every_paper():
    made = replace(facts("annex"), is_synthetic=True)
    assert content("annex", drafted(), facts=made)["mark"] == "BẢN DỰ THẢO · SỐ LIỆU GIẢ LẬP"
    assert "SỐ LIỆU GIẢ LẬP" in pages(pdf("certificate", drafted(), facts=made))[0]


def test_a_submission_adds_up_by_unit():
    rows = of_units(report())
    assert [row[1:] for row in rows] == [
        ("Bệnh viện Đa khoa tỉnh", "2", "2", "4"),
        ("Trung tâm Y tế Tủa Chùa", "2", "2", "2"),
        ("Tổng số", "4", "4", "6"),
    ]  # fmt: skip


def test_a_comparison_says_who_changes_and_how():
    old = report()
    moved = line("S1", "NK", "IM", 0, 2)
    later = line("S2", "NK", "IM", 1, 2)
    new = report(tours=(moved, later, old.tours[3]))
    rows = {row[1]: row[2:] for row in compared(old, new, on=MONDAY - timedelta(days=7))}
    assert rows["Lò Thị Hoa"][2:] == ("Đổi trạm hoặc vai trò", "15/12/2025", "7")
    assert rows["Lò Thanh Hoa"][2:] == ("Đổi thời gian", "22/12/2025", "14")
    assert rows["Giàng A An"][1:3] == ("—", "Không cử nữa") and "Đặng Ánh" not in rows
    added = compared(report(tours=()), report(tours=(line("S1", "MN", "IM", 0, 2, monday=None),)), on=MONDAY)
    assert added[0][4:] == ("Mới cử", "....../....../........", "—")


def test_a_certificate_counts_working_days_and_names_both_days():
    assert letters.served(MONDAY, MONDAY + timedelta(days=14)) == "10"
    assert letters.first_day(MONDAY) == "15 tháng 12 năm 2025"
    assert letters.last_day(MONDAY + timedelta(days=14)) == "28 tháng 12 năm 2025"


def test_a_template_of_an_office_is_filled_in_a_sandbox():
    from docx import Document

    own = Document()
    own.add_paragraph("{{ title }} · {{ subject }}")
    out = io.BytesIO()
    own.save(out)
    assert (
        "GIẤY XÁC NHẬN"
        in paragraphs(docx("certificate", drafted(), facts=facts("certificate"), template=out.getvalue()))[1]
    )
    own.add_paragraph("{{ ''.__class__.__mro__ }}")
    out = io.BytesIO()
    own.save(out)
    with pytest.raises(BadData) as refused:
        docx("certificate", drafted(), facts=facts("certificate"), template=out.getvalue())
    assert refused.value.findings[0].code == "X109"


# decisions that amend

EARLIER = "Quyết định số 812/QĐ-SYT ngày 01 tháng 12 năm 2025"


def amended(**changes):
    """Return a decision that withdraws the first tour of the tiny plan, changes the second, and adds the others."""
    first, second = (one.tour.key for one in report().tours[:2])
    given = {"gone": frozenset({first}), "changed": {second: "Trạm y tế Mường Nhé, 15/12/2025–21/12/2025"}}
    return drafted(**SIGNED, amends=Amendment(EARLIER, **{**given, **changes}))


def test_an_amending_decision_names_the_earlier_one_and_lists_what_changes():
    made = report(synthetic=False)
    word, text, _ = paragraphs(decisions.docx(amended(), made))
    printed = flat(" ".join(pages(decisions.pdf(amended(), made))))
    for part in (
        "Về việc điều chỉnh danh sách viên chức, người lao động đi tăng cường tại các trạm y tế", f"Căn cứ {EARLIER};",
        f"Sửa đổi, bổ sung danh sách kèm theo {EARLIER}: bãi bỏ 01 lượt, bổ sung 02 lượt, thay đổi 01 lượt",
        "- Như Điều 3;",
    ):  # fmt: skip
        assert part in text and flat(part) in printed
    rows = {row.cells[1].text: (row.cells[5].text, row.cells[8].text) for row in word.tables[-1].rows[1:-1]}
    assert rows == {
        "Lò Thị Hoa": ("Trạm y tế Mường Nhé", "Bãi bỏ"),
        "Lò Thanh Hoa": ("Trạm y tế Nậm Kè (trước: Trạm y tế Mường Nhé, 15/12/2025–21/12/2025)", "Thay đổi"),
        "Giàng A An": ("Trạm y tế Mường Nhé", "Bổ sung"), "Đặng Ánh": ("Trạm y tế Mường Nhé", "Bổ sung"),
    }  # fmt: skip


def test_an_amending_decision_may_withdraw_alone_and_end_early_what_has_begun():
    made = report(synthetic=False)
    keys = frozenset(one.tour.key for one in made.tours)
    late = {**SIGNED, "signed_on": MONDAY + timedelta(days=2), "on": MONDAY + timedelta(days=2)}

    def codes(**changes):
        paper = drafted(**late, amends=Amendment(EARLIER, **changes))
        return {one.code for one in decisions.findings(paper, made)}

    assert not codes(gone=keys)
    assert not codes(begun=keys)
    assert "X101" in codes()


@pytest.mark.parametrize("day", [date(2026, 6, 30), date(2026, 7, 1)])
def test_the_bases_are_those_of_the_day_on_both_sides_of_the_first_of_july(day):
    paper = drafted(on=day)
    text = paragraphs(decisions.docx(paper, report(monday=date(2026, 7, 6))))[1]
    wanted, other = ("58/2010/QH12", "129/2025/QH15") if day.month == 6 else ("129/2025/QH15", "58/2010/QH12")
    assert wanted in text and other not in text
    assert paper.legal_bases == tuple(one.text for one in bases("support", on=day))
