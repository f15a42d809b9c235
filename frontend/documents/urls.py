"""Addresses of papers: whether one is true (for everybody), and a resident's own."""

from __future__ import annotations

from django.urls import path

from frontend.documents import views

urlpatterns = [
    path("verify/permit/<str:token>/", views.verify_permit, name="verify-permit"),
    path("my/r/<uuid:ref>/permit.pdf", views.my_permit, name="permit"),
]
