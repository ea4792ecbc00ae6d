"""A file is hostile until proved otherwise: what it is by its content, and whether a zip in it is safe to open."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import Any, NoReturn

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.domain.messages import say

MB = 1_000_000
FILE_LIMIT = 50 * MB  # a province's workbook is about 5 MB
TEXT_FILE_LIMIT = 20 * MB  # a CSV, which takes several times its size in memory
PART_LIMIT = 80 * MB  # one part of a zip, opened
TOTAL_LIMIT = 160 * MB  # all parts, opened
RATIO_LIMIT = 200  # workbooks grow 5 to 60 times; the worst a zip can do is 1032
RATIO_FROM = 2 * MB  # small parts may grow as they like
DIRECTORY_LIMIT = 1 * MB  # table of contents of a zip
ENTRY_LIMIT = 2_000
ROW_LIMIT, COLUMN_LIMIT = 200_000, 1_000
CELL_LIMIT = 1_500_000  # cells of all sheets, empty ones between them included; a large province has 400,000
TEXT_LIMIT = 60 * MB  # text of one sheet, each repeated string counted each time
SHEET_LIMIT = 100
LINK_LIMIT = 65_530  # links of one sheet: more than Excel itself holds

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DEFINITION = re.compile(rb"<!(DOCTYPE|ENTITY)")
KINDS = (
    (b"%PDF", "WBK_pdf"),
    (b"\xff\xd8\xff", "WBK_image"),
    (b"\x89PNG", "WBK_image"),
    (b"GIF8", "WBK_image"),
    (b"{\\rtf", "WBK_word"),
    (b"\x1f\x8b", "WBK_archive"),
    (b"7z\xbc\xaf", "WBK_archive"),
    (b"Rar!", "WBK_archive"),
    (b"<?xml", "WBK_xml"),
    (b"<html", "WBK_html"),
    (b"<!doctype html", "WBK_html"),
)
TEXT_NAMES = (".csv", ".tsv", ".txt")


def refuse(code: str, sheet: str = "", **fields: Any) -> NoReturn:
    """Stop with one finding about the file as a whole."""
    raise BadData([Finding(code, sheet, "", fields)])


def kind_of(data: bytes, filename: str) -> str:
    """
    Return what the content is: xlsx, ods, xls or csv.

    raises : BadData, empty, too big, protected, or something that is no workbook
    """
    if not data.strip(b"\0\t\n\r "):
        refuse("E101")
    if len(data) > FILE_LIMIT:
        refuse("E104", part=filename, size=len(data) // MB, limit=FILE_LIMIT // MB)
    if data.startswith(b"PK"):
        return _kind_of_zip(data, filename)
    if data.startswith(OLE):
        return _kind_of_ole(data, filename)
    start = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for magic, kind in KINDS:
        if start.startswith(magic.lower()):
            _not_a_workbook(filename, kind)
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        _not_a_workbook(filename, "WBK_unknown")
    if not filename.lower().endswith(TEXT_NAMES):
        _not_a_workbook(filename, "WBK_text")
    if len(data) > TEXT_FILE_LIMIT:
        refuse("E104", part=filename, size=len(data) // MB, limit=TEXT_FILE_LIMIT // MB)
    return "csv"


def _not_a_workbook(filename: str, kind: str) -> NoReturn:
    refuse("E102", filename=filename, kind_vi=say(kind, "vi"), kind_en=say(kind, "en"))


def _kind_of_ole(data: bytes, filename: str) -> str:
    """Old Office files, and new ones under a password, are small file systems with names in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        refuse("E103", filename=filename)
    if any(name.encode("utf-16-le") + b"\0\0" in data for name in ("Workbook", "Book")):
        return "xls"
    _not_a_workbook(filename, "WBK_word")


def _kind_of_zip(data: bytes, filename: str) -> str:
    names = set(open_zip(data, filename=filename).namelist())
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    _not_a_workbook(filename, "WBK_xlsb" if "xl/workbook.bin" in names else "WBK_archive")


