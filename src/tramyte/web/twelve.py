"""The twelve checks before a decision is issued, one function each: what it read, its law, what stands against it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from tramyte.domain.errors import NormMissing
from tramyte.domain.finding import Breach, Finding, Severity
from tramyte.domain.messages import say
from tramyte.domain.people import Licence, Staff
from tramyte.domain.plan import Tour, TourLine
from tramyte.domain.week import in_force
from tramyte.exchange import decision as paper
from tramyte.norms import licence
from tramyte.norms.days import working_days
from tramyte.norms.instruments import instrument
from tramyte.norms.retirement import retirement
from tramyte.norms.titles import titles
from tramyte.rotation.check import presence
from tramyte.web.readiness import Case, Check, by, day_words, people

RULES = {  # rule of a plan that is broken -> the check under which it is told
    "R5": "exempt", "R6": "active", "R2": "licence", "R9": "minimum", "R7": "overlap",
}  # fmt: skip
PAPERS = {"X101": "start", "X102": "start", "X105": "authority", "X106": "authority"}
OPEN = "X112"  # a basis with brackets: a warning of a draft, an error of a decision
DEPARTMENT = "Sở Y tế"  # how the register names the authority whose director decides


def checks(case: Case) -> tuple[Check, ...]:
    """Return the twelve, in their order: the eleven of a move, and the authority of who signs."""
    found = {one.name: one for one in (make(case) for make in MAKERS)}
    for breach in case.breaches:
        _add(found, RULES.get(breach.rule, "term"), breach)
    for one in paper.findings(case.decision, case.report):
        if one.code == "X110":
            _add(found, "gap", one)
        elif one.code == OPEN:
            severity: Severity = "error" if case.is_issuing else "warning"
            _add(found, "authority", Finding("E798", fields=one.fields, severity=severity))
        elif one.code != "X104":  # told by the breaches
            _add(found, PAPERS.get(one.code, "term"), one)
    return tuple(found.values())


def _add(found: dict[str, Check], name: str, what: Finding | Breach) -> None:
    found[name] = replace(found[name], findings=(*found[name].findings, what))


def stops(found: Iterable[Check]) -> list[Finding]:
    """Return what stops the issue; a broken rule of the plan becomes a finding."""
    hard = [(one, what) for one in found for what in one.findings if one.look == "short"]
    return [
        Finding("E795", fields={"rule_vi": what.sentence("vi"), "rule_en": what.sentence("en")})
        if isinstance(what, Breach) else what
        for _, what in hard if isinstance(what, Breach) or what.severity == "error"
    ]  # fmt: skip


def _active(case: Case) -> Check:
    """In office on every day, not away, not retiring."""
    away = _touching(case, "absent")
    gone = {
        one.tour.key[0]: f"{one.staff_name}: {day_words(one.end_date)}"
        for one in case.lines if not any(_works(row, one) for row in case.staff.get(one.tour.key[0], []))
    }  # fmt: skip
    old: dict[str, str] = {}
    days = []
    for one in case.lines:
        for row in case.staff.get(one.tour.key[0], [])[-1:]:
            last = _last_day(row, case.on)
            days += [last] if last else []
            if last and one.end_date and last < one.end_date:
                old[row.code] = f"{one.staff_name}: {day_words(last)}"
    found = people("E780", away) + people("E781", gone) + people("E782", old)
    return Check("active", case.on, "retirement", {"people": _count(case), "day": min(days, default=None)}, found)


def _works(row: Staff, one: TourLine) -> bool:
    """Return whether a person is employed on every day of a tour."""
    first, last = one.start_date or date.min, one.end_date or date.max
    ends = min((day for day in (row.end and row.end - timedelta(days=1), row.contract_end) if day), default=date.max)
    return (row.start or date.min) <= first and last <= ends


def _last_day(row: Staff, on: date) -> date | None:
    try:
        return retirement(row.birth_year, row.birth_month, sex=row.sex, on=on).last_day
    except NormMissing:
        return None


def _exempt(case: Case) -> Check:
    """Exempt on no day."""
    known = sum(1 for one in case.register.absences if one.outcome == "exempt")
    found = people("E783", _touching(case, "exempt"))
    return Check("exempt", case.on, "exemptions", {"people": _count(case), "papers": known}, found)


def _touching(case: Case, outcome: str) -> dict[str, str]:
    """Return staff code -> words, of those whom an absence with this outcome touches on a day of a tour."""
    rows = by((one for one in case.register.absences if one.outcome == outcome), "staff")
    found = {}
    for one in case.lines:
        for row in rows.get(one.tour.key[0], []):
            if row.start <= (one.end_date or date.min) and (row.end is None or row.end > (one.start_date or date.max)):
                last = day_words(row.end - timedelta(days=1)) if row.end else "…"
                found[one.tour.key[0]] = f"{one.staff_name}: {day_words(row.start)}–{last}"
    return found


def _licence(case: Case) -> Check:
    """Licensed to the last day, for what they are sent to do."""
    held, roles = by(case.register.licences, "staff"), by(case.register.skills, "staff")
    known = titles(on=case.on)
    ends: list[date] = []
    missing: dict[str, str] = {}
    other: dict[str, str] = {}
    needed = set()
    for one in case.lines:
        code = one.tour.key[0]
        title = next((row.title_code for row in case.staff.get(code, [])), None) or ""
        if one.tour.key[2] not in {row.skill for row in roles.get(code, [])}:
            other[code] = f"{one.staff_name}: {one.skill_name}"
        if title not in known or not licence.required(title, on=case.on):
            continue
        needed.add(code)
        last = _licensed_to(held.get(code, []), one.start_date or date.min, case.on)
        ends += [last] if last and last != date.max else []
        if last is None or last < (one.end_date or date.min):
            missing[code] = f"{one.staff_name}: {day_words(last) if last else '—'}"
    read = {"count": len(needed), "day": min(ends, default=None), "last": max(_lasts(case), default=None)}
    return Check("licence", case.on, "licence", read, people("E784", missing) + people("E785", other))


def _licensed_to(rows: Sequence[Licence], day: date, on: date) -> date | None:
    """Return the last day to which licences hold without a gap from a day on; None: they do not hold on it."""
    found: date | None = None
    for row in sorted(rows, key=lambda row: row.issued or date.min):
        last = licence.last_day(row.kind, row.issued, expires=row.expires, on=on)
        if last is None and licence.valid_on(row.kind, None, on=on):
            last = date.max
        begins = row.issued or date.min
        reached = day if found is None else found + timedelta(days=1) if found < date.max else found
        if last is not None and begins <= reached and last >= day:
            found = max(found or last, last)
    return found


def _minimum(case: Case) -> Check:
    """What the sending unit must keep at home, people of other campaigns counted in."""
    limits = {(one.facility, one.skill): one.max_away for one in case.register.away_limits}
    first = {row.staff: row.skill for row in sorted(case.register.skills, key=lambda row: -row.rank)}
    away: dict[tuple[str, str, date], set[str]] = defaultdict(set)
    units = {one.unit: one.unit_name for one in case.lines}
    for one in case.lines:
        for day in _weeks(one):
            away[one.unit, first.get(one.tour.key[0], one.tour.key[2]), day].add(one.tour.key[0])
    for (unit, skill, day), whom in away.items():
        whom |= _elsewhere(case, unit, skill, day, first)
    short: dict[str, str] = {}
    loose: dict[str, str] = {}
    for (unit, skill, day), whom in sorted(away.items()):
        limit = limits.get((unit, skill))
        if limit is None:
            loose.setdefault(f"{unit} {skill}", f"{units[unit]}, {skill}")
        elif len(whom) > limit:
            short.setdefault(f"{unit} {skill}", f"{units[unit]}, {skill}, {day_words(day)}: {len(whom)}/{limit}")
    found = people("E786", short) + people("E799", loose, is_look=True)
    return Check("minimum", case.on, "", {"units": len(units), "cells": len(away)}, found)


def _elsewhere(case: Case, unit: str, skill: str, day: date, first: Mapping[str, str]) -> set[str]:
    homes = {row.staff for row in case.register.appointments if row.facility == unit}
    return {
        one.staff for one in case.others
        if one.staff in homes and first.get(one.staff) == skill
        and one.start < day + timedelta(weeks=1) and day < one.end and one.instrument != "transfer"
    }  # fmt: skip


def _gap(case: Case) -> Check:
    """The station asks for the specialty in a week of the tour; weeks in which it gets more than it asks are a look."""
    asked: Counter[tuple[str, str, int]] = Counter()
    for row in case.register.requirements:
        for week in range(row.first_week - 1, row.last_week):
            asked[row.facility, row.skill, week] += row.count
    there = presence(case.problem, case.tours)
    idle: dict[str, str] = {}
    much: dict[str, str] = {}
    weeks = 0
    for one in case.lines:
        cells = [(one.tour.key[1], one.tour.key[2], week) for week in _range(one.tour)]
        weeks += len(cells)
        if not any(asked[cell] for cell in cells):
            idle[one.tour.key[0]] = f"{one.staff_name}: {one.station_name}, {one.skill_name}"
        elif any(there[cell] > asked[cell] for cell in cells):
            much[one.tour.key[1]] = f"{one.station_name}, {one.skill_name}"
    found = people("E787", idle) + people("E797", much, is_look=True)
    return Check("gap", case.on, "", {"tours": len(case.lines), "weeks": weeks}, found)


def _overlap(case: Case) -> Check:
    """Nowhere else on any day."""
    rows = by(case.others, "staff")
    found = {
        one.tour.key[0]: f"{one.staff_name}: {day_words(row.start)}–{day_words(row.end - timedelta(days=1))}"
        for one in case.lines for row in rows.get(one.tour.key[0], [])
        if row.start <= (one.end_date or date.min) and (one.start_date or date.max) < row.end
    }  # fmt: skip
    read = {"tours": len(case.lines), "others": len(case.others)}
    return Check("overlap", case.on, "", read, people("E788", found))


def _term(case: Case) -> Check:
    """Within the limits of the instrument, each tour and all of them together."""
    found = instrument(case.decision.kind, on=case.on)
    days = [((one.end_date or date.min) - (one.start_date or date.min)).days + 1 for one in case.lines]
    total: Counter[str] = Counter()
    if found.working_days_max is not None:
        for row in case.others:
            total[row.staff] += working_days(row.start, row.end) if row.instrument == case.decision.kind else 0
        for one in case.lines:
            first, last = one.start_date or date.min, one.end_date or date.min
            total[one.tour.key[0]] += working_days(first, last + timedelta(days=1))
    most = found.working_days_max or 0
    names = {one.tour.key[0]: one.staff_name for one in case.lines}
    over = {code: f"{names[code]}: {days}/{most}" for code, days in total.items() if code in names and days > most}
    read = {"least": min(days, default=0), "most": max(days, default=0), "name_vi": found.vi, "name_en": found.en}
    return Check("term", case.on, "instruments", read, people("E789", over))


def _agreement(case: Case) -> Check:
    """In writing from who receives; from who sends, where the Department does not command it."""
    lines = [one for one in case.lines if one.tour.key not in case.ending]
    wanted = {("receiver", code): name for code, name in _receivers(case, lines).items()}
    wanted |= {("sender", one.unit): one.unit_name for one in lines}
    given = {(one.side, one.party): one for one in case.answers}
    hard: dict[str, str] = {}
    soft: dict[str, str] = {}
    for key, name in wanted.items():
        one = given.get(key)
        if one and one.answer == "agree" and one.letter and one.letter_on:
            continue
        words = f"{name}: {one.letter} ({one.answer})" if one and one.answer else name
        owned = key[0] == "sender" and _is_commanded(case, key[1])
        (soft if owned else hard)[" ".join(key)] = words
    read = {"agreed": len(wanted) - len(hard) - len(soft), "asked": len(wanted)}
    return Check("agreement", case.on, "", read, people("E790", hard) + people("E791", soft, is_look=True))


def _receivers(case: Case, lines: Iterable[TourLine]) -> dict[str, str]:
    """Return code -> name of the communes whose stations receive."""
    stations = {one.tour.key[1] for one in lines}
    there = {row.commune for row in case.register.facilities if row.code in stations}
    return {row.code: row.name for row in case.register.communes if row.code in there and in_force(row, case.on)}


def _is_commanded(case: Case, unit: str) -> bool:
    """Return whether the Department manages a unit; so it does where the register names no other authority."""
    rows = [row for row in case.register.authorities if row.facility == unit and in_force(row, case.on)]
    return all(row.managing.startswith(DEPARTMENT) for row in rows)


def _order(case: Case) -> Check:
    """Who has been away least goes first; a look, never a stop."""
    going = {str(one.staff) for one in case.tours}
    home: dict[tuple[str, str], list[int]] = defaultdict(list)
    for person in case.problem.staff:
        if str(person.id) not in going and not person.exempt and not person.unavailable:
            for skill in person.skills:
                home[str(person.unit), str(skill)].append(person.prior_weeks)
    passed = {}
    for one in case.lines:
        mine = case.problem.person_by_id[one.tour.key[0]].prior_weeks
        least = min(home.get((one.unit, one.tour.key[2]), []), default=mine)
        if least < mine:
            passed[one.tour.key[0]] = f"{one.staff_name}: {mine}/{least}"
    return Check("order", case.on, "", {"people": _count(case)}, people("E792", passed, is_look=True))


def _pay(case: Case) -> Check:
    """Which unit pays is said, and everybody has one."""
    found = instrument(case.decision.kind, on=case.on)
    posts = {row.code: row for row in case.register.posts}
    rows = by(case.register.appointments, "staff")
    nobody: dict[str, str] = {}
    funded = set()
    for one in case.lines:
        own = [row for row in rows.get(one.tour.key[0], []) if in_force(row, one.start_date or case.on)]
        if not own:
            nobody[one.tour.key[0]] = one.staff_name
        if any(row.post in posts and posts[row.post].funded_source for row in own):
            funded.add(one.tour.key[0])
    read = {
        "pays_vi": say(f"UI_sg_pays_{found.pays}", "vi"), "pays_en": say(f"UI_sg_pays_{found.pays}", "en"),
        "count": len(funded), "people": _count(case),
    }  # fmt: skip
    return Check("pay", case.on, "instruments", read, people("E793", nobody))


def _start(case: Case) -> Check:
    """Nobody goes before it is signed; what stands against it, the paper itself finds."""
    firsts = [one.start_date for one in case.lines if one.start_date]
    return Check("start", case.on, "", {"signed": case.on, "first": min(firsts, default=None)})


def _authority(case: Case) -> Check:
    """Approved by who may, as it stands; number, signer and day together."""
    given, found = case.ruled, []
    if given is None or not given.is_current or not given.may_sign:
        found.append(Finding("E794", severity="error" if case.is_issuing else "warning"))
    if case.decision.number is None:
        found.append(Finding("E601", severity="error" if case.is_issuing else "warning"))
    elif given and case.decision.signer != given.who:
        words = {"signer": case.decision.signer, "who": given.who, "form": case.decision.authority_form or "—"}
        found.append(Finding("E796", fields=words, severity="warning"))
    read = {"who": given.who if given else "—", "day": given.on if given else None, "post": case.decision.signer_post}
    return Check("authority", case.on, "", read, tuple(found))


MAKERS: Sequence[Callable[[Case], Check]] = (
    _active, _exempt, _licence, _minimum, _gap, _overlap, _term, _agreement, _order, _pay, _start, _authority,
)  # fmt: skip


def _count(case: Case) -> int:
    return len({one.tour.key[0] for one in case.lines})


def _lasts(case: Case) -> list[date]:
    return [one.end_date for one in case.lines if one.end_date]


def _weeks(one: TourLine) -> Iterator[date]:
    for week in range(one.tour.weeks):
        yield (one.start_date or date.min) + timedelta(weeks=week)


def _range(tour: Tour) -> range:
    return range(tour.start, tour.end)
