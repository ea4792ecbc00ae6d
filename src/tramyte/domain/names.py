"""Vietnamese names: sorting by given name in Vietnamese order, and searching with or without marks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng
SHAPES = "\u0306\u0302\u031b"  # breve, circumflex, horn: they make another letter


def sort_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """
    Return a key that sorts as a Vietnamese dictionary does: letters first, then tones; numbers by value.

    >>> sorted(["Đông", "Dung", "Ăn", "Ba", "Ánh", "Âu", "An"], key=sort_key)
    ['An', 'Ánh', 'Ăn', 'Âu', 'Ba', 'Dung', 'Đông']
    """
    letters: list[int] = []
    tones: list[int] = []
    for part in re.findall(r"\d+|\D", unicodedata.normalize("NFC", text.casefold())):
        letter, tone = (100 + int(part), 0) if part.isdecimal() else _weights(part)
        letters.append(letter)
        tones.append(tone)
    return tuple(letters), tuple(tones)


@lru_cache(maxsize=1000)  # letters of Vietnamese, many times
def _weights(part: str) -> tuple[int, int]:
    """Return the places of a letter and of its tone in their orders; 0: it has none."""
    marks = unicodedata.normalize("NFD", part)
    letter = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in TONES))
    tone = next((TONES.index(mark) + 1 for mark in marks if mark in TONES), 0)
    return LETTERS.index(letter) + 1 if letter in LETTERS else 0, tone


def search_key(text: str) -> str:
    """
    Return the text without marks, in small letters, single spaces: `Hòa`, `Hoà` and `hoa` are one.

    >>> search_key("  Đồng   Tiến ")
    'dong tien'
    """
    plain = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())


def person_key(family_names: str, given_name: str) -> tuple[object, ...]:
    """Return the key of a person in a list: given name, then family names, as Vietnamese lists run."""
    return sort_key(given_name), sort_key(family_names)
