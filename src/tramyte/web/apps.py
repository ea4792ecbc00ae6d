"""The Django app: its name, and the walls it puts up after every migration."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class Web(AppConfig):
    """`tramyte.web`, known to Django as `web`."""

    name = "tramyte.web"
    label = "web"

    def ready(self) -> None:
        """Put the walls up again after each migration: a table that is rebuilt loses its triggers without a word."""
        from tramyte.web.walls import put_up

        post_migrate.connect(put_up, sender=self)
