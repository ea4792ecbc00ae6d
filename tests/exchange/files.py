"""Files made by hand, byte by byte: what a test needs and no program would write."""

import io
import struct
import zipfile

SECTOR = 512


def rezipped(data: bytes, *, change=None, add=None, compression=zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip with parts changed (name -> function of bytes) or added (name -> bytes)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", compression) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, (change or {}).get(name, lambda same: same)(content))
        for name, content in (add or {}).items():
            new.writestr(name, content)
    return buffer.getvalue()


def zipped(parts: dict[str, bytes | str]) -> bytes:
    """Return a zip of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return buffer.getvalue()


def xlsx(*sheet_xml: str, titles=("Trọng số",), strings: str = "", target: str = "worksheets/sheet{}.xml") -> bytes:
    """Return a workbook whose sheets hold this XML between <sheetData> tags."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    numbers = range(1, len(sheet_xml) + 1)
    named = "".join(
        f'<sheet name="{title}" sheetId="{n}" r:id="rId{n}"/>' for n, title in zip(numbers, titles, strict=True)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{office}/worksheet" Target="{target.format(n)}"/>' for n in numbers
    )
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        f'spreadsheetml.worksheet+xml"/>'
        for n in numbers
    )
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" '
        f'ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{links}</Relationships>',
    }
    for n, xml in zip(numbers, sheet_xml, strict=True):
        parts[f"xl/worksheets/sheet{n}.xml"] = f'<worksheet xmlns="{main}"><sheetData>{xml}</sheetData></worksheet>'
    if strings:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">{strings}</sst>'
    return zipped(parts)


def row(number: int, *cells: str) -> str:
    """Return one row of a sheet."""
    return f'<row r="{number}">{"".join(cells)}</row>'


def text(address: str, words: str) -> str:
    """Return a cell of text."""
    return f'<c r="{address}" t="inlineStr"><is><t>{words}</t></is></c>'


WEIGHTS = row(1, text("A1", "Mã trọng số"), text("B1", "Giá trị"))


def ods(*tables: str, titles=("Trọng số",), add=None) -> bytes:
    """Return an .ods whose tables hold this XML."""
    space = "urn:oasis:names:tc:opendocument:xmlns"
    body = "".join(
        f'<table:table table:name="{title}">{table}</table:table>' for title, table in zip(titles, tables, strict=True)
    )
    content = (
        f'<office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" '
        f'xmlns:text="{space}:text:1.0"><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>'
        f"</office:document-content>"
    )
    parts: dict[str, bytes | str] = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": content,
        "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:x"/>',
    }
    return zipped(parts | (add or {}))


def words(*cells: str) -> str:
    """Return one row of an .ods, of text cells."""
    made = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in cells
    )
    return f"<table:table-row>{made}</table:table-row>"


def record(kind: int, body: bytes = b"") -> bytes:
    """Return one record of an .xls."""
    return struct.pack("<HH", kind, len(body)) + body


def label(line: int, column: int, words: str) -> bytes:
    """Return a text cell of an .xls."""
    return record(0x0204, struct.pack("<HHHHB", line, column, 0, len(words), 1) + words.encode("utf-16-le"))


def value(line: int, column: int, number: float) -> bytes:
    """Return a number cell of an .xls."""
    return record(0x0203, struct.pack("<HHHd", line, column, 0, number))


BOF = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)


def workbook_stream(*pages: bytes, titles=("Trọng số",), first: bytes = b"") -> bytes:
    """Return the stream of an .xls whose sheets hold these records."""
    names = [title.encode("utf-16-le") for title in titles]
    head = 4 + len(BOF) + len(first) + sum(4 + 8 + len(name) for name in names) + 4
    starts, at = [], head
    for page in pages:
        starts.append(at)
        at += 4 + len(BOF) + len(page) + 4
    stream = record(0x0809, BOF) + first
    for start, name in zip(starts, names, strict=True):
        stream += record(0x0085, struct.pack("<IHBB", start, 0, len(name) // 2, 1) + name)
    stream += record(0x000A)
    for page in pages:
        stream += record(0x0809, BOF[:2] + b"\x10\0" + BOF[4:]) + page + record(0x000A)
    return stream


def ole(stream: bytes, *, name: str = "Workbook", is_small: bool = False) -> bytes:
    """Return a small file system ([MS-CFB]) with one stream, in full sectors or in the small ones."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE

    def sectors(data: bytes, size: int) -> list[bytes]:
        return [data[at : at + size].ljust(size, b"\0") for at in range(0, len(data), size)]

    def entry(title: str, kind: int, start: int, size: int, child: int = free) -> bytes:
        named = title.encode("utf-16-le") + b"\0\0"
        links = struct.pack("<BBIII", kind, 1, free, free, child)
        return (
            named.ljust(64, b"\0") + struct.pack("<H", len(named)) + links + bytes(36) + struct.pack("<IQ", start, size)
        )

    if not is_small:
        stream = stream.ljust(4096, b"\0")
    smalls = sectors(stream, 64)
    data = sectors(b"".join(smalls) if is_small else stream, SECTOR)
    first_data = 3 if is_small else 2
    chain = [*range(first_data + 1, first_data + len(data)), end]
    table = [0xFFFFFFFD, end, *([end] if is_small else []), *chain]
    root = (first_data, len(smalls) * 64) if is_small else (end, 0)
    directory = entry("Root Entry", 5, *root, child=1) + entry(name, 2, 0 if is_small else first_data, len(stream))
    parts = [struct.pack(f"<{len(table)}I", *table).ljust(SECTOR, b"\xff"), directory.ljust(SECTOR, b"\0")]
    if is_small:
        mini = [*range(1, len(smalls)), end]
        parts.append(struct.pack(f"<{len(mini)}I", *mini).ljust(SECTOR, b"\xff"))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIII", 0, 1, 1, 0, 4096) + struct.pack("<II", 2 if is_small else end, int(is_small))
    head += struct.pack("<II", end, 0) + struct.pack("<109I", 0, *[free] * 108)
    return head + b"".join([*parts, *data])


def weights_xls(*records: bytes, first: bytes = b"") -> bytes:
    """Return the stream of an .xls with the header of sheet weights."""
    return workbook_stream(label(0, 0, "Mã trọng số") + label(0, 1, "Giá trị") + b"".join(records), first=first)
