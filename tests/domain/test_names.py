"""Sorting and searching Vietnamese names."""

from hypothesis import given
from hypothesis import strategies as st

from tramyte.domain.names import person_key, search_key, sort_key


def in_order(*names):
    mixed = [*names[1:], names[0]]
    return sorted(mixed, key=sort_key) == list(names)


def test_letters_come_before_tones_and_marks_make_letters():
    assert in_order("An", "Ánh", "Ăn", "Âu", "Ba", "Dung", "Đông")


def test_tones_run_flat_grave_hook_tilde_acute_dot():
    assert in_order("ma", "mà", "mả", "mã", "má", "mạ")


def test_numbers_sort_by_value():
    assert in_order("Hà Giang 1", "Hà Giang 2", "Hà Giang 10")


def test_lists_of_people_run_by_given_name_first():
    people = [("Lò Thị", "Hoa"), ("Vàng A", "Ánh"), ("Cà Văn", "Hoa")]
    assert sorted(people, key=lambda row: person_key(*row)) == [people[1], people[2], people[0]]


def test_two_spellings_of_a_tone_are_one_when_searched():
    assert search_key("Hòa") == search_key("Hoà") == search_key(" HOA ") == "hoa"


@given(st.text())
def test_a_search_key_has_no_marks_and_stays_as_it_is(text):
    assert search_key(search_key(text)) == search_key(text)


@given(st.lists(st.text(), min_size=2, max_size=5))
def test_any_texts_can_be_sorted(texts):
    assert len(sorted(texts, key=sort_key)) == len(texts)
