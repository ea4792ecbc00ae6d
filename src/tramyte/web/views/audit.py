"""The log: who did what, from where, what was before and after; and whether the log itself is as it was written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages as told
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tramyte.domain.errors import NotAllowed
from tramyte.domain.messages import Lang, messages, say
from tramyte.web import events
from tramyte.web.actions import audit
from tramyte.web.actions import runs as work
from tramyte.web.models import Account, Event, Run
from tramyte.web.models.base import below
from tramyte.web.nouns import MASK, MASKED
from tramyte.web.permissions import PEOPLE, allowed, paths, visible_to
from tramyte.web.records import kept, table
from tramyte.web.roles import Permission
from tramyte.web.views import runs
from tramyte.web.views.lists import PAGE, Column, listing
from tramyte.web.views.place_choice import names_of
from tramyte.web.views.scope import day_of, lang_of, whole_of

MAY = Permission.SEE_AUDIT
TAKEN = 5_000  # rows of a workbook; more are taken day by day
ASTRAY = 1_000  # numbers between rows whose moments stand the other way round, when many write at once
NEAR = 5_000  # rows since the last check that a page looks at itself
SHOWN = 200  # rows of details
SIDES = 2  # before and after
TITLES: Mapping[str, str] = {"contacts": "UI_contacts", "equipment": "UI_equipment", "successions": "UI_successions"}


@require_safe
@login_required
def log(request: HttpRequest) -> HttpResponse:
    """List the newest events first, fifty at a time: whatever the size of the log, a page asks for fifty rows."""
    lang = lang_of(request)
    own = _own(request)
    chosen = {name: request.GET.get(name, "").strip() for name in ("ai", "viec", "noi", "ve", "tu", "den")}
    rows = _chosen(visible_to(Event.objects.all(), request.user, on=timezone.localdate(), may=MAY), own, chosen)
    rows = rows.select_related("account").defer("details").order_by("-number")
    if request.GET.get("xuat"):
        taken = rows_of(rows[:TAKEN], lang)
        return listing(request, None, "nhat-ky", "UI_log", _columns(), taken, find=False)
    if (before := whole_of(request.GET.get("truoc"))) is not None:
        rows = rows.filter(number__lt=before)
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    state = {name: value for name, value in chosen.items() if value}
    checking = under_way(request)
    return render(
        request, "audit/log.html",
        {
            "section": "audit", "rows": rows_of(shown, lang), "chosen": chosen,
            "newest": f"?{urlencode(state)}", "excel": f"?{urlencode({**state, 'xuat': 'xlsx'})}",
            "older": f"?{urlencode({**state, 'truoc': shown[-1].number})}" if shown else "",
            "is_first": not before, "next": len(found) > PAGE,
            "actions": sorted(((code, word_of(code, lang)) for code in known_actions()), key=lambda pair: pair[1]),
            "chain": chain(), **(runs.told(checking) if checking else {}),
        },
    )  # fmt: skip


@require_safe
@login_required
def event(request: HttpRequest, number: int) -> HttpResponse:
    """Show one event: what was before, what after; nothing about people to whoever may not see people there."""
    _own(request)
    rows = visible_to(Event.objects.all(), request.user, on=timezone.localdate(), may=MAY)
    found = rows.filter(number=number).select_related("account").first()
    if found is None:
        raise Http404
    sees = allowed(request.user, Permission.SEE_PEOPLE, found.path, on=timezone.localdate())
    lang = lang_of(request)
    lines, facts = details(found, lang, sees_people=sees)
    return render(
        request, "audit/event.html",
        {
            "section": "audit", "row": rows_of([found], lang)[0], "lines": lines[:SHOWN], "count": len(lines),
            "facts": facts, "is_sound": found.hash == events.digest(found),
        },
    )  # fmt: skip


@require_POST
@login_required
def check(request: HttpRequest) -> HttpResponse:
    """Look through what came since the last look now, where that is little; all of it in the background."""
    own, is_whole, known = _own(request), "tat-ca" in request.POST, chain()
    me = cast("Account", request.user)
    if is_whole or not known.is_known:
        if under_way(request) is None:
            work.ask(by=me, kind="chain", path=own[0], given={"is_whole": is_whole})
        told.info(request, say("UI_chain_asked", lang_of(request)))
        return redirect("audit")
    found = audit.check(by=me, path=own[0])
    code, level = (
        ("UI_chain_holds", told.SUCCESS) if found.details["broken"] is None else ("UI_chain_broken", told.ERROR)
    )
    told.add_message(
        request, level, say(code, lang_of(request), to=found.details["to"], broken=found.details["broken"])
    )
    return redirect("audit")


def under_way(request: HttpRequest) -> Run | None:
    """Return the check of the log that somebody asked for and that is not over."""
    return Run.objects.filter(runs.mine(request, "chain"), state__in=("waiting", "running")).first()


@dataclass(frozen=True)
class Chain:
    """
    Whether the log is as it was written.

    to : last row of which it is known; broken: first row that does not fit; at: when the whole was looked at last
    """

    to: int
    broken: int | None
    at: datetime | None
    last: int

    @property
    def is_known(self) -> bool:
        """Whether every row has been looked at."""
        return self.broken is not None or self.to >= self.last


def chain() -> Chain:
    """Return what is known of the log: the last check, and the rows since then while they are few."""
    last = Event.objects.order_by("-number").values_list("number", flat=True).first() or 0
    latest = audit.latest()
    if latest is not None and latest.details["broken"] is not None:
        return Chain(latest.details["to"], latest.details["broken"], latest.at, last)
    to, at = (latest.details["to"], latest.at) if latest else (0, None)
    if last - to > NEAR:
        return Chain(to, None, at, last)
    broken = events.first_broken(to)
    return Chain(last if broken is None else broken - 1, broken, at, last)


@dataclass(frozen=True)
class Row:
    """An event as it is listed."""

    event: Event
    lang: Lang
    place: str

    @property
    def who(self) -> str:
        """Who acted; the program where it was nobody."""
        return self.event.account.get_full_name() if self.event.account else say("UI_the_program", self.lang)

    @property
    def action(self) -> str:
        """What was done, in words."""
        return word_of(self.event.action, self.lang)

    @property
    def reason(self) -> str:
        """Why; some reasons are the program's own and stand in the table of words."""
        reason = self.event.reason or ""
        return say(reason, self.lang) if reason in messages() else reason


