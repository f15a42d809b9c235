"""The measured view with the product's tenancy, and nothing else of it."""

from __future__ import annotations

from config.settings import *  # noqa: F403

SHARED_APPS = ["django_tenants", "tenants", "django.contrib.contenttypes", "django.contrib.auth", "accounts"]
TENANT_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "accounts", "facilities"]
INSTALLED_APPS = [*SHARED_APPS, "facilities"]
MIDDLEWARE = ["tenants.middleware.MunicipalityMiddleware"]
ROOT_URLCONF = "bench.tenancy.urls"
