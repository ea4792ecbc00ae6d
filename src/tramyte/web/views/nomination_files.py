"""Who goes, as a workbook: written for a unit to fill in, read back with every finding at its cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.domain.messages import say
from tramyte.domain.names import search_key
from tramyte.exchange import grid
from tramyte.exchange.raw import raw_sheets
from tramyte.web import records
from tramyte.web.models import Staff
from tramyte.web.models.base import below
from tramyte.web.views.campaign import Place
from tramyte.web.views.list_files import XLSX

CODE, NAME, SKILLS, WEEKS, RULES, GOES, RANK, REASON = range(8)
HEADS = (
    "UI_ca_code",
    "UI_name",
    "UI_ca_skill",
    "UI_ca_free",
    "UI_ca_rules",
    "UI_ca_goes",
    "UI_ca_rank",
    "UI_ca_reason",
)
WIDTHS = (14, 28, 24, 16, 50, 12, 10, 40)
LETTERS = "ABCDEFGH"
YES, NO = {"di", "go", "co", "yes", "x"}, {"khong", "khong di", "no", "stay"}


@dataclass
class Names:
    """What a workbook says: who goes, with the rank, and who does not, with the reason; cells: where each stands."""

    ranks: dict[str, int] = field(default_factory=dict)
    staying: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    sheet: str = ""


def answer(place: Place, facility: Any, people: Sequence[Any]) -> HttpResponse:
    """Return the workbook of a unit: everybody who can be sent, rules that do not hold, what was said of each."""
    lang, campaign = place.scope.lang, place.campaign
    book = grid.Book(
        source=f"{campaign.name} · {facility.name}", footer=campaign.code,
        mark=say("X_SYNTHETIC", lang) if place.scope.province.is_sample else "",
    )  # fmt: skip
    columns = [
        grid.Column(say(word, lang), width, "int" if at == RANK else "wrap" if at in (RULES, REASON) else "text")
        for at, (word, width) in enumerate(zip(HEADS, WIDTHS, strict=True))
    ]
    lines = [
        [row.code, row.name, row.skills, row.weeks, "; ".join(f"{one.title}: {one.read}" for one in row.wrong),
         *_said(row, lang)]
        for row in people
    ]  # fmt: skip
    book.table(book.sheet(say("UI_ca_call", lang), facility.name), columns, rows=lines, empty=say("UI_nothing", lang))
    name = f"de-xuat-{campaign.code}-{facility.code}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(book.close(), content_type=XLSX, headers=headers)


def _said(row: Any, lang: Any) -> tuple[str, int | None, str]:
    if row.named is None:
        return "", None, ""
    word = "UI_ca_file_goes" if row.named.is_going else "UI_ca_file_stays"
    return say(word, lang), row.named.rank, row.named.reason or ""


def read(place: Place, facility: Any, data: bytes, filename: str) -> Names:
    """
    Return what a workbook says of the people of a unit.

    raises : BadData, it is no workbook, or every cell that cannot be taken
    """
    sheets, found = raw_sheets(data, filename=filename)
    rows = records.rows(Staff).filter(below(facility.path), province=place.campaign.province)
    own = set(rows.values_list("code", flat=True))
    names = Names()
    sheet = sheets[0] if sheets else None
    first = _first(sheet.rows) if sheet else None
    if sheet is None or first is None:
        raise BadData([*found, Finding("E778", "", "tep")])
    names.sheet = sheet.title
    for index, cells in enumerate(sheet.rows[first:], start=first + 1):
        found += _row(sheet.title, index, [*cells, *[""] * len(HEADS)], own, names)
    if wrong := [one for one in found if one.severity == "error"]:
        raise BadData(wrong)
    if not names.ranks and not names.staying:
        raise BadData([Finding("E764", "", "tep")])
    return names


def _first(rows: Sequence[Sequence[Any]]) -> int | None:
    """Return the row after the heads; None: the heads are not there."""
    heads = {search_key(say(HEADS[CODE], lang)) for lang in ("vi", "en")}
    for index, cells in enumerate(rows):
        if cells and search_key(str(cells[0])) in heads:
            return index + 1
    return None


def _row(title: str, index: int, cells: Sequence[Any], own: set[str], names: Names) -> list[Finding]:
    """Take one row; return what is wrong with it, at its cells."""
    code, goes, rank, reason = (_text(cells[at]) for at in (CODE, GOES, RANK, REASON))
    said = search_key(goes)
    if not code or not said:
        return []
    found = []
    if code not in own:
        found.append(Finding("E768", title, f"{LETTERS[CODE]}{index}", {"read": code}))
    if said not in YES | NO:
        found.append(Finding("E769", title, f"{LETTERS[GOES]}{index}", {"read": goes}))
    if said in NO and not reason:
        found.append(Finding("E716", title, f"{LETTERS[REASON]}{index}"))
    if said in YES and rank and not (rank.isascii() and rank.isdecimal() and 0 < int(rank[:5]) < 1000):
        found.append(Finding("E707", title, f"{LETTERS[RANK]}{index}", {"read": rank}))
    if found:
        return found
    names.cells[code] = f"{LETTERS[CODE]}{index}"
    if said in YES:
        number = int(rank) if rank else len(names.ranks) + 1
        if number in names.ranks.values():
            return [Finding("E767", title, f"{LETTERS[RANK]}{index}")]
        names.ranks[code] = number
    else:
        names.staying[code] = reason
    return []


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else str(value).strip()
    return "" if text == "—" else text
