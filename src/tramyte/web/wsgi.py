"""The entry point of a web server."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tramyte.web.settings")
application = get_wsgi_application()

from tramyte.web.memory import MEMORY  # noqa: E402  models are ready only now

MEMORY.is_on = True
