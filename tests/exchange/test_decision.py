"""Decisions as Word and PDF, opened and read back."""

import importlib.util
import io
import re
import shutil
import zipfile
from dataclasses import replace
from importlib import resources
from pathlib import Path

import docx as word
import pypdfium2
import pytest
import typst

from tests.exchange.papers import SIGNED, drafted
from tests.exchange.reports import big, line, report
from tramyte.domain.errors import BadData, TramyteError
from tramyte.exchange.decision import NoFont, docx, fixed_zip, pdf
from tramyte.exchange.paper import content

PEOPLE = {"S1": {"title": "Bác sĩ", "title_code": "V.08.01.03", "birth_year": "1985"}}
FONTS = Path(str(resources.files("tramyte.exchange") / "fonts"))
TEMPLATE = Path(str(resources.files("tramyte.exchange") / "papers" / "decision.docx"))


def codes(found):
    """Return the codes of findings."""
    return [finding.code for finding in found]


def pages(data):
    """Return the text of each page, on one line."""
    paper = pypdfium2.PdfDocument(data)
    try:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in paper]
    finally:
        paper.close()


def paragraphs(data):
    """Return document and all its text, tables and headers included."""
    paper = word.Document(io.BytesIO(data))
    text = "\n".join(node.text or "" for node in paper.element.body.iter() if node.tag.endswith("}t"))
    heads = "\n".join(
        node.text or ""
        for section in paper.sections
        for head in (section.header, section.first_page_header)
        for node in head._element.iter()
        if node.tag.endswith("}t")
    )
    return paper, text, heads


def rows(paper):
    """Return the rows of the annex without the total, which is the last."""
    return [[cell.text for cell in row.cells] for row in paper.tables[-1].rows[:-1]]


# what stands in the papers


@pytest.mark.parametrize("kind", ["support", "rotation", "secondment", "transfer"])
def test_word_and_pdf_say_the_same_words(kind):
    decision, made = drafted(kind), report()
    words = content(decision, made, people=PEOPLE)
    paper, text, _ = paragraphs(docx(decision, made, people=PEOPLE))
    printed = " ".join(pages(pdf(decision, made, people=PEOPLE)))
    flat = re.sub(r"\s+", "", printed)
    for part in (words["nation"], words["motto"], words["subject"], words["authority"], *words["bases"]):
        assert part in text
        assert re.sub(r"\s+", "", part) in flat
    for article in words["articles"]:
        for part in (article["first"], *article["rest"]):
            assert part in text
            assert re.sub(r"\s+", "", part) in flat
    assert rows(paper) == [words["annex"]["columns"], *words["annex"]["rows"]]
    for row in words["annex"]["rows"]:
        assert re.sub(r"\s+", "", "".join(row)) in flat


def test_the_annex_of_108_people_is_complete_and_repeats_its_head_on_every_page():
    made = big()
    found = pages(pdf(drafted(), made))
    start = next(index for index, page in enumerate(found) if "PHỤ LỤC" in page)
    annex = found[start:]
    assert len(annex) > 3
    assert all("Họ và tên" in page for page in annex)
    numbered = re.compile(r"(?<!\S)(\d{1,3}) (?=Lò|Quàng|Giàng|Nguyễn|Mùa)")
    assert [int(number) for page in annex for number in numbered.findall(page)] == list(range(1, 109))
    assert "Danh sách này gồm 108 người" in annex[-1]
    paper, _, _ = paragraphs(docx(drafted(), made))
    assert len(rows(paper)) == 109
    assert paper.tables[-1].rows[-1].cells[0].text.startswith("Danh sách này gồm 108 người")
    assert "w:tblHeader" in paper.tables[-1].rows[0]._tr.xml


