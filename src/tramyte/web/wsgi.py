"""The entry point of a web server."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tramyte.web.settings")
application = get_wsgi_application()

from tramyte.web.memory import MEMORY  # noqa: E402  models are ready only now

MEMORY.is_on = True

# Problems and plans stay in memory, some million objects: to look through them all for cycles takes a third of a second
# in the middle of a page. What is there now is never looked at again; new things far less often.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 5, 100)
