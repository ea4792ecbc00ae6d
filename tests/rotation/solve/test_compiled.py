"""One part laid out for the kernels, and the library that must be there."""

import ctypes
import shutil
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace

import numpy as np
import pytest

from tests.rotation.solve.slow import free_of, own_cost, parts_of, solvable
from tramyte.rotation.solve import compiled
from tramyte.rotation.solve.compiled import Flag, Kernel

SEEDS = solvable(200, 60)
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def fresh():
    """The library is loaded again in this test, and once more after it."""
    compiled.library.cache_clear()
    yield
    compiled.library.cache_clear()


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """A folder with a copy of the sources, where they are looked for."""
    for path in compiled.FOLDER.glob("*.[ch]"):
        shutil.copy(path, tmp_path)
    monkeypatch.setattr(compiled, "FOLDER", tmp_path)
    return tmp_path


def test_a_library_that_was_not_built_is_named_with_the_cure(monkeypatch, tmp_path, fresh):
    monkeypatch.setattr(compiled, "LIBRARY", tmp_path / "kernel.so")
    with pytest.raises(ImportError, match=r"kernel\.so is missing: run `make demo` or `python tools/kernel\.py`"):
        compiled.library()
    monkeypatch.undo()
    assert compiled.library()


def test_a_library_of_other_sources_is_refused_with_the_cure(sources, fresh):
    assert compiled.library()
    compiled.library.cache_clear()
    with (sources / "part.h").open("a") as header:
        header.write("/* one more field */\n")
    with pytest.raises(ImportError, match=r"was built from other sources than those beside it: run `make demo`"):
        compiled.library()


def test_a_library_too_old_to_say_its_sources_is_refused(monkeypatch, fresh):
    monkeypatch.setattr(ctypes, "CDLL", lambda path: SimpleNamespace())
    with pytest.raises(ImportError, match="was built from other sources"):
        compiled.library()


def test_without_sources_beside_it_the_library_of_a_wheel_is_taken_as_it_is(monkeypatch, tmp_path, fresh):
    monkeypatch.setattr(compiled, "FOLDER", tmp_path)
    assert compiled.library()


def test_what_builds_and_what_loads_count_the_sources_alike():
    assert run_path(str(ROOT / "tools" / "kernel.py"))["sources"]() == compiled._sources(compiled.FOLDER)


@pytest.mark.parametrize("seed", SEEDS)
def test_windows_are_the_sums_of_the_weeks_of_a_tour(seed):
    rng = np.random.default_rng(seed)
    for part in parts_of(seed):
        rows = rng.integers(-50, 50, (3, part.weeks)).astype(float)
        found = Kernel(part).windows(rows).reshape(3, len(part.lengths), part.weeks)
        for length, weeks in enumerate(part.lengths.tolist()):
            for start in range(part.weeks):
                if start + weeks <= part.weeks:
                    assert (found[:, length, start] == rows[:, start : start + weeks].sum(axis=1)).all()
                else:
                    assert (found[:, length, start] < -1e200).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_those_who_can_go_are_those_with_a_tour_to_make(seed):
    for part in parts_of(seed):
        kernel = Kernel(part)
        for person in range(len(part.people)):
            could = bool(free_of(part, person)) and part.most[person] > 0
            assert kernel.can_go[person] or not could
            reaches = any(part.holds[person, part.role[cell]] and part.reach[part.pair[person], cell]
                          for cell in range(len(part.cells)))  # fmt: skip
            assert kernel.can_go[person] == (bool(part.open[person].any()) and part.most[person] > 0 and reaches)


@pytest.mark.parametrize("seed", SEEDS)
def test_tours_cost_the_same_in_columns_and_one_by_one(seed):
    for part in parts_of(seed):
        rows = [(person, *tour) for person in range(len(part.people)) for tour in free_of(part, person)]
        person, cell, start, length = np.array(rows, np.int64).reshape(-1, 4).T
        wanted = [own_cost(part, row[0], row[1:]) for row in rows]
        assert part.own_costs(person, cell, start, length).tolist() == wanted


def test_a_flag_is_down_until_it_is_raised():
    flag = Flag()
    assert not flag.is_up()
    flag.raise_()
    assert flag.is_up()
