"""`tramyte decide`."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta

import pypdfium2
import pytest

from tramyte.cli import inputs
from tramyte.cli.papers import papers, people
from tramyte.domain.messages import say
from tramyte.exchange import decision, workbook

SIGNED = ("--number", "12", "--signer", "Người Ký", "--signed-on", "12/12/2025", "--kind", "support")
BASES = ("--basis", "Quyết định số 01/QĐ-UBND", "--basis", "Kế hoạch số 12/KH-UBND")


@pytest.fixture(scope="module")
def planned(small, tmp_path_factory):
    from click.testing import CliRunner

    from tramyte.cli.group import main

    folder = tmp_path_factory.mktemp("planned")
    (folder / "book.xlsx").write_bytes(small)
    outs = ["--out", str(folder / "plan.json"), "--problem-out", str(folder / "problem.json")]
    assert CliRunner().invoke(main, ["rotate", str(folder / "book.xlsx"), "--seconds", "2", *outs]).exit_code == 0
    return folder


def test_a_draft_comes_with_a_calendar_for_each_person(run, planned, tmp_path):
    out = tmp_path / "a" / "hồ sơ"
    ran = run("decide", planned / "book.xlsx", planned / "plan.json", "--out", out)
    assert ran.code == 0 and "bản dự thảo" in ran.out and "W510" in ran.err
    people = {tour["staff"] for tour in json.loads((planned / "plan.json").read_text("utf-8"))["assignments"]}
    assert {path.stem.upper() for path in (out / "lich").iterdir()} == people
    assert (out / "quyet-dinh.docx").read_bytes().startswith(b"PK")
    assert (out / "quyet-dinh.pdf").read_bytes().startswith(b"%PDF")


def printed(path):
    """Return all words of a PDF."""
    paper = pypdfium2.PdfDocument(path)
    try:
        return " ".join(page.get_textpage().get_text_bounded() for page in paper)
    finally:
        paper.close()


def test_the_same_plan_makes_the_same_papers(run, planned, tmp_path):
    for name in "ab":
        run("decide", planned / "book.xlsx", planned / "plan.json", "--out", tmp_path / name, "--json")
    files_of = [sorted(path for path in (tmp_path / name).rglob("*") if path.is_file()) for name in "ab"]
    assert [path.read_bytes() for path in files_of[0]] == [path.read_bytes() for path in files_of[1]]


def test_a_decision_names_the_office_of_the_province(planned, run, tmp_path):
    import docx

    run("decide", planned / "book.xlsx", planned / "plan.json", "--out", tmp_path, "--json")
    paper = docx.Document(str(tmp_path / "quyet-dinh.docx"))
    words = " ".join(cell.text.replace("\n", " ") for table in paper.tables for row in table.rows for cell in row.cells)
    assert "ỦY BAN NHÂN DÂN TỈNH ĐIỆN BIÊN" in words and "SỞ Y TẾ" in words
    assert re.search(r"\(V\.08\.\d\d\.\d\d\); ", words)


def test_a_code_that_stands_for_no_title_is_not_printed(small):
    register, _ = workbook.read(small, filename="x.xlsx")
    first, second, *_ = register.staff
    odd = replace(register, staff=(replace(first, title_code="V.08.99.99"), replace(second, title_code=None)))
    known = people(odd, on=date(2025, 12, 15))
    assert [row["title_code"] for row in known.values()] == ["", ""]


def test_a_decision_of_another_instrument_than_the_campaign_is_not_signed(run, planned, tmp_path):
    given = (planned / "book.xlsx", planned / "plan.json", "--out", tmp_path / "x", "--kind", "rotation")
    ran = run("decide", *given, *SIGNED[:-2], *BASES)
    assert ran.code == 10 and not (tmp_path / "x").exists()
    assert "X114" in ran.err and "132 ngày" in ran.err and "X117" in ran.err and "--kind support" in ran.err
    ran = run("decide", *given, "--json")
    told = {row["code"]: row["severity"] for row in ran.json["findings"]}
    assert ran.code == 0 and (told["X114"], told["X117"]) == ("warning", "warning")


def test_the_instrument_is_that_of_the_campaign_unless_asked(planned):
    given = inputs.given(planned / "book.xlsx")
    assert given.book is not None
    campaign = tuple(replace(row, instrument="rotation") for row in given.book.register.campaign)
    given = replace(given, book=replace(given.book, register=replace(given.book.register, campaign=campaign)))
    report = given.report(inputs.stated(planned / "plan.json", given.problem).plan(given.problem))
    made = papers(given, report, asked={}, lang="vi")
    assert made.decision.kind == "rotation" and "X117" not in {row.code for row in made.findings}
    assert "X117" in {row.code for row in papers(given, report, asked={"kind": "support"}, lang="vi").findings}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_missing_font_is_said_once_in_the_chosen_language(run, planned, tmp_path, monkeypatch, lang):
    monkeypatch.setitem(decision.STYLES, ("normal", 950), "Tinos-Black.ttf")
    ran = run("decide", planned / "book.xlsx", planned / "plan.json", "--out", tmp_path / "x", "--lang", lang)
    assert ran.code == 1 and not (tmp_path / "x").exists()
    assert ran.err.splitlines()[0] == "X107 " + say("X107", lang, file="Tinos-Black.ttf")
    assert ran.err.count("Tinos-Black.ttf") == 1 and "C010" not in ran.err


def test_a_signed_decision_is_no_draft(run, planned, tmp_path):
    signed = (*SIGNED, *BASES)
    ran = run("decide", planned / "book.xlsx", planned / "plan.json", "--out", tmp_path, *signed, "--json")
    assert ran.code == 0 and ran.json["draft"] is False and len(ran.json["files"]) > 3
    told = run("decide", planned / "book.xlsx", planned / "plan.json", "--out", tmp_path, *signed)
    assert "Quyết định số 12" in told.out


def test_a_decision_with_brackets_is_written_as_a_draft_and_says_what_to_give(run, planned, tmp_path):
    given = (planned / "book.xlsx", planned / "plan.json", "--out", tmp_path / "o", *SIGNED, *BASES[:2])
    ran = run("decide", *given)
    assert ran.code == 0
    assert ran.err.count("X112") == 1 and ran.err.startswith("X112") and "Kế hoạch số [số]/KH-UBND" in ran.err
    assert "--basis" in ran.err and "vẫn là bản dự thảo" in ran.out and "còn 1 căn cứ" in ran.out
    assert "Quyết định số 12." not in ran.out
    assert "BẢN DỰ THẢO" in printed(tmp_path / "o" / "quyet-dinh.pdf")
    assert all(b"TENTATIVE" in path.read_bytes() for path in (tmp_path / "o" / "lich").iterdir())
    assert run("decide", *given, "--json").json["draft"] is True
    whole = run("decide", *given, *BASES[2:])
    assert whole.code == 0 and "Quyết định số 12." in whole.out
    assert "BẢN DỰ THẢO" not in printed(tmp_path / "o" / "quyet-dinh.pdf")


def test_a_given_basis_has_no_brackets(run, planned, tmp_path):
    ran = run("decide", planned / "book.xlsx", planned / "plan.json", "--out", tmp_path / "x", "--basis", "Số [số]")
    assert ran.code == 10 and "X113" in ran.err and not (tmp_path / "x").exists()


def test_a_draft_takes_the_bases_that_are_known_already(run, planned, tmp_path):
    ran = run("decide", planned / "book.xlsx", planned / "plan.json", "--out", tmp_path, *BASES[:2], "--json")
    assert ran.code == 0
    told = [row["fields"]["basis"] for row in ran.json["findings"] if row["code"] == "X112"]
    assert len(told) == 1 and told[0].startswith("Kế hoạch số [số]")


def test_a_province_is_a_city_from_its_day_on(planned):
    given = inputs.given(planned / "book.xlsx")
    assert given.book is not None
    register = given.book.register
    day = date(2026, 9, 1)
    before = [replace(row, end=day) for row in register.authorities]
    after = [
        replace(row, start=day, supervising=row.supervising.replace("tỉnh", "thành phố"))
        for row in register.authorities
    ]
    book = replace(given.book, register=replace(register, authorities=(*before, *after)))
    given = replace(given, book=book)
    plan = inputs.stated(planned / "plan.json", given.problem).plan(given.problem)
    monday = date(2026, 9, 7)
    lines = [replace(row, start_date=monday, end_date=monday + timedelta(days=6)) for row in given.report(plan).tours]
    report = replace(given.report(plan), tours=tuple(lines))
    assert papers(given, report, asked={}, lang="vi").decision.superior == "ỦY BAN NHÂN DÂN TỈNH ĐIỆN BIÊN"
    signed = {"number": "1", "signer": "A", "signed_on": day, "basis": BASES[1::2]}  # by the day it is signed
    for asked in ({"on": day}, signed):
        decision = papers(given, report, asked=asked, lang="vi").decision
        assert (decision.superior, decision.place) == ("ỦY BAN NHÂN DÂN THÀNH PHỐ ĐIỆN BIÊN", "Điện Biên")


def test_half_a_signature_is_refused(run, planned, tmp_path):
    ran = run("decide", planned / "book.xlsx", planned / "plan.json", "--out", tmp_path / "x", "--number", "12")
    assert ran.code == 10 and "X111" in ran.err and not (tmp_path / "x").exists()


def test_a_plan_with_a_breach_makes_no_papers(run, planned, tmp_path):
    plan = json.loads((planned / "plan.json").read_text("utf-8"))
    plan["assignments"].append(plan["assignments"][0])
    (tmp_path / "plan.json").write_text(json.dumps(plan), "utf-8")
    ran = run("decide", planned / "book.xlsx", tmp_path / "plan.json", "--out", tmp_path / "x")
    assert ran.code == 12 and "R7" in ran.err and not (tmp_path / "x").exists()


def test_a_problem_file_has_no_office_so_it_is_asked_for(run, planned, tmp_path):
    given = (planned / "problem.json", planned / "plan.json", "--out", tmp_path / "x")
    ran = run("decide", *given)
    assert ran.code == 10 and "C183" in ran.err and not (tmp_path / "x").exists()
    assert run("decide", *given, "--superior", "UBND TỈNH X", "--place", "X").code == 0


def test_calendars_of_an_earlier_plan_are_pointed_at(run, planned, tmp_path):
    (tmp_path / "lich").mkdir()
    (tmp_path / "lich" / "old.ics").write_text("")
    ran = run("decide", planned / "book.xlsx", planned / "plan.json", "--out", tmp_path)
    assert "C184" in ran.err and "old.ics" in ran.err and (tmp_path / "lich" / "old.ics").exists()


def test_a_file_where_the_folder_should_be_is_refused(run, planned, tmp_path):
    (tmp_path / "x").write_text("mine")
    ran = run("decide", planned / "book.xlsx", planned / "plan.json", "--out", tmp_path / "x")
    assert ran.code == 10 and "C009" in ran.err and (tmp_path / "x").read_text() == "mine"


def test_a_plan_file_may_leave_out_all_but_its_tours(planned):
    given = inputs.given(planned / "problem.json")
    tours = inputs.stated(planned / "plan.json", given.problem).tours
    plan = inputs.Stated(tours, {"seconds": None}).plan(given.problem)
    assert plan.bound <= plan.objective.total and plan.status == "feasible" and plan.seconds == 0


def test_a_register_without_a_department_has_no_province(small):
    register, _ = workbook.read(small, filename="x.xlsx")
    assert inputs.province(register, on=date(2025, 12, 15)) == "tỉnh Điện Biên"
    assert inputs.province(replace(register, authorities=()), on=date(2025, 12, 15)) == ""
