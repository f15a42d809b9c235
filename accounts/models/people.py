"""People: log-ins, residents, staff, and the tokens of programs that act for them.

These tables exist in every municipality's schema. In schema public only User is used: there it is the joint
operator's log-in.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class UserManager(BaseUserManager["User"]):
    """Create log-ins by mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a log-in; ``password=None`` means it can only use mail codes or a passkey."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a log-in by mail address, whatever the case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A log-in. Who the person is stands in Resident or Staff."""

    email = models.EmailField(max_length=254, unique=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(name="user_email_lower_case", condition=Q(email=Lower("email")))
        ]

    def __str__(self) -> str:
        return f"user {self.pk}"

    # The three names below are asked for by django.contrib.auth's backend; roles are in Staff.role.
    is_staff = False
    is_superuser = False

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django permissions are not used: roles decide (accounts.roles)."""
        return False


class Resident(models.Model):
    """Someone who uses rooms: with a log-in, or entered by staff for a phone booking (no log-in)."""

    user = models.OneToOneField(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="resident"
    )
    name = models.CharField(max_length=100)
    name_kana = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    # A key of the rules' applicant classes; empty, or unknown to the rules of a hall: their usual class.
    applicant_class = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=2, default="ja")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(name="resident_has_name", condition=~Q(name=""))]

    def __str__(self) -> str:
        return f"resident {self.pk}"


class Staff(models.Model):
    """A member of staff: hall manager (会館管理人) or municipality admin (所管課)."""

    class Role(models.TextChoices):
        MANAGER = "manager", "会館管理人"
        ADMIN = "admin", "自治体管理者"

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="staff")
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=10, choices=Role.choices)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(name="staff_has_name", condition=~Q(name=""))]

    def __str__(self) -> str:
        return f"staff {self.pk}"


class ApiToken(models.Model):
    """A program's key to the API, acting as one user of one municipality. Only its hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"token {self.pk}"
