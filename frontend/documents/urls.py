"""Addresses of papers: whether one is true (for everybody), and a resident's own."""

from __future__ import annotations

from django.urls import path

from frontend.documents import money_views, views

urlpatterns = [
    path("verify/permit/<str:token>/", views.verify_permit, name="verify-permit"),
    path("verify/paper/<str:token>/", money_views.verify_paper, name="verify-paper"),
    path("my/r/<uuid:ref>/permit.pdf", views.my_permit, name="permit"),
    path("my/pay/slip/", money_views.pay_slip, name="pay-slip"),
    path("my/r/<uuid:ref>/papers/", money_views.my_papers, name="my-papers"),
    path("my/r/<uuid:ref>/papers/<str:token>.pdf", money_views.my_paper, name="my-paper"),
]
