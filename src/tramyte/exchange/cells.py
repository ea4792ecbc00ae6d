"""One cell: what was read, made into a value of the domain, or the reason why not. Nothing is guessed."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from functools import partial
from typing import Any, NamedTuple

from tramyte.domain.names import search_key
from tramyte.exchange.columns import Column, words

EARLIEST, LATEST = date(1930, 1, 1), date(2100, 12, 31)  # working lives and plans lie within
SERIAL_ZERO = date(1899, 12, 30)  # day 0 of a spreadsheet, after 1900-02-28
TRUE = frozenset({"co", "x", "1", "true", "yes", "dung", "v", "✓", "✔"})
FALSE = frozenset({"khong", "0", "false", "no", "sai", "-"})
CELL_ERROR = re.compile(r"#(REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!)")
NUMBER = re.compile(r"[+-]?\d[\d.,]*")
EITHER = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")  # 1.234 and 1,234: thousands or decimals
DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)?")
ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)?")
MONTH = re.compile(r"(?:tháng )?(\d{1,2})[/.-](\d{4})|(\d{4})-(\d{1,2})", re.IGNORECASE)


Area = tuple[int, int, int, int]  # first row, first column, last row, last column; from 0, the last within


class Mark(Enum):
    """What stands in a cell whose value the fast reader must not be trusted with."""

    FORMULA = "formula"
    ERROR = "error"


class Cell(NamedTuple):
    """A value, or None and the message code that says why; a W code beside a value says how it was read."""

    value: Any = None
    code: str = ""
    fields: Mapping[str, Any] = {}


Parser = Callable[[Any], Cell]


def clean(text: str) -> str:
    """Return the text in NFC, with single spaces, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).replace("\u200b", " ").replace("\ufeff", " ").split())


def parser(column: Column, *, on: date, is_text: bool = False) -> Parser:
    """
    Return the function that reads one cell of the column.

    on      : day whose code lists count
    is_text : the file holds text only (CSV), so a number in text is no news
    """
    inner = _inner(column, on)
    seen: dict[tuple[type, Any], Cell] = {}

    def read(value: Any) -> Cell:
        key = (type(value), value)
        found = seen.get(key)
        if found is None:
            found = seen[key] = _read(column, inner, value, is_text)
        return found

    return read


def _inner(column: Column, on: date) -> Parser:
    if column.type == "choice" or column.lists:
        return partial(_word, column, words(column, on=on))
    if column.type in ("int", "float", "share"):
        return partial(_number, column)
    simple: dict[str, Parser] = {"date": _date, "month": _month, "bool": _bool}
    return simple.get(column.type) or partial(_text, column)


def _read(column: Column, inner: Parser, value: Any, is_text: bool) -> Cell:
    if isinstance(value, Mark):
        return Cell(None, "E209" if value is Mark.FORMULA else "E210", {"value": "#"})
    if isinstance(value, str):
        value = clean(value)
        if CELL_ERROR.fullmatch(value):
            return Cell(None, "E210", {"value": value})
    if value is None or value == "":
        return Cell(None, "E201") if column.is_required else Cell(column.default)
    cell = inner(value)
    if cell.code == "W501" and is_text:
        return Cell(cell.value)
    return Cell(cell.value, cell.code, {"value": shown(value), **cell.fields}) if cell.code else cell


def shown(value: Any) -> str:
    """Return the value as a person saw it in the cell, shortened."""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _text(column: Column, value: Any) -> Cell:
    if isinstance(value, (bool, date, timedelta)) or not isinstance(value, (str, int, float)):
        return Cell(None, "E202")
    text = value if isinstance(value, str) else shown(value)
    if column.low is not None and len(text) < column.low:
        return Cell(None, "E219", {"low": int(column.low)})
    if column.high is not None and len(text) > column.high:
        return Cell(None, "E220", {"high": int(column.high), "length": len(text)})
    return Cell(text)


def _word(column: Column, known: Mapping[str, str], value: Any) -> Cell:
    text = shown(value)
    code = known.get(search_key(text))
    if code is not None:
        return Cell(code)
    if column.choices:
        return Cell(None, "E205", {
            "choices_vi": "; ".join(choice.vi for choice in column.choices),
            "choices_en": "; ".join(choice.en for choice in column.choices),
        })  # fmt: skip
    near = nearest(search_key(text), known)
    return Cell(None, "E213", {"nearest": known[near]}) if near else Cell(None, "E221")


