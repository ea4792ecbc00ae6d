"""Every address: Vietnamese without marks, readable aloud."""

from __future__ import annotations

from django.urls import include, path, re_path

from tramyte.web import signing
from tramyte.web.api import entry
from tramyte.web.views import audit, home, imports, language, runs, stations

urlpatterns = [
    path("", home.root, name="root"),
    path("tong-quan/", home.home, name="home"),
    path("tram/", stations.stations, name="stations"),
    path("ngon-ngu/", language.language, name="language"),
    path("tai-khoan/", include(signing.addresses)),
    path("nhat-ky/", audit.log, name="audit"),
    path("nhat-ky/kiem-tra/", audit.check, name="audit-check"),
    path("nhat-ky/<int:number>/", audit.event, name="event"),
    path("nhap/", imports.imports, name="imports"),
    path("nhap/<uuid:number>/", imports.one, name="import"),
    path("nhap/<uuid:number>/thay-doi/", imports.changes, name="import-changes"),
    path("nhap/<uuid:number>/tep/", imports.file, name="import-file"),
    path("nhap/<uuid:number>/hoan-lai/", imports.undo, name="import-undo"),
    path("nhap/<uuid:number>/<slug:what>/", imports.act, name="import-act"),
    path("viec-chay/<uuid:number>/", runs.run, name="run"),
    path("viec-chay/<uuid:number>/dung/", runs.cancel, name="run-cancel"),
    path("api/v1/", entry.urls),
    re_path(r"^api/(?P<rest>.*)$", entry.unknown),
]

handler403 = "tramyte.web.views.errors.forbidden"
handler404 = "tramyte.web.views.errors.not_found"
handler500 = "tramyte.web.views.errors.broken"
