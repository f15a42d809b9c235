"""That a refund went a step its payer should hear of travels up as a job: payments does not know whom to tell."""

from __future__ import annotations

from django.conf import settings

from payments.models import Charge, Refund
from tenants.jobs import enqueue


def news_of(refund: Refund) -> None:
    """Let whoever knows the payer tell of a refund as it is then, in the caller's transaction."""
    subject = Charge.objects.values_list("subject", flat=True).get(pk=refund.charge_id)
    enqueue(settings.REFUND_NEWS_JOB, subject=str(subject))


def decided_nothing(charge_id: int) -> None:
    """Let whoever knows the payer tell that nothing comes back, in the caller's transaction."""
    subject = Charge.objects.values_list("subject", flat=True).get(pk=charge_id)
    enqueue(settings.REFUND_NEWS_JOB, subject=str(subject))
