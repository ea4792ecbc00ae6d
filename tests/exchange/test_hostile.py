"""A bad file gives one clear message, exit code 10, soon, and in little memory."""

import io
import os
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.files import (
    WEIGHTS,
    label,
    ods,
    ole,
    record,
    rezipped,
    row,
    text,
    value,
    weights_xls,
    words,
    workbook_stream,
    xlsx,
    zipped,
)  # fmt: skip
from tests.exchange.province import only
from tramyte.domain.errors import BadData
from tramyte.domain.register import Register
from tramyte.exchange import hostile
from tramyte.exchange.hostile import kind_of, open_zip, part, parts_to_refuse
from tramyte.exchange.scan import number, place
from tramyte.exchange.workbook import read, write

ONE_CELL = WEIGHTS + row(2, text("A2", "w_crit"), '<c r="B2"><v>1000</v></c>')


def refused(data, filename="tinh.xlsx"):
    with pytest.raises(BadData) as caught:
        read(data, filename=filename)
    assert caught.value.exit_code == 10
    return caught.value.findings


@pytest.mark.parametrize("data", [b"", b"\n \n", bytes(1000)])
def test_an_empty_file_is_refused(data):
    assert only(refused(data), "E101")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7\n", "tệp PDF"), (b"\xff\xd8\xff\xe0\0", "tệp ảnh"), (b"\x89PNG\r\n", "tệp ảnh"),
        (b"GIF89a", "tệp ảnh"),
        (b"{\\rtf1", "tài liệu"), (b"\x1f\x8b\x08", "tệp nén"), (b"\xef\xbb\xbf<?xml version", "XML"),
        (b"\n<HTML>", "trang web"), (b"<!DOCTYPE html>", "trang web"), (b"abc\0\1\2", "nhị phân"),
        ("Mã nhân lực,Tên\n".encode(), "CSV"), (zipped({"word/document.xml": "<x/>"}), "tệp nén"),
        (zipped({"xl/workbook.bin": "x"}), ".xlsb"), (hostile.OLE + bytes(2000), "tài liệu"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_said_by_its_content(data, words):
    assert words in only(refused(data), "E102").sentence("vi")


def test_a_password_is_said_with_the_way_to_remove_it():
    finding = only(refused(hostile.OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le")), "E103")
    assert "Mã hóa bằng mật khẩu" in finding.sentence("vi")


def test_a_password_on_an_xls_is_said():
    assert only(refused(ole(weights_xls(first=record(0x002F, bytes(6)))), "a.xls"), "E103")


def test_a_password_on_an_ods_is_said():
    manifest = {"META-INF/manifest.xml": "<manifest><manifest:encryption-data/></manifest>"}
    assert only(refused(ods(words("Mã trọng số"), add=manifest), "a.ods"), "E103")


def _flagged(data: bytes) -> bytes:
    """Set the bit that says a part of a zip is encrypted, in the table of contents."""
    at = data.find(b"PK\x01\x02")
    return data[: at + 8] + b"\1" + data[at + 9 :]


def test_a_password_on_the_zip_is_said():
    assert only(refused(_flagged(write(Register()))), "E103")


@pytest.mark.parametrize("keep", [0.3, 0.9, 0.999])
def test_a_file_that_is_cut_off_is_refused(keep):
    data = write(Register())
    assert only(refused(data[: int(len(data) * keep)]), "E106")


def test_a_damaged_directory_is_refused():
    data = bytearray(write(Register()))
    at = data.find(b"PK\x01\x02")
    data[at : at + 4] = b"ZZZZ"
    assert only(refused(bytes(data)), "E106")


def test_damaged_parts_are_refused():
    data = bytearray(write(Register()))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        start = archive.getinfo("xl/workbook.xml").header_offset + 60
    data[start : start + 20] = bytes(20)
    assert only(refused(bytes(data)), "E106")


def test_xml_that_does_not_close_is_refused():
    cut = {"xl/workbook.xml": lambda same: same[:-9]}
    assert only(refused(rezipped(write(Register()), change=cut)), "E106")
    assert only(refused(zipped({"content.xml": "<a>"}), "a.ods"), "E106")


def test_a_sheet_that_is_not_in_the_file_is_refused():
    assert only(refused(xlsx(ONE_CELL, target="nowhere{}.xml")), "E106")


def test_parts_in_utf16_are_refused():
    other = {"xl/worksheets/sheet2.xml": lambda same: same.decode().encode("utf-16")}
    assert "UTF-16" in only(refused(rezipped(write(Register()), change=other)), "E106").sentence("en")


def test_a_part_that_stands_twice_is_refused():
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = rezipped(write(Register()), add={"xl/workbook.xml": b"<x/>"})
    assert only(refused(data), "E106")


def test_too_many_parts_are_refused():
    many = {f"x/{number}": b"" for number in range(hostile.ENTRY_LIMIT)}
    assert only(refused(rezipped(write(Register()), add=many)), "E106")


def test_a_huge_directory_is_refused_unread():
    data = bytearray(write(Register()))
    struct.pack_into("<I", data, len(data) - 22 + 12, hostile.DIRECTORY_LIMIT + 1)
    assert "directory" in only(refused(bytes(data)), "E106").sentence("en")


def test_other_compressions_are_refused():
    assert only(refused(rezipped(write(Register()), compression=zipfile.ZIP_LZMA)), "E106")


def test_a_file_beyond_all_measure_is_refused(monkeypatch):
    monkeypatch.setattr(hostile, "FILE_LIMIT", 2 * hostile.MB)
    assert only(refused(b"x" * (3 * hostile.MB)), "E104").fields["size"] == 3


def test_parts_beyond_all_measure_are_refused(monkeypatch):
    noise = os.urandom(3 * hostile.MB)
    monkeypatch.setattr(hostile, "PART_LIMIT", 2 * hostile.MB)
    assert only(refused(rezipped(write(Register()), add={"x": noise})), "E104").fields["part"] == "x"
    monkeypatch.setattr(hostile, "PART_LIMIT", 9 * hostile.MB)
    monkeypatch.setattr(hostile, "TOTAL_LIMIT", 2 * hostile.MB)
    assert only(refused(rezipped(write(Register()), add={"x": noise})), "E104").fields["part"] == "tinh.xlsx"


def test_a_zip_bomb_is_refused_by_its_ratio():
    data = rezipped(write(Register()), add={"xl/media/image1.png": bytes(30 * hostile.MB)})
    assert only(refused(data), "E117").fields["ratio"] > 900


def test_a_zip_that_lies_about_its_size_is_refused():
    raw = bytearray(rezipped(write(Register()), add={"xl/x.xml": b"<x>" + b" " * 5000 + b"</x>"}))
    at = raw.rfind(b"xl/x.xml") - 46
    struct.pack_into("<I", raw, at + 24, 100)
    assert only(refused(bytes(raw)), "E106")


PAIRS = zip("abcdefgh", "bcdefghi", strict=True)
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {more} "&{one};&{one};&{one};&{one};">' for one, more in PAIRS)
    + "]><lolz>&i;</lolz>"
)
PARTS = ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet2.xml", "xl/styles.xml"]


@pytest.mark.parametrize("name", PARTS)
def test_definitions_that_grow_are_refused_wherever_they_stand(name):
    data = rezipped(write(Register()), change={name: lambda _: LAUGHS.encode()})
    assert only(refused(data), "E107").fields["part"] == name


def test_definitions_that_grow_are_refused_in_an_ods():
    assert only(refused(zipped({"content.xml": LAUGHS}), "a.ods"), "E107")


def test_macros_links_and_objects_are_said_all_at_once():
    parts = {
        "xl/vbaProject.bin": b"x",
        "xl/externalLinks/externalLink1.xml": b"<x/>",
        "xl/embeddings/oleObject1.bin": b"x",
    }
    findings = refused(rezipped(write(Register()), add=parts))
    assert [finding.code for finding in findings] == ["E109", "E110", "E111"]
    assert [row.code for row in parts_to_refuse(["Basic/x.xml", "Object 1/content.xml", "xl/activeX/a.bin"])] == [
        "E109", "E111", "E111",
    ]  # fmt: skip
    assert parts_to_refuse(["xl/externalLinks/_rels/a.rels", "content.xml"]) == []


def test_too_many_sheets_are_refused():
    titles = [f"S{number}" for number in range(hostile.SHEET_LIMIT + 1)]
    assert only(refused(xlsx(*[""] * len(titles), titles=titles)), "E108")
    assert only(refused(ods(*[""] * len(titles), titles=titles), "a.ods"), "E108")
    assert only(refused(ole(workbook_stream(*[b""] * len(titles), titles=titles)), "a.xls"), "E108")


def test_a_cell_far_away_is_refused():
    low = row(1_048_576, '<c r="A1048576"><v>1</v></c>')
    assert only(refused(xlsx(ONE_CELL + low)), "E105").fields["what_en"] == "rows"
    assert only(refused(xlsx(ONE_CELL + row(3, '<c r="XFD3"><v>1</v></c>'))), "E105").fields["what_en"] == "columns"
    far = row(150_000, '<c r="ABC150000"><v>1</v></c>')
    assert only(refused(xlsx(ONE_CELL + far)), "E105").fields["what_en"] == "cells"


def test_many_sheets_that_are_large_together_are_refused(monkeypatch):
    monkeypatch.setattr(hostile, "CELL_LIMIT", 5)
    assert only(refused(xlsx(ONE_CELL, ONE_CELL, titles=["a", "b"])), "E105").sheet == "b"


def test_a_far_cell_that_is_only_coloured_does_not_matter():
    data = xlsx(ONE_CELL + row(1_048_576, '<c r="XFD1048576" s="1"/>'))
    assert len(read(data, filename="a.xlsx")[0].weights) == 1


def test_cells_without_address_are_refused():
    assert only(refused(xlsx("<row><c><v>1</v></c></row>")), "E118")


@pytest.mark.parametrize("index", ["-1", "1e3", "1", "", "99999999999"])
def test_a_shared_text_that_does_not_exist_is_refused(index):
    sheet = row(1, f'<c r="A1" t="s"><v>{index}</v></c>')
    assert only(refused(xlsx(sheet, strings="<si><t>Mã</t></si>")), "E118").sheet == "Trọng số"


def test_a_cell_that_stands_twice_is_refused():
    found = only(refused(xlsx(row(1, '<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>'))), "E118")
    assert "A1" in found.sentence("en")


def test_one_long_text_in_very_many_cells_is_refused(monkeypatch):
    monkeypatch.setattr(hostile, "MB", 1)
    monkeypatch.setattr("tramyte.exchange.scan.TEXT_LIMIT", 2500)
    long = f"<si><t>{'x' * 300}</t></si><si><t>y</t></si>"
    cells = [f'<c r="C{line}" t="s"><v>{{}}</v></c>' for line in range(3, 9)]
    assert only(refused(xlsx(ONE_CELL + "".join(row(3, cell.format(0)) for cell in cells), strings=long)), "E121")
    short = xlsx(ONE_CELL + "".join(row(line, cell.format(1)) for line, cell in enumerate(cells, 3)), strings=long)
    assert {finding.code for finding in refused(short)} == {"E201"}


def test_repeated_rows_and_cells_of_an_ods_are_held():
    cell = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="{}"/>'
    rows = '<table:table-row table:number-rows-repeated="{}">' + cell + "</table:table-row>"
    assert only(refused(ods(rows.format(1_000_000, 1)), "a.ods"), "E105").fields["what_en"] == "rows"
    assert only(refused(ods(rows.format(1, 16_384)), "a.ods"), "E105").fields["what_en"] == "columns"
    assert only(refused(ods(rows.format(100_000, 999)), "a.ods"), "E105").fields["what_en"] == "cells"
    assert only(refused(ods(rows.format("9" * 400, 1)), "a.ods"), "E105").fields["what_en"] == "rows"
    assert only(refused(ods(rows.format("x", 1)), "a.ods"), "E105").fields["what_en"] == "rows"


def test_one_long_text_repeated_in_an_ods_is_refused():
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="900"><text:p>{}</text:p>'
    words = cell.format("x" * 100) + "</table:table-cell>"
    line = f'<table:table-row table:number-rows-repeated="900">{words}</table:table-row>'
    assert only(refused(ods(line), "a.ods"), "E121").fields["read"] == 81


def test_a_list_of_sheets_or_texts_beyond_measure_is_refused(monkeypatch):
    noise = b"<!--" + os.urandom(500_000).hex().encode() + b"--><sheets>"
    long = {"xl/workbook.xml": lambda same: same.replace(b"<sheets>", noise)}
    assert only(refused(rezipped(write(Register()), change=long)), "E104").fields["part"] == "xl/workbook.xml"
    monkeypatch.setattr("tramyte.exchange.scan.CELL_LIMIT", 3)
    monkeypatch.setattr(hostile, "CELL_LIMIT", 3)
    assert only(refused(xlsx(ONE_CELL, strings="<si/>" * 4)), "E105").fields["read"] == 4


def test_a_csv_beyond_measure_is_refused(monkeypatch):
    monkeypatch.setattr(hostile, "TEXT_FILE_LIMIT", hostile.MB)
    assert only(refused(b"x" * 2 * hostile.MB, "a.csv"), "E104").fields["size"] == 2


def test_a_far_cell_of_an_xls_is_refused():
    wide = record(0x00BD, struct.pack("<HH", 1, 0) + bytes(6) + struct.pack("<H", 20_000))
    assert only(refused(ole(weights_xls(wide)), "a.xls"), "E105").fields["what_en"] == "columns"
    assert only(refused(ole(weights_xls(value(65_535, 255, 1))), "a.xls"), "E105").fields["what_en"] == "cells"


@pytest.mark.parametrize("at", [30, 44, 48, 76, 512, 600, 1024 + 116, 1024 + 128 + 116])
def test_a_damaged_xls_is_read_or_refused_in_words(at):
    data = bytearray(ole(weights_xls(label(1, 0, "w_crit"), value(1, 1, 5))))
    data[at : at + 4] = b"\xf0\xff\xff\x0f"
    try:
        assert len(read(bytes(data), filename="a.xls")[0].weights) == 1
    except BadData as error:
        assert {finding.code for finding in error.findings} <= {"E106", "E118", "E112"}


def test_a_circle_of_sectors_ends():
    data = bytearray(ole(weights_xls(label(1, 0, "w_crit"))))
    struct.pack_into("<I", data, 512 + 4, 1)
    assert "circle" in only(refused(bytes(data), "a.xls"), "E106").sentence("en")


def test_more_tables_of_sectors_are_followed():
    data = bytearray(ole(weights_xls(label(1, 0, "w_crit"), value(1, 1, 1000))))
    size = len(data) // 512 - 1
    data += struct.pack("<128I", *[0xFFFFFFFF] * 127, 0xFFFFFFFE)
    struct.pack_into("<II", data, 68, size, 1)
    assert len(read(bytes(data), filename="a.xls")[0].weights) == 1


def test_an_xls_without_a_workbook_is_refused():
    data = ole(weights_xls(), name="Other") + "Workbook".encode("utf-16-le") + b"\0\0"
    assert {row.code for row in refused(data, "a.xls")} <= {"E106", "E118"}


SOUND = [
    ("a.xlsx", xlsx(ONE_CELL)),
    ("a.ods", ods(words("Mã trọng số", "Giá trị") + words("w_crit", "1"))),
    ("a.xls", ole(weights_xls(label(1, 0, "w_crit"), value(1, 1, 5)))[:2048]),
    ("a.xls", ole(weights_xls(label(1, 0, "w_crit"), value(1, 1, 5)), is_small=True)),
    ("a.csv", "Mã trọng số;Giá trị\nw_crit;1\n".encode()),
]


@given(st.sampled_from(SOUND), st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=4))
@settings(max_examples=300, deadline=None)
def test_whatever_is_damaged_is_read_or_refused_in_words(sound, changes):
    name, data = sound
    spoiled = bytearray(data)
    for at, byte in changes:
        spoiled[int(at * len(data))] = byte
    try:
        read(bytes(spoiled), filename=name)
    except BadData as error:
        assert all(finding.sentence("vi") and finding.sentence("en") for finding in error.findings)


def test_a_part_that_stands_before_the_file_is_refused():
    data = bytearray(write(Register()))
    at = data.find(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 42, 2**31)
    assert only(refused(bytes(data)), "E106")


def test_a_csv_of_endless_rows_or_cells_is_refused():
    assert only(refused(b"a,b\n" * 250_000, "a.csv"), "E105").fields["what_en"] == "rows"
    assert only(refused(b"," * 3_000_000, "a.csv"), "E105").fields["what_en"] == "cells"


def test_columns_and_places_are_counted_from_nought():
    assert [number(letters) for letters in (b"A", b"Z", b"AA", b"XFD")] == [0, 25, 26, 16383]
    assert place(b' s="1" r="C7" ') == (6, 2) and place(b"") == (0, 0)


def test_kinds_are_told_by_content():
    assert [kind_of(data, "a.csv") for data in (write(Register()), ods(""), ole(weights_xls()), b"a,b")] == [
        "xlsx", "ods", "xls", "csv",
    ]  # fmt: skip
    assert open_zip(zipped({"a": "b"}), filename="x").namelist() == ["a"]
    assert part(open_zip(zipped({"a": "b"}), filename="x"), "a", filename="x") == b"b"
