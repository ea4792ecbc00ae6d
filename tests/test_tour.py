"""The pages that show code and commands are run, so that they stay true."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.pages import Page
from tramyte.rotation import read
from tramyte.rotation.check import check, objective

DOCS = Path(__file__).resolve().parents[1] / "docs"
HOWTO = sorted((DOCS / "howto").glob("*.md"))
GUIDE = sorted((DOCS / "huong-dan").glob("*.md"))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_tour_holds(folder):
    page = Page(DOCS / "tour.md", folder)
    page.run()
    assert page.ran > 10


@pytest.mark.parametrize("path", HOWTO, ids=lambda path: path.stem)
def test_the_howto_holds(path, folder):
    page = Page(path, folder)
    page.run()
    assert page.ran


def test_the_commands_of_the_problem_file_page_run(folder):
    page = Page(DOCS / "problem-file.md", folder)
    page.run()
    shown = json.loads((folder / "plan.json").read_text("utf-8"))
    assert shown["objective"]["total"] == shown["bound"] == 25


def test_the_plan_of_the_problem_file_page_costs_what_it_says(folder):
    page = Page(DOCS / "problem-file.md", folder)
    page.run_files()
    problem = read.problem((folder / "problem.json").read_bytes())
    plan = json.loads((folder / "plan.json").read_bytes())
    tours = read.tours(plan, problem)
    assert check(problem, tours) == []
    assert objective(problem, tours).to_json() == plan["objective"]


@pytest.mark.long
def test_the_guide_runs_from_the_blank_workbook_to_the_decision(folder):
    assert len(GUIDE) == 10
    for path in GUIDE:
        Page(path, folder).run()
    for name in ("plan.xlsx", "plan.json", "ho-so/quyet-dinh.docx", "ho-so/quyet-dinh.pdf", "demo/plan.xlsx"):
        assert (folder / name).stat().st_size > 0
