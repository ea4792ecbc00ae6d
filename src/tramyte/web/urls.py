"""Every address: Vietnamese without marks, readable aloud."""

from __future__ import annotations

from django.urls import include, path, re_path

from tramyte.web import signing
from tramyte.web.api import entry
from tramyte.web.views import audit, home, language, stations

urlpatterns = [
    path("", home.root, name="root"),
    path("tong-quan/", home.home, name="home"),
    path("tram/", stations.stations, name="stations"),
    path("ngon-ngu/", language.language, name="language"),
    path("tai-khoan/", include(signing.addresses)),
    path("nhat-ky/", audit.log, name="audit"),
    path("nhat-ky/kiem-tra/", audit.check, name="audit-check"),
    path("nhat-ky/<int:number>/", audit.event, name="event"),
    path("api/v1/", entry.urls),
    re_path(r"^api/(?P<rest>.*)$", entry.unknown),
]

handler403 = "tramyte.web.views.errors.forbidden"
handler404 = "tramyte.web.views.errors.not_found"
handler500 = "tramyte.web.views.errors.broken"
