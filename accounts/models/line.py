"""LINE: the municipality's official account, and who of its friends is which resident."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models.people import Resident, Staff


class LineAccount(models.Model):
    """The municipality's LINE official account (Messaging API channel). One row at most.

    Token and secret are kept encrypted (tenants.sealing). ``name`` and ``basic_id`` are what LINE says of the token;
    ``problem`` is why LINE does not take it.
    """

    token_enc = models.BinaryField(default=b"")
    secret_enc = models.BinaryField(default=b"")
    is_active = models.BooleanField(default=False)
    name = models.CharField(max_length=100, blank=True)
    basic_id = models.CharField(max_length=100, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    checked_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="lineaccount_only_one", condition=Q(id=1))]

    def __str__(self) -> str:
        return "LINE account"


class LineFriend(models.Model):
    """Somebody who added the official account as a friend; ``resident`` once they showed who they are.

    ``follows`` false: they blocked the account or took it off; nothing is sent until they come back.
    """

    user_id = models.CharField(max_length=64, unique=True)
    follows = models.BooleanField(default=True)
    since = models.DateTimeField()
    resident = models.OneToOneField(
        Resident, null=True, on_delete=models.SET_NULL, related_name="line_friend"
    )
    linked_at = models.DateTimeField(null=True)
    # Wrong numbers typed into the chat lately, so that nobody guesses somebody else's.
    misses = models.PositiveSmallIntegerField(default=0)
    missed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"LINE friend {self.pk}"


class LineCode(models.Model):
    """A number that a resident types into the chat to show who they are. Only its hash is kept; it counts once."""

    resident = models.OneToOneField(Resident, on_delete=models.CASCADE, related_name="line_code")
    code_hash = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="linecode_once", fields=["code_hash"])]

    def __str__(self) -> str:
        return f"LINE code of {self.resident_id}"
