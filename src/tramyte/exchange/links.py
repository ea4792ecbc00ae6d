"""Keys and references between sheets: what stands twice, what points at nothing, what stands above itself."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from tramyte.domain.finding import Finding
from tramyte.domain.names import search_key
from tramyte.exchange.cells import shown
from tramyte.exchange.columns import Column, sheets
from tramyte.exchange.pages import Page

COMPARISONS = 40_000  # words held against each other while looking for a near one; then only spelling is compared


class Nearest:
    """The code most like a wrong one. Comparing is slow, so the work of one file is bounded."""

    def __init__(self) -> None:
        self.left = COMPARISONS
        self.found: dict[tuple[int, str], str] = {}
        self.spelled: dict[int, dict[str, str]] = {}

    def __call__(self, word: str, known: Collection[str]) -> str:
        """Return the nearest of `known`, "" if none is near. The same collection is asked again and again."""
        key = (id(known), word)
        if key not in self.found:
            self.found[key] = self._look(word, known)
        return self.found[key]

    def _look(self, word: str, known: Collection[str]) -> str:
        spelled = self.spelled.get(id(known))
        if spelled is None:
            spelled = self.spelled[id(known)] = {_bare(code): code for code in sorted(known)}
        if same := spelled.get(_bare(word)):
            return same
        if self.left < len(known):
            return ""
        self.left -= len(known)
        close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
        return close[0] if close else ""


def _bare(code: str) -> str:
    """The code without marks, dots, dashes and leading zeros."""
    return "".join(letter for letter in search_key(code) if letter.isalnum()).lstrip("0")


def link_findings(pages: Mapping[str, Page]) -> list[Finding]:
    """Return everything wrong in keys and references."""
    near = Nearest()
    codes: dict[tuple[str, str], set[str]] = {}
    missing: dict[str, set[tuple[str, int]]] = {}
    findings: list[Finding] = []
    for page in pages.values():
        findings += _duplicates(page)
        for column in page.sheet.columns:
            if column.target and column.field in page.letters and not (page.is_alone and column.target[0] not in pages):
                if column.target not in codes:
                    codes[column.target] = _codes(pages, *column.target)
                if codes[column.target] or column.target[0] == "communes":
                    findings += _references(page, column, codes[column.target], near)
                else:
                    rows = {(page.title, row) for row, value in enumerate(page.values[column.field]) if value}
                    missing.setdefault(column.target[0], set()).update(rows)
    findings += _missing(pages, missing)
    if "facilities" in pages:
        findings += _circles(pages["facilities"])
    if "skills" in pages:
        findings += _ranks(pages["skills"])
    return findings


def _codes(pages: Mapping[str, Page], sheet: str, field: str) -> set[str]:
    return {value for value in pages[sheet].values[field] if value is not None} if sheet in pages else set()


def _missing(pages: Mapping[str, Page], missing: Mapping[str, Collection[tuple[str, int]]]) -> Iterator[Finding]:
    """Name once a sheet to which rows refer and in which nothing can be found."""
    for name, rows in missing.items():
        if rows:
            titles = {f"sheet_{lang}": title for lang, title in sheets()[name].title.items()}
            fields = {
                **titles,
                "count": len(rows),
                "pages": ", ".join(dict.fromkeys(title for title, _ in sorted(rows))),
            }
            yield Finding("E124", pages[name].title if name in pages else "", "", fields)


def _duplicates(page: Page) -> Iterator[Finding]:
    """Name both cells of a key that stands twice; a row whose key is not whole has its own finding already."""
    needed = [index for index, field in enumerate(page.sheet.key) if page.sheet.column(field).is_required]
    first: dict[tuple[Any, ...], int] = {}
    for row, key in enumerate(zip(*(page.values[field] for field in page.sheet.key), strict=True)):
        if any(key[index] is None for index in needed):
            continue
        if key in first:
            text = " · ".join(shown(part) for part in key if part is not None)
            other = page.cell(page.sheet.key[0], first[key])
            yield page.finding("E301", page.sheet.key[0], row, key=text, other=other)
        else:
            first[key] = row


def _references(page: Page, column: Column, known: Collection[str], near: Nearest) -> Iterator[Finding]:
    """Communes may be left out of a workbook altogether; every other code must stand in its sheet."""
    target, _ = column.target or ("", "")
    if target == "communes" and not known:
        return
    titles = {f"sheet_{lang}": title for lang, title in sheets()[target].title.items()}
    for row, value in enumerate(page.values[column.field]):
        if value is None or value in known:
            continue
        nearest = near(value, known)
        if target == "communes":
            yield page.finding("W505", column.field, row, value=value, nearest=nearest or "?", **titles)
        elif nearest:
            yield page.finding("E302", column.field, row, value=value, nearest=nearest, **titles)
        else:
            yield page.finding("E303", column.field, row, value=value, **titles)


def _circles(page: Page) -> Iterator[Finding]:
    """A facility that is, by whatever way, its own parent."""
    above = {
        code: parent
        for code, parent in zip(page.values["code"], page.values["parent"], strict=True)
        if code is not None and parent is not None
    }
    safe: set[str] = set()
    told: set[str] = set()
    for row, code in enumerate(page.values["code"]):
        chain: list[str] = []
        on_way: set[str] = set()
        current = code
        while current in above and current not in safe and current not in on_way:
            chain.append(current)
            on_way.add(current)
            current = above[current]
        if current in on_way and current not in told:
            circle = chain[chain.index(current) :]
            told.update(circle)
            yield page.finding("E304", "parent", row, value=circle[0], chain=" → ".join([*circle, circle[0]][:12]))
        safe.update(chain)


def _ranks(page: Page) -> Iterator[Finding]:
    """Each person has one skill of rank 1, and no rank twice."""
    first: dict[tuple[str, int], int] = {}
    people: dict[str, int] = {}
    for row, (staff, rank) in enumerate(zip(page.values["staff"], page.values["rank"], strict=True)):
        if staff is None or rank is None:
            if staff is not None:
                first.setdefault((staff, 1), row)  # an unreadable rank has its finding; no second one for the person
            continue
        people.setdefault(staff, row)
        if (staff, rank) in first:
            yield page.finding("E305", "rank", row, staff=staff, read=rank, other=page.cell("rank", first[staff, rank]))
        else:
            first[staff, rank] = row
    for staff, row in people.items():
        if (staff, 1) not in first:
            yield page.finding("E306", "rank", row, staff=staff)
