"""Every address: Vietnamese without marks, readable aloud."""

from __future__ import annotations

from django.urls import include, path

from tramyte.web import signing
from tramyte.web.views import home, language, stations

urlpatterns = [
    path("", home.root, name="root"),
    path("tong-quan/", home.home, name="home"),
    path("tram/", stations.stations, name="stations"),
    path("ngon-ngu/", language.language, name="language"),
    path("tai-khoan/", include(signing.addresses)),
]

handler403 = "tramyte.web.views.errors.forbidden"
handler404 = "tramyte.web.views.errors.not_found"
handler500 = "tramyte.web.views.errors.broken"
