"""What a municipality writes down for slips: where they are paid, and how its bank's list is written."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from payments.models import PaidListFormat, Payee, SlipTerms
from payments.slips.errors import BadColumns, PaidListNotFound
from payments.slips.reading import NEEDED


@transaction.atomic
def save_slip_terms(*, payee_id: int, pay_at: str, note: str) -> None:
    """Keep where slips of a payee are paid (納入場所) and a note on them; an empty place: it has no slips.

    Raises PaidListNotFound (no such payee).
    """
    if not Payee.objects.filter(pk=payee_id).exists():
        raise PaidListNotFound
    if not pay_at.strip():
        SlipTerms.objects.filter(payee_id=payee_id).delete()
        return
    said = {"pay_at": pay_at.strip()[:300], "note": note.strip()[:300]}
    SlipTerms.objects.update_or_create(payee_id=payee_id, defaults=said)


@transaction.atomic
def save_list_format(
    *, format_id: int | None, name: str, encoding: str, heading_lines: int, columns: Mapping[str, str]
) -> PaidListFormat:
    """Keep how a bank's list is written. Raises BadColumns (a needed one is missing, or the name is taken) and
    PaidListNotFound."""
    if any(not columns.get(one, "").strip() for one in NEEDED):
        raise BadColumns(line=1)
    form = PaidListFormat() if format_id is None else list_format_of(format_id)
    form.name, form.encoding, form.heading_lines = name.strip()[:60], encoding, heading_lines
    form.columns = {key: said.strip()[:60] for key, said in columns.items() if said.strip()}
    if PaidListFormat.objects.exclude(pk=form.pk).filter(name=form.name).exists():
        raise BadColumns(line=0)
    form.save()
    return form


def list_format_of(format_id: int) -> PaidListFormat:
    """Return a format. Raises PaidListNotFound."""
    found = PaidListFormat.objects.filter(pk=format_id).first()
    if found is None:
        raise PaidListNotFound
    return found
