"""F8: 214,038 of 1,329,487 insured visits in the first half of 2025 were at stations."""

from datetime import date

from tests.stories.rows import told


def test_the_visits_of_every_facility_and_month_add_up():
    register = told("22")
    kind = {row.code: row.kind for row in register.facilities}
    rows = [
        row
        for row in register.service_counts
        if row.service == "insured_visit" and date(2025, 1, 1) <= row.month <= date(2025, 6, 30)
    ]
    total = sum(row.count or 0 for row in rows)
    at_stations = sum(row.count or 0 for row in rows if kind[row.facility] == "station")
    assert (at_stations, total) == (214_038, 1_329_487)
    assert round(100 * at_stations / total, 1) == 16.1
    assert len({row.facility for row in rows if kind[row.facility] == "station"}) == 171
    assert {row.month for row in rows} == {date(2025, month, 1) for month in range(1, 7)}
