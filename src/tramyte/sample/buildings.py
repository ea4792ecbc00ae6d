"""Made-up buildings on the real communes: stations with their points, hospitals, medical centres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tramyte.domain.place import Facility
from tramyte.domain.work import ServiceCount
from tramyte.norms.zones import zone
from tramyte.sample.made import Made
from tramyte.sample.places import Place, beside, distance_km

MONTHLY = {  # services a month for each person
    "chronic_follow_up": 0.01, "injection": 0.004, "vaccination": 0.005, "antenatal_visit": 0.0015, "delivery": 0.0002,
    "home_visit": 0.003,
}  # fmt: skip
ROAD = 1.35  # kilometres of road for one as the crow flies, in made-up distances only


@dataclass
class Network:
    """
    The buildings of one province.

    on    : a day whose law sets the zones; start: the day from which the stations stand, None for always
    care  : codes of hospitals and centres -> lon, lat: what distances to the nearest hospital are measured from
    """

    made: Made
    on: date
    start: date | None = None
    care: dict[str, tuple[float, float]] = field(default_factory=dict)

    def sender(self, code: str, name: str, kind: str, at: Place) -> Facility:
        """Add a hospital, a medical centre or a centre for disease control."""
        lon, lat = beside(self.made, at, km=0.8)
        self.care[code] = lon, lat
        row = Facility(code, name, kind, at.code, lon=lon, lat=lat, building_grade="good")
        self.made.add(row)
        return row

    def station(
        self, at: Place, *, terrain: str, points: Sequence[str] = (), population: int | None = None,
        kind: str = "station", code: str = "", name: str = "", km: float = 1.5,
    ) -> Facility:  # fmt: skip
        """Add a main station, or a polyclinic that does its work, with a point for each name."""
        prefix = {"station": "TYT", "polyclinic": "PK"}[kind]
        signboard = {"station": f"Trạm Y tế {at.low_name}",
                     "polyclinic": f"Phòng khám đa khoa khu vực {at.short}"}[kind]  # fmt: skip
        main = self._add(
            Facility(code or f"{prefix}-{at.code}", name or signboard, kind, at.code, catchment_population=population),
            at, terrain, km=km,
        )  # fmt: skip
        for number, old in enumerate(points, 1):
            point = f"DT{main.code.removeprefix(prefix)}-{number}"
            self._add(Facility(point, f"Điểm trạm {old}", "point", at.code, parent=main.code), at, terrain, km=6.0)
        return main

    def child(self, parent: Facility, at: Place, name: str, *, terrain: str, number: int) -> Facility:
        """Add a station that rolls up to a polyclinic."""
        row = Facility(f"TYT-{at.code}-{number}", f"Trạm Y tế {name}", "station", at.code, parent=parent.code)
        return self._add(row, at, terrain, km=6.0)

    def old_station(self, at: Place, *, commune: str, name: str, terrain: str, end: date) -> Facility:
        """Add the station of a commune that was joined to `at`; it closes on the day `end`."""
        return self._add(Facility(f"TYT-{commune}", name, "station", commune, end=end), at, terrain, km=5.0)

    def nearest(self, kind: str, to: Facility) -> Facility:
        """Return the building of this kind that is nearest as the crow flies."""
        rows: list[Facility] = [row for row in self.made.sheets["facilities"] if row.kind == kind]
        return min(rows, key=lambda row: distance_km(point_of(row), point_of(to)))

    def _add(self, row: Facility, at: Place, terrain: str, *, km: float) -> Facility:
        rng = self.made.rng
        lon, lat = beside(self.made, at, km=km)
        far = round(ROAD * min((distance_km((lon, lat), there) for there in self.care.values()), default=0.0), 1)
        very_hard = terrain in ("mountain", "remote", "border") and rng.random() < 0.35
        placed = replace(
            row, zone=zone(terrain, very_hard, km=far, on=self.on), terrain=terrain, very_hard=very_hard,
            km_to_hospital=far, lon=lon, lat=lat, land_m2=rng.randrange(400, 2400, 50),
            building_grade=rng.choice(("good", "good", "worn", "bad")), start=self.start,
        )  # fmt: skip
        self.made.add(placed)
        return placed


def point_of(row: Facility) -> tuple[float, float]:
    """Return lon and lat of a building; every made-up one has them."""
    return row.lon or 0.0, row.lat or 0.0


def services(made: Made, main: Facility, *, until: date, visits: float | None = None) -> None:
    """
    Enter the services of the twelve months before `until`; a month not reported is blank, not zero.

    visits : usual outpatient visits a month; drawn from the people the station answers for when left out
    """
    people, rng = main.catchment_population or 0, made.rng
    usual = {"outpatient_visit": visits or people * rng.uniform(0.02, 0.05)}
    usual |= {service: people * share * rng.uniform(0.6, 1.4) for service, share in MONTHLY.items()}
    for service, mean in usual.items():
        for month in (until.month - 1 - back for back in range(12, 0, -1)):
            first = date(until.year + month // 12, month % 12 + 1, 1)
            is_blank = visits is None and rng.random() < 0.02
            count = None if is_blank else round(mean * rng.uniform(0.9, 1.1))
            made.add(ServiceCount(main.code, first, service, count, "Báo cáo tháng (giả định)", "reviewed"))
