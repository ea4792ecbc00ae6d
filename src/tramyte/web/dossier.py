"""From a draft to its papers: what the decision says, what stands against it, and every file around it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils import timezone

from tramyte.domain.decision import Amendment, Decision
from tramyte.domain.plan import PlanReport, TourLine
from tramyte.domain.register import Register
from tramyte.exchange import decision as printing
from tramyte.exchange.paper import long_date
from tramyte.norms.titles import titles
from tramyte.web import records, twelve
from tramyte.web.models import Account, Campaign, Draft, Issue, Layout, Opinion, Province, Ruling, Wanted
from tramyte.web.permissions import allowed
from tramyte.web.planning import Rows, Sheet, ledger, tours_of
from tramyte.web.readiness import Answer, Case, Check, Ruled
from tramyte.web.roles import Permission

OFFICE = "office"  # kind of the layout that keeps what the papers of a province say of its office
DECISION = "decision"
READ = (  # tables that the checks read
    "communes", "facilities", "authorities", "posts", "staff", "skills", "licences", "appointments", "absences",
    "past_tours", "requirements", "away_limits",
)  # fmt: skip


@dataclass(frozen=True)
class Signature:
    """
    What makes a draft a decision: number, signer and day, all of them.

    number       : as it is given, "812", or with the sign of the office, "812/QĐ-SYT"
    effective_on : None: the day it is signed
    """

    number: str
    signer: str
    signed_on: date
    effective_on: date | None = None


@dataclass(frozen=True)
class Papers:
    """What a decision says besides plan, law and signature: words of `Words` that differ, further bases."""

    paper: Mapping[str, Any] = field(default_factory=dict)
    bases: Sequence[str] = ()


@dataclass(frozen=True)
class Words:
    """What papers say of an office; bases: those that the law leaves open to it, in their order, then further ones."""

    superior: str
    agency: str
    symbol: str
    place: str
    signer: str
    signer_post: str
    authority_form: str = ""
    bases: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return what is kept."""
        return {**asdict(self), "bases": list(self.bases)}


SHARED = ("campaign", "sheet", "earlier", "before", "report", "register")  # parts of a dossier that words do not change
NAMES = tuple(one.name for one in fields(Words))


def words_of(province: str) -> Words:
    """Return what papers of a province say: what was set for its office, else what every Department says."""
    row = Province.objects.get(code=province)
    name = f"{row.kind} {row.name}".upper()
    ours = Words(f"ỦY BAN NHÂN DÂN {name}", "SỞ Y TẾ", "QĐ-SYT", row.name, "", "GIÁM ĐỐC")
    kept = layout_of(province, OFFICE)
    return ours if kept is None else said(ours, json.loads(kept))


def said(words: Words, more: Mapping[str, Any]) -> Words:
    """Return words of an office with some of them said otherwise; what is blank stays."""
    found = {name: more[name] for name in NAMES if more.get(name)}
    if "authority_form" in more:
        found["authority_form"] = more["authority_form"] or ""
    if "bases" in found:
        found["bases"] = tuple(text for text in found["bases"] if str(text).strip())
    return replace(words, **found)


def layout_of(province: str, kind: str) -> bytes | None:
    """Return the file of an administrator for a kind of paper; None: ours counts."""
    rows = Layout.objects.filter(province=province, kind=kind).order_by("-pk")
    found = rows.values_list("content", flat=True).first()
    return bytes(found) if found else None


