"""Locked tours that clash: each clash as small as can be, and enough to unlock, judged by every subset."""

from itertools import combinations
from random import Random

import pytest

from tests.rotation import brute
from tests.worlds import _tour, random_file, tiny_problem
from tramyte.domain.messages import messages
from tramyte.domain.plan import Tour
from tramyte.rotation import read
from tramyte.rotation.clash import minimal_clashes

TOGETHER = {"R7", "R8", "R9"}


def locked_problem(seed, *, second=False):
    """A random problem with up to nine locked tours of which most clash."""
    rng = Random(seed)
    file = random_file(rng, second=second)
    file["locked"] = [_tour(rng, file, own=rng.random() < 0.9) for _ in range(rng.randint(1, 9))]
    return read.problem(file)


def clash(problem, tours):
    return brute.broken(problem, tours) & TOGETHER


def test_each_clash_is_minimal_and_no_two_share_a_tour():
    found = several = 0
    for seed in range(200):
        problem = locked_problem(seed)
        answer = minimal_clashes(problem)
        keys = [tour.key for row in answer.each for tour in row.tours]
        assert len(keys) == len(set(keys))
        for row in answer.each:
            assert clash(problem, row.tours) == set(row.rules)
            for size in range(len(row.tours)):
                assert not any(clash(problem, some) for some in combinations(row.tours, size))
        rest = [tour for tour in problem.locked_set if tour.key not in keys]
        assert not clash(problem, rest)
        found += bool(answer.each)
        several += len(answer.each) > 1
    assert found > 100 and several > 30


def test_what_is_to_be_unlocked_is_enough_and_none_too_many():
    for seed in range(200):
        problem = locked_problem(seed)
        mend = minimal_clashes(problem).mend
        kept = [tour for tour in problem.locked_set if tour not in mend]
        assert not clash(problem, kept)
        for tour in mend:
            assert clash(problem, [*kept, tour])
        assert bool(mend) == bool(clash(problem, problem.locked_set))


def test_people_who_must_serve_together_are_unlocked_together():
    lonely = 0
    for seed in range(200):
        problem = locked_problem(seed, second=True)
        answer = minimal_clashes(problem)
        kept = [tour for tour in problem.locked_set if tour not in answer.mend]
        everything = {"R7", "R8", "R9", "R14", "R15"}
        assert not brute.broken(problem, kept) & everything
        told = {rule for row in answer.each for rule in row.rules}
        assert bool(told) == bool(brute.broken(problem, problem.locked_set) & everything)
        lonely += "R15" in told
    assert lonely > 10


def test_a_clash_names_tours_and_rules_and_what_to_unlock():
    tours = [Tour("lan", "A", "NOI", 0, 2), Tour("lan", "B", "NOI", 2, 1), Tour("minh", "A", "NOI", 3, 1)]
    answer = minimal_clashes(tiny_problem(locked=[tour.to_json() for tour in tours]))
    (row,) = answer.each
    assert row.tours == tuple(tours[:2]) and row.rules == ("R7",)
    assert answer.mend == (tours[1],)
    assert row.sentence("en") == (
        "2 locked tours cannot all stand (R7): lan → A (NOI, 1–2); lan → B (NOI, 3–3). "
        "Without any one of them the others can."
    )
    assert answer.sentence("vi") == "Muốn có phương án, cần bỏ ghim 1 lượt: lan → B (NOI, 3–3)."
    assert answer.to_json("vi")["each"][0]["rules"] == ["R7"]
    assert messages()["G408"]["vi"].startswith("{count} lượt ghim")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_where_nothing_clashes_nothing_is_said(lang):
    answer = minimal_clashes(tiny_problem(locked=[Tour("lan", "A", "NOI", 0, 2).to_json()]))
    assert not answer.each and not answer.mend and not answer.sentence(lang)
