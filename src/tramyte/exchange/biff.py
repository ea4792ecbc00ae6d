"""
What the fast reader cannot see in an old .xls: a password, formulas, error cells, links, how far a sheet reaches.

source : [MS-CFB] sections 2.2-2.6 (the small file system), [MS-XLS] section 2.4 (the records)
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import islice

from tramyte.exchange.hostile import MB, SHEET_LIMIT, TEXT_LIMIT, hold, hold_links, refuse
from tramyte.exchange.scan import Scan

END = 0xFFFFFFFA  # sector numbers from here on are marks, not sectors
EOF, BOUNDSHEET, FILEPASS, SST, CONTINUE = 0x000A, 0x0085, 0x002F, 0x00FC, 0x003C
FORMULA, BOOLERR, LABELSST, HLINK = 0x0006, 0x0205, 0x00FD, 0x01B8
CELLS = frozenset({FORMULA, BOOLERR, 0x0203, 0x027E, LABELSST, 0x00BD, 0x0204, 0x00D6})


def scan_xls(data: bytes, *, filename: str) -> list[Scan]:
    """
    Return one scan a sheet.

    raises : BadData, protected, damaged or beyond a limit: the file must not be given to the reader
    """
    try:
        stream = _stream(data)
        starts: dict[int, str] = {}
        texts: list[bytes] = []
        for kind, _, body in _records(stream, 0):
            if kind == SST or (kind == CONTINUE and texts):
                texts.append(body)
            if kind == FILEPASS:
                refuse("E103", filename=filename)
            if kind == BOUNDSHEET:
                starts[struct.unpack_from("<I", body)[0]] = _title(body)
            if kind == EOF:
                break
        if len(starts) > SHEET_LIMIT:
            refuse("E108", read=len(starts), limit=SHEET_LIMIT)
        lengths = _lengths(texts) if texts else []
        return [_sheet(stream, start, title, lengths) for start, title in starts.items()]
    except (struct.error, LookupError, ValueError) as error:
        refuse("E106", filename=filename, detail=str(error)[:80])


def _chain(table: list[int], start: int) -> Iterator[int]:
    """Follow a chain of sectors; a chain longer than the table goes round in a circle."""
    steps = 0
    while start < END:
        yield start
        start, steps = table[start], steps + 1
        if steps > len(table):
            raise ValueError("circle of sectors")


def _stream(data: bytes) -> bytes:
    """Return the stream named Workbook (or Book) of the small file system."""
    power, mini_power = struct.unpack_from("<HH", data, 30)
    if power not in (9, 12) or mini_power != 6:
        raise ValueError("sector size")
    size = 1 << power
    first_directory, cutoff, first_mini = struct.unpack_from("<I4xII", data, 48)
    first_more, more = struct.unpack_from("<II", data, 68)

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    def words(raw: bytes) -> list[int]:
        return [word[0] for word in struct.iter_unpack("<I", raw[: len(raw) // 4 * 4])]

    table_sectors = list(struct.unpack_from("<109I", data, 76))
    for _ in range(min(more, len(data) // size)):
        *own, first_more = words(sector(first_more))
        table_sectors += own
    table = [word for number in table_sectors if number < END for word in words(sector(number))]
    directory = b"".join(sector(number) for number in _chain(table, first_directory))
    entries = {}
    for at in range(0, len(directory), 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(0, length - 2)].decode("utf-16-le")
        entries[name] = struct.unpack_from("<II", directory, at + 116)
    start, length = entries.get("Workbook") or entries.get("Book") or (END, 0)
    if length >= cutoff:
        return b"".join(sector(number) for number in _chain(table, start))[:length]
    root = b"".join(sector(number) for number in _chain(table, entries["Root Entry"][0]))
    mini = [word for number in _chain(table, first_mini) for word in words(sector(number))]
    return b"".join(root[number * 64 : (number + 1) * 64] for number in _chain(mini, start))[:length]


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, bytes]]:
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, at, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _title(body: bytes) -> str:
    """The name in a BOUNDSHEET record: length, a flag for two bytes a letter, letters."""
    length, wide = body[6], body[7] & 1
    return body[8 : 8 + length * 2].decode("utf-16-le") if wide else body[8 : 8 + length].decode("latin-1")


def _lengths(parts: list[bytes]) -> list[int]:
    """Return the letters of each shared text; it may go on in the next part, under a new flag ([MS-XLS] 2.5.293)."""
    found, part, at = [], 0, 8
    for _ in range(struct.unpack_from("<I", parts[0], 4)[0]):
        if at >= len(parts[part]):
            part, at = part + 1, 0
        letters, flags = struct.unpack_from("<HB", parts[part], at)
        at += 3
        after = 0
        if flags & 8:
            after += 4 * struct.unpack_from("<H", parts[part], at)[0]
            at += 2
        if flags & 4:
            after += struct.unpack_from("<I", parts[part], at)[0]
            at += 4
        found.append(letters)
        width, left = 1 + (flags & 1), letters
        while left > (room := (len(parts[part]) - at) // width):
            left, part, at = left - room, part + 1, 1
            width = 1 + (parts[part][0] & 1)
        at += left * width
        while at + after > len(parts[part]) and part + 1 < len(parts):
            after, part, at = after - (len(parts[part]) - at), part + 1, 0
        at += after
    return found


def _sheet(stream: bytes, start: int, title: str, lengths: list[int]) -> Scan:
    formulas, errors, links = set(), set(), set()
    rows, columns, text = 0, 0, 0
    for kind, _, body in islice(_records(stream, start), 1, None):
        if kind == EOF:
            break
        if kind == HLINK:
            first_row, last_row, first, last = struct.unpack_from("<HHHH", body)
            links.add((first_row, first, last_row, last))
            hold_links(title, len(links))
        if kind in CELLS:
            row, column = struct.unpack_from("<HH", body)
            last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == 0x00BD else column
            rows, columns = max(rows, row + 1), max(columns, last + 1)
            if kind == LABELSST:
                text += lengths[struct.unpack_from("<I", body, 6)[0]]
            if kind == FORMULA:
                formulas.add((row, column))
            if kind == BOOLERR and body[7]:
                errors.add((row, column))
    hold(title, rows=rows, columns=columns, cells=rows * columns)
    if text > TEXT_LIMIT:
        refuse("E121", title, read=text // MB, limit=TEXT_LIMIT // MB)
    return Scan(title, frozenset(formulas), frozenset(errors), frozenset(links))
