"""
Every list of the product: find, filter, sort, page, total, print, copy, take into Excel. One call is a whole page.

    def people(request):
        scope = scope_of(request)
        rows = visible_to(rows(Staff, on=scope.on), request.user, on=localdate())
        return listing(request, scope, "nguoi", "UI_list_people", COLUMNS, rows, order="-ends,name")

A list holds its whole state in its address: `tim` (find), `sap` (sort: a column, "-" before it turns it round), `trang`
(page), `cot` (columns shown), the filters, and the state of the scope. `xuat` is what comes out instead of a page:
xlsx (all rows, true numbers and days), txt (plain words, nothing private), in (all rows on paper).
Rows are a queryset (found, sorted, cut and added up by the database) or a sequence (of dicts or of anything with
attributes). `of` is asked of the rows of one page alone, so it may be slow and a query before it may not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tramyte.domain.messages import Lang, say
from tramyte.domain.names import search_key, sort_key
from tramyte.need.numbers import number
from tramyte.web.views import list_files
from tramyte.web.views.columns import NUMBERS, Cell, Column, Empty, Filter, Rows, Status, shown, sum_of
from tramyte.web.views.scope import Scope, lang_of

__all__ = ["Cell", "Column", "Empty", "Filter", "Status", "Table", "listing", "shown", "sum_of", "table"]

PAGE = 50
ON_PAPER = 5000  # rows; more belong into a workbook


@dataclass(frozen=True)
class Table:
    """
    A list laid out for a page; templates include `lists/table.html` with it.

    heads  : (column, words, address that sorts by it or None, "ascending", "descending" or "")
    totals : one cell a column, or none
    kept   : (name, value) of the address that the forms of the page must hand on
    """

    key: str
    title: str
    columns: Sequence[Column]
    all_columns: Sequence[Column]
    rows: Rows
    page: Page[Any]
    lang: Lang
    filters: Sequence[Filter]
    chosen: Mapping[str, str]
    state: Mapping[str, Any]
    path: str
    order: str
    has_find: bool
    empty: Empty

    @property
    def count(self) -> int:
        """Rows that fit."""
        return int(self.page.paginator.count)

    @property
    def wanted(self) -> str:
        """What is looked for."""
        return self.chosen.get("tim", "")

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter or the find field leaves rows out."""
        return bool(self.told)

    @property
    def told(self) -> list[tuple[str, str]]:
        """What narrows the list: label and words."""
        found = [(say("UI_found", self.lang), self.wanted)] if self.wanted else []
        return found + [
            (say(one.word, self.lang), one.words(self.chosen[one.code]))
            for one in self.filters if self.chosen.get(one.code)
        ]  # fmt: skip

    @property
    def fields(self) -> list[dict[str, Any]]:
        """Filters that have a field."""
        return [
            {"code": one.code, "label": say(one.word, self.lang), "choices": one.choices,
             "chosen": self.chosen.get(one.code, "")}
            for one in self.filters if one.choices
        ]  # fmt: skip

    @property
    def kept(self) -> list[tuple[str, Any]]:
        """What the find and filter form hands on."""
        own = {"tim", "trang"} | {one.code for one in self.filters if one.choices}
        return [(name, value) for name, value in self._pairs({}) if name not in own]

    @property
    def kept_by_columns(self) -> list[tuple[str, Any]]:
        """What the form of the columns hands on."""
        return [(name, value) for name, value in self._pairs({}) if name not in {"cot", "trang"}]

    @property
    def choice(self) -> list[tuple[str, str, bool]]:
        """Every column that can be shown: words, code, whether it is."""
        return [(one.head(self.lang), one.code, one in self.columns) for one in self.all_columns]

    @property
    def heads(self) -> list[dict[str, Any]]:
        """The heads of the columns, each with the address that sorts by it."""
        found = []
        first, turned = self.order.split(",")[0].lstrip("-"), self.order.startswith("-")
        for column in self.columns:
            is_first = column.code == first
            back = f"-{column.code}" if is_first and not turned else column.code
            down = column.kind in (*NUMBERS, "status") and not is_first  # most first
            able = not isinstance(self.rows, QuerySet) or isinstance(column.by, str)
            found.append({
                "column": column, "words": column.head(self.lang), "is_number": column.kind in NUMBERS,
                "address": self.address(sap=f"-{column.code}" if down else back, trang=None) if able else None,
                "sort": ("descending" if turned else "ascending") if is_first else "",
            })  # fmt: skip
        return found

    @property
    def totals(self) -> list[Cell]:
        """The row of totals: a cell a column; none when no column adds up."""
        if not any(column.total for column in self.columns):
            return []
        return [
            shown(column.total(self.rows), column.kind, self.lang) if column.total else Cell("")
            for column in self.columns
        ]  # fmt: skip

    @property
    def body(self) -> list[list[Cell]]:
        """The cells of the page, row by row."""
        return [self.cells(row) for row in self.page.object_list]

    def cells(self, row: Any) -> list[Cell]:
        """Return the cells of one row."""
        return [
            shown(column.value(row), column.kind, self.lang, column.link(row) if column.link else None)
            for column in self.columns
        ]

    def address(self, **changes: Any) -> str:
        """Return the address of this list, some of its state changed; None takes a part out."""
        query = urlencode(self._pairs(changes))
        return f"{self.path}?{query}" if query else self.path

    def _pairs(self, changes: Mapping[str, Any]) -> list[tuple[str, Any]]:
        state = {**self.state, **self.chosen, **{name.replace("_", "-"): value for name, value in changes.items()}}
        pairs = [(name, value) for name, value in state.items() if value not in (None, "")]
        hidden = {column.code for column in self.all_columns} - {column.code for column in self.columns}
        return pairs + ([("cot", column.code) for column in self.columns] if hidden else [])

    def out(self, kind: str) -> str:
        """Return the address of the list as a workbook (xlsx), as plain words (txt) or on paper (in)."""
        return self.address(xuat=kind, trang=None)

    @property
    def links(self) -> dict[str, str | None]:
        """Addresses that the page shows."""
        page = self.page
        return {
            "xlsx": self.out("xlsx"), "txt": self.out("txt"), "in": self.out("in"),
            "previous": self.address(trang=page.previous_page_number()) if page.has_previous() else None,
            "next": self.address(trang=page.next_page_number()) if page.has_next() else None,
            "all": self.empty.address or self.address(
                tim=None, trang=None, **{one.code.replace("-", "_"): None for one in self.filters}
            ),
        }  # fmt: skip


