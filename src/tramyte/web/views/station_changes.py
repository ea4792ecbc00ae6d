"""Who changed what about a place, and when: the history of its rows, newest first, before and after side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tramyte.domain.messages import Lang, say
from tramyte.need.numbers import number
from tramyte.web.models import Appointment, Authority, Equipment, Facility, Post
from tramyte.web.nouns import noun_of
from tramyte.web.views.lists import Column, Empty, Filter
from tramyte.web.views.place import Place, words_of

KEPT = (Facility, Authority, Post, Appointment, Equipment)
NEW, MOST = "+", 6  # type of a first row; differences told in one line


@dataclass(frozen=True)
class Change:
    """One row of the history: what of (noun, name), who, when, in which words."""

    at: datetime
    who: str
    noun: str
    title: str
    about: str
    words: str


def changes(place: Place) -> dict[str, Any]:
    """What was recorded of this place: buildings, authorities, posts, appointments, machines."""
    rows = history(place)
    nouns = sorted({(row.noun, row.title) for row in rows})
    return {
        "title": "UI_list_history",
        "columns": [
            Column("at", "UI_moment", "at", "moment"),
            Column("who", "UI_who", "who"),
            Column("noun", "UI_what", "title"),
            Column("about", "UI_record", "about"),
            Column("words", "UI_change", "words"),
        ],
        "rows": rows, "order": "-at",
        "filters": [Filter("loai", "UI_what", lambda found, value: [row for row in found if row.noun == value], nouns)],
        "empty": Empty("UI_none_here", "UI_other_day"),
    }  # fmt: skip


def history(place: Place) -> list[Change]:
    """Return every change of the rows of a place that was known at the moment looked at."""
    found: list[Change] = []
    for model in KEPT:
        field = "code__in" if model is Facility else "facility__in"
        rows = model.history.filter(province=place.scope.province.code, **{field: list(place.buildings)})
        if place.scope.moment is not None:
            rows = rows.filter(history_date__lt=place.scope.moment)
        before: dict[Any, Any] = {}
        for row in rows.select_related("history_user").order_by("history_date", "history_id"):
            found.append(_change(row, before.get(row.id), place.scope.lang))
            before[row.id] = row
    return found


def _change(row: Any, before: Any, lang: Lang) -> Change:
    noun = noun_of(row)
    user = row.history_user
    return Change(
        row.history_date, user.get_full_name() if user else say("UI_program", lang), noun.name, noun.sheet.title[lang],
        noun.key(row), _words(row, before, lang),
    )  # fmt: skip


def _words(row: Any, before: Any, lang: Lang) -> str:
    """Return what a row says that the one before did not."""
    if row.is_withdrawn and not (before and before.is_withdrawn):
        return say("UI_withdrawn", lang)
    if before is None:
        return say("UI_added", lang)
    noun = noun_of(row)
    pairs = [(one, getattr(before, one.field), getattr(row, one.field)) for one in noun.columns]
    told = [
        say("UI_changed", lang, field=one.title[lang], before=_read(noun.name, one, old, lang),
            after=_read(noun.name, one, new, lang))
        for one, old, new in pairs
        if one.field not in noun.masked and old != new
    ]  # fmt: skip
    more = [say("UI_more", lang, count=len(told) - MOST)] if len(told) > MOST else []
    return "; ".join(told[:MOST] + more) or say("UI_same", lang)


def _read(noun: str, column: Any, value: Any, lang: Lang) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return say("UI_yes" if value else "UI_no", lang)
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}" if lang == "vi" else value.isoformat()
    if isinstance(value, int | float):
        return number(value, lang)
    return str(words_of(noun, column.field, value, lang)) if column.choices else str(value)
