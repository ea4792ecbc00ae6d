"""Processes killed at any moment: nothing half written, nothing accepted lost, every run taken up again, once."""

import json
import random
import time
from dataclasses import replace

import pytest

from tests.web.installed import Installed, go, kill
from tramyte.domain.register import Register
from tramyte.exchange import workbook
from tramyte.sample import sample

KINDS = ("reading", "accepting", "running", "solving")
UNITS = 30  # of work of a plan: a second or two
WAIT = 60
EARLY = 0.03  # seconds
SPREAD, SOONER, LATER = 1.0, 0.7, 1.3  # seconds in which the first kills fall, and how that changes


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """An installation with Điện Biên in it."""
    made = Installed(tmp_path_factory.mktemp("killed"))
    made.do("setup")
    made.count = len(sample("11", seed=1).staff)
    yield made
    made.close()


@pytest.fixture(scope="module")
def people():
    return sample("11", seed=1).staff


@pytest.fixture
def asked(office, people):
    """Return a maker of imports: every person gets a name that tells the round."""

    def make(name):
        book = workbook.write(Register(staff=tuple(replace(one, given_name=name) for one in people)))
        path = office.home / f"{name}.xlsx"
        path.write_bytes(book)
        office.hand("ask", "import", path)

    return make


def state(office, name):
    """Return state, tries, holder and the time of the end of a run."""
    query = "SELECT state, tries, holder, ended_at FROM web_run WHERE filename = ?"
    ((state, tries, holder, ended),) = office.rows(query, f"{name}.xlsx")
    return state, tries, holder, str(ended)


def until(true):
    began = time.monotonic()
    while not (found := true()):
        assert time.monotonic() - began < WAIT
        time.sleep(0.05)
    return found


def killed_at_work(office, name, moment, worker="work"):
    """Kill the worker that has a run, let another have it, and return how the first one left it."""
    first, second = office.start(worker, worker)
    go(first)
    if moment > EARLY:  # else it is killed before, or while it takes the run
        until(lambda: state(office, name)[0] != "waiting")
    time.sleep(moment)
    kill(first)
    before = state(office, name)
    go(second)
    after = until(lambda: (found := state(office, name))[0] == "done" and found)
    kill(second)
    assert after[2] is None
    if before[0] == "done":
        assert after == before, "what is over was done again"
    assert after[1] == before[1] + (before[0] != "done"), (before, after)
    return before[0]


def killed_reading(office, asked, name, moment):
    asked(name)
    found = killed_at_work(office, name, moment)
    ((result,),) = office.rows("SELECT result FROM web_run WHERE filename = ?", f"{name}.xlsx")
    result = json.loads(result) if isinstance(result, str) else result
    assert result["preview"]["count"] == office.count
    return found


def killed_accepting(office, asked, name, moment):
    asked(name)
    (first,) = office.start(f"accept {name}.xlsx")
    go(first)
    time.sleep(moment)
    said = kill(first)
    named = [
        "SELECT COUNT(*) FROM web_staff WHERE given_name = ?",
        "SELECT COUNT(*) FROM web_historicalstaff WHERE given_name = ?",
    ]
    written = [office.rows(query, name)[0][0] for query in named]
    events = office.rows("SELECT COUNT(*) FROM web_event WHERE action = 'imports.accept'")[0][0]
    taken = office.rows("SELECT COUNT(*) FROM web_run WHERE accepted_at IS NOT NULL")[0][0]
    assert written in ([0, 0], [office.count] * 2), "half written"
    assert events == taken, "an event without its import, or the reverse"
    if said == "recorded":
        assert written[0] == office.count, "what was accepted is lost"
    again = office.hand("accept", f"{name}.xlsx")
    assert again == ("before" if written[0] else "recorded")
    assert office.rows(named[0], name) == [(office.count,)]
    return "done" if written[0] else "running"


def killed_running(office, asked, name, moment):
    log = office.home / f"{name}.log"
    office.hand("ask", "solve", log, f"{name}.xlsx")
    found = killed_at_work(office, name, moment)
    starts = log.read_text().split()
    assert len(starts) == len(set(starts)) == state(office, name)[1], "one start a taking"
    return found


@pytest.fixture(scope="module")
def planned(office):
    """A draft, and the plan that solving it again finds where nobody is killed."""
    for name in ("plan-0", "plan-1"):
        office.hand("plan", f"{name}.xlsx", UNITS)
        (solver,) = office.start("work solver")
        go(solver)
        until(lambda name=name: state(office, name)[0] == "done")
        kill(solver)
        if name == "plan-0":
            office.hand("take", f"{name}.xlsx")
    return tours_of(office, "plan-1")


def tours_of(office, name):
    ((result,),) = office.rows("SELECT result FROM web_run WHERE filename = ?", f"{name}.xlsx")
    return (json.loads(result) if isinstance(result, str) else result)["tours"]


def drafts_of(office):
    return office.rows("SELECT number, revision, stage, tours, pins, changed_at FROM web_draft ORDER BY number")


def killed_solving(office, planned, name, moment):
    before = drafts_of(office)
    office.hand("plan", f"{name}.xlsx", UNITS)
    found = killed_at_work(office, name, moment, "work solver")
    assert tours_of(office, name) == planned, "taken up again it finds another plan"
    assert drafts_of(office) == before and len(before) == 1, "a draft was touched"
    return found


def rounds(office, asked, planned, kills, seed):
    """
    Kill so often, each kind in turn, at moments spread over its work; return how many hit it in the middle.

    How long work lasts is another on each machine: where it was over before it was killed, the next is killed earlier.
    """
    draw, spread = random.Random(seed), dict.fromkeys(KINDS, SPREAD)
    hits: dict[str, list[str]] = {kind: [] for kind in KINDS}
    do = dict(zip(KINDS, (killed_reading, killed_accepting, killed_running, killed_solving), strict=True))
    for number in range(kills):
        kind = KINDS[number % len(KINDS)]
        given = planned if kind == "solving" else asked
        hits[kind].append(do[kind](office, given, f"k{seed}x{number}", draw.random() * spread[kind]))
        spread[kind] *= SOONER if hits[kind][-1] == "done" else LATER
        print(f"{number + 1} {kind}: {hits[kind][-1]}", flush=True)
    return {kind: found.count("running") for kind, found in hits.items()}


def test_five_kills_leave_nothing_half_done(office, asked, planned):
    assert sum(rounds(office, asked, planned, 5, seed=1).values()) >= 1


@pytest.mark.long
def test_a_hundred_kills_leave_nothing_half_done(office, asked, planned):
    hits = rounds(office, asked, planned, 100, seed=2)
    print("killed in the middle of", hits)
    assert min(hits.values()) >= 5
