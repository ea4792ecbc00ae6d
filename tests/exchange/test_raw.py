"""Every kind of file that is read, and the formulas and errors that the fast reader does not tell."""

import struct

import pytest
from python_calamine import CalamineError, PasswordError

from tests.exchange.files import (
    WEIGHTS,
    label,
    ods,
    ole,
    record,
    row,
    text,
    value,
    weights_xls,
    words,
    workbook_stream,
    xlsx,
)  # fmt: skip
from tests.exchange.province import only, province
from tramyte.domain.errors import BadData
from tramyte.domain.work import Weight
from tramyte.exchange import raw
from tramyte.exchange.workbook import read, write

HEAD = "Mã trọng số;Giá trị\n"
ONE = (Weight("w_crit", 1000),)


def refused(data, filename="tinh.xlsx"):
    with pytest.raises(BadData) as caught:
        read(data, filename=filename)
    return caught.value.findings


def test_an_xlsx_is_read_whatever_its_name():
    for name in ("a.xlsx", "a.xls", "a.csv", "a"):
        assert read(write(province()), filename=name)[0] == province()


@pytest.mark.parametrize("target", ["worksheets/sheet{}.xml", "/xl/worksheets/sheet{}.xml"])
def test_a_hand_made_xlsx_is_read(target):
    data = xlsx(WEIGHTS + row(2, text("A2", "w_crit"), '<c r="B2"><v>1000</v></c>'), target=target)
    assert read(data, filename="a.xlsx")[0].weights == ONE


def test_a_formula_in_an_xlsx_is_refused_by_its_cell_with_or_without_a_value():
    data = xlsx(WEIGHTS + row(2, text("A2", "w_crit"), '<c r="B2"><f>1+1</f><v>2</v></c>')
                + row(5, text("A5", "fair1"), '<c r="B5"><f/></c>'))  # fmt: skip
    findings = refused(data)
    assert [(finding.code, finding.cell) for finding in findings] == [("E209", "B2"), ("E209", "B5")]
    assert "Paste Values" in findings[0].sentence("vi")


def test_an_error_in_an_xlsx_is_refused_by_its_cell():
    data = xlsx(WEIGHTS + row(2, text("A2", "w_crit"), '<c r="B2" t="e"><v>#REF!</v></c>'))
    assert only(refused(data), "E210").cell == "B2"


def test_a_formula_beside_the_columns_does_not_matter():
    data = xlsx(WEIGHTS + row(2, text("A2", "w_crit"), '<c r="B2"><v>1000</v></c>', '<c r="D2"><f>1</f><v>1</v></c>'))
    assert read(data, filename="a.xlsx")[0].weights == ONE


