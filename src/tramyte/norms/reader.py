"""The one reader of the law. A question is always asked on a date; outside the dates there is no answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

from tramyte.domain.errors import NormMissing


@dataclass(frozen=True)
class Norm:
    """
    One rule of the law as it stood on a day.

    id         : name@start, what every computed result cites
    value      : number, text, list or mapping, read-only
    unit       : of measure, by language
    confidence : H read and consistent, M one weak source, L unverified: a parameter
    draft      : the act has not been issued yet
    """

    id: str
    name: str
    title: Mapping[str, str]
    unit: Mapping[str, str]
    value: Any
    source: str
    article: str
    confidence: str
    draft: bool
    start: date
    end: date | None
    note: str

    def __repr__(self) -> str:
        return f"<Norm {self.id}: {self.source}, {self.article}, confidence {self.confidence}>"


def norm(name: str, *, on: date) -> Norm:
    """
    Return the norm `name` in force on the day.

    raises : NormMissing, no value is in force then, or nobody knows the name

    >>> norm("doctors_per_station", on=date(2026, 1, 8)).value["min"]
    4
    """
    rows = _load(name) if name in names() else ()
    for row in rows:
        if row.start <= on and (row.end is None or on < row.end):
            return row
    raise NormMissing(name, on, spans=[(row.start, row.end) for row in rows])


def every(name: str) -> tuple[Norm, ...]:
    """Return a norm as it stood in every span, in the order of the days. raises: KeyError, unknown name."""
    if name not in names():
        raise KeyError(name)
    return _load(name)


@cache
def names() -> tuple[str, ...]:
    """Return the names of all norms, sorted."""
    files = resources.files("tramyte.norms").joinpath("law").iterdir()
    return tuple(sorted(file.name.removesuffix(".yaml") for file in files if file.name.endswith(".yaml")))


@cache
def _load(name: str) -> tuple[Norm, ...]:
    text = resources.files("tramyte.norms").joinpath("law", f"{name}.yaml").read_text("utf-8")
    head = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both loaders are safe
    return tuple(
        Norm(
            id=f"{name}@{row['start'].isoformat()}",
            name=name,
            title=_frozen(head["title"]),
            unit=_frozen(head["unit"]),
            value=_frozen(row["value"]),
            source=row["source"],
            article=row["article"],
            confidence=row["confidence"],
            draft=row["draft"],
            start=row["start"],
            end=row["end"],
            note=row["note"],
        )
        for row in head["values"]
    )


def _frozen(value: Any) -> Any:
    """Return the value, unable to be changed by a caller."""
    if isinstance(value, dict):
        return MappingProxyType({key: _frozen(item) for key, item in value.items()})
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    return value
