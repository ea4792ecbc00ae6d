"""What the tests of the commands share: a runner, a workbook, a tiny problem with its plan."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from tests.worlds import TINY
from tramyte.cli.group import main
from tramyte.exchange import workbook
from tramyte.sample import sample


class Ran(SimpleNamespace):
    """What a command left behind: code, out, err."""

    @property
    def json(self):
        """The one object on stdout."""
        assert self.out.count("\n") == 1, self.out
        return json.loads(self.out)


@pytest.fixture
def run():
    """Run a command line in this process."""

    def call(*args):
        result = CliRunner().invoke(main, [str(arg) for arg in args])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(code=result.exit_code, out=result.stdout, err=result.stderr)

    return call


@pytest.fixture(scope="session")
def province():
    """The workbook of Điện Biên."""
    return workbook.write(sample("11"), synthetic=True)


@pytest.fixture(scope="session")
def small():
    """A workbook whose province sends people to three stations only, for four weeks: planned in a moment."""
    register = sample("11")
    wanted = sorted({row.facility for row in register.requirements})[:3]
    rows = [row for row in register.requirements if row.facility in wanted and row.first_week <= 4]
    return workbook.write(
        replace(
            register,
            campaign=tuple(replace(row, weeks=4) for row in register.campaign),
            requirements=tuple(replace(row, last_week=min(4, row.last_week)) for row in rows),
            locks=(),
        ),
        synthetic=True,
    )


@pytest.fixture
def problem(tmp_path):
    """A tiny problem file."""
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(TINY), "utf-8")
    return path


@pytest.fixture
def plan(run, problem, tmp_path):
    """Its plan."""
    path = tmp_path / "plan.json"
    assert run("rotate", problem, "--work", 20000, "--seed", 1, "--out", path).code == 0
    return path