def test_an_ods_is_read_and_its_formulas_refused():
    rows = words("Mã trọng số", "Giá trị") + (
        '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="9"/>'
        '</table:table-row><table:table-row><table:table-cell office:value-type="string"><text:p>w_crit</text:p>'
        '</table:table-cell><table:table-cell {} office:value-type="float" office:value="1000"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    )
    assert read(ods(rows.format("")), filename="a.ods")[0].weights == ONE
    assert only(refused(ods(rows.format('table:formula="of:=1"'))), "E209").cell == "B4"


@pytest.mark.parametrize("is_small", [False, True])
@pytest.mark.parametrize("name", ["Workbook", "Book"])
def test_an_xls_is_read_from_full_and_small_sectors(is_small, name):
    data = ole(weights_xls(label(1, 0, "w_crit"), value(1, 1, 1000)), is_small=is_small, name=name)
    assert read(data, filename="a.xls")[0].weights == ONE


def test_formulas_and_errors_of_an_xls_are_refused_by_their_cells():
    formula = record(0x0006, bytes((1, 0, 1, 0, 0, 0)) + bytes(8) + bytes(6) + b"\x03\0\x1e\x01\0")
    error = record(0x0205, bytes((2, 0, 1, 0, 0, 0, 0x17, 1)))
    truth = record(0x0205, bytes((3, 0, 1, 0, 0, 0, 1, 0)))
    stream = weights_xls(label(1, 0, "w_crit"), formula, label(2, 0, "fair1"), error, label(3, 0, "fair2"), truth)
    findings = refused(ole(stream), "a.xls")
    assert [(row.code, row.cell) for row in findings] == [("E209", "B2"), ("E210", "B3"), ("E223", "B4")]


def test_other_records_of_an_xls_are_passed_over_and_its_end_may_be_missing():
    size = record(0x0200, struct.pack("<IIHHH", 0, 2, 0, 2, 0))
    stream = weights_xls(size, label(1, 0, "w_crit"), value(1, 1, 1000))
    assert read(ole(stream), filename="a.xls")[0].weights == ONE
    assert read(ole(stream[:-4], is_small=True), filename="a.xls")[0].weights == ONE


def shared(text: str, *, flags: int, extra: bytes = b"", after: bytes = b"") -> bytes:
    """Return one shared text of an .xls."""
    letters = text.encode("utf-16-le" if flags & 1 else "latin-1")
    return struct.pack("<HB", len(text), flags) + extra + letters + after


def pointed(line: int, column: int, index: int) -> bytes:
    """Return a cell of an .xls that points at a shared text."""
    return record(0x00FD, struct.pack("<HHHI", line, column, 0, index))


def test_shared_texts_of_an_xls_are_followed_over_their_parts():
    rich = shared("fair1", flags=8, extra=struct.pack("<H", 1), after=bytes(4))
    phonetic = shared("Mã", flags=5, extra=struct.pack("<I", 6), after=bytes(6))
    long = shared("w_crit", flags=0)
    first = record(0x00FC, struct.pack("<II", 4, 4) + rich + phonetic[:-4])
    more = record(0x003C, phonetic[-4:] + long[:6]) + record(0x003C, b"\1" + "rit".encode("utf-16-le"))
    last = record(0x003C, shared("fair2", flags=0))
    cells = pointed(1, 0, 2), value(1, 1, 1), pointed(2, 0, 0), value(2, 1, 2), pointed(3, 0, 3), value(3, 1, 3)
    stream = weights_xls(*cells, first=first + more + last)
    weights = read(ole(stream), filename="a.xls")[0].weights
    assert weights == (Weight("w_crit", 1), Weight("fair1", 2), Weight("fair2", 3))


def test_one_long_text_in_very_many_cells_of_an_xls_is_refused(monkeypatch):
    monkeypatch.setattr("tramyte.exchange.biff.TEXT_LIMIT", 50_000)
    first = record(0x00FC, struct.pack("<II", 1, 1) + shared("x" * 8000, flags=0))
    stream = weights_xls(*(pointed(line, 0, 0) for line in range(1, 8)), first=first)
    assert only(refused(ole(stream), "a.xls"), "E121")


def test_one_byte_titles_of_an_xls_are_read():
    stream = workbook_stream(label(0, 0, "Code"), titles=("Weights",))
    narrow = stream.replace(b"\x07\x01" + "Weights".encode("utf-16-le"), b"\x07\x00Weights" + b"\0" * 7)
    assert narrow != stream
    findings = refused(ole(narrow), "a.xls")
    assert {finding.sheet for finding in findings} == {"Weights"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_holds_one_sheet_in_any_separator(encoding, separator):
    data = (HEAD + "w_crit;1000\n").replace(";", separator).encode(encoding)
    for name in ("Trọng số.csv", "weights.csv", "trong_so.csv", "danh sách.csv"):
        assert read(data, filename=name) == (read(data, filename="x.txt")[0], ())
        assert read(data, filename=name)[0].weights == ONE


def test_a_csv_with_decimal_commas_is_split_by_its_header():
    data = "Mã nhân lực;Mã cơ sở;Tỷ lệ thời gian\nA;T1;0,5\nB;T1;1,0\n".encode()
    assert [row.share for row in read(data, filename="a.csv")[0].appointments] == [0.5, 1.0]


def test_references_of_a_csv_to_other_sheets_are_not_looked_for_but_its_own_are():
    data = "Mã cơ sở,Tên cơ sở,Loại cơ sở,Mã xã,Mã cơ sở cấp trên\nT1,A,trạm y tế,03160,T9\n".encode()
    assert only(refused(data, "co so.csv"), "E303").cell == "E2"


def test_findings_of_a_csv_are_by_row_and_column():
    finding = only(refused((HEAD + "w_crit;một\n").encode(), "trong so.csv"), "E223")
    assert finding.where == "trong so!B2"


def test_a_csv_that_does_not_tell_its_sheet_is_refused():
    assert only(refused(b"a,b\n1,2\n", "x.csv"), "E120")


def test_a_csv_in_an_old_encoding_is_refused():
    assert only(refused("Mã cơ sở".encode("cp1258", "replace") + b"\xff", "x.csv"), "E119")


def test_a_csv_with_an_endless_field_is_refused():
    assert only(refused(b'"' + b"x" * 200_000, "x.csv"), "E118")


def test_a_long_csv_is_split_by_its_first_lines():
    data = (HEAD + "".join(f"w_crit;{number}\n" for number in range(3000))).encode()
    assert {row.code for row in refused(data, "weights.csv")} == {"E301"}


def _raising(error):
    class Book:
        @staticmethod
        def from_filelike(_):
            raise error

    return Book


class PanicException(BaseException):  # what the reader's language raises when it gives up
    pass


@pytest.mark.parametrize(
    ("error", "code"),
    [(PanicException("x"), "E118"), (PasswordError("x"), "E103"), (CalamineError("x"), "E118")],
)
def test_what_the_reader_raises_is_a_finding(monkeypatch, error, code):
    monkeypatch.setattr(raw, "CalamineWorkbook", _raising(error))
    assert only(refused(write(province())), code)


def test_the_stop_key_is_no_finding(monkeypatch):
    monkeypatch.setattr(raw, "CalamineWorkbook", _raising(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        read(write(province()), filename="a.xlsx")
