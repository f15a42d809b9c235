"""Papers about money (領収書, 納付書, 決定通知書 …) as PDF: what was frozen at their issue, in official words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.http import HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control

from frontend.addresses import site_address
from frontend.documents.official_words import era_year, official_day, official_period, official_yen
from frontend.documents.qr import qr_svg
from frontend.documents.typesetting import typeset
from payments.models import Paper
from payments.papers.issuing import Kind, Truth, truth_of

CHECK = "この書類が本物かどうか、いまも有効かどうかは、つぎのページで確かめられます。"
# What the boxed amount is called; papers of other kinds have none.
_AMOUNTS: Mapping[str, str] = {
    Kind.RECEIPT: "領収した金額",
    Kind.PROOF: "支払われた金額",
    Kind.INVOICE: "請求する金額",
    Kind.RETURN_INVOICE: "返す金額",
    Kind.REFUND_DECISION: "還付する金額",
    Kind.DUNNING: "納めていただく金額",
}
_RATES: Mapping[str, str] = {
    "standard": "10%対象",
    "reduced": "8%対象（軽減税率※）",
    "exempt": "非課税",
    "outside": "不課税",
}
# Papers with a layout of their own.
_LAYOUTS: Mapping[str, str] = {Kind.SLIP: "slip"}


def paper_pdf(paper: Paper, truth: Truth, *, site: str, zone: ZoneInfo) -> bytes:
    """Return the PDF of a paper as it holds now: marked where it was issued again or holds no more."""
    said = said_of(paper, truth, site=site, zone=zone)
    at = truth.cancelled_at or truth.reissued_at or paper.issued_at
    return typeset(_LAYOUTS.get(paper.kind, "money"), said, at=at)


def pdf_answer(paper: Paper) -> HttpResponse:
    """The PDF of a paper; the caller has checked that whoever asks may see it."""
    municipality = connection.tenant  # type: ignore[attr-defined]
    site, zone = site_address(municipality), ZoneInfo(municipality.time_zone)
    pdf = paper_pdf(paper, truth_of(paper), site=site, zone=zone)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{paper.kind.replace("_", "-")}-{paper.number}.pdf"'
    patch_cache_control(answer, private=True, no_store=True)
    return answer


def said_of(paper: Paper, truth: Truth, *, site: str, zone: ZoneInfo) -> dict[str, Any]:
    """Return what the template of a paper says."""
    content = paper.content
    address = site + reverse("verify-paper", args=[paper.token])
    return {
        **{key: content[key] for key in ("title", "lead", "notes", "instruction", "issuer")},
        "number": paper.number,
        "number_line": number_line(paper),
        "issued": official_day(paper.issued_at.astimezone(zone).date()),
        "to": paper.to,
        "issuer_lines": _issuer_lines(content),
        "receiver": content["issuer_name"],
        "mark": _mark(paper, truth, zone),
        "amount_label": _AMOUNTS.get(paper.kind, ""),
        "amount": official_yen(paper.yen) if paper.yen and paper.kind in _AMOUNTS else "",
        "rows": [[label, value_words(value)] for label, value in content["rows"] if value],
        "lines": [_line(one) for one in content["lines"]],
        "taxes": [_tax_row(one) for one in content["taxes"]],
        "stamp": bool(content.get("stamp")),
        "slip": [[label, value_words(value)] for label, value in content.get("slip", {}).get("fields", ())],
        "qr": qr_svg(address),
        "check": CHECK,
        "address": address,
        "footer": f"{content['municipality']} {content['title']} {number_line(paper)}",
    }


def number_line(paper: Paper) -> str:
    """Its number as papers write it: 令和8年度 第12号."""
    return f"{era_year(date(paper.fiscal_year, 4, 1))}度 第{paper.serial}号"


def value_words(value: str | Mapping[str, Any]) -> str:
    """A value of a row (payments.papers.issuing.Value) in official words."""
    if isinstance(value, str):
        return value
    if "yen" in value:
        return official_yen(value["yen"])
    if "day" in value:
        return official_day(date.fromisoformat(value["day"]), weekday=True)
    if "year" in value:
        return f"{era_year(date(value['year'], 4, 1))}度"
    starts, ends = (datetime.fromisoformat(moment) for moment in value["period"])
    return official_period(starts, ends)


def _issuer_lines(content: Mapping[str, Any]) -> list[str]:
    name = content["issuer_name"] if content["issuer_name"] != content["issuer"] else ""
    number = content["invoice_number"]
    lines = [name, content["issuer_address"], content["issuer_phone"], f"登録番号 {number}" if number else ""]
    return [line for line in lines if line]


def _mark(paper: Paper, truth: Truth, zone: ZoneInfo) -> str:
    if truth.state == "cancelled":
        return "取り消されました"
    if truth.reissued_at is not None:
        return f"再発行（{official_day(truth.reissued_at.astimezone(zone).date())}）"
    return "写し" if paper.content.get("handed_over") else ""


def _line(line: Mapping[str, Any]) -> dict[str, Any]:
    reduced = "※" if line["tax"] == "reduced" else ""
    more = [f"{label} {value_words(value)}" for label, value in line["facts"]]
    return {"words": line["words"] + reduced, "yen": official_yen(line["yen"]), "more": more}


def _tax_row(row: Mapping[str, Any]) -> list[str]:
    tax = official_yen(row["tax_yen"]) if row["percent"] else "—"
    return [_RATES[row["tax"]], official_yen(row["total_yen"]), tax]
