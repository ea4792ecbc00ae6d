"""The state of a page as its address holds it: which place, on which day, as known when, in which language."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, TypeVar, cast

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils import timezone

from tramyte.domain.finding import Finding
from tramyte.domain.messages import Lang
from tramyte.domain.register import Register
from tramyte.need.target import levels, stated
from tramyte.norms import Norm
from tramyte.norms.local import Law
from tramyte.web import records
from tramyte.web.memory import MEMORY
from tramyte.web.models import Commune, Facility, Province
from tramyte.web.models.base import FIRST_ON, below
from tramyte.web.norms import law_of
from tramyte.web.permissions import grants, paths, visible_to, within
from tramyte.web.roles import Permission
from tramyte.web.succession import joined

LANGS = ("vi", "en")
JOINED_BY = ("communes", "successions")  # tables that say what became of places
MOST = 5  # doctors of the last row, "so many and more"
COMMUNE_DEEP = 2  # steps of the path of a commune: 08/01234/
FACILITY_DEEP = 3  # of a facility that belongs to no other in its commune
MARK = "."  # in an address, between the province and the place below it: 08.01234
OF_COMMUNES = ("D004", "D005")  # findings that compare stations and communes: half of it seen, they would be wrong
YEARS = range(1900, 2200)  # of days that can be asked for; the moments of others are beyond what a database keeps


T = TypeVar("T")


@dataclass(frozen=True)
class Spot:
    """A place below the province: a commune, or a facility that belongs to no other there. path: it, and all below."""

    code: str
    name: str
    path: str


@dataclass(frozen=True)
class Scope:
    """
    pv       : the province looked at, and the place below it (spot) where one was chosen
    ngay     : the day it is looked at (on)
    biet_den : the last day whose knowledge counts, None: today's (known)
    muc      : doctors a place shall have, of the readings that the norm has (wanted); None: the lower
    dem      : places counted, xa (communes) or tram (stations) (by)
    sees_communes : whether a whole commune is seen here; who sees single buildings alone counts stations
    is_narrow : whether the spot counts, as it does in lists and figures; the page of one thing shows what is granted
    """

    province: Province
    account: Any
    on: date
    known: date | None
    wanted: int | None
    by: str
    lang: Lang
    sees_communes: bool = True
    spot: Spot | None = None
    is_narrow: bool = True

    @property
    def pv(self) -> str:
        """The place as an address names it: 08, 08.01234."""
        return f"{self.province.code}{MARK}{self.spot.code}" if self.spot else self.province.code

    @property
    def title(self) -> str:
        """The place in words."""
        whole = f"{self.province.kind} {self.province.name}"
        return f"{whole} · {self.spot.name}" if self.spot else whole

    @property
    def place(self) -> Spot | None:
        """The place that rows must be at or below; None: wherever the account may see."""
        return self.spot if self.is_narrow else None

    @property
    def here(self) -> Q:
        """The condition on rows of the province that they are at the place."""
        return below(self.place.path) if self.place else Q()

    @property
    def everywhere(self) -> Scope:
        """The same scope without its place: what is granted, for the page of one thing, for search, for whole lists."""
        if self.place is None:
            return self
        wide = replace(self, is_narrow=False)
        return replace(wide, sees_communes=_sees_communes(wide.paths(Permission.SEE_PLACES)))

    def paths(self, may: Permission) -> list[str]:
        """Return the places at and below which the account may do this, of those of the scope."""
        found = paths(self.account, may, on=timezone.localdate())
        if self.place is None:
            return found
        at = self.place.path
        return [at] if any(at.startswith(one) for one in found) else [one for one in found if one.startswith(at)]

    def state(self) -> dict[str, Any]:
        """Return what an address holds of it."""
        return {
            "pv": self.pv, "ngay": self.on.isoformat(), "biet-den": self.known and self.known.isoformat(),
            "muc": self.wanted, "dem": self.by if self.by != "xa" else None,
        }  # fmt: skip

    @property
    def moment(self) -> datetime | None:
        """The end of the last day whose knowledge counts."""
        return moment_of(self.known)

    @property
    def names_people(self) -> bool:
        """Whether everybody whom the figures count may be named to this account: an analyst sees figures alone."""
        named, counted = self.paths(Permission.SEE_PEOPLE), self.paths(Permission.SEE_FIGURES)
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
        places = None if may is None else tuple(self.paths(may))
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
        day, asked = on or self.on, names or tuple(records.kept())
        found = self.records(*asked, may=Permission.SEE_FIGURES, on=day)
        if self.place and "staff" in asked:
            found = self._with_all_who_work(found, day)
        return joined(found, self.province.code, day, known=self.moment)

    def _with_all_who_work(self, found: Register, day: date) -> Register:
        """Return records of a place with everybody who works there: some are at home, or on tour, from elsewhere."""
        every = self.everywhere.records("staff", "past_tours", may=Permission.SEE_FIGURES, on=day)
        here = {one.staff for one in found.appointments} | {one.code for one in found.staff}
        return replace(found, staff=tuple(one for one in every.staff if one.code in here), past_tours=every.past_tours)

    def recall(self, what: Hashable, names: Iterable[str], count: Callable[[], T], *, size: Any = len) -> T:
        """
        Return what `count` makes of records that may be seen here, kept in memory until one of these tables changes.

        what : name of the answer, and all it depends on beside province, days and grants
        size : answer -> rows it takes in memory
        """
        own = tuple((one.role, one.path, one.staff) for one in grants(self.account, on=timezone.localdate()))
        key = (what, self.province.code, self.place, self.on, self.known, own)
        found: T = MEMORY.recall(key, {*names, *JOINED_BY}, count, size=size)
        return found

    @cached_property
    def law(self) -> Law:
        """The norms as the province reads them, for whoever counts need here."""
        return law_of(self.province.code, known=self.moment)

    @cached_property
    def target(self) -> Norm | None:
        """The norm that says how many doctors a place shall have on the day; None: there is none then."""
        return stated(self.law, on=self.on)

    @property
    def levels(self) -> tuple[int, ...]:
        """Doctors that a place shall have on the day, the lower reading of the norm first."""
        return levels(self.target)

    @property
    def level(self) -> int | None:
        """The reading that counts here: the one asked for, else the lower; None: no target is stated on the day."""
        return self.wanted if self.wanted in self.levels else next(iter(self.levels), None)

    @property
    def most(self) -> int:
        """Doctors from which on places are counted together, in the last row; no reading of the norm lies beyond."""
        return max((MOST, *self.levels))


def scope_of(request: HttpRequest) -> Scope:
    """
    Return the scope of a request, never beyond what the account may see.

    raises : Http404, there is no such province, or place in it, for this account
    """
    return scope_for(
        request.user, request.GET.get("pv"), on=day_of(request.GET.get("ngay")),
        known=day_of(request.GET.get("biet-den")), level=_level_of(request.GET.get("muc")),
        by="tram" if request.GET.get("dem") == "tram" else "xa", lang=lang_of(request),
    )  # fmt: skip


def scope_for(
    account: Any, wanted: str | None, *, on: date | None = None, known: date | None = None, level: int | None = None,
    by: str = "xa", lang: Lang,
) -> Scope:  # fmt: skip
    """
    Return the scope of what an account asks for, on a page or by a program.

    wanted : code of a province, "08", or of a place in it, "08.01234"; None: the first province that the account sees
    on     : None: today; level: doctors a place shall have, of the readings of the norm; None: the lower
    raises : Http404, there is no such province, or place in it, for this account
    """
    code, _, at = (wanted or "").partition(MARK)
    mine = provinces_of(account)
    province = next((one for one in mine if one.code == code), None) if wanted else next(iter(mine), None)
    if province is None:
        raise Http404
    on = on or timezone.localdate()
    found = Scope(
        province=province, account=account, on=on, known=known, wanted=level, by=by, lang=lang,
        spot=_spot(account, province.code, at, on=on) if at else None,
    )  # fmt: skip
    whole = _sees_communes(found.paths(Permission.SEE_PLACES))
    return replace(found, by=by if whole else "tram", sees_communes=whole)


def _sees_communes(places: Iterable[str]) -> bool:
    return any(path.count("/") <= COMMUNE_DEEP for path in places)


def _spot(account: Any, province: str, code: str, *, on: date) -> Spot:
    """
    Return a place of a province as it stands on the day, or nearest to it.

    raises : Http404, there is none that the account may see
    """
    for model in (Commune, Facility):
        seen = visible_to(model.objects.filter(province=province, code=code), account, on=timezone.localdate())
        found = [row for row in seen.order_by(*FIRST_ON) if row.path.count("/") <= FACILITY_DEEP]
        if found:
            before = [row for row in found if row.start is None or row.start <= on]
            row = before[-1] if before else found[0]
            return Spot(row.code, row.name, row.path)
    raise Http404


def provinces_of(account: Any) -> list[Province]:
    """Return the provinces of which the account sees at least one place, by code."""
    return _provinces(paths(account, Permission.SEE_PLACES, on=timezone.localdate()))


def _provinces(places: list[str]) -> list[Province]:
    known = Province.objects.order_by("code")
    return [one for one in known if any(path.startswith(f"{one.code}/") or not path for path in places)]


def moment_of(known: date | None) -> datetime | None:
    """Return the end of the last day whose knowledge counts; None: what is known now."""
    return None if known is None else timezone.make_aware(datetime.combine(known + timedelta(days=1), time.min))


def _level_of(text: str | None) -> int | None:
    return int(text) if text and len(text) < len("100") and text.isascii() and text.isdecimal() else None


def lang_of(request: HttpRequest) -> Lang:
    """Return the language of a page: what was chosen on this device, else the account's, else Vietnamese."""
    chosen = request.COOKIES.get("lang") or getattr(request.user, "language", "vi")
    return cast("Lang", chosen if chosen in LANGS else "vi")


def whole_of(text: str | None) -> int | None:
    """
    Return a whole number of an address or a form; None: it is none, or longer than any that is meant.

    >>> whole_of("27"), whole_of("9" * 5000), whole_of("²"), whole_of(None)
    (27, None, None, None)
    """
    return int(text) if text and len(text) < len("1000000000") and text.isascii() and text.isdecimal() else None


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
