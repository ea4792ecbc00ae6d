"""What a province set for itself, from a day on, where the law leaves room: readings, and figures nobody verified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from tramyte.domain.week import in_force
from tramyte.norms.reader import Norm, norm

READINGS = "readings"  # a norm with this part can be read in several ways: the choices stand in the norm itself
CERTAIN = "H"


@dataclass(frozen=True)
class Change:
    """
    One value of a norm that a province set.

    part   : way down to it in the norm's value: "readings.step", "category.doctor.0.amount"
    value  : None: as the law has it again
    source : paper, or reason
    """

    name: str
    part: str
    value: Any
    start: date
    end: date | None = None
    source: str = ""


@dataclass(frozen=True)
class Law:
    """The norms as one province reads them; without changes, as they stand. Handed to whoever computes: no global."""

    changes: tuple[Change, ...] = ()

    def norm(self, name: str, *, on: date) -> Norm:
        """Return the norm in force on the day, with what the province set; its id tells. raises: NormMissing."""
        found = norm(name, on=on)
        mine = sorted(
            (one for one in self.changes if one.name == name and in_force(one, on)), key=lambda one: one.start
        )
        last = {one.part: one for one in mine}
        own = [one for one in last.values() if one.value is not None]
        if not own:
            return found
        value = found.value
        for one in own:
            value = _placed(value, one.part.split("."), one.value)
        sources = "; ".join(dict.fromkeys(one.source for one in own if one.source))
        start = max(one.start for one in own)
        return replace(found, id=f"{found.id}+{start.isoformat()}", value=value, note=f"{sources} · {found.note}")


LAW = Law()


@dataclass(frozen=True)
class Parameter:
    """
    One value that a province may set.

    value   : of the law, or of the law as handed over; a reading not chosen yet has its first choice
    choices : of a reading; empty: a number
    """

    name: str
    part: str
    value: Any
    choices: tuple[str, ...] = ()

    def read(self, text: str) -> Any:
        """
        Return a value that somebody wrote: a choice, or a number with the decimals of either language.

        raises : ValueError, not one of the choices, or no number from 0 on
        """
        text = text.strip()
        if self.choices:
            if text not in self.choices:
                raise ValueError(text)
            return text
        number = float(text.replace(",", "."))
        if not 0 <= number < 1e9:
            raise ValueError(text)
        if isinstance(self.value, int):
            if number != int(number):
                raise ValueError(text)
            return int(number)
        return number


def parameters(name: str, *, on: date, law: Law = LAW) -> tuple[Parameter, ...]:
    """
    Return what a province may set of a norm on the day: its readings; else, where it is not certain, its numbers.

    raises : NormMissing
    """
    found, stands = norm(name, on=on), law.norm(name, on=on)
    if isinstance(found.value, Mapping) and READINGS in found.value:
        return tuple(
            Parameter(name, f"{READINGS}.{key}", stands.value[READINGS][key][0], tuple(choices))
            for key, choices in found.value[READINGS].items()
        )
    if found.confidence == CERTAIN and not _is_open(name, on=on):
        return ()
    return tuple(Parameter(name, ".".join(way), value) for way, value in _numbers(stands.value, ()))


def conflicts(name: str, *, on: date) -> tuple[Mapping[str, Any], ...]:
    """Return the open points that concern a norm: vi, en, handling_vi, handling_en. raises: NormMissing."""
    return tuple(row for row in norm("open_conflicts", on=on).value if name in row["norms"])


def _is_open(name: str, *, on: date) -> bool:
    return bool(conflicts(name, on=on))


def _numbers(value: Any, way: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield the way to each number of a value, and the number."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _numbers(item, (*way, str(key)))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _numbers(item, (*way, str(index)))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield way, value


def _placed(value: Any, way: list[str], new: Any) -> Any:
    """Return a value with one part of it replaced; a choice among readings leaves that one choice."""
    if not way:
        return (new,) if isinstance(value, tuple) else new
    if isinstance(value, tuple):
        index = int(way[0])
        return (*value[:index], _placed(value[index], way[1:], new), *value[index + 1 :])
    key = next(one for one in value if str(one) == way[0])
    return MappingProxyType({**value, key: _placed(value[key], way[1:], new)})
