"""Who changed what about a person, and when: newest first, before and after; of what is masked only that it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tramyte.domain.messages import say
from tramyte.web import forms
from tramyte.web.nouns import MASK, noun_of, nouns
from tramyte.web.views.person import SHOWN, Person

MOST = 100  # changes on the page


@dataclass(frozen=True)
class Change:
    """One state of one record: when and by whom it was recorded, and in words what became different."""

    at: datetime
    who: str
    what: str
    words: list[str]


def changes(person: Person) -> list[Change]:
    """Return what was recorded of a person and could be known at the moment looked at, newest first."""
    found: list[Change] = []
    own = [("staff", [person.row]), *((name, person.rows(name)) for name, _ in SHOWN)]
    for name, rows in own:
        states = nouns()[name].model.history.filter(id__in=[row.id for row in rows])
        if person.scope.moment is not None:
            states = states.filter(history_date__lt=person.scope.moment)
        before: dict[int, Any] = {}
        for state in states.select_related("history_user").order_by("history_id"):
            if words := _words(person, before.get(state.id), state):
                who = state.history_user.get_full_name() if state.history_user else "—"
                title = nouns()[name].sheet.title[person.scope.lang]
                found.append(Change(state.history_date, who, title, words))
            before[state.id] = state
    return sorted(found, key=lambda one: one.at, reverse=True)[:MOST]


def _words(person: Person, before: Any, now: Any) -> list[str]:
    lang, noun = person.scope.lang, noun_of(now)
    if before is None:
        return [say("UI_person_recorded", lang)]
    if now.is_withdrawn and not before.is_withdrawn:
        return [say("UI_person_withdrawn", lang)]
    found = []
    for column in noun.columns:
        pair = getattr(before, column.field), getattr(now, column.field)
        if pair[0] != pair[1]:
            is_masked = column.field in noun.masked
            old, new = (MASK if is_masked else forms.told(column, value, lang=lang) for value in pair)
            found.append(say("UI_person_change", lang, field=column.title[lang], before=old, after=new))
    return found