def nearest(word: str, known: Collection[str]) -> str:
    """Return the known word most like this one, "" if none is."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return close[0] if close else ""


def _bool(value: Any) -> Cell:
    key = search_key(shown(value))
    if key in TRUE or key in FALSE:
        return Cell(key in TRUE)
    return Cell(None, "E222")


def numbers(text: str) -> tuple[float, ...]:
    """
    Return every number the text can mean: none, one, or two when it is ambiguous.

    >>> numbers("1.234,5"), numbers("1234,5"), numbers("1,234"), numbers("x")
    ((1234.5,), (1234.5,), (1.234, 1234.0), ())
    """
    plain = text.replace(" ", "")
    if not NUMBER.fullmatch(plain):
        return ()
    if EITHER.fullmatch(plain):
        return float(plain.replace(",", ".")), float(re.sub("[.,]", "", plain))
    last = max(plain.rfind("."), plain.rfind(","))
    marks = {letter for letter in plain if letter in ".,"}
    if last < 0:
        return (float(plain),)
    if plain.count(plain[last]) == 1:
        whole, decimals = plain[:last], plain[last + 1 :]
    elif len(marks) == 1:
        whole, decimals = plain, ""
    else:
        return ()
    groups = re.split("[.,]", whole)
    if len(groups) > 1 and not all(len(group) == 3 for group in groups[1:]):
        return ()
    return (float(f"{''.join(groups)}.{decimals}" if decimals else "".join(groups)),)


def _number(column: Column, value: Any) -> Cell:
    if isinstance(value, str):
        return _written(column, value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return Cell(None, "E223")
    return _fit(column, float(value))


def _written(column: Column, text: str) -> Cell:
    """Read a number that stands in the cell as text, and say how."""
    if column.type == "share" and text.endswith("%"):
        found = tuple(number / 100 for number in numbers(text[:-1]))
    else:
        found = numbers(text)
    if not found:
        return Cell(None, "E223")
    if len(found) > 1 and column.type == "int":
        found = found[1:]
        if "," in text and not _fit(column, found[0]).code:
            return Cell(None, "E225", {"large": int(found[0])})
    elif len(found) > 1:
        fits = [number for number in found if not _fit(column, number).code]
        if "," in text or len(fits) != 1:
            return Cell(None, "E203", {"small": f"{found[0]:.3f}".replace(".", ","), "large": int(found[1])})
        found = (fits[0],)
    cell = _fit(column, found[0])
    return cell if cell.code else Cell(cell.value, "W501", {"read": str(cell.value).replace(".", ",")})


def _fit(column: Column, number: float) -> Cell:
    """Hold a number against the type and the limits of its column."""
    if column.type == "int" and not number.is_integer():
        return Cell(None, "E212")
    low = column.low if column.low is not None else -1e15
    high = column.high if column.high is not None else 1e15
    if not low <= number <= high:
        return Cell(None, "E206", {"low": f"{low:.12g}".replace(".", ","), "high": f"{high:.12g}".replace(".", ",")})
    return Cell(int(number) if column.type == "int" else number)


def _date(value: Any) -> Cell:
    if isinstance(value, datetime):
        return _within(value.date())
    if isinstance(value, date):
        return _within(value)
    if isinstance(value, str):
        return _written_date(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return Cell(None, "E207")
    return _serial(float(value))


def _written_date(text: str) -> Cell:
    if match := DAY.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
        return _made(year + 2000 if year < 100 else year, month, day)
    if match := ISO.fullmatch(text):
        return _made(*(int(part) for part in match.groups()))
    return _serial(float(text)) if re.fullmatch(r"\d{5}", text) else Cell(None, "E207")


def _serial(number: float) -> Cell:
    """A date that lost its format is a count of days; it is read, and said."""
    if not number.is_integer() or not 10000 <= number < 100000:
        return Cell(None, "E207")
    cell = _within(SERIAL_ZERO + timedelta(days=int(number)))
    return cell if cell.code else Cell(cell.value, "W504", {"read": f"{cell.value:%d/%m/%Y}"})


def _made(year: int, month: int, day: int) -> Cell:
    try:
        return _within(date(year, month, day))
    except ValueError:
        return Cell(None, "E207")


def _within(day: date) -> Cell:
    if EARLIEST <= day <= LATEST:
        return Cell(day)
    return Cell(None, "E208", {"low": f"{EARLIEST:%d/%m/%Y}", "high": f"{LATEST:%d/%m/%Y}"})


def _month(value: Any) -> Cell:
    if isinstance(value, str) and (match := MONTH.fullmatch(value)):
        month, year, iso_year, iso_month = match.groups()
        cell = _made(int(year or iso_year), int(month or iso_month), 1)
    else:
        cell = _date(value)
    if cell.value is not None and cell.value.day != 1:
        return Cell(None, "E224")
    return cell if cell.value is not None or cell.code == "E208" else Cell(None, "E224")
