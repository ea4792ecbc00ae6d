"""Words, numbers and days in templates, in the language of the page: sentences stand in messages.csv alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast
from urllib.parse import urlencode

from django import template
from django.utils import timezone

from tramyte.domain.messages import Lang
from tramyte.domain.messages import say as sentence
from tramyte.need.numbers import number as written

register = template.Library()


def _lang(context: Mapping[str, Any]) -> Lang:
    return cast("Lang", context.get("lang") or "vi")


@register.simple_tag(takes_context=True)
def say(context: Mapping[str, Any], code: str, **fields: Any) -> str:
    """Return a sentence; numbers in it are written as the language does."""
    lang = _lang(context)
    worded = {
        name: written(value, lang) if isinstance(value, int | float) and not isinstance(value, bool) else value
        for name, value in fields.items()
    }
    return sentence(code, lang, **worded)


@register.simple_tag(takes_context=True)
def number(context: Mapping[str, Any], value: float | None) -> str:
    """Return a number as the language writes it; what is not known is a dash."""
    return "—" if value is None else written(value, _lang(context))


@register.simple_tag(takes_context=True)
def day(context: Mapping[str, Any], value: date | None) -> str:
    """Return a day as the language writes it."""
    return "—" if value is None else f"{value:%d/%m/%Y}" if _lang(context) == "vi" else value.isoformat()


@register.simple_tag(takes_context=True)
def moment(context: Mapping[str, Any], value: datetime | None) -> str:
    """Return a day and time of day in Vietnam as the language writes it."""
    if value is None:
        return "—"
    there = timezone.localtime(value)
    return f"{there:%d/%m/%Y %H:%M}" if _lang(context) == "vi" else f"{there:%Y-%m-%d %H:%M}"


@register.simple_tag(takes_context=True)
def link(context: Mapping[str, Any], address: str, **changes: Any) -> str:
    """Return an address with the state of this page in it, some of it changed; None takes a part out."""
    scope = context.get("scope")
    state = dict(scope.state()) if scope else {}
    state |= {name.replace("_", "-"): value for name, value in changes.items()}
    query = urlencode([(name, value) for name, value in state.items() if value not in (None, "")])
    return f"{address}?{query}" if query else address