def rows_of(found: Iterable[Event], lang: Lang) -> list[Row]:
    """Return events as they are listed; the names of all their places are asked for at once."""
    listed = list(found)
    names = names_of((one.path for one in listed), lang)
    return [Row(one, lang, names[one.path]) for one in listed]


@dataclass(frozen=True)
class Line:
    """One value that changed."""

    noun: str
    key: str
    field: str
    before: str
    after: str


def details(found: Event, lang: Lang, *, sees_people: bool) -> tuple[list[Line], list[tuple[str, str]]]:
    """Return the values an event changed, masked ones masked, and what else it tells."""
    lines: list[Line] = []
    for kind in ("changed", "ended"):
        for name, rows in (found.details.get(kind) or {}).items():
            for pk, fields in rows:
                lines += [_line(name, pk, field, pair, lang) for field, pair in fields.items()]
    for name, pk, before, after in found.details.get("history") or []:
        history = table(name).history.filter(history_id__in=[one for one in (before, after) if one]).order_by("pk")
        sides = {one.history_id: one for one in history}
        lines += _differences(name, pk, sides.get(before), sides.get(after), lang)
    hidden = {_title(name, lang) for name in _people()}
    if not sees_people:
        lines = [one for one in lines if one.noun not in hidden]
    counts = {name: len(keys) for name, keys in (found.details.get("added") or {}).items()}
    facts = [(say("UI_log_added", lang, noun=_title(name, lang)), str(count)) for name, count in counts.items()]
    known = {"changed", "ended", "added", "history", "people", "kept"}
    facts += [(name, _plain(value)) for name, value in found.details.items() if name not in known and value is not None]
    return lines, facts


