"""Settings for the tests: the same product, with an outbox instead of a mail server and cheap password hashes."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from config.demo.postgres import ensure_postgres

_DATA = Path(
    os.environ.get("MACHINOMA_TEST_DATA") or Path(tempfile.gettempdir()) / f"machinoma-test-{os.getuid()}"
)
os.environ["MACHINOMA_DATA"] = str(_DATA)
os.environ.setdefault("SECRET_KEY", "tests-only-" + "k" * 50)
os.environ.setdefault("HTTPS", "0")
os.environ["DEBUG"] = "0"
if not os.environ.get("DATABASE_URL"):
    os.environ["DATABASE_URL"] = ensure_postgres(_DATA, throwaway=True)

from config.settings import *  # noqa: E402, F403

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
