"""
Make the Word templates of src/tramyte/exchange/papers, by Decree 30/2020/NĐ-CP, Annex I.

decision.docx is the decision with its annex, letter.docx every paper around it. Both are committed and are ordinary
Word files: an office may change them in Word and keep the names in {{ }}. Run this again only to change the layout that
everybody gets.
"""

import io
from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from tramyte.exchange.decision import fixed_zip

OUT = Path(__file__).resolve().parent.parent / "src" / "tramyte" / "exchange" / "papers" / "decision.docx"
RED = RGBColor(0xA6, 0x1B, 0x1B)
SHORT, LONG, TEXT = 62, 103, 165  # mm: left and right half of the head, width of the text
VML = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office"'
)
WATERMARK = (
    f'<w:pict {VML}><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
    'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
    '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
    '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>'
    '<v:path textpathok="t"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
    '<v:shape id="PowerPlusWaterMarkObject{id}" o:spid="_x0000_s205{id}" type="#_x0000_t136" '
    'o:allowincell="f" fillcolor="#F3DADA" stroked="f" style="position:absolute;'
    "width:430pt;height:90pt;rotation:315;z-index:-1;mso-position-horizontal:center;"
    'mso-position-horizontal-relative:margin;mso-position-vertical:center;mso-position-vertical-relative:margin">'
    '<v:textpath style="font-family:&quot;Times New Roman&quot;;font-weight:bold" string="BẢN DỰ THẢO"/>'
    "</v:shape></w:pict>"
)
TERM = (12, 42, 15, 39, 47, 44, 25, 25, 13)  # mm, columns of the annex
OPEN = (12, 48, 17, 54, 54, 51, 26)  # mm, without last day and weeks
LISTS = ((10, 34, 30, 32, 24, 24, 11), (12, 72, 27, 27, 27))  # mm, tables of letters: of people, of units


def main() -> None:
    """Write the templates."""
    document = blank("Quyết định")
    head(document)
    lines(document, ["{{ type_name }}"], bold=True, align=ALIGN.CENTER, before=18)
    lines(document, ["{{ subject }}"], bold=True, align=ALIGN.CENTER)
    rule(document, 60)
    body(document)
    foot(document)
    annex(document)
    write(document, OUT)
    document = blank("Văn bản")
    head(document, is_letter=True)
    letter(document)
    foot(document)
    write(document, OUT.with_name("letter.docx"))


def blank(title: str):
    """Return a document with paper, type and names of its own, and no clock."""
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Times New Roman")
    style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)
    document.core_properties.author = document.core_properties.last_modified_by = "tramyte"
    document.core_properties.title, document.core_properties.comments = title, ""
    document.core_properties.created = document.core_properties.modified = datetime(2025, 1, 1, tzinfo=UTC)
    page(document.sections[0])
    return document


def write(document, path: Path) -> None:
    """Write a template without the clock."""
    out = io.BytesIO()
    document.save(out)
    path.write_bytes(fixed_zip(out.getvalue()))


def page(section, *, landscape=False) -> None:
    """Set paper, margins, page number and the mark of a draft; the first page has no number."""
    width, height = (297, 210) if landscape else (210, 297)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = (Mm(20), Mm(15)) if landscape else (Mm(30), Mm(15))
    section.header_distance = Mm(8)
    section.different_first_page_header_footer = True
    if landscape:
        number = OxmlElement("w:pgNumType")
        number.set(qn("w:start"), "1")
        section._sectPr.find(qn("w:pgMar")).addnext(number)  # Word wants the parts in its own order
        return
    for name, header in (("1", section.first_page_header), ("2", section.header)):
        first = header.paragraphs[0]
        if name == "2":
            first.alignment = ALIGN.CENTER
            field(first, "PAGE")
        else:
            first.text = ""
        lines(header, ["{%p if mark %}"])
        (marked,) = lines(header, ["{{ mark }}"], size=12, bold=True, align=ALIGN.CENTER, before=2)
        marked.runs[0].font.color.rgb = RED
        marked.add_run("{%r if is_draft %}")
        marked.add_run()._r.append(parse_xml(WATERMARK.replace("{id}", name)))
        marked.add_run("{%r endif %}")
        lines(header, ["{%p endif %}"])


def field(paragraph, name: str) -> None:
    """Add a field that Word counts itself."""
    for kind, text in (("begin", None), (None, name), ("end", None)):
        run = paragraph.add_run()
        run.font.size = Pt(13)
        if kind:
            sign = OxmlElement("w:fldChar")
            sign.set(qn("w:fldCharType"), kind)
        else:
            sign = OxmlElement("w:instrText")
            sign.text = text
        run._r.append(sign)


