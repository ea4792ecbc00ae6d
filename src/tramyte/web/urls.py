"""Every address: Vietnamese without marks, readable aloud."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("tai-khoan/", include("allauth.urls"))]
