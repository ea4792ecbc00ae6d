"""What a decision rests on, on which day, and what may not be signed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.exchange.papers import BASES, ON, SIGNED, drafted
from tests.exchange.reports import big, line, report
from tramyte.domain.errors import BadData, NormMissing
from tramyte.domain.finding import Breach
from tramyte.exchange.decision import checked, docx, findings, pdf
from tramyte.exchange.paper import content


def codes(found):
    """Return the codes of findings."""
    return [finding.code for finding in found]


def test_legal_bases_follow_the_signing_date():
    before = drafted(number="1", signer="A", signed_on=date(2026, 6, 30), on=date(2026, 7, 1))
    after = drafted(number="1", signer="A", signed_on=date(2026, 7, 1), on=date(2026, 6, 30))
    assert any("58/2010/QH12" in basis for basis in before.legal_bases)
    assert any("129/2025/QH15" in basis for basis in after.legal_bases)
    assert not any("129/2025" in basis for basis in before.legal_bases)
    assert not any("58/2010" in basis for basis in after.legal_bases)
    assert before.basis_norms != after.basis_norms
    assert (before.on, after.on) == (date(2026, 6, 30), date(2026, 7, 1))


def test_a_draft_takes_the_law_of_the_day_it_is_drawn_up():
    assert any("58/2010" in basis for basis in drafted(on=date(2026, 6, 30)).legal_bases)
    assert any("129/2025" in basis for basis in drafted(on=date(2026, 7, 1)).legal_bases)


def test_support_does_not_rest_on_the_law_of_rotation():
    assert not any("14/2013" in basis for basis in drafted("support").legal_bases)
    assert any("14/2013" in basis for basis in drafted("rotation").legal_bases)


def test_before_the_known_law_there_is_no_answer():
    with pytest.raises(NormMissing):
        drafted(on=date(1999, 1, 1))


def test_bases_filled_in_by_the_office_replace_those_of_the_law_file():
    made = drafted(legal_bases=["Kế hoạch số 12/KH-UBND"])
    assert (made.legal_bases, made.basis_norms) == (("Kế hoạch số 12/KH-UBND",), ())
    assert "X112" not in codes(findings(made, report()))


def open_bases(decision):
    """Return (severity, fields) of the bases that are not filled in."""
    return [(row.severity, row.fields) for row in findings(decision, report()) if row.code == "X112"]


def test_brackets_are_a_warning_and_keep_a_numbered_paper_a_draft():
    draft = open_bases(drafted())
    assert [severity for severity, _ in draft] == ["warning", "warning"]
    assert [(fields["nth"], fields["count"]) for _, fields in draft] == [(1, 2), (2, 2)]
    assert [fields["basis"].split(" số")[0] for _, fields in draft] == ["Quyết định", "Kế hoạch"]
    numbered = drafted(**{**SIGNED, "basis": BASES[:1]})
    assert [(severity, fields["nth"]) for severity, fields in open_bases(numbered)] == [("warning", 1)]
    assert "vẫn là bản dự thảo" in next(row for row in findings(numbered, report()) if row.code == "X112").sentence(
        "vi"
    )
    for decision, mark in ((drafted(), True), (numbered, True), (drafted(**SIGNED), False)):
        made = content(decision, report(synthetic=False))
        assert (made["mark"] == "BẢN DỰ THẢO", made["is_draft"], made["annex"]["note"] != "") == (mark, mark, mark)
        assert docx(decision, report()) and pdf(decision, report())
    assert content(numbered, report())["number"] == "Số: 05/QĐ-SYT"


def test_given_bases_replace_those_with_brackets_in_order_and_further_ones_stand_last():
    as_law = drafted().legal_bases
    filled = drafted(basis=["căn cứ  Quyết định A;", "Kế hoạch B.", "Tờ trình C"]).legal_bases
    assert (filled[0], filled[-2], filled[-1]) == ("Quyết định A", "Kế hoạch B", "Tờ trình C")
    assert filled[1:-2] == as_law[1:-1]
    assert drafted(basis=["Quyết định A"]).legal_bases == ("Quyết định A", *as_law[1:])
    assert drafted(basis=["B"], legal_bases=["Luật A", "Kế hoạch [số]"]).legal_bases == ("Luật A", "B")
    assert open_bases(drafted(**SIGNED)) == []


@pytest.mark.parametrize("text", ["Kế hoạch số [số]", "Kế hoạch số 1]", " ", "Căn cứ ;"])
def test_a_given_basis_has_words_and_no_brackets(text):
    with pytest.raises(BadData) as caught:
        drafted(basis=["Quyết định A", text], number="5")
    assert codes(caught.value.findings) == ["X111", "X113"]
    assert caught.value.findings[1].fields["nth"] == 2


def test_a_word_that_only_begins_like_the_first_word_of_a_basis_stays():
    assert drafted(basis=["Căn cứu A"]).legal_bases[0] == "Căn cứu A"


def test_an_unknown_kind_form_and_half_a_signature_are_all_said_at_once():
    with pytest.raises(BadData) as caught:
        drafted("điều động", authority_form="XX.", number="5")
    assert codes(caught.value.findings) == ["X105", "X106", "X111"]
    assert caught.value.findings[2].fields == {"given": "number", "missing": "signer, signed_on"}


# what may not be signed


def test_tours_before_the_signing_date_are_refused_in_one_sentence():
    late = {**SIGNED, "signed_on": date(2025, 12, 16)}
    for render in (docx, pdf):
        with pytest.raises(BadData) as caught:
            render(drafted(**late), report())
        assert codes(caught.value.findings) == ["X101"]
        told = caught.value.findings[0].sentence("vi")
        assert "16/12/2025, nhưng 3 người" in told and "Lò Thị Hoa (S1), Trạm y tế Mường Nhé, 15/12/2025" in told
        assert "…" not in told and "Đặng Ánh" not in told
    assert docx(drafted(on=date(2025, 12, 16)), report())  # a draft may be printed with open questions
    assert codes(findings(drafted(on=date(2025, 12, 16)), report())).count("X101") == 1


def test_many_who_start_too_early_are_counted_and_the_first_are_named():
    (found,) = (row for row in findings(drafted(on=date(2026, 12, 1)), big()) if row.code == "X101")
    assert found.fields["count"] == 108
    assert found.fields["first"].count("Trạm y tế") == 3 and found.fields["first"].endswith("; …")
    twice = report(tours=(line("S1", "MN", "IM", 2, 1), line("S1", "NK", "IM", 0, 1)))
    (found,) = (row for row in findings(drafted(on=date(2026, 12, 1)), twice) if row.code == "X101")
    assert found.fields["count"] == 1 and "15/12/2025" in found.fields["first"]


def test_a_tour_on_the_signing_date_is_allowed():
    assert pdf(drafted(**{**SIGNED, "signed_on": date(2025, 12, 15)}), report())


def test_a_plan_without_dates_or_people_or_with_breaches_is_not_signed():
    signed = drafted(**SIGNED)
    undated = [finding for finding in findings(signed, report(monday=None)) if finding.severity == "error"]
    assert codes(undated) == ["X102"]
    assert undated[0].fields["count"] == 4 and "Lò Thị Hoa (S1)" in undated[0].fields["first"]
    assert "X110" in codes(findings(signed, report(tours=())))
    with pytest.raises(BadData) as caught:
        docx(signed, report(breaches=(Breach("R1"),)))
    assert codes(caught.value.findings) == ["X104"]
    assert docx(drafted(), report(monday=None)) and pdf(drafted(), report(tours=()))


def test_a_paper_signed_on_another_day_than_its_law_is_refused():
    stale = replace(drafted(**SIGNED), on=ON - timedelta(days=400))
    assert "X103" in codes(findings(stale, report()))


def test_a_kind_nobody_knows_is_refused_even_as_a_draft():
    odd = replace(drafted(), kind="loan", authority_form="ZZ.")
    for render in (docx, pdf):
        with pytest.raises(BadData) as caught:
            render(odd, report())
        assert codes(caught.value.findings) == ["X105", "X106"]


# which instrument fits


def of(code, found):
    """Return the findings of one code."""
    return [row for row in found if row.code == code]


def test_a_secondment_beyond_its_limit_is_not_signed():
    long = report(tours=(line("S1", "MN", "IM", 0, 200), line("S2", "MN", "IM", 0, 200)))
    found = findings(drafted("secondment", **SIGNED), long)
    assert [finding.code for finding in found if finding.severity == "error"] == ["N104"]  # one sentence for both
    assert [row.severity for row in of("N104", findings(drafted("secondment"), long))] == ["warning"]


def test_a_rotation_below_the_legal_minimum_is_not_signed_and_one_finding_counts_the_people():
    signed = drafted("rotation", **SIGNED)
    (found,) = of("X114", findings(signed, report()))
    assert (found.severity, found.fields["count"], found.fields["fewest"]) == ("error", 4, 132)
    assert found.fields["first"] == "Giàng A An (S4): 5; Đặng Ánh (S3): 5; Lò Thanh Hoa (S2): 10; …"
    assert {"days", "short"}.isdisjoint(found.fields)
    assert "4 người chưa đủ 132 ngày" in found.sentence("vi") and "4 people have fewer" in found.sentence("en")
    for render in (docx, pdf):
        with pytest.raises(BadData) as caught:
            render(signed, report())
        assert codes(caught.value.findings) == ["X114"]
    (found,) = of("X114", findings(drafted("rotation"), report()))
    assert found.severity == "warning" and pdf(drafted("rotation"), report())


def test_days_of_a_rotation_add_up_over_the_tours_of_one_person():
    one = report(tours=(line("S1", "MN", "IM", 0, 16),))
    two = report(tours=(line("S1", "MN", "IM", 0, 16), line("S1", "NK", "IM", 20, 16)))
    signed = drafted("rotation", **SIGNED)
    assert codes(findings(signed, one)) == ["X114"]
    assert findings(signed, two) == ()


def test_a_rotation_of_six_months_across_tet_is_lawful_though_its_days_are_fewer():
    signed = drafted("rotation", **SIGNED)
    whole = report(tours=(line("S1", "MN", "IM", 0, 26), line("S1", "NK", "IM", 27, 1)))
    halves = report(tours=(line("S1", "NK", "IM", 13, 13), line("S1", "MN", "IM", 0, 13)))
    for made in (whole, halves):
        found = findings(signed, made)
        assert [(row.code, row.severity) for row in found] == [("N106", "warning")]
    apart = report(tours=(line("S1", "NK", "IM", 14, 13), line("S1", "MN", "IM", 0, 13)))
    assert [(row.code, row.severity) for row in findings(signed, apart)] == [("X114", "error")]


def test_a_rotation_above_the_legal_maximum_is_not_signed():
    long = report(tours=(line("S1", "MN", "IM", 0, 40), line("S1", "NK", "IM", 44, 40)))
    assert [(row.code, row.severity) for row in findings(drafted("rotation", **SIGNED), long)] == [("N105", "error")]


def test_support_above_the_maximum_of_the_province_is_not_signed_and_one_finding_counts_the_people():
    tours = (line("S1", "MN", "IM", 0, 4), line("S2", "NK", "IM", 0, 5), line("S3", "MN", "IM", 0, 6))
    (found,) = findings(drafted(**SIGNED), report(tours=tours))
    assert (found.code, found.severity, found.fields["count"], found.fields["high"]) == ("X115", "error", 2, 4)
    assert found.fields["first"] == "Đặng Ánh (S3): 42; Lò Thanh Hoa (S2): 35"
    with pytest.raises(BadData):
        docx(drafted(**SIGNED), report(tours=tours))
    assert [row.severity for row in of("X115", findings(drafted(), report(tours=tours)))] == ["warning"]


def test_a_transfer_has_no_term_to_check():
    assert {code for code in codes(findings(drafted("transfer"), report())) if code.startswith("N")} == set()


def test_nobody_is_transferred_twice():
    twice = report(tours=(line("S1", "MN", "IM", 0, 1), line("S1", "NK", "IM", 2, 1), line("S2", "NK", "IM", 0, 1)))
    signed = {**SIGNED, "basis": ("Văn bản A", "Văn bản B", "Văn bản C")}
    (found,) = findings(drafted("transfer", **signed), twice)
    assert (found.code, found.severity) == ("X116", "error")
    assert found.fields == {"count": 1, "first": "Lò Thị Hoa (S1): 2"}
    assert [row.severity for row in of("X116", findings(drafted("transfer"), twice))] == ["warning"]
    assert findings(drafted("transfer", **signed), report()) == ()
    assert of("X116", findings(drafted(), twice)) == []  # support may come again


def test_a_decision_keeps_to_the_instrument_of_the_campaign():
    assert checked(drafted(**SIGNED), report(), campaign="support") == ()
    (found,) = of("X117", checked(drafted(), report(), campaign="rotation"))
    assert found.severity == "warning" and "--kind rotation" in found.sentence("en")
    assert "Tăng cường, nhưng đợt được xếp theo hình thức Luân phiên có thời hạn" in found.sentence("vi")
    with pytest.raises(BadData) as caught:
        checked(drafted(**SIGNED), report(), campaign="rotation")
    assert codes(caught.value.findings) == ["X117"]
