"""Settings of one installation; everything that differs between machines comes from the environment.

The table of variables is in docs/running.md.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import dj_database_url

from config import environment
from config.content_security import CONTENT_SECURITY_POLICY  # noqa: F401 (read by django-csp)
from config.logs import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("MACHINOMA_DATA") or BASE_DIR / ".data").resolve()
PORT = environment.number("PORT", default=8000)

DEBUG = environment.flag("DEBUG", default=False)
HTTPS = environment.flag("HTTPS", default=not DEBUG)
SECRET_KEY = environment.secret("SECRET_KEY", fallback_file=DATA / "secret-key")

# The catalogue of municipalities decides which hosts exist (tenants.middleware); an unknown one gets a clear page.
ALLOWED_HOSTS = ["*"]
PUBLIC_HOST = os.environ.get("PUBLIC_HOST", "localhost")
UNKNOWN_HOST_VIEW = "frontend.views.errors.unknown_host"
CLOSED_MUNICIPALITY_VIEW = "frontend.views.errors.closed_municipality"

SHARED_APPS = [
    "django_tenants",
    "tenants",
    "procrastinate.contrib.django",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.messages",
    "django.forms",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "csp",
    "frontend",
]
TENANT_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "accounts",
    "allauth.account",
    "allauth.mfa",
    "facilities",
    "locks",
    "payments",
    "booking",
]
if environment.flag("DEMO", default=False):
    SHARED_APPS.append("config.demo")  # seed_demo makes log-ins that everybody knows: never in production
INSTALLED_APPS = [*SHARED_APPS, *(app for app in TENANT_APPS if app not in SHARED_APPS)]

TENANT_MODEL = "tenants.Municipality"
TENANT_DOMAIN_MODEL = "tenants.Domain"
PUBLIC_SCHEMA_URLCONF = "config.urls_public"
ROOT_URLCONF = "config.urls_municipality"
DATABASE_ROUTERS = ("django_tenants.routers.TenantSyncRouter",)
# What a new municipality gets inside its schema, in this order (tenants.services.create_municipality).
MUNICIPALITY_SEEDERS = ["facilities.onboarding.seed_facilities"]

MIDDLEWARE = [
    # First: a style sheet belongs to no municipality, and the page for an unknown host needs one too.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenants.middleware.MunicipalityMiddleware",
    "frontend.middleware.RequestLogMiddleware",
    "frontend.middleware.BodyLimitMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "frontend.middleware.RefusalMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "frontend" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "frontend.context.municipality",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

WSGI_APPLICATION = "config.wsgi.application"

DATABASES = {
    "default": {
        **dj_database_url.parse(
            environment.database_url(DATA),
            engine="tenants.postgresql",
            conn_max_age=environment.number("DATABASE_CONN_MAX_AGE", default=1800),
            conn_health_checks=False,
        ),
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# One key function for every alias: a cache entry belongs to the municipality that wrote it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "KEY_FUNCTION": "django_tenants.cache.make_key",
        "REVERSE_KEY_FUNCTION": "django_tenants.cache.reverse_key",
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "frontend.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "frontend.accounts.forms.ResidentSignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
MFA_SUPPORTED_TYPES = ["webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or not HTTPS

# Host-only cookies: no domain is ever set, so no browser carries one municipality's cookie to another.
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_FAILURE_VIEW = "frontend.views.errors.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
MOST_BODY_BYTES = 2_000_000  # a rules file is the largest thing most pages take
MOST_LIST_BYTES = 5_500_000  # a list of facilities (5 MB) with the form around it

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "frontend" / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [BASE_DIR / "frontend" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 60 * 60 * 24 * 7

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("SMTP_HOST", "localhost")
EMAIL_PORT = environment.number("SMTP_PORT", default=25)
EMAIL_HOST_USER = os.environ.get("SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("SMTP_PASSWORD", "")
EMAIL_USE_TLS = environment.flag("SMTP_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM", "まちの間 <no-reply@localhost>")

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "frontend.api.authentication.TokenAuthentication",
        "frontend.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["frontend.api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["frontend.api.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": None,
    "EXCEPTION_HANDLER": "frontend.api.problems.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Machinoma",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # Choices are said where they are used: the same word (``state``, ``kind``) has others elsewhere.
    "POSTPROCESSING_HOOKS": [],
    "DESCRIPTION": "Halls, free times, holds and reservations of one municipality. See docs/api.md.",
}

# Requests a minute, per caller and process; 0: no limit (reads are cheap and may be limited by the proxy).
API_READS_PER_MINUTE = environment.number("API_READS_PER_MINUTE", default=0)
API_WRITES_PER_MINUTE = environment.number("API_WRITES_PER_MINUTE", default=600)

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
# Whatever people must be told: this job (frontend.jobs) finds who gets it and writes it (accounts.notices.telling).
NOTICE_JOB = "frontend.tell"
NOTICE_SEND_JOB = "frontend.send_notice"
# The texts the product came with: one folder a language, one file a kind.
NOTICE_TEXTS = BASE_DIR / "frontend" / "templates" / "mails"
# After so many months the text of a notice is deleted; that it was sent stays.
NOTICE_KEEP_MONTHS = environment.number("NOTICE_KEEP_MONTHS", default=12)
# LINE's Messaging API; the demo and the tests put the fake of accounts.channels.fakes in its place.
LINE_API_URL = os.environ.get("LINE_API_URL", "https://api.line.me")
LINE_FRIEND_URL = os.environ.get("LINE_FRIEND_URL", "https://line.me/R/ti/p")

# Stripe: the platform's secret key, the signing secrets of its webhook endpoint (comma-separated while one replaces
# another), and how many calls a second an account is asked at most. The demo and the tests put a fake in its place.
STRIPE_API_URL = os.environ.get("STRIPE_API_URL", "https://api.stripe.com")
STRIPE_API_KEY = os.environ.get("STRIPE_API_KEY", "")
STRIPE_WEBHOOK_SECRETS = environment.words("STRIPE_WEBHOOK_SECRET")
STRIPE_CALLS_PER_SECOND = environment.number("STRIPE_CALLS_PER_SECOND", default=20)
# What payments tells the rest of the house: this job hears of a charge that is fully paid (booking.jobs).
CHARGE_SETTLED_JOB = "booking.charge_settled"
# And this one of a refund that went a step its payer should hear of.
REFUND_NEWS_JOB = "booking.refund_news"

# The worker brings the permit (使用許可書) of a reservation to the state the rules want.
PERMIT_JOB = "frontend.settle_permit"
# What papers about money say of what a charge is for; payments knows an opaque subject only.
CHARGE_FACTS = "booking.charge_facts"
# A folder of the municipality's own fonts for documents on paper; empty: the ones that come along suffice.
DOCUMENT_FONTS = os.environ.get("DOCUMENT_FONTS", "")

# Secrets at rest (door codes): the key that wraps each municipality's key. Defaults to one derived from SECRET_KEY.
MASTER_KEY = os.environ.get("MASTER_KEY", "")

LOGGING = logging_settings(json=not DEBUG)
