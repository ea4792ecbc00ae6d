"""The colours of the style sheet, computed again: words can be read, shapes can be told apart, by everybody's eyes."""

import itertools
import re

import pytest
from coloraide import Color

from tests.house.tree import SRC

SHEET = (SRC / "web" / "static" / "css" / "tramyte.css").read_text("utf-8")
SIGHTS = (None, "protan", "deutan", "tritan")
GROUNDS = ("bg", "s1", "s2")
WORDS = ("text", "text2", "text3", "accent")
STATES = ("short", "near", "met", "unknown")
READ, SHAPE = 4.5, 3.0  # WCAG 2.2: words, and the outlines of what is not words
APART = 13  # CIEDE2000 between neighbours among the classes of doctors


def tokens(theme):
    """Return name -> colour, as the style sheet has them in a theme."""
    light, dark = re.findall(r":root \{(.*?)\}", SHEET, re.DOTALL)
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light))
    return found if theme == "light" else found | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", dark))


@pytest.fixture(params=["light", "dark"])
def colours(request):
    return tokens(request.param)


def contrast(one, other):
    return Color(one).contrast(other, method="wcag21")


def difference(one, other, sight):
    pair = [Color(each).filter(sight) if sight else Color(each) for each in (one, other)]
    return pair[0].delta_e(pair[1], method="2000")


def test_both_themes_name_the_same_colours():
    light, dark = re.findall(r":root \{(.*?)\}", SHEET, re.DOTALL)
    assert re.findall(r"--([\w-]+):", light) == re.findall(r"--([\w-]+):", dark)


def test_words_can_be_read_on_every_ground(colours):
    low = {
        (word, ground): round(contrast(colours[word], colours[ground]), 2)
        for word, ground in itertools.product(WORDS, GROUNDS)
        if contrast(colours[word], colours[ground]) < READ
    }
    assert not low
    assert contrast(colours["bg"], colours["accent"]) >= READ, "the main button"
    assert min(contrast(colours["text"], colours[one]) for one in ("chip", "changed")) >= READ


def test_words_of_state_can_be_read_on_their_fill(colours):
    assert not [one for one in STATES if contrast(colours[one], colours[f"{one}-bg"]) < READ]


def test_numbers_inside_a_class_of_doctors_can_be_read(colours):
    assert not [one for one in range(6) if contrast(colours[f"on-d{one}"], colours[f"d{one}"]) < READ]


def test_outlines_fields_and_lines_of_charts_stand_out(colours):
    assert min(contrast(colours["line2"], colours[ground]) for ground in GROUNDS) >= SHAPE
    assert min(contrast(colours[f"series{number}"], colours["bg"]) for number in range(1, 5)) >= SHAPE


@pytest.mark.parametrize("sight", SIGHTS)
def test_neighbouring_classes_of_doctors_differ_in_every_sight(colours, sight):
    pairs = itertools.pairwise(colours[f"d{number}"] for number in range(6))
    assert min(difference(one, other, sight) for one, other in pairs) >= APART


@pytest.mark.parametrize("sight", SIGHTS)
def test_the_lines_of_a_chart_differ_in_every_sight(colours, sight):
    pairs = itertools.combinations([colours[f"series{number}"] for number in range(1, 5)], 2)
    assert min(difference(one, other, sight) for one, other in pairs) >= APART


def test_no_colour_stands_in_the_style_sheet_beside_the_tokens():
    rules = re.sub(r":root \{.*?\}", "", SHEET, flags=re.DOTALL)
    rules = re.sub(r"\.qr \{.*?\}", "", rules)  # what a camera reads is black on white in every theme
    on_screen = rules[: rules.index("@media print")] + rules[rules.index("/* home */") :]
    assert not re.findall(r"#[0-9a-f]{3,6}\b", on_screen)