def lines(place, texts, *, size=14, bold=False, italic=False, align=None, before=0, indent=0):
    """Add one paragraph a text and return them."""
    made = []
    for text in texts:
        paragraph = place.add_paragraph()
        paragraph.alignment = align
        paragraph.paragraph_format.space_before = Pt(before)
        paragraph.paragraph_format.first_line_indent = Mm(indent) if indent else None
        run = paragraph.add_run(text)
        run.font.size, run.bold, run.italic = Pt(size), bold, italic
        made.append(paragraph)
    return made


def rule(place, inset: int) -> None:
    """Draw a line, shorter by `inset` mm on either side than its place."""
    (paragraph,) = lines(place, [""], size=3)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(inset)
    paragraph.paragraph_format.space_before = Pt(2)
    border = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for key, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{key}"), value)
    border.append(top)
    # Word wants the parts of w:pPr in its own order: the border stands before spacing and indents
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def grid(document, widths, rows: int):
    """Add a table of fixed widths, mm, without lines."""
    table = document.add_table(rows=rows, cols=len(widths))
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def clear(cell):
    """Drop the empty paragraph a new cell comes with, once it has others."""
    cell._tc.remove(cell.paragraphs[0]._p)


def head(document, *, is_letter=False) -> None:
    """Set names and lines left and right, number, place and date; a letter says under its number what it is about."""
    table = grid(document, (SHORT, LONG), 2)
    left, right = table.rows[0].cells
    lines(left, ["{{ superior }}"], size=12, align=ALIGN.CENTER)
    lines(left, ["{{ agency }}"], size=12, bold=True, align=ALIGN.CENTER)
    rule(left, 21)
    lines(right, ["{{ nation }}"], size=12, bold=True, align=ALIGN.CENTER)
    lines(right, ["{{ motto }}"], size=13, bold=True, align=ALIGN.CENTER)
    rule(right, 23)
    number, place = table.rows[1].cells
    lines(number, ["{{ number }}"], size=13, align=ALIGN.CENTER, before=4)
    lines(place, ["{{ place_date }}"], size=13, italic=True, align=ALIGN.CENTER, before=4)
    if is_letter:
        lines(number, ["{%p if about %}"])
        lines(number, ["{{ about }}"], size=12, align=ALIGN.CENTER, before=2)
        lines(number, ["{%p endif %}"])
    for cell in (left, right, number, place):
        clear(cell)


def body(document) -> None:
    """Set legal bases, authority and articles."""
    lines(document, ["{{ authority }}"], bold=True, align=ALIGN.CENTER, before=12)
    lines(document, ["{%p for line in bases %}"])
    lines(document, ["{{ line }}"], italic=True, align=ALIGN.JUSTIFY, before=6, indent=10)
    lines(document, ["{%p endfor %}"])
    lines(document, ["{{ order }}"], bold=True, align=ALIGN.CENTER, before=12)
    lines(document, ["{%p for article in articles[:-1] %}"])
    article(document)
    lines(document, ["{%p endfor %}", "{%p for article in articles[-1:] %}"])
    article(document, is_last=True)
    lines(document, ["{%p endfor %}"])


def article(document, *, is_last=False) -> None:
    """Set one article; the last one goes with the signature, which never stands alone on a page."""
    (first,) = lines(document, ["{{ article.head }}"], bold=True, align=ALIGN.JUSTIFY, before=6, indent=10)
    first.add_run(" {{ article.first }}").font.size = Pt(14)
    lines(document, ["{%p for line in article.rest %}"])
    (rest,) = lines(document, ["{{ line }}"], align=ALIGN.JUSTIFY, before=6, indent=10)
    lines(document, ["{%p endfor %}"])
    for paragraph in (first, rest):
        paragraph.paragraph_format.keep_together = paragraph.paragraph_format.keep_with_next = is_last or None


def letter(document) -> None:
    """Set title or addressee, text, one table of five or seven columns, closing."""
    lines(document, ["{%p if title %}"])
    lines(document, ["{{ title }}"], bold=True, align=ALIGN.CENTER, before=18)
    lines(document, ["{{ subject }}"], bold=True, align=ALIGN.CENTER)
    rule(document, 60)
    lines(document, ["{%p endif %}", "{%p if to %}"])
    lines(document, ["Kính gửi: {{ to }}"], align=ALIGN.CENTER, before=18)
    lines(document, ["{%p endif %}"])
    lines(document, [""], size=6)
    lines(document, ["{%p for line in paragraphs %}"])
    lines(document, ["{{ line }}"], align=ALIGN.JUSTIFY, before=6, indent=10)
    lines(document, ["{%p endfor %}"])
    lines(document, [""], size=6)
    for widths in LISTS:
        lines(document, [f"{{%p if columns|length == {len(widths)} %}}"])
        listed(document, widths)
        lines(document, ["{%p endif %}"])
    lines(document, ["{%p for line in closing %}"])
    (last,) = lines(document, ["{{ line }}"], align=ALIGN.JUSTIFY, before=6, indent=10)
    last.paragraph_format.keep_together = last.paragraph_format.keep_with_next = True
    lines(document, ["{%p endfor %}"])


