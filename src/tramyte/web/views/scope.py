"""The state of a page as its address holds it: which place, on which day, as known when, in which language."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar, cast

from django.http import Http404, HttpRequest
from django.utils import timezone

from tramyte.domain.finding import Finding
from tramyte.domain.messages import Lang
from tramyte.domain.register import Register
from tramyte.norms.local import Law
from tramyte.web import records
from tramyte.web.memory import MEMORY
from tramyte.web.models import Province
from tramyte.web.norms import law_of
from tramyte.web.permissions import grants, paths, within
from tramyte.web.roles import Permission
from tramyte.web.succession import joined

LANGS = ("vi", "en")
JOINED_BY = ("communes", "successions")  # tables that say what became of places
LEVELS = (4, 5)
COMMUNE_DEEP = 2  # steps of the path of a commune: 08/01234/
OF_COMMUNES = ("D004", "D005")  # findings that compare stations and communes: half of it seen, they would be wrong
YEARS = range(1900, 2200)  # of days that can be asked for; the moments of others are beyond what a database keeps


T = TypeVar("T")


@dataclass(frozen=True)
class Scope:
    """
    pv       : the province looked at
    ngay     : the day it is looked at (on)
    biet_den : the last day whose knowledge counts, None: today's (known)
    muc      : doctors a place shall have; dem: places counted, xa (communes) or tram (stations)
    sees_communes : whether the account sees a whole commune; who sees single buildings alone counts stations
    """

    province: Province
    account: Any
    on: date
    known: date | None
    level: int
    by: str
    lang: Lang
    sees_communes: bool = True

    def state(self) -> dict[str, Any]:
        """Return what an address holds of it."""
        return {
            "pv": self.province.code, "ngay": self.on.isoformat(), "biet-den": self.known and self.known.isoformat(),
            "muc": self.level if self.level != LEVELS[0] else None, "dem": self.by if self.by != "xa" else None,
        }  # fmt: skip

    @property
    def moment(self) -> datetime | None:
        """The end of the last day whose knowledge counts."""
        return moment_of(self.known)

    @property
    def names_people(self) -> bool:
        """Whether everybody whom the figures count may be named to this account: an analyst sees figures alone."""
        today = timezone.localdate()
        named = paths(self.account, Permission.SEE_PEOPLE, on=today)
        counted = paths(self.account, Permission.SEE_FIGURES, on=today)
        return all(any(path.startswith(above) for above in named) for path in counted)

    def told(self, found: Iterable[Finding]) -> list[Finding]:
        """Return the findings that may be told here: those that name people, or weigh communes, to who sees these."""
        return [
            one for one in found
            if ("staff" not in one.fields or self.names_people) and (one.code not in OF_COMMUNES or self.sees_communes)
        ]  # fmt: skip

    def records(self, *names: str, may: Permission | None, on: date | None = None) -> Register:
        """
        Return records of the province as the account may see them, kept in memory.

        names : fields of Register; communes come with the rows of other days
        may   : the permission that shows them; None: the whole province, for what is asked of codes alone
        on    : another day than that of the scope
        """
        day, province = on or self.on, self.province.code
        places = None if may is None else tuple(paths(self.account, may, on=timezone.localdate()))
        seen = None if places is None else within(places)

        def reader(name: str) -> Callable[[], Any]:
            def read() -> Any:
                found = records.register(
                    province, on=day, known=self.moment, within=seen, names=(name,), past=("communes",)
                )
                return getattr(found, name)

            return read

        return Register(
            **MEMORY.recall_each((province, day, self.known, places), {name: reader(name) for name in names})
        )

    def figures(self, *names: str, on: date | None = None) -> Register:
        """Return the records that figures may count here: no names are shown from them."""
        day = on or self.on
        found = self.records(*(names or records.kept()), may=Permission.SEE_FIGURES, on=day)
        return joined(found, self.province.code, day, known=self.moment)

    def recall(self, what: Hashable, names: Iterable[str], count: Callable[[], T], *, size: Any = len) -> T:
        """
        Return what `count` makes of records that may be seen here, kept in memory until one of these tables changes.

        what : name of the answer, and all it depends on beside province, days and grants
        size : answer -> rows it takes in memory
        """
        own = tuple((one.role, one.path, one.staff) for one in grants(self.account, on=timezone.localdate()))
        key = (what, self.province.code, self.on, self.known, own)
        found: T = MEMORY.recall(key, {*names, *JOINED_BY}, count, size=size)
        return found

    @property
    def law(self) -> Law:
        """The norms as the province reads them, for whoever counts need here."""
        return law_of(self.province.code, known=self.moment)


def scope_of(request: HttpRequest) -> Scope:
    """
    Return the scope of a request, never beyond what the account may see.

    raises : Http404, there is no such province for this account
    """
    return scope_for(
        request.user, request.GET.get("pv"), on=day_of(request.GET.get("ngay")),
        known=day_of(request.GET.get("biet-den")), level=5 if request.GET.get("muc") == "5" else LEVELS[0],
        by="tram" if request.GET.get("dem") == "tram" else "xa", lang=lang_of(request),
    )  # fmt: skip


def scope_for(
    account: Any, wanted: str | None, *, on: date | None, known: date | None, level: int, by: str, lang: Lang
) -> Scope:
    """
    Return the scope of what an account asks for, on a page or by a program.

    wanted : code of a province; None: the first that the account sees
    on     : None: today
    raises : Http404, there is no such province for this account
    """
    places = paths(account, Permission.SEE_PLACES, on=timezone.localdate())
    mine, whole = _provinces(places), any(path.count("/") <= COMMUNE_DEEP for path in places)
    province = next((one for one in mine if one.code == wanted), None) if wanted else next(iter(mine), None)
    if province is None:
        raise Http404
    return Scope(
        province=province, account=account, on=on or timezone.localdate(), known=known, level=level,
        by=by if whole else "tram", lang=lang, sees_communes=whole,
    )  # fmt: skip


def provinces_of(account: Any) -> list[Province]:
    """Return the provinces of which the account sees at least one place, by code."""
    return _provinces(paths(account, Permission.SEE_PLACES, on=timezone.localdate()))


def _provinces(places: list[str]) -> list[Province]:
    known = Province.objects.order_by("code")
    return [one for one in known if any(path.startswith(f"{one.code}/") or not path for path in places)]


def moment_of(known: date | None) -> datetime | None:
    """Return the end of the last day whose knowledge counts; None: what is known now."""
    return None if known is None else timezone.make_aware(datetime.combine(known + timedelta(days=1), time.min))


def lang_of(request: HttpRequest) -> Lang:
    """Return the language of a page: what was chosen on this device, else the account's, else Vietnamese."""
    chosen = request.COOKIES.get("lang") or getattr(request.user, "language", "vi")
    return cast("Lang", chosen if chosen in LANGS else "vi")


def day_of(text: str | None) -> date | None:
    """Return the day of an address, 2026-01-08, or as somebody typed it, 8/1/2026."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            found = datetime.strptime((text or "").strip(), form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
        return found if found.year in YEARS else None
    return None


def page(request: HttpRequest) -> dict[str, Any]:
    """Return what every template knows."""
    return {"lang": lang_of(request), "path": request.get_full_path()}