def open_zip(data: bytes, *, filename: str) -> zipfile.ZipFile:
    """
    Return the zip, its table of contents held against every limit; nothing is unpacked yet.

    raises : BadData, damaged, protected, too big or growing too much
    """
    _small_directory(data, filename)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, RuntimeError, struct.error) as error:
        refuse("E106", filename=filename, detail=str(error)[:80])
    entries = archive.infolist()
    if len({entry.filename for entry in entries}) < len(entries) or len(entries) > ENTRY_LIMIT:
        refuse("E106", filename=filename, detail=f"{len(entries)} parts")
    for entry in entries:
        _fair(entry, filename)
    total = sum(entry.file_size for entry in entries)
    if total > TOTAL_LIMIT:
        refuse("E104", part=filename, size=total // MB, limit=TOTAL_LIMIT // MB)
    return archive


def _small_directory(data: bytes, filename: str) -> None:
    """Reading a zip's directory takes memory by its size, so the size is looked at first."""
    at = data.rfind(b"PK\x05\x06")
    if at < 0 or len(data) < at + 22:
        refuse("E106", filename=filename, detail="no end of zip")
    size = struct.unpack_from("<I", data, at + 12)[0]
    if size > DIRECTORY_LIMIT:
        refuse("E106", filename=filename, detail=f"directory {size}")


def _fair(entry: zipfile.ZipInfo, filename: str) -> None:
    if entry.flag_bits & 1:
        refuse("E103", filename=filename)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        refuse("E106", filename=filename, detail=f"compression {entry.compress_type}")
    if entry.file_size > PART_LIMIT:
        refuse("E104", part=entry.filename, size=entry.file_size // MB, limit=PART_LIMIT // MB)
    ratio = entry.file_size // max(1, entry.compress_size)
    if entry.file_size > RATIO_FROM and ratio > RATIO_LIMIT:
        refuse("E117", part=entry.filename, ratio=ratio, limit=RATIO_LIMIT)


def part(archive: zipfile.ZipFile, name: str, *, filename: str) -> bytes:
    """
    Return one XML part, at most PART_LIMIT long, without definitions that could grow in a reader's memory.

    raises : BadData, damaged, cut off, in another encoding than UTF-8, or with definitions
    """
    try:
        data = archive.read(name)  # never reads more than the size the directory states, and checks its sum
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, LookupError, ValueError) as error:
        refuse("E106", filename=filename, detail=str(error)[:80] or name)
    if b"\0" in data[:256]:
        refuse("E106", filename=filename, detail=f"{name}: UTF-16")
    if DEFINITION.search(data):
        refuse("E107", part=name)
    return data


def parts_to_refuse(names: list[str]) -> list[Finding]:
    """Return a finding for each macro, link to another file and embedded object."""
    findings = []
    for name in names:
        low = name.lower()
        if low.endswith("vbaproject.bin") or "/macrosheets/" in low or low.startswith(("basic/", "scripts/")):
            findings.append(Finding("E109", "", "", {"part": name}))
        elif "/externallinks/" in low and low.endswith(".xml"):
            findings.append(Finding("E110", "", "", {"part": name}))
        elif "/embeddings/" in low or "/activex/" in low or re.match(r"object \d+/content.xml", low):
            findings.append(Finding("E111", "", "", {"part": name}))
    return findings


def hold_links(sheet: str, links: int) -> None:
    """
    Hold the number of a sheet's links against the limit.

    raises : BadData, more links than can be looked through
    """
    if links > LINK_LIMIT:
        refuse("E123", sheet, limit=LINK_LIMIT)


def hold(sheet: str, *, rows: int = 0, columns: int = 0, cells: int = 0) -> None:
    """
    Hold the extent of a sheet against the limits.

    raises : BadData, more rows, columns or cells than can be read
    """
    for read, limit, kind in ((rows, ROW_LIMIT, "row"), (columns, COLUMN_LIMIT, "column"), (cells, CELL_LIMIT, "cell")):
        if read > limit:
            words = {"what_vi": say(f"WBK_{kind}", "vi"), "what_en": say(f"WBK_{kind}", "en")}
            refuse("E105", sheet, read=read, limit=limit, **words)
