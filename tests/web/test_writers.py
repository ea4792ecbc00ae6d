"""Eight people write at once: each waits for the others, and none is told that something is locked."""

import time
from dataclasses import replace

import pytest

from tests.web.installed import Installed, ended, go
from tramyte.domain.register import Register
from tramyte.exchange import workbook
from tramyte.sample import sample

WRITERS, TURNS = 8, 12


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = Installed(tmp_path_factory.mktemp("writers"))
    made.do("setup")
    yield made
    made.close()


def test_eight_writers_at_once_all_get_through(office):
    before = office.rows("SELECT COUNT(*) FROM web_event")[0][0]
    writers = office.start(*(f"write {number} {TURNS}" for number in range(WRITERS)))
    began = time.monotonic()
    for process in writers:
        go(process)
    waits: list[float] = []
    for process in writers:
        said = ended(process).split()
        assert len(said) == TURNS
        waits += map(float, said)
    waits.sort()
    seconds = time.monotonic() - began
    middle, most = waits[len(waits) // 2], waits[-1]
    print(f"{len(waits)} pairs of actions by {WRITERS} in {seconds:.1f} s; a pair {middle:.3f} s, {most:.3f} s at most")
    assert most < 20, "far below the 30 s after which a writer gives up"
    assert office.rows("SELECT COUNT(*) FROM web_event")[0][0] == before + 2 * WRITERS * TURNS
    assert office.rows("SELECT COUNT(*) FROM web_run WHERE state = 'cancelled'") == [(WRITERS * TURNS,)]


def test_a_large_import_makes_others_wait_and_refuses_nobody(office):
    path = office.home / "large.xlsx"
    people = tuple(replace(one, given_name="Lan") for one in sample("11", seed=1).staff)
    path.write_bytes(workbook.write(Register(staff=people)))
    office.hand("ask", "import", path)
    importer, *writers = office.start("accept large.xlsx", *(f"write {number} 4" for number in range(3)))
    for process in (importer, *writers):
        go(process)
    for process in (importer, *writers):
        ended(process)