def _differences(name: str, pk: Any, before: Any, after: Any, lang: Lang) -> list[Line]:
    one = before or after
    if one is None:
        return []
    names = [field.attname for field in one._meta.concrete_fields if not field.attname.startswith("history_")]
    skipped = {"id", "search_key", "sort_key"}
    pairs = {
        field: (getattr(before, field, None), getattr(after, field, None)) for field in names if field not in skipped
    }
    return [_line(name, pk, field, pair, lang) for field, pair in pairs.items() if pair[0] != pair[1]]


def _line(name: str, pk: Any, field: str, pair: Any, lang: Lang) -> Line:
    before, after = (_plain(one) for one in pair)
    if field in MASKED.get(name, ()):
        before, after = (MASK if one else "" for one in (before, after))
    return Line(_title(name, lang), str(pk), field, before, after)


def _people() -> list[str]:
    """Return the tables whose rows are about people."""
    return [name for name in (*kept(), *TITLES) if table(name).__name__ in PEOPLE]


def _title(name: str, lang: Lang) -> str:
    code = TITLES.get(name, f"SHEET_{name}")
    return say(code, lang) if code in messages() else name


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | dict):
        parts = map(_plain, value)
        if isinstance(value, dict):
            parts = map(": ".join, zip(value, map(_plain, value.values()), strict=True))
        text = ", ".join(parts)
        return text if len(text) < SHOWN * SIDES else f"{text[: SHOWN * SIDES]}…"
    return str(value)


def known_actions() -> list[str]:
    """Return every action that has words, as the log writes it."""
    return [code.removeprefix("UI_act_").replace("__", ".") for code in messages() if code.startswith("UI_act_")]


def word_of(action: str, lang: Lang) -> str:
    """Return what an action is called."""
    code = f"UI_act_{action.replace('.', '__')}"
    return say(code, lang) if code in messages() else action


def _own(request: HttpRequest) -> list[str]:
    """Return the places whose log the account may read. Raises NotAllowed, there are none."""
    own = paths(request.user, MAY, on=timezone.localdate())
    if not own:
        raise NotAllowed(MAY.value, "")
    return own


def _chosen(rows: QuerySet[Event], own: list[str], chosen: Mapping[str, str]) -> QuerySet[Event]:
    """Return the events that fit, asked for so that an index has them in order, whatever the size of the log."""
    place = chosen["noi"].strip("/")
    provinces = {path[:2] for path in own}
    if "" not in own and len(provinces) == 1 and not chosen["viec"] and len(place) <= len("08"):
        rows = rows.filter(province=next(iter(provinces)))
    if chosen["ai"]:
        rows = rows.filter(account__username=chosen["ai"])
    if chosen["viec"]:
        rows = rows.filter(action=chosen["viec"])
    if chosen["ve"]:
        rows = rows.filter(about=chosen["ve"])
    if place:
        rows = rows.filter(below(f"{place}/"))
    first, last = day_of(chosen["tu"]), day_of(chosen["den"])
    if first:
        rows = rows.filter(at__gte=_midnight(first), number__gte=_number(_midnight(first)) - ASTRAY)
    if last:
        end = _midnight(last + timedelta(days=1))
        rows = rows.filter(at__lt=end, number__lte=_number(end) + ASTRAY)
    return rows


def _number(at: datetime) -> int:
    """Return the number of the first row of that moment or later: rows stand in the order of time but for a few."""
    found = Event.objects.filter(at__gte=at).order_by("at").values_list("number", flat=True).first()
    return found or (Event.objects.order_by("-number").values_list("number", flat=True).first() or 0)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _columns() -> list[Column]:
    def of(name: str) -> Callable[[Row], Any]:
        return lambda row: getattr(row.event, name)

    return [
        Column("number", "UI_log_number", of("number"), "number"),
        Column("at", "UI_log_at", of("at"), "moment"),
        Column("who", "UI_log_who", "who", link=lambda row: reverse("event", args=[row.event.number])),
        Column("address", "UI_session_address", of("address")),
        Column("action", "UI_log_action", "action"),
        Column("about", "UI_log_about", of("about")),
        Column("place", "UI_log_place", "place"),
        Column("reason", "UI_log_reason", "reason"),
        Column("hash", "UI_log_hash", of("hash")),
    ]