class Pages(Paginator):  # type: ignore[type-arg]
    """Pages of rows. What a database works out for every row (`annotate`) it works out for those of one page alone."""

    def page(self, number: int | str) -> Page[Any]:
        """Return a page: numbers of its rows first, as they are found and sorted, then these rows."""
        found: Any = super().page(number)
        rows: Any = self.object_list
        if isinstance(rows, QuerySet) and rows.query.annotations:
            key = rows.model._meta.pk.name  # of a history: not "pk", which means the record there
            found.object_list = rows.filter(**{f"{key}__in": list(found.object_list.values_list(key, flat=True))})
        return found  # type: ignore[no-any-return]


def table(
    request: HttpRequest,
    scope: Scope | None,
    key: str,
    title: str,
    columns: Sequence[Column],
    rows: Rows,
    *,
    order: str = "",
    filters: Sequence[Filter] = (),
    find: Callable[[Rows, str], Rows] | Literal[False] | None = None,
    empty: Empty | None = None,
    keep: Iterable[str] = (),
    fields: Mapping[str, Any] | None = None,
) -> Table:
    """
    Return a list laid out; `listing` does it all.

    key    : name of the list: id of the table, name of the file
    title  : message code, said with `count` and the fields
    order  : columns by commas, "-" turns one round; the first is the one that a click on a head replaces
    find   : (rows, text) -> rows; None: by `search_key` of a queryset, by the texts of a sequence; False: no field
    keep   : more names of the address that links must hand on
    """
    lang = lang_of(request)
    chosen = {name: request.GET.get(name, "").strip() for name in ("tim", *(one.code for one in filters))}
    for one in filters:
        if chosen[one.code]:
            rows = one.keep(rows, chosen[one.code])
    if chosen["tim"] and find is not False:
        rows = (find or _find(columns))(rows, chosen["tim"])
    asked = request.GET.get("sap", "")
    known = {column.code for column in columns}
    wanted = ",".join(one for one in (asked if asked.lstrip("-") in known else "", order) if one)
    rows = _sorted(rows, columns, wanted)
    shown_codes = [code for code in request.GET.getlist("cot") if code in known]
    per_page = ON_PAPER if request.GET.get("xuat") == "in" else PAGE
    page = Pages(rows, per_page).get_page(request.GET.get("trang"))
    return Table(
        key=key, title=say(title, lang, **{"count": number(page.paginator.count, lang), **(fields or {})}),
        columns=[one for one in columns if not shown_codes or one.code in shown_codes] or columns, all_columns=columns,
        rows=rows, page=page, lang=lang, filters=filters, chosen=chosen | ({"sap": asked} if asked else {}),
        state={**(scope.state() if scope else {}), **{name: request.GET.get(name) for name in keep}},
        path=request.path, order=wanted, has_find=find is not False, empty=empty or Empty(),
    )  # fmt: skip