@dataclass(frozen=True)
class Dossier:
    """
    A draft with all that its papers are made of.

    signature : None: it has none yet, and every paper says that it is a draft
    on        : the day whose law counts while there is no signature
    """

    draft: Draft
    words: Words
    on: date
    signature: Signature | None = None
    is_issuing: bool = False

    def again(self, signature: Signature | None, papers: Papers) -> Dossier:
        """Return the dossier with another signature or other words; what does not depend on them is not read again."""
        words = said(self.words, {**papers.paper, "bases": papers.bases})
        found = Dossier(self.draft, words, self.on, signature, self.is_issuing)
        found.__dict__.update({name: self.__dict__[name] for name in SHARED if name in self.__dict__})
        return found

    @cached_property
    def campaign(self) -> Campaign:
        """The campaign of the draft."""
        found: Campaign = Campaign.objects.get(province=self.draft.province, code=self.draft.campaign)
        return found

    @cached_property
    def sheet(self) -> Sheet:
        """The draft with its problem."""
        return Sheet(self.draft)

    @cached_property
    def earlier(self) -> Issue | None:
        """The issue that this draft amends."""
        if self.draft.amends_id is None:
            return None
        rows = Issue.objects.select_related("draft", "decision")
        return rows.filter(decision=self.draft.amends_id).first()

    @cached_property
    def before(self) -> PlanReport | None:
        """The plan in force that it amends."""
        return Sheet(self.earlier.draft).report if self.earlier else None

    @cached_property
    def report(self) -> PlanReport:
        """What the paper lists: every tour, or, of an amending decision, those that change."""
        whole = self.sheet.report
        if self.before is None:
            return whole
        return replace(whole, tours=_changes(self.before.tours, whole.tours))

    @cached_property
    def decision(self) -> Decision:
        """
        The decision as it stands.

        raises : BadData, a form or a basis that no decision has; NormMissing
        """
        given = self.signature
        number, _, symbol = given.number.strip().partition("/") if given else ("", "", "")
        if given is not None and not (number and given.signer.strip()):
            given = None
        return printing.draft(
            self.campaign.instrument, on=given.signed_on if given else self.on,
            superior=self.words.superior, agency=self.words.agency, symbol=symbol or self.words.symbol,
            place=self.words.place, signer_post=self.words.signer_post, authority_form=self.words.authority_form,
            number=number if given else None, signer=given.signer.strip() if given else None,
            signed_on=given.signed_on if given else None, basis=self.words.bases, amends=self._amends(),
        )  # fmt: skip

    @property
    def number(self) -> str:
        """The number with the sign of the office, as the register keeps it."""
        return f"{self.decision.number}/{self.decision.symbol}"

    def _amends(self) -> Amendment | None:
        if self.earlier is None or self.before is None:
            return None
        on = self.signature.signed_on if self.signature else self.on
        one = self.earlier.decision
        of = f"Quyết định số {one.number} ngày {long_date(one.signed_on)}"
        return _amendment(of, self.before.tours, self.sheet.report.tours, on=on)

    @cached_property
    def register(self) -> Register:
        """What the checks read of the register, as it is now."""
        return records.register(self.draft.province, campaign=self.draft.campaign, names=READ)

    @cached_property
    def case(self) -> Case:
        """All that the checks read."""
        return Case(
            decision=self.decision, report=self.report, problem=self.sheet.problem, tours=self.sheet.tours,
            register=self.register, others=ledger(self.register.past_tours, self.campaign),
            answers=tuple(_answers(self)), ruled=_ruled(self.draft),
            is_issuing=self.is_issuing, ending=_ending(self.before, self.sheet.report) if self.before else frozenset(),
        )  # fmt: skip

    def asked(self, tours: Rows) -> dict[tuple[str, str], frozenset[Any]]:
        """Return (side, party) -> the tours that it is asked about: of its people, or to its stations."""
        units = {str(one.id): str(one.unit) for one in self.sheet.problem.staff}
        communes = {row.code: row.commune for row in self.register.facilities}
        found: dict[tuple[str, str], set[Any]] = {}
        for tour in tours_of(tours):
            for party in (("sender", units.get(str(tour.staff))), ("receiver", communes.get(str(tour.station)))):
                if party[1] is not None:
                    found.setdefault((party[0], party[1]), set()).add(tour.key)
        return {party: frozenset(keys) for party, keys in found.items()}

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """The twelve."""
        return twelve.checks(self.case)

    @cached_property
    def people(self) -> dict[str, dict[str, str]]:
        """Staff code -> title, its code and birth year, as the annex shows them."""
        known = titles(on=self.decision.on)
        return {
            row.code: {
                "title": known[row.title_code or ""].vi if row.title_code in known else "",
                "title_code": row.title_code or "" if row.title_code in known else "",
                "birth_year": str(row.birth_year),
            }
            for row in self.register.staff
        }  # fmt: skip

    def docx(self) -> bytes:
        """Return the decision as Word. raises: BadData."""
        template = layout_of(self.draft.province, DECISION)
        return printing.docx(self.decision, self.report, people=self.people, template=template)

    def pdf(self) -> bytes:
        """Return the decision as PDF. raises: BadData."""
        return printing.pdf(self.decision, self.report, people=self.people)


def dossier_of(
    draft: Draft, *, signature: Signature | None = None, papers: Papers | None = None, is_issuing: bool = False
) -> Dossier:
    """Return the dossier of a draft today. papers: what is said otherwise than the office says."""
    more = papers or Papers()
    words = said(words_of(draft.province), {**more.paper, "bases": more.bases})
    return Dossier(draft, words, timezone.localdate(), signature, is_issuing)


def _answers(dossier: Dossier) -> Iterable[Answer]:
    """
    Yield what each party said last to the tours that concern it now: a letter about others is none about these.

    A commune that asked in writing for people of this specialty in these weeks has agreed to them.
    """
    draft, asked = dossier.draft, dossier.asked
    yield from _wanted(dossier)
    rows = Opinion.objects.filter(draft__province=draft.province, draft__campaign=draft.campaign)
    stood: dict[tuple[int, Any], Rows] = {}
    for one in rows.exclude(answer__isnull=True).select_related("draft").order_by("answered_at", "pk"):
        key = one.draft_id, one.asked_at
        if key not in stood:
            stood[key] = as_it_stood(one.draft, since=one.asked_at)
        party = one.side, one.party
        if asked(stood[key]).get(party) == asked(draft.tours).get(party):
            yield Answer(one.side, one.party, one.party_name, one.answer, one.letter, one.letter_on)