def test_a_draft_says_so_on_every_page_and_a_signed_paper_nowhere():
    made = report(synthetic=False)
    assert all("BẢN DỰ THẢO" in page for page in pages(pdf(drafted(), big())))
    assert not any("DỰ THẢO" in page for page in pages(pdf(drafted(**SIGNED), made)))
    heads = paragraphs(docx(drafted(), made))[2]
    assert heads.count("BẢN DỰ THẢO") >= 2  # first page and the next ones
    signed = docx(drafted(**SIGNED), made)
    assert "DỰ THẢO" not in paragraphs(signed)[2]
    with zipfile.ZipFile(io.BytesIO(signed)) as archive:
        assert not any("DỰ THẢO".encode() in archive.read(name) for name in archive.namelist())
    with zipfile.ZipFile(io.BytesIO(docx(drafted(), made))) as archive:
        assert any(b"PowerPlusWaterMark" in archive.read(name) for name in archive.namelist())


def test_number_signer_and_date_are_printed_only_when_they_are_there():
    made = report(synthetic=False)
    draft_page = pages(pdf(drafted(), made))[0]
    assert "/QĐ-SYT" in draft_page and "05/QĐ-SYT" not in draft_page and "năm 2025" in draft_page
    signed = " ".join(pages(pdf(drafted(**SIGNED), made)))
    assert "Số: 05/QĐ-SYT" in signed and "Nguyễn Văn Mẫu" in signed
    assert "Điện Biên, ngày 08 tháng 12 năm 2025" in signed


def test_the_first_page_has_no_number_and_the_annex_counts_from_one_again():
    found = pages(pdf(drafted(), big()))
    start = next(index for index, page in enumerate(found) if "PHỤ LỤC" in page)
    number = [re.match(r"BẢN DỰ THẢO (\d+) BẢN DỰ THẢO", page) for page in found]
    assert number[0] is None and number[start] is None
    assert number[1] is not None and number[1].group(1) == "2"
    assert [match.group(1) for match in number[start + 1 :] if match] == [
        str(index) for index in range(2, len(found) - start + 1)
    ]


def test_the_page_keeps_to_decree_30():
    paper = pypdfium2.PdfDocument(pdf(drafted(), report()))
    sizes = [tuple(round(side / 72 * 25.4) for side in page.get_size()) for page in paper]
    paper.close()
    assert sizes[0] == (210, 297) and sizes[-1] == (297, 210)
    made, _, _ = paragraphs(docx(drafted(), report()))
    first = made.sections[0]
    assert (round(first.page_width.mm), round(first.page_height.mm)) == (210, 297)
    margins = (first.top_margin, first.bottom_margin, first.left_margin, first.right_margin)
    assert [round(margin.mm) for margin in margins] == [20, 20, 30, 15]
    assert first.different_first_page_header_footer
    assert made.styles["Normal"].font.name == "Times New Roman"


@pytest.mark.parametrize("render", [docx, pdf])
def test_the_same_input_makes_the_same_bytes(render):
    assert render(drafted(), report(), people=PEOPLE) == render(drafted(), report(), people=PEOPLE)


def test_text_of_people_is_never_code_in_any_paper():
    evil = replace(line("S1", "MN", "IM", 0, 1), staff_name="{{ 7*7 }} #panic() <b>&\x07", station_name='"]; $x$ \\')
    made = report(tours=(evil,))
    assert rows(paragraphs(docx(drafted(), made))[0])[1][1] == "{{ 7*7 }} #panic() <b>&"
    assert "{{7*7}}#panic()<b>&" in re.sub(r"\s+", "", pages(pdf(drafted(), made))[-1])


def test_the_place_of_a_long_office_stands_on_a_line_of_its_own():
    decision = drafted(superior="ỦY BAN NHÂN DÂN THÀNH PHỐ QUẢNG NINH")
    page = pypdfium2.PdfDocument(pdf(decision, report()))[0]
    lines = [line.strip() for line in page.get_textpage().get_text_bounded().splitlines()]
    assert "THÀNH PHỐ QUẢNG NINH" in lines and "ỦY BAN NHÂN DÂN" in lines
    head = paragraphs(docx(decision, report()))[0].tables[0].rows[0].cells[0]
    assert head.text.splitlines()[:3] == ["ỦY BAN NHÂN DÂN", "THÀNH PHỐ QUẢNG NINH", "SỞ Y TẾ"]


# fonts


