"""Slips as a file for somebody else: eL-QR by the accounting system's operator, a printing office, a konbini agent.

Which columns such a file has differs from operator to operator (収納機関番号, 納付区分, 確認番号, 案件特定キー …), so a
municipality writes them down itself: a heading, and what is in it, or a text that is always the same.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction

from payments.models import Paper, SlipExportFormat
from payments.papers.issuing import Kind, truth_of
from payments.slips.errors import BadColumns, PaidListNotFound
from payments.years import today_at
from tenants.context import current_zone

# What can be in a column, and how forms call it.
SOURCES: Mapping[str, str] = {
    "number": "納付書番号",
    "digits": "納付書番号（数字だけ）",
    "serial": "番号",
    "fiscal_year": "年度",
    "yen": "金額",
    "due_on": "納期限",
    "due_digits": "納期限（数字だけ）",
    "issued_on": "発行日",
    "payer": "納入義務者",
    "item": "歳入科目",
    "title": "件名",
    "payee": "収納する者",
    "token": "確認の符号",
}
MOST_COLUMNS = 40
# Stands for a letter the file's encoding does not have.
_MISSING = "〓"
# A spreadsheet takes a text that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A heading and what is below it: a key of SOURCES, or else (``fixed``) a text that is always the same."""

    title: str
    source: str = ""
    fixed: str = ""


def read_columns(text: str) -> list[ExportColumn]:
    """Return the columns as somebody wrote them down, one a line: ``見出し：項目`` or ``見出し：「いつも同じ文字」``.

    Raises BadColumns, which names the line.
    """
    names = {words: key for key, words in SOURCES.items()}
    columns = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        title, between, said = line.replace(":", "：", 1).partition("：")
        said = said.strip()
        fixed = len(said) >= 2 and said[0] == "「" and said[-1] == "」"
        if not between or not title.strip() or not (fixed or said in names):
            raise BadColumns(line=number)
        columns.append(
            ExportColumn(title.strip(), fixed=said[1:-1])
            if fixed
            else ExportColumn(title.strip(), names[said])
        )
    if not 0 < len(columns) <= MOST_COLUMNS:
        raise BadColumns(line=len(columns) + 1)
    return columns


def write_columns(columns: Iterable[Mapping[str, str]]) -> str:
    """Return columns as ``read_columns`` reads them."""
    return "\n".join(
        f"{one['title']}：{SOURCES[one['source']]}"
        if one["source"]
        else f"{one['title']}：「{one['fixed']}」"
        for one in columns
    )


@transaction.atomic
def save_export_format(
    *, format_id: int | None, name: str, encoding: str, with_titles: bool, columns: str
) -> SlipExportFormat:
    """Keep how a file of slips is written; ``columns`` as ``read_columns`` reads them. Raises BadColumns,
    PaidListNotFound."""
    read = [{"title": one.title, "source": one.source, "fixed": one.fixed} for one in read_columns(columns)]
    form = SlipExportFormat() if format_id is None else export_format_of(format_id)
    form.name, form.encoding, form.with_titles, form.columns = name.strip()[:60], encoding, with_titles, read
    if SlipExportFormat.objects.exclude(pk=form.pk).filter(name=form.name).exists():
        raise BadColumns(line=0)
    form.save()
    return form


def export_format_of(format_id: int) -> SlipExportFormat:
    """Return a format. Raises PaidListNotFound."""
    found = SlipExportFormat.objects.filter(pk=format_id).first()
    if found is None:
        raise PaidListNotFound
    return found


def export_slips(*, format_id: int, first: date, last: date) -> bytes:
    """Return the file of the slips issued from ``first`` to ``last`` (local days) that still hold: not cancelled, not
    paid, nor for another amount than is due. Raises PaidListNotFound.
    """
    form = export_format_of(format_id)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    if form.with_titles:
        writer.writerow([one["title"] for one in form.columns])
    for paper in _standing(first, last):
        facts = _facts(paper)
        writer.writerow([facts[one["source"]] if one["source"] else one["fixed"] for one in form.columns])
    return _encoded(out.getvalue(), form.encoding)


def _standing(first: date, last: date) -> list[Paper]:
    zone = current_zone()
    begins, ends = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    rows = Paper.objects.filter(kind=Kind.SLIP, issued_at__gte=begins, issued_at__lt=ends)
    rows = rows.exclude(events__kind="cancelled").prefetch_related("events").order_by("pk")
    return [paper for paper in rows if truth_of(paper).state == "valid"]


def _facts(paper: Paper) -> dict[str, str | int]:
    slip = paper.content["slip"]
    fields = dict(map(tuple, slip["fields"]))
    return {
        "number": paper.number,
        "digits": f"{paper.fiscal_year}{paper.serial:06d}",
        "serial": paper.serial,
        "fiscal_year": fields["所属年度"]["year"],
        "yen": paper.yen or 0,
        "due_on": slip["due_on"],
        "due_digits": slip["due_on"].replace("-", ""),
        "issued_on": today_at(paper.issued_at).isoformat(),
        "payer": _safe(paper.to),
        "item": _safe(str(fields.get("歳入科目") or fields.get("科目") or "")),
        "title": _safe("、".join(line["words"] for line in paper.content["lines"])),
        "payee": _safe(paper.content["issuer_name"]),
        "token": paper.token,
    }


def _safe(text: str) -> str:
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def _encoded(text: str, encoding: str) -> bytes:
    if encoding == "utf-8":
        return text.encode("utf-8-sig")
    letters = (letter if _has(letter, encoding) else _MISSING for letter in text)
    return "".join(letters).encode(encoding)


def _has(letter: str, encoding: str) -> bool:
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
