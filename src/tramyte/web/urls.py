"""Every address: Vietnamese without marks, readable aloud."""

from __future__ import annotations

from django.urls import include, path, re_path

from tramyte.web import signing
from tramyte.web.api import entry
from tramyte.web.views import (
    edit,
    masks,
    me,
    authorities,
    papers,
    people,
    quality,
    accounts,
    audit,
    communes,
    facilities,
    health,
    home,
    imports,
    language,
    need,
    runs,
    search,
    station,
    stations,
)

urlpatterns = [
    path("nguoi/", people.people, name="people"),
    path("nguoi/<str:code>/", people.person, name="person"),
    path("nguoi/<str:code>/mo/<slug:noun>/<int:number>/<slug:field>/", masks.open_field, name="open-field"),
    path("toi/", me.me, name="me"),
    path("sua/hoan-lai/<int:number>/", edit.undo, name="undo-correction"),
    path("sua/<slug:noun>/them/", edit.add, name="add-record"),
    path("sua/<slug:noun>/<int:number>/", edit.correct, name="correct-record"),
    path("sua/<slug:noun>/<int:number>/ket-thuc/", edit.end, name="end-record"),
    path("sua/<slug:noun>/<int:number>/bo/", edit.withdraw, name="withdraw-record"),
    path("", home.root, name="root"),
    path("tong-quan/", home.home, name="home"),
    path("tram/", stations.stations, name="stations"),
    path("tram/<str:code>/", station.station, name="station-by-code"),
    path("tram/<str:code>/<slug:name>/", station.station, name="station"),
    path("tram/<str:code>/<slug:name>/<slug:tab>/", station.station, name="station-tab"),
    path("co-so/", facilities.others, name="facilities"),
    path("co-so/<str:code>/", station.station, name="facility-by-code"),
    path("co-so/<str:code>/<slug:name>/", station.station, name="facility"),
    path("co-so/<str:code>/<slug:name>/<slug:tab>/", station.station, name="facility-tab"),
    path("xa/<str:place>/", communes.commune, name="commune"),
    path("nhu-cau/", need.need, name="need"),
    path("tim/", search.search, name="search"),
    path("ngon-ngu/", language.language, name="language"),
    path("tai-khoan/", include(signing.addresses)),
    path("quan-tri/nguoi-dung/", accounts.people, name="accounts"),
    path("quan-tri/nguoi-dung/<str:username>/", accounts.account, name="account"),
    path("quan-tri/mo-tai-khoan/", accounts.open_account, name="open-account"),
    path("quan-tri/suc-khoe/", health.health, name="health"),
    path("quan-tri/don-vi/", authorities.units, name="authorities"),
    path("quan-tri/don-vi/co-so/", authorities.facilities, name="authority-facilities"),
    path("quan-tri/don-vi/ban-giao/", authorities.hand_over, name="hand-over"),
    path("quan-tri/don-vi/lich-su/", papers.history, name="unit-history"),
    path("quan-tri/don-vi/hoan-lai/<int:number>/", papers.undo, name="unit-undo"),
    path("chat-luong/", quality.kinds, name="quality"),
    path("chat-luong/<slug:kind>/", quality.rows, name="quality-rows"),
    path("song/", health.alive, name="alive"),
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
