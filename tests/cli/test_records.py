"""`tramyte template`, `sample`, `need`."""

import json
from dataclasses import replace

import pytest

from tramyte.cli.records import place_code
from tramyte.domain.register import Register
from tramyte.exchange import workbook
from tramyte.sample import sample

TUYEN_QUANG = {
    "communes": 124,
    "total": 258,
    "distribution": {"1": 24, "2": 72, "3": 22, "4": 6},
    "mean": 2.08,
    "short": {"2": 24, "3": 120, "4": 238, "5": 362},
}


def test_a_template_can_be_read_back(run, tmp_path):
    out = tmp_path / "mau.xlsx"
    assert run("template", "--out", out).out == f"Đã ghi: {out}\n"
    register, findings = workbook.read(out.read_bytes(), filename="mau.xlsx")
    assert register == Register() and not findings
    assert run("template", "--out", out, "--json", "--lang", "en").json == {"file": str(out)}


def test_a_template_goes_where_one_stands(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("template").code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["tramyte-mau.xlsx"]


def test_the_published_figures_come_from_the_rows_of_a_workbook(run, tmp_path):
    book = tmp_path / "tq.xlsx"
    told = run("sample", "08", "--out", book, "--json").json
    assert told["doctors"] == TUYEN_QUANG and told["on"] == "2026-01-08" and told["synthetic"]
    assert told["counts"]["communes"] == 124 and told["file"] == str(book)
    need = run("need", book, "--on", "2026-01-08", "--json").json
    assert need["doctors"] == TUYEN_QUANG
    assert need["doctors_by_station"]["stations"] == 127
    assert need["on"] == "2026-01-08" and need["synthetic"]
    out = run("need", book, "--lang", "en").out
    assert "DOCTORS BY COMMUNE (124 communes)" in out and "DOCTORS BY STATION (127 stations" in out
    assert "each ■ stands for up to 2" in out and "For at least 4 doctors at each: 238 missing; 6/124 reach it." in out


@pytest.mark.long
def test_quang_ninh_in_two_months(run, tmp_path):
    book = tmp_path / "qn.xlsx"
    run("sample", "22", "--on", "2025-11-01", "--out", book)
    november = run("need", book, "--json").json["doctors_by_station"]
    assert (november["stations"], november["total"], november["mean"]) == (55, 253, 4.6)
    run("sample", "22", "--on", "2025-03-05", "--out", book)
    march = run("need", book, "--json").json
    assert march["doctors"]["communes"] == 171 and march["doctors"]["distribution"] == {"0": 23, "1": 148}
    named = next(finding for finding in march["findings"] if finding["code"] == "D014")
    assert "24" in named["text"] and "8739" in named["text"].replace(".", "")


@pytest.mark.parametrize(
    ("text", "code"),
    [("11", "11"), ("Tỉnh Điện Biên", "11"), ("dien  bien", "11"), ("QUẢNG NINH", "22"), ("xã Đồng Tiến", "15724")],
)
def test_a_place_has_a_code_and_a_name_with_or_without_marks(text, code):
    assert place_code(text) == code


def test_a_sample_takes_a_name_in_several_words(run, tmp_path):
    ran = run("sample", "dong", "tien", "--out", tmp_path / "dt.xlsx")
    assert ran.code == 0 and "Đồng Tiến" in ran.out and "không có người thật" in ran.out


def test_an_unknown_place_names_those_there_are(run, tmp_path):
    ran = run("sample", "99", "--out", tmp_path / "x.xlsx")
    assert ran.code == 10 and "Điện Biên" in ran.err and not list(tmp_path.iterdir())


@pytest.fixture
def book(tmp_path, province):
    path = tmp_path / "db.xlsx"
    path.write_bytes(province)
    return path


def test_need_is_told_for_people_distribution_first_and_the_mean_last(run, book):
    out = run("need", book).out
    order = ["tính đến 15/12/2025", "SỐ BÁC SĨ TẠI TRẠM", "1 bác sĩ ■", "còn thiếu 130", "Trung bình 1,11 (50/45)"]
    order += ["THIẾU NHIỀU BÁC SĨ NHẤT", "CĂN CỨ ĐÃ DÙNG", "Cần xem lại", "W510"]
    places = [out.index(words) for words in order]
    assert places == sorted(places)
    assert "Mean 1.11 (50/45)" in run("need", book, "--lang", "en").out


def test_need_counts_preventive_doctors_when_asked(run, tmp_path):
    register = sample("15724")
    staff = [replace(row, title_code="V.08.02.06") if row.title_code == "V.08.01.03" else row for row in register.staff]
    path = tmp_path / "dt.xlsx"
    path.write_bytes(workbook.write(replace(register, staff=tuple(staff))))
    totals = [run("need", path, "--json", *more).json["doctors"]["total"] for more in ((), ("--preventive",))]
    assert totals == [0, 3]


def test_need_writes_the_same_object_to_a_file(run, book, tmp_path):
    out = tmp_path / "need.json"
    told = run("need", book, "--json", "--out", out).json
    assert json.loads(out.read_text("utf-8")) == told
    assert f"Đã ghi: {out}" in run("need", book, "--out", out).out


def test_need_without_a_day_is_told_as_of_today(run, tmp_path, monkeypatch):
    register = sample("11")
    path = tmp_path / "x.xlsx"
    path.write_bytes(workbook.write(replace(register, campaign=())))
    monkeypatch.setattr("tramyte.cli.inputs.today", lambda: register.campaign[0].as_of)
    told = run("need", path, "--json").json
    assert told["on"] == "2025-12-15" and not told["synthetic"]


def test_need_before_any_law_says_which_norm_is_missing(run, book):
    ran = run("need", book, "--on", "1990-01-01", "--json")
    assert ran.code == 11
    assert ran.json["error"]["exit"] == 11 and "titles" in ran.json["error"]["findings"][0]["text"]


def test_a_workbook_without_stations_has_no_need(run, tmp_path):
    path = tmp_path / "mau.xlsx"
    run("template", "--out", path)
    ran = run("need", path, "--on", "2026-01-08")
    assert ran.code == 10 and ran.err.startswith("C162") and not ran.out


def test_stations_without_a_row_of_appointments_are_not_told_as_stations_without_doctors(run, tmp_path):
    """Blank is not zero: the figures are unknown, and nobody is missing."""
    path = tmp_path / "facilities.xlsx"
    path.write_bytes(workbook.write(replace(sample("11"), appointments=()), synthetic=True))
    ran = run("need", path, "--on", "2025-12-15")
    assert ran.code == 0 and "D006 Bổ nhiệm – phân công:" in ran.out
    assert "Chưa biết: chưa ghi phân công của ai" in ran.out
    assert "bác sĩ: còn thiếu" not in ran.out and "THIẾU NHIỀU BÁC SĨ NHẤT" not in ran.out
    assert "dân số đăng ký và dân số thực tế" in ran.out
    assert run("need", path, "--on", "2025-12-15", "--json").json["doctors"]["total"] is None
