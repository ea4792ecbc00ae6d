"""What went wrong in a form of django-allauth, in our words: Django would say it in the browser's language."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import Form

from tramyte.domain.messages import messages
from tramyte.web.templatetags.words import say

register = template.Library()


@register.simple_tag(takes_context=True)
def wrongs(context: Any, form: Form | None) -> list[dict[str, str]]:
    """Return field and sentence of everything that is wrong in a form."""
    if form is None:
        return []
    found = []
    for field, errors in form.errors.as_data().items():
        for error in errors:
            code = f"UI_wrong_{error.code or ''}"
            known = code if code in messages() else f"UI_wrong_{field}"
            if known not in messages():
                known = "UI_wrong_other"
            found.append({"field": "" if field == "__all__" else f"id_{field}", "words": say(context, known)})
    return found


@register.filter
def get(typed: Any, name: str) -> str:
    """Return what was typed into a field whose name is no word of a template: {{ typed|get:"vai-tro" }}."""
    return str(typed.get(name, ""))
