"""Every sentence a user can meet, by code, in Vietnamese and English: `messages.csv` is the only place they stand."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from typing import Literal

Lang = Literal["vi", "en"]


@cache
def messages() -> dict[str, dict[str, str]]:
    """Return code -> {lang: template}."""
    text = (resources.files("tramyte.domain") / "messages.csv").read_text("utf-8")
    return {row["code"]: {"en": row["en"], "vi": row["vi"]} for row in csv.DictReader(text.splitlines())}


def say(code: str, lang: Lang, **fields: object) -> str:
    """
    Return the sentence of `code` in `lang`, its {fields} filled in.

    raises : KeyError, the code or a field is unknown: a bug, never a user's mistake
    """
    return messages()[code][lang].format(**fields)
