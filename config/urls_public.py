"""Addresses on the joint operator's host."""

from __future__ import annotations

from django.urls import include, path

from frontend.operator.views import front
from frontend.views.health import healthz
from frontend.views.stripe_webhook import stripe_webhook

urlpatterns = [
    path("", front, name="front"),
    path("operator/", include("frontend.operator.urls")),
    path("healthz", healthz, name="healthz"),
    path("stripe/webhook/", stripe_webhook, name="stripe-webhook"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("account/", include("allauth.account.urls")),
]
handler400 = "frontend.views.errors.bad_request"
handler404 = "frontend.views.errors.not_found"
handler500 = "frontend.views.errors.server_error"