def listed(document, widths) -> None:
    """Add a table: its head on every page, and every row."""
    table = grid(document, widths, 4)
    table.style = "Table Grid"
    for at, cell in enumerate(table.rows[0].cells):
        lines(cell, [f"{{{{ columns[{at}] }}}}"], size=11, bold=True, align=ALIGN.CENTER)
    for at, cell in enumerate(table.rows[2].cells):
        lines(cell, [f"{{{{ row[{at}] }}}}"], size=11, align=None if 0 < at < len(widths) - 3 else ALIGN.CENTER)
    for row in (table.rows[0], table.rows[2]):
        for cell in row.cells:
            clear(cell)
        unbroken(row)
    for which, tag in ((1, "for row in rows"), (3, "endfor")):
        table.rows[which].cells[0].paragraphs[0].text = f"{{%tr {tag} %}}"
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def foot(document) -> None:
    """Set recipients left and signature right, kept on one page."""
    lines(document, [""], size=8)[0].paragraph_format.keep_with_next = True
    table = grid(document, (TEXT // 2, TEXT - TEXT // 2), 1)
    left, right = table.rows[0].cells
    lines(left, ["{{ recipients_title }}"], size=12, bold=True, italic=True)
    lines(left, ["{%p for line in recipients %}"])
    lines(left, ["{{ line }}"], size=11)
    lines(left, ["{%p endfor %}"])
    lines(right, ["{%p for line in signature %}"])
    lines(right, ["{{ line }}"], bold=True, align=ALIGN.CENTER)
    lines(right, ["{%p endfor %}"])
    lines(right, ["", "", "", ""], align=ALIGN.CENTER)
    lines(right, ["{{ signer }}"], bold=True, align=ALIGN.CENTER)
    for cell in (left, right):
        clear(cell)
    unbroken(table.rows[0])


def unbroken(row) -> None:
    """Keep a row on one page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def annex(document) -> None:
    """Set the list of all names on pages of its own, across, with the head of the table on each."""
    page(document.add_section(WD_SECTION.NEW_PAGE), landscape=True)
    lines(document, ["{{ annex.title }}"], bold=True, align=ALIGN.CENTER)
    lines(document, ["{{ annex.subject }}"], bold=True, align=ALIGN.CENTER)
    lines(document, ["{{ annex.reference }}"], italic=True, align=ALIGN.CENTER)
    lines(document, ["{%p if annex.note %}"])
    lines(document, ["{{ annex.note }}"], size=11, italic=True, align=ALIGN.CENTER)
    lines(document, ["{%p endif %}"])
    lines(document, [""], size=6)
    lines(document, ["{%p if annex.has_term %}"])
    names(document, TERM)
    lines(document, ["{%p else %}"])
    names(document, OPEN)
    lines(document, ["{%p endif %}"])
    lines(document, [""], size=1)  # Word wants a paragraph after the last table


def names(document, widths) -> None:
    """Add the table of names: head, all rows but the last, the last, which stays with the total, the total."""
    table = grid(document, widths, 8)
    table.style = "Table Grid"
    centred = {0, 2, 6, 7, 8}
    for at, cell in enumerate(table.rows[0].cells):
        lines(cell, [f"{{{{ annex.columns[{at}] }}}}"], size=12, bold=True, align=ALIGN.CENTER)
    for which in (2, 5):
        for at, cell in enumerate(table.rows[which].cells):
            (text,) = lines(cell, [f"{{{{ row[{at}] }}}}"], size=12, align=ALIGN.CENTER if at in centred else None)
            text.paragraph_format.keep_with_next = which == 5 or None
    for row in (table.rows[0], table.rows[2], table.rows[5]):
        for cell in row.cells:
            clear(cell)
        unbroken(row)
    for which, tag in (
        (1, "for row in annex.rows[:-1]"),
        (3, "endfor"),
        (4, "for row in annex.rows[-1:]"),
        (6, "endfor"),
    ):
        table.rows[which].cells[0].paragraphs[0].text = f"{{%tr {tag} %}}"
    bare(table.rows[7])
    repeat = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)


def bare(row) -> None:
    """Set the total as one cell without lines: inside the table it never stands without the head of the list."""
    cell = row.cells[0].merge(row.cells[-1])
    for paragraph in cell.paragraphs[1:]:
        cell._tc.remove(paragraph._p)
    lines(cell, ["{{ annex.total }}"], size=13, before=6)
    clear(cell)
    borders = OxmlElement("w:tcBorders")
    for side in ("left", "bottom", "right"):
        line = OxmlElement(f"w:{side}")
        line.set(qn("w:val"), "nil")
        borders.append(line)
    cell._tc.get_or_add_tcPr().append(borders)
    unbroken(row)


if __name__ == "__main__":
    main()
