"""The measured view without tenancy: plain Django, one schema, the same tables."""

from __future__ import annotations

import os

from config.settings import *  # noqa: F403

INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "accounts", "facilities"]
DATABASE_ROUTERS = ()
DATABASES["default"] |= {  # noqa: F405
    "ENGINE": "django.db.backends.postgresql",
    "OPTIONS": DATABASES["default"].get("OPTIONS", {})  # noqa: F405
    | {"options": f"-c search_path={os.environ['BENCH_SCHEMA']}"},
}
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "bench.tenancy.urls"