def listing(
    request: HttpRequest,
    scope: Scope | None,
    key: str,
    title: str,
    columns: Sequence[Column],
    rows: Rows,
    *,
    template: str = "list.html",
    context: Mapping[str, Any] | None = None,
    **more: Any,
) -> HttpResponse:
    """
    Return a list as a page, or as what `xuat` asks for. The rows must be within the scope already.

    template : list.html, or one that extends it: blocks `top` (the title), `above`, `below`
    context  : more for the template, `section` among it (the entry of the rail)
    more     : of `table`
    """
    found = table(request, scope, key, title, columns, rows, **more)
    form = request.GET.get("xuat")
    if form in list_files.FORMS:
        return list_files.answer(form, found, scope=scope, by=request.user)
    given = {
        "scope": scope, "list": found, "title": found.title, "is_paper": form == "in", "now": timezone.localtime(),
        **(context or {}),
    }  # fmt: skip
    return render(request, template, given)


def _find(columns: Sequence[Column]) -> Callable[[Rows, str], Rows]:
    """Return how a list is searched that says nothing of it."""

    def find(rows: Rows, text: str) -> Rows:
        wanted = search_key(text)
        if isinstance(rows, QuerySet):
            return rows.filter(search_key__contains=wanted)
        told = [column for column in columns if column.kind in ("text", "link")]
        return [row for row in rows if wanted in search_key(" ".join(str(one.value(row) or "") for one in told))]

    return find


def _sorted(rows: Rows, columns: Sequence[Column], order: str) -> Rows:
    """Return rows in order; what is not known comes last whichever way."""
    steps = [(code.lstrip("-"), code.startswith("-")) for code in order.split(",") if code]
    by_code = {column.code: column for column in columns}
    if isinstance(rows, QuerySet):
        names = [
            (name.strip(), turned)
            for code, turned in steps if isinstance(by_code[code].by, str)
            for name in str(by_code[code].by).split(",")
        ]  # fmt: skip
        terms = [F(name).desc(nulls_last=True) if turned else F(name).asc(nulls_last=True) for name, turned in names]
        return rows.order_by(*terms, "pk") if terms else rows
    found = list(rows)
    for code, turned in reversed(steps):
        keys = {id(row): _key(by_code[code], row) for row in found}
        known = [row for row in found if keys[id(row)] is not None]
        known.sort(key=lambda row: keys[id(row)], reverse=turned)
        found = known + [row for row in found if keys[id(row)] is None]
    return found


def _key(column: Column, row: Any) -> Any:
    value = column.by(row) if callable(column.by) else column.value(row)
    if isinstance(value, Status):
        return value.rank
    return _in_order(value) if isinstance(value, str) else value


_in_order = lru_cache(maxsize=20_000)(sort_key)  # the same words are sorted again and again
