"""Numbers as each language writes them."""

from __future__ import annotations

from tramyte.domain.messages import Lang


def number(value: float, lang: Lang) -> str:
    """
    Return the number with at most two decimals, as the language writes it.

    >>> number(15700, "vi"), number(9.6, "vi"), number(15700.25, "en")
    ('15.700', '9,6', '15,700.25')
    """
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text
