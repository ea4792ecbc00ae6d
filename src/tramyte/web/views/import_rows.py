"""The rows that an import's pages list: findings and their groups, changes and what they change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tramyte.domain.finding import Finding
from tramyte.domain.messages import Lang, say
from tramyte.exchange.columns import sheets
from tramyte.web.differences import Differences
from tramyte.web.forms import told
from tramyte.web.models import Event, Run
from tramyte.web.undoing import Clash
from tramyte.web.views.lists import Column, Filter, Status
from tramyte.web.views.scope import whole_of
from tramyte.web.work import reading
from tramyte.web.work.fixes import Edit

KINDS = {"added": "them", "changed": "sua", "ended": "het"}
LEVELS = {"error": ("short", "UI_import_error", 2), "warning": ("near", "UI_import_warning", 1)}


@dataclass(frozen=True)
class Row:
    """One finding as a page shows it. fixes: (words, edit)."""

    index: int
    finding: Finding
    lang: Lang
    fixes: Sequence[tuple[str, Edit]]

    @property
    def place(self) -> str:
        """Sheet and cell."""
        return self.finding.place(self.lang) or "—"

    @property
    def code(self) -> str:
        """The code of the finding."""
        return self.finding.code

    @property
    def group(self) -> str:
        """What findings alike have in common: code, sheet, column."""
        return "|".join([self.code, self.finding.sheet, re.sub(r"\d", "", self.finding.cell)])

    @property
    def read(self) -> str | None:
        """What stood in the cell."""
        found = self.finding.fields.get("value", self.finding.fields.get("read"))
        return None if found is None else str(found)

    @property
    def words(self) -> str:
        """What was read, what was expected, what to do; the code and the place stand beside it."""
        whole = self.finding.sentence(self.lang).removeprefix(f"{self.code} ")
        place = self.finding.place(self.lang)
        return whole.removeprefix(f"{place}: ") if place else whole

    @property
    def level(self) -> Status:
        """Whether it must be put right."""
        look, code, rank = LEVELS[self.finding.severity]
        return Status(look, code, rank=rank)


COLUMNS = (
    Column("o", "UI_import_cell", "place", by=lambda row: row.index),
    Column("muc-do", "UI_import_level", "level", kind="status"),
    Column("ma", "UI_import_code", "code"),
    Column("doc", "UI_import_read", "read"),
    Column("noi-dung", "UI_import_words", "words"),
)
CHANGES = (
    Column("dong", "UI_import_row", "label"),
    Column("kieu", "UI_import_kind", lambda row: row["kind"]),
    Column("trang-tinh", "UI_import_sheet", lambda row: row["title"]),
    Column("thay-doi", "UI_import_fields", lambda row: row["words"]),
)


def findings(result: Mapping[str, Any], lang: Lang) -> list[Row]:
    """Return the findings of a result, errors first, then in the order of the file."""
    kept = enumerate(result.get("findings", ()))
    rows = [
        Row(index, reading.decoded(one), lang, [(_cure(edit, lang), edit) for edit in one["fixes"]])
        for index, one in kept
    ]
    return sorted(rows, key=lambda row: row.finding.severity != "error")


def cut(result: Mapping[str, Any]) -> dict[str, int] | None:
    """Return how many findings are shown and how many there are; None: all of them are shown."""
    return _cut(len(result.get("findings", ())), result.get("errors", 0) + result.get("warnings", 0))


def cut_changes(result: Mapping[str, Any]) -> dict[str, int] | None:
    """Return how many changed rows are shown and how many there are; None: all of them are shown."""
    found = result.get("preview") or {"rows": {}, "count": 0}
    return _cut(sum(len(rows) for kind in found["rows"].values() for rows in kind.values()), found["count"])


def _cut(shown: int, count: int) -> dict[str, int] | None:
    return {"shown": shown, "count": count} if shown < count else None


def _cure(edit: Mapping[str, Any], lang: Lang) -> str:
    """Return what an edit does, in words."""
    if "row" in edit:
        return say("UI_fix_row", lang, row=edit["row"])
    if "column" in edit:
        return say("UI_fix_column", lang, column=edit["column"])
    if edit.get("unlink"):
        return say("UI_fix_link", lang)
    if edit.get("counted"):
        return say("UI_fix_counted", lang)
    value = edit["value"]
    return say("UI_fix_value", lang, value=f"{value:g}".replace(".", ",") if isinstance(value, float) else value)


def filters(rows: Sequence[Row], lang: Lang) -> list[Filter]:
    """Return the choices over the findings."""
    titles = dict.fromkeys(row.finding.sheet for row in rows if row.finding.sheet)
    codes = sorted({row.code for row in rows})
    return [
        Filter("muc-do", "UI_import_level", lambda rows, value: [row for row in rows if row.finding.severity == value],
               [(name, say(code, lang)) for name, (_, code, _) in LEVELS.items()]),
        Filter("to", "UI_import_sheet", lambda rows, value: [row for row in rows if row.finding.sheet == value],
               [(title, title) for title in titles]),
        Filter("ma", "UI_import_code", lambda rows, value: [row for row in rows if row.code == value],
               [(code, code) for code in codes]),
        Filter("nhom", "UI_import_group", lambda rows, value: [row for row in rows if row.group == value]),
    ]  # fmt: skip


def groups(rows: Sequence[Row], lang: Lang) -> list[dict[str, Any]]:
    """Return findings alike together: errors first, the largest first."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.group, []).append(row)
    ordered = sorted(found.values(), key=lambda group: (group[0].finding.severity != "error", -len(group)))
    return [
        {
            "key": group[0].group, "first": group[0], "count": len(group), "more": len(group) - 1,
            "fixable": sum(bool(row.fixes) for row in group),
            "cure": group[0].fixes[0][0] if len(group) == 1 and group[0].fixes else None,
            "level": {"look": group[0].level.look, "code": group[0].level.code},
        }
        for group in ordered
    ]  # fmt: skip


