"""F3: a main office and the branch of former Bản Rịa, 11 staff, 2 doctors, about 400 patients a month."""

from datetime import date

from tests.stories.rows import at_stations, by_code, titled, told

ON = date(2026, 1, 8)
STATION = "TYT-01234"


def test_one_office_and_one_branch():
    below = [row for row in told("08").facilities if row.parent == STATION]
    assert [(row.kind, row.name) for row in below] == [("point", "Điểm trạm Bản Rịa")]


def test_eleven_people_permanent_and_contract_two_of_them_doctors():
    register = told("08")
    people = at_stations(register, ON)[STATION]
    assert len(people) == 11
    assert len(people & titled(register, "V.08.01.")) == 2
    contracts = {by_code(register)[code].contract for code in people}
    assert "public_employee" in contracts
    assert contracts - {"public_employee"}


def test_about_400_visits_a_month():
    counts = [
        row.count or 0
        for row in told("08").service_counts
        if row.facility == STATION and row.service == "outpatient_visit"
    ]
    assert len(counts) == 12
    assert all(350 <= count <= 450 for count in counts)
