"""What stands around every page: the rail, where one is, and icons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tramyte.web.assets import CURE, icons
from tramyte.web.models import Province
from tramyte.web.permissions import grants
from tramyte.web.roles import ROLES, Permission
from tramyte.web.views.sections import Entry, entries

register = template.Library()


@register.simple_tag(takes_context=True)
def rail(context: Mapping[str, Any]) -> list[Entry]:
    """Return the entries that whoever looks may open; of a page without an account (an error), none."""
    may: set[Permission] = set()
    for one in _grants(context):
        may |= ROLES[one.role].may
    return entries(may)


@register.simple_tag(takes_context=True)
def provinces(context: Mapping[str, Any]) -> QuerySet[Province]:
    """Return the provinces that whoever looks may choose from; asked of the database only by pages that show them."""
    roots = {one.path[:2] for one in _grants(context) if Permission.SEE_PLACES in ROLES[one.role].may}
    known = Province.objects.order_by("code")
    return known if "" in roots else known.filter(code__in=roots)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return an icon of the sprite; the word beside it says the same. Raises ImproperlyConfigured for one not in it."""
    if name not in icons():
        raise ImproperlyConfigured(f"There is no icon {name} in the sprite. {CURE}")
    address = static("built/icons.svg")
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', address, name)


def _grants(context: Mapping[str, Any]) -> list[Any]:
    """Return the grants in force of whoever looks: read once a page."""
    request = context.get("request")
    if request is None or not hasattr(request, "user"):
        return []
    if not hasattr(request, "shell_grants"):
        request.shell_grants = grants(request.user, on=timezone.localdate())
    return list(request.shell_grants)
