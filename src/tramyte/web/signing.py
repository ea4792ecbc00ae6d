"""How one signs in: accounts are opened by an administrator, never by oneself."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """What django-allauth asks of us."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return whether strangers may open an account: never."""
        return False
