"""A problem that no solver proves best within seconds."""

from random import Random


def slow_problem(people=60, stations=25, weeks=12):
    """Return a rotation/1 file whose people are all a little different."""
    rng = Random(1)
    skills = ["NOI", "NGOAI", "SAN"]
    return {
        "schema": "rotation/1",
        "name": "slow",
        "weeks": weeks,
        "skills": [{"id": skill, "code": skill, "cadre": "doctor"} for skill in skills],
        "units": [
            {"id": unit, "code": unit, "tier": "P", "durations": [1, 2, 3], "max_away": dict.fromkeys(skills, 4)}
            for unit in "ABCD"
        ],
        "stations": [
            {
                "id": station,
                "needs": [
                    {"skill": skill, "start": rng.randrange(3), "end": weeks - rng.randrange(3), "count": 2,
                     "critical": 1, "w_crit": rng.randint(500, 900), "w_norm": rng.randint(50, 150)}
                    for skill in skills
                ],
            }
            for station in range(stations)
        ],
        "staff": [
            {"id": f"p{person}", "unit": "ABCD"[person % 4], "skills": rng.sample(skills, 2), "max_deployments": 3,
             "rest_weeks": rng.randint(1, 2), "max_travel_min": 400, "prior_weeks": rng.randint(0, 4),
             "prior_stations": [rng.randrange(stations)]}
            for person in range(people)
        ],
        "travel_min": [[rng.randint(30, 380) for _ in range(stations)] for _ in "ABCD"],
        "locked": [],
        "weights": {"fair1": 9, "fair2": 30, "travel_per_hour": 3, "start_fee": 5, "return_bonus": 8, "disruption": 15},
        "fair_target": dict.fromkeys("ABCD", 3),
    }  # fmt: skip