def test_the_pdf_embeds_tinos_and_no_other_font():
    data = pdf(drafted(), report())
    names = set(re.findall(rb"/FontName\s*/([A-Z]{6}\+)?([A-Za-z-]+)", data))
    assert {name.decode() for _, name in names} == {"Tinos-Regular", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"}
    assert b"pdfaid" in data


def test_a_missing_font_is_said_not_replaced(tmp_path):
    with pytest.raises(NoFont) as caught:
        pdf(drafted(), report(), fonts=tmp_path)
    assert caught.value.exit_code == TramyteError.exit_code  # nothing is wrong with the input
    assert [(row.code, row.fields) for row in caught.value.findings] == [("X107", {"file": "Tinos-Regular.ttf"})]
    for file in FONTS.glob("*.ttf"):
        if file.name != "Tinos-Italic.ttf":
            shutil.copy(file, tmp_path)
    with pytest.raises(TramyteError, match=r"Tinos-Italic\.ttf"):
        pdf(drafted(), report(), fonts=tmp_path)


def test_a_letter_the_font_lacks_is_said_not_replaced():
    made = report(tours=(replace(line("S1", "MN", "IM", 0, 1), staff_name="Lò 漢"),))
    with pytest.raises(BadData) as caught:
        pdf(drafted(), made)
    assert codes(caught.value.findings) == ["X108"]
    assert caught.value.findings[0].fields == {"letters": "漢", "font": "Tinos"}


def test_any_other_fault_of_typesetting_is_a_bug_and_keeps_its_name(monkeypatch):
    def broken(*args, **kwargs):
        raise typst.TypstError("something else", "")

    monkeypatch.setattr(typst, "compile", broken)
    with pytest.raises(typst.TypstError, match="something else"):
        pdf(drafted(), report())


# templates of an office


def edited(old, new):
    """Return the template with words replaced inside."""
    out = io.BytesIO()
    with zipfile.ZipFile(TEMPLATE) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(old, new))
    return out.getvalue()


def test_an_office_may_bring_its_own_template():
    made = docx(drafted(), report(), template=edited(b"{{ order }}", "NAY QUYẾT ĐỊNH".encode()))
    assert "NAY QUYẾT ĐỊNH" in paragraphs(made)[1]


@pytest.mark.parametrize(
    "evil",
    [
        b"{{ ''.__class__.__mro__ }}",
        b"{{ bases.append('x') }}",
        b"{{ cycler.__init__.__globals__ }}",
        b"{{ no_such_name }}",
        b"{% if %}",
        b"{{ 1 / 0 }}",
        b"{{ bases.foo() }}",
        b"{{ range(10**9) }}",
        b"{{ 'x' + 1 }}",
    ],
)
def test_a_template_runs_in_a_sandbox(evil):
    with pytest.raises(BadData) as caught:
        docx(drafted(), report(), template=edited(b"{{ order }}", evil))
    assert codes(caught.value.findings) == ["X109"]


@pytest.mark.parametrize("broken", [b"not a zip", b"PK\x03\x04"])
def test_a_file_that_is_no_word_file_is_refused(broken):
    with pytest.raises(BadData) as caught:
        docx(drafted(), report(), template=broken)
    assert codes(caught.value.findings) == ["X109"]


def test_a_zip_without_a_document_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(BadData):
        docx(drafted(), report(), template=out.getvalue())


def test_the_committed_template_is_what_the_tool_makes(tmp_path, monkeypatch):
    path = Path(__file__).parents[2] / "tools" / "paper.py"
    spec = importlib.util.spec_from_file_location("paper_tool", path)
    assert spec is not None and spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    monkeypatch.setattr(tool, "OUT", tmp_path / "decision.docx")
    tool.main()
    assert unpacked((tmp_path / "decision.docx").read_bytes()) == unpacked(TEMPLATE.read_bytes())


def unpacked(data):
    """Return name -> bytes: compression differs between machines, contents do not."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_zip_loses_its_clock():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a", (2026, 1, 1, 1, 1, 2)), "x")
    with zipfile.ZipFile(io.BytesIO(fixed_zip(out.getvalue()))) as archive:
        assert archive.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)
        assert archive.read("a") == b"x"
