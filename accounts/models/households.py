"""Households (世帯): residents who live together, as far as a limit of the rules counts them together."""

from __future__ import annotations

from django.db import models

from accounts.models.people import Resident, Staff


class Household(models.Model):
    """People who count as one. It has no name and no address: only who belongs together."""

    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number people read to each other, e.g. ``S-00012``. Opens nothing by itself."""
        return f"S-{self.pk:05d}"


class HouseholdMember(models.Model):
    """A resident belongs to a household; to one at most. Linked by staff."""

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="members")
    resident = models.OneToOneField(Resident, on_delete=models.CASCADE, related_name="household_member")
    linked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.household_id} {self.resident_id}"