def _wanted(dossier: Dossier) -> Iterable[Answer]:
    rows = Wanted.objects.filter(province=dossier.draft.province, letter__isnull=False).exclude(state="declined")
    letters = list(rows.filter(Q(campaign=dossier.draft.campaign) | Q(campaign__isnull=True)).order_by("pk"))
    communes = {row.code: row.commune for row in dossier.register.facilities}
    for commune in {communes[one.facility] for one in letters if one.facility in communes}:
        own = [one for one in dossier.report.tours if communes.get(one.tour.key[1]) == commune]
        by = [next((row for row in letters if _covers(row, one)), None) for one in own]
        if by and by[0] is not None and all(by):
            yield Answer("receiver", commune, "", "agree", by[0].letter, by[0].letter_on)


def _covers(row: Wanted, one: TourLine) -> bool:
    """Return whether a request asks for this tour: the station, the specialty, every day."""
    start, last = one.start_date or date.min, one.end_date or date.max
    return (row.facility, row.skill) == one.tour.key[1:3] and row.start <= start and last < row.end


def as_it_stood(draft: Draft, *, since: datetime | None = None, revision: int = 0) -> Rows:
    """Return the tours of a draft as they were then, or after a step: later steps are taken back, the last first."""
    later = draft.steps.filter(number__gt=revision) if since is None else draft.steps.filter(at__gt=since)
    tours = list(draft.tours)
    for step in later.order_by("-number"):
        came, went = step.after.get("tours", []), step.before.get("tours", [])
        tours = [row for row in tours if row not in came] + list(went)
    return tours


def _ruled(draft: Draft) -> Ruled | None:
    """Return who signed the draft in the tray; None: nobody, or it was sent back since."""
    last = Ruling.objects.filter(draft=draft).select_related("account").order_by("-pk").first()
    if last is None or not last.is_signed or last.account is None:
        return None
    day = timezone.localdate(last.at)
    may = allowed(last.account, Permission.SIGN, draft.path, on=day)
    return Ruled(_name(last.account), day, last.revision == draft.revision, may)


def _name(account: Account) -> str:
    return account.get_full_name() or account.username


def _changes(before: Sequence[TourLine], after: Sequence[TourLine]) -> tuple[TourLine, ...]:
    """Return the tours that are withdrawn, and those that are new or otherwise."""
    old, new = ({line.tour.key: line for line in lines} for lines in (before, after))
    came = [line for key, line in new.items() if key not in old]
    left = [old[key] for key in _gone(before, after)]
    return (*left, *came)


def _gone(before: Sequence[TourLine], after: Sequence[TourLine]) -> list[Any]:
    """Return keys of tours in whose place the person has no other."""
    replaced = {key for key in _pairs(before, after).values() if key}
    kept = {line.tour.key for line in after}
    return [line.tour.key for line in before if line.tour.key not in kept and line.tour.key not in replaced]


def _pairs(before: Sequence[TourLine], after: Sequence[TourLine]) -> dict[Any, Any]:
    """Return key of a new tour -> key of the tour of the same person that it takes the place of, the nearest first."""
    kept = {line.tour.key for line in after}
    free = [line.tour for line in before if line.tour.key not in kept]
    known = {line.tour.key for line in before}
    found: dict[Any, Any] = {}
    for line in after:
        if line.tour.key in known:
            continue
        own = [tour for tour in free if tour.key[0] == line.tour.key[0]]
        near = min(
            own, key=lambda tour: (tour.key[:4] != line.tour.key[:4], abs(tour.start - line.tour.start)), default=None
        )
        found[line.tour.key] = near.key if near else None
        free = [tour for tour in free if near is None or tour.key != near.key]
    return found


def _amendment(of: str, before: Sequence[TourLine], after: Sequence[TourLine], *, on: date) -> Amendment:
    pairs, old = _pairs(before, after), {line.tour.key: line for line in before}
    changed = {key: _stay(old[was]) for key, was in pairs.items() if was}
    begun = {
        key for key, was in pairs.items() if was and was[:4] == key[:4] and (old[was].start_date or date.max) <= on
    }
    return Amendment(of, frozenset(_gone(before, after)), changed, frozenset(begun))


def _ending(before: PlanReport, after: PlanReport) -> frozenset[Any]:
    """Return the tours that begin as before and end earlier."""
    pairs = _pairs(before.tours, after.tours)
    return frozenset(key for key, was in pairs.items() if was and was[:4] == key[:4] and key[4] < was[4])


def _stay(line: TourLine) -> str:
    last = line.end_date or (line.start_date or date.min) + timedelta(weeks=line.tour.weeks)
    return f"{line.station_name}, {line.start_date:%d/%m/%Y}–{last:%d/%m/%Y}"
