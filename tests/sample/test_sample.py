"""Every sample: the same for the same seed, synthetic, whole, and fit for the workbook."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from time import perf_counter

import pytest

from tramyte.domain.errors import BadData
from tramyte.domain.week import Week, in_force, overlap
from tramyte.exchange import workbook
from tramyte.norms import norm
from tramyte.norms.retirement import retirement
from tramyte.norms.titles import titles
from tramyte.sample import KNOWN, sample

PLACES = tuple(KNOWN)


@pytest.fixture(scope="module", params=PLACES)
def register(request):
    return sample(request.param)


def told_on(register):
    return register.campaign[0].as_of


def test_an_unknown_place_is_refused_and_the_known_ones_are_named():
    with pytest.raises(BadData) as caught:
        sample("99")
    (finding,) = caught.value.findings
    assert finding.code == "S001"
    for code, name in KNOWN.items():
        assert code in finding.sentence("vi")
        assert name in finding.sentence("en")


@pytest.mark.parametrize("place", PLACES)
def test_the_same_seed_gives_the_same_province_and_another_seed_another(place):
    assert sample(place) == sample(place, seed=1)
    assert sample(place, seed=2) != sample(place)


@pytest.mark.parametrize("place", PLACES)
def test_the_day_told_stands_in_the_campaign_and_rows_keep_their_dates(place):
    on = date(2025, 11, 1)
    told = sample(place, on=on)
    assert told.campaign[0].as_of == on
    assert told.appointments == sample(place).appointments


def test_a_province_of_8739_people_is_made_in_three_seconds():
    start = perf_counter()
    sample("22")
    assert perf_counter() - start < 3


def test_codes_are_unique_text(register):
    for rows in (register.staff, register.facilities, register.posts, register.projects, register.collaborators):
        codes = [row.code for row in rows]
        assert len(codes) == len(set(codes))
    numbers = [row.number for row in register.licences]
    assert len(numbers) == len(set(numbers))


def test_no_commune_code_is_in_force_twice(register):
    by_code = defaultdict(list)
    for row in register.communes:
        by_code[row.code].append(row)
    assert not any(overlap(a, b) for rows in by_code.values() for a in rows for b in rows if a is not b)


def test_everybody_holds_a_known_title_and_qualification_and_is_younger_than_retirement(register):
    on = told_on(register)
    known, ranks = titles(on=on), norm("qualifications", on=on).value
    for person in register.staff:
        assert person.title_code is None or person.title_code in known
        assert person.qualification in ranks
        assert retirement(person.birth_year, person.birth_month, sex=person.sex, on=on).last_day >= on


def test_licences_are_held_by_exactly_those_whose_title_asks_for_one(register):
    known = titles(on=told_on(register))
    asked = {person.code for person in register.staff if person.title_code and known[person.title_code].needs_licence}
    assert {row.staff for row in register.licences} == asked
    for row in register.licences:
        assert (row.kind == "gphn") == (row.expires is not None)
        assert row.issued is not None
        assert row.expires is None or row.expires.year - row.issued.year == 5


def test_nobody_works_more_than_full_time_or_before_having_studied(register):
    born = {person.code: person.birth_year for person in register.staff}
    for day in {told_on(register), date(2025, 12, 31)}:
        share: dict[str, float] = defaultdict(float)
        for row in register.appointments:
            assert row.start.year >= born[row.staff] + 20
            if in_force(row, day):
                share[row.staff] += row.share
        assert set(share) == set(born)
        assert all(total == 1.0 for total in share.values())


def test_skills_are_known_and_each_person_who_has_one_has_a_primary(register):
    known = norm("specialties", on=told_on(register)).value
    assert {row.skill for row in register.skills} <= set(known)
    ranks = defaultdict(list)
    for row in register.skills:
        ranks[row.staff].append(row.rank)
    assert all(sorted(found) == list(range(1, len(found) + 1)) for found in ranks.values())


def test_every_building_lies_near_its_commune_and_knows_its_zone(register):
    for row in register.facilities:
        assert row.lon is not None and row.lat is not None
        assert 102 < row.lon < 109
        assert 19 < row.lat < 24
        assert row.kind not in ("station", "point", "polyclinic") or row.zone in (1, 2, 3)


def test_the_workbook_gives_back_the_same_register_without_an_error(register):
    back, findings = workbook.read(workbook.write(register, synthetic=True), filename="sample.xlsx")
    assert back == register
    assert not [finding for finding in findings if finding.severity == "error"]


def test_the_campaign_starts_on_a_monday_and_asks_within_its_weeks(register):
    (campaign,) = register.campaign
    Week(campaign.first_monday)
    for row in register.requirements:
        assert 1 <= row.first_week <= row.last_week <= campaign.weeks
        assert 0 <= row.critical <= row.count


def test_who_can_be_sent_works_at_a_sender_that_may_spare_one_of_them(register):
    homes = {row.staff: row.facility for row in register.appointments if row.start < register.campaign[0].first_monday}
    limits = {(row.facility, row.skill): row.max_away for row in register.away_limits}
    heads: dict[tuple[str, str], int] = defaultdict(int)
    for row in register.skills:
        if row.rank == 1:
            heads[homes[row.staff], row.skill] += 1
    assert {facility for facility, _ in heads} <= {row.facility for row in register.senders}
    assert all(1 <= limits[key] <= max(1, count // 2) for key, count in heads.items())


def test_tours_of_the_ledger_ended_before_the_campaign(register):
    start = register.campaign[0].first_monday
    assert all(row.start < row.end <= start for row in register.past_tours)


def test_a_locked_tour_is_one_its_person_can_serve(register):
    sender = {row.facility: row for row in register.senders}
    homes = {row.staff: row.facility for row in register.appointments}
    skills = {(row.staff, row.skill) for row in register.skills}
    start, weeks = register.campaign[0].first_monday, register.campaign[0].weeks
    for lock in register.locks:
        unit = sender[homes[lock.staff]]
        assert unit.tour_weeks_min <= lock.weeks <= unit.tour_weeks_max
        assert (lock.staff, lock.skill) in skills
        assert lock.week >= 1 and lock.week + lock.weeks - 1 <= weeks
        first = start + timedelta(weeks=lock.week - 1)
        last = first + timedelta(weeks=lock.weeks)
        away = [row for row in register.absences if row.staff == lock.staff]
        assert not any(row.start < last and first < (row.end or date.max) for row in away)


def test_two_provinces_have_locks_leave_over_tet_and_exemptions():
    for place in ("08", "11"):
        register = sample(place)
        assert len(register.locks) == 2
        assert {row.outcome for row in register.absences} == {"absent", "exempt"}
        assert any(row.start == date(2026, 2, 16) for row in register.absences)


def test_about_250_people_can_be_sent_in_tuyen_quang():
    assert 240 <= sum(row.rank == 1 for row in sample("08").skills) <= 260


def test_one_person_of_dien_bien_retires_inside_the_campaign():
    register = sample("11")
    sent = {row.staff for row in register.skills}
    start = register.campaign[0].first_monday
    end = start + timedelta(weeks=register.campaign[0].weeks)
    leaving = [
        person
        for person in register.staff
        if start <= retirement(person.birth_year, person.birth_month, sex=person.sex, on=start).last_day < end
    ]
    assert len([person for person in leaving if person.code in sent]) == 1


def test_stations_of_tuyen_quang_have_six_to_twelve_people():
    from tests.stories.rows import at_stations

    people = at_stations(sample("08"), date(2026, 1, 8))
    assert all(6 <= len(staff) <= 12 for code, staff in people.items() if code != "PK-00745")
