"""One calendar file a person: where to be, from which day to which. And one file of whatever happens on which day."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from tramyte.domain.messages import Lang, say
from tramyte.domain.names import search_key
from tramyte.domain.plan import PlanReport, TourLine

PAIRS = re.compile(r"\s*\([\d.,]+ (cặp|pairs)\)$")  # how many ways the note of a plan counts: nothing for one trip
# names Windows keeps for devices, with whatever ending
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}


def calendars(
    report: PlanReport, *, stamp: datetime, kind: str = "support", is_draft: bool = True, lang: Lang = "vi"
) -> dict[str, bytes]:
    """
    Return file name -> .ics, one for each person who goes, tours by date; nothing for a plan without dates.

    stamp    : when the files are made; a moment without a zone counts as UTC
    kind     : support, rotation, secondment, transfer: the word for going
    is_draft : events are tentative until the decision is signed
    """
    by_person: dict[str, list[TourLine]] = defaultdict(list)
    for line in report.tours:
        if line.start_date is not None:
            by_person[line.tour.key[0]].append(line)
    stamp = _utc(stamp)
    names = _file_names(by_person)
    files: dict[str, bytes] = {}
    for staff, lines in by_person.items():
        calendar = _calendar(say("X_ICS_NAME", lang, plan=report.name, name=lines[0].staff_name))
        for line in sorted(lines, key=lambda line: (line.tour.start, line.tour.key)):
            event = _event(report, line, kind=kind, is_draft=is_draft, lang=lang)
            event.add("dtstamp", stamp)
            calendar.add_component(event)
        files[names[staff]] = calendar.to_ical()
    return files


def agenda(days: Iterable[tuple[str, date, str]], *, name: str, stamp: datetime) -> bytes:
    """
    Return one file of what happens on which day, whole days.

    days  : a name that stays the same in every copy, the day, and what happens in words
    name  : of the calendar; stamp: as in `calendars`
    """
    calendar = _calendar(name)
    for key, day, words in days:
        event = Event()
        event.add("uid", hashlib.sha256(key.encode()).hexdigest()[:32] + "@tramyte")
        event.add("summary", words)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        event.add("dtstamp", _utc(stamp))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _calendar(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//tramyte//tramyte//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    return calendar


def _utc(stamp: datetime) -> datetime:
    return stamp.astimezone(UTC) if stamp.tzinfo else stamp.replace(tzinfo=UTC)


def _event(report: PlanReport, line: TourLine, *, kind: str, is_draft: bool, lang: Lang) -> Event:
    """Return one tour as whole days; the last day is exclusive, as the format wants it."""
    first: date = line.start_date  # type: ignore[assignment]  # tours without days were left out
    event = Event()
    event.add("uid", _uid(report, line))
    event.add("summary", say(f"X_ICS_{kind}", lang, station=line.station_name, skill=line.skill_name))
    event.add("location", line.station_name)
    event.add("dtstart", first)
    event.add("dtend", first + timedelta(weeks=line.tour.weeks))
    event.add("status", "TENTATIVE" if is_draft else "CONFIRMED")
    event.add("transp", "OPAQUE")
    words = [say("X_ICS_FROM", lang, unit=line.unit_name), *_way(report, line, lang)]
    words += [say("X_ICS_DRAFT", lang)] if is_draft else []
    words += [say("X_SYNTHETIC", lang)] if report.synthetic else []
    event.add("description", "\n".join(words))
    return event


def _way(report: PlanReport, line: TourLine, lang: Lang) -> list[str]:
    """Return the sentence on the way to this station; nothing where no way is known, 0 minutes would be a promise."""
    hours, minutes = divmod(line.travel_minutes, 60)
    time = [say("X_ICS_HOURS", lang, hours=hours)] if hours else []
    time += [say("X_ICS_MINUTES", lang, minutes=minutes)] if minutes else []
    if not time:
        return []
    # The note is of the whole plan: where ways were measured in several manners, it was one of these.
    ways = [PAIRS.sub("", way.strip()) for way in report.travel_in(lang).split(";") if way.strip()]
    code = ("X_ICS_TRAVEL", "X_ICS_TRAVEL_HOW", "X_ICS_TRAVEL_ONE_OF")[min(len(ways), 2)]
    return [say(code, lang, time=" ".join(time), how="; ".join(ways))]


def _uid(report: PlanReport, line: TourLine) -> str:
    """Return the same name for the same tour in every copy of the plan; a digest, so that it tells nobody's code."""
    text = "\n".join((report.name, *map(str, line.tour.key), str(report.first_monday)))
    return hashlib.sha256(text.encode()).hexdigest()[:32] + "@tramyte"


def _file_names(codes: dict[str, list[TourLine]]) -> dict[str, str]:
    """Return code -> file name every system accepts: a-z, 0-9 and hyphens, no two alike."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for code in sorted(codes):
        plain = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in search_key(code))
        name, again = plain[:80].strip("-") or "x", 1
        while name in taken or name in DEVICES:
            again += 1
            name = f"{plain[:80].strip('-') or 'x'}-{again}"
        taken.add(name)
        names[code] = f"{name}.ics"
    return names