def chosen(rows: Iterable[Row], asked: Mapping[str, str]) -> list[Edit]:
    """Return the edits that a form asks for: of one finding (o), or of all of a group (nhom)."""
    option = whole_of(asked.get("chon")) or 0
    wanted = [row for row in rows if str(row.index) == asked.get("o") or row.group == asked.get("nhom")]
    return [row.fixes[option][1] for row in wanted if option < len(row.fixes)]


def title(name: str, lang: Lang) -> str:
    """Return what a sheet is called."""
    return sheets()[name].title[lang] if name in sheets() else name


def preview(run: Run, lang: Lang) -> dict[str, Any] | None:
    """Return the counts of what would change, by sheet, each with the address of its rows."""
    kept = (run.result or {}).get("preview")
    if not kept:
        return None
    counts = kept["counts"]
    names = [name for name in sheets() if any(counts[kind].get(name) for kind in KINDS)]
    address = f"/nhap/{run.pk}/thay-doi/?pv={run.province}"
    rows = [
        {"title": title(name, lang), "cells": [
            {"count": counts[kind].get(name, 0), "address": f"{address}&trang-tinh={name}&kieu={KINDS[kind]}"}
            for kind in KINDS
        ]}
        for name in names
    ]  # fmt: skip
    totals = [
        {"count": sum(counts[kind].values()), "address": f"{address}&kieu={short}"} for kind, short in KINDS.items()
    ]
    return {"rows": rows, "totals": totals, "count": kept["count"], "same": kept["same"], "seen": kept["seen"]}


def changed(run: Run, lang: Lang) -> list[dict[str, Any]]:
    """Return the rows that an import changes, each with its fields before and after."""
    kept = ((run.result or {}).get("preview") or {}).get("rows", {})
    return [
        {
            "label": label, "short": short, "name": name, "kind": say(f"UI_import_{short}", lang),
            "title": title(name, lang),
            "words": "; ".join(_told(name, field, pair, lang) for field, pair in fields.items()) or None,
        }
        for kind, short in KINDS.items()
        for name, rows in kept.get(kind, {}).items()
        for label, fields in rows
    ]  # fmt: skip


def _told(name: str, field: str, pair: Sequence[Any], lang: Lang) -> str:
    """Return a field before and after, in words."""
    column = next((one for one in sheets()[name].columns if one.field == field), None) if name in sheets() else None
    if column is None:
        words = "UI_import_place" if field == "path" else "UI_import_withdrawn"
        return say(words, lang, old=pair[0], new=pair[1])
    old, new = (told(column, value, lang=lang) for value in pair)
    return say("UI_import_change", lang, column=column.title[lang], old=old, new=new)


def change_filters(rows: Sequence[Mapping[str, Any]], lang: Lang) -> list[Filter]:
    """Return the choices over changed rows."""
    names = dict.fromkeys(row["name"] for row in rows)
    return [
        Filter("kieu", "UI_import_kind", lambda rows, value: [row for row in rows if row["short"] == value],
               [(short, say(f"UI_import_{short}", lang)) for short in KINDS.values()]),
        Filter("trang-tinh", "UI_import_sheet", lambda rows, value: [row for row in rows if row["name"] == value],
               [(name, title(name, lang)) for name in names]),
    ]  # fmt: skip


def parts(found: Differences, lang: Lang) -> list[dict[str, Any]]:
    """Return how many rows of each sheet some changes take out and set back."""
    names = dict.fromkeys((*found.ended, *found.changed))
    return [
        {"title": title(name, lang), "out": len(found.ended.get(name, ())), "back": len(found.changed.get(name, ()))}
        for name in names
    ]


def called(row: Any, lang: Lang) -> str:
    """Return what a row is: its sheet, and how people name it."""
    return f"{title(reading.SHEETS.get(type(row).__name__, ''), lang)}: {reading.label(row)}"


def clashes(found: Iterable[Clash], lang: Lang) -> list[dict[str, str]]:
    """Return the rows that somebody changed since: key, what each is, and what it says now and would say again."""
    return [
        {
            "key": one.key, "words": called(one.change.row, lang),
            "fields": "; ".join(
                _told(one.name, field, (reading.plain(now), reading.plain(then)), lang)
                for field, (now, then) in one.change.fields.items() if field not in reading.HIDDEN
            ),
        }
        for one in found
    ]  # fmt: skip


def count(event: Event) -> int:
    """Return how many rows an event tells of."""
    return sum(len(rows) for kind in KINDS for rows in event.details.get(kind, {}).values())
