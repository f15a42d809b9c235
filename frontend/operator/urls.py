"""Addresses of the joint operator's pages, below /operator/ on the public host."""

from __future__ import annotations

from django.urls import path

from frontend.operator import views

app_name = "operator"
urlpatterns = [
    path("", views.municipalities, name="home"),
    path("municipalities/new/", views.create, name="create"),
    path("municipalities/<str:lg_code>/", views.municipality, name="municipality"),
]
