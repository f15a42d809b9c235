"""Municipalities, their hosts and their accounts at providers: the only tables of the product in schema public."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django_tenants.models import DomainMixin, TenantMixin


class Municipality(TenantMixin):  # type: ignore[misc]
    """One municipality: one schema, one or more hosts."""

    class Status(models.TextChoices):
        ACTIVE = "active", "運用中"
        CLOSED = "closed", "終了"

    lg_code = models.CharField(max_length=6, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    time_zone = models.CharField(max_length=40, default="Asia/Tokyo")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    created_at = models.DateTimeField()

    # A schema is made from the SQL template (tenants.provisioning), never by save().
    auto_create_schema = False
    auto_drop_schema = False

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="municipality_lg_code_six_digits", condition=Q(lg_code__regex=r"^[0-9]{6}$")
            ),
            models.CheckConstraint(
                name="municipality_schema_from_code",
                condition=Q(schema_name="public") | Q(schema_name__regex=r"^m[0-9]{6}$"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SchemaTemplate(models.Model):
    """The SQL that makes a municipality's schema, derived from the template schema (tenants.template)."""

    # Which migrations the template had when the SQL was derived.
    state = models.CharField(max_length=32, unique=True)
    sql = models.TextField()

    def __str__(self) -> str:
        return self.state


class Domain(DomainMixin):  # type: ignore[misc]
    """A host name that leads to a municipality. Lower case, without port."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="domain_is_a_host", condition=Q(domain__regex=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$")
            ),
        ]


class ProviderAccount(models.Model):
    """To which municipality an account at a payment provider belongs: news of it arrive at one address for all.

    An account belongs to one municipality for good.
    """

    provider = models.CharField(max_length=20)
    account = models.CharField(max_length=64)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="provider_accounts")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "account"], name="provideraccount_once"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.account}"
