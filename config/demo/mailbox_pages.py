"""The mailbox's pages, as bytes; everything that comes from a mail is escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from html import escape
from urllib.parse import quote

_LINK = re.compile(r"https?://[^\s<>\"]+")

_STYLE = """
body { font: 1.125rem/1.7 "Noto Sans JP", "Noto Sans CJK JP", sans-serif; color: #1a1a1a; background: #fff;
  max-width: 48rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.4; overflow-wrap: anywhere; }
ul { list-style: none; padding: 0; border-top: 1px solid #767676; }
li { border-bottom: 1px solid #767676; }
li a { display: block; padding: 0.75rem 0; overflow-wrap: anywhere; }
a { color: #0017c1; } a:focus { outline: 4px solid #000; outline-offset: 2px; background: #ffd43d; }
small { display: block; color: #595959; font-size: 1rem; }
dt { color: #595959; } dd { margin: 0 0 0.5rem; overflow-wrap: anywhere; }
pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere;
  border-top: 1px solid #767676; padding-top: 1rem; }
"""


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: status, body and its headers."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def mail_list(mails: Sequence[tuple[str, EmailMessage]]) -> Answer:
    """Every mail with subject, receiver and date, newest first."""
    items = "".join(
        f'<li><a href="/{quote(name)}">{escape(_header(mail, "Subject") or "（件名なし）")}'
        f"<small>{escape(_header(mail, 'To'))} · {escape(_header(mail, 'Date'))}</small></a></li>"
        for name, mail in mails
    )
    empty = "<p>まだメールはありません。届いたら、このページを読み込み直すと出ます。</p>"
    return _page("デモのメール", f"<ul>{items}</ul>" if items else empty)


def mail_page(name: str, mail: EmailMessage) -> Answer:
    """One mail: who, when, its text with working links, its attachments."""
    labels = {"From": "差出人", "To": "宛先", "Date": "日時"}
    heads = "".join(f"<dt>{label}</dt><dd>{escape(_header(mail, key))}</dd>" for key, label in labels.items())
    files = "".join(
        f'<li><a href="/{quote(name)}/{number}">{escape(part.get_filename() or f"添付 {number}")}</a></li>'
        for number, part in enumerate(mail.iter_attachments())
    )
    attachments = f"<h2>添付</h2><ul>{files}</ul>" if files else ""
    back = '<p><a href="/">すべてのメール</a></p>'
    return _page(
        _header(mail, "Subject") or "（件名なし）",
        f"{back}<dl>{heads}</dl><pre>{_linked(_text(mail))}</pre>{attachments}",
    )


def attachment(mail: EmailMessage, number: str) -> Answer | None:
    """The bytes of one attachment as a download, or None when the mail has no such number."""
    parts = list(mail.iter_attachments())
    if not number.isascii() or not number.isdigit() or int(number) >= len(parts):
        return None
    part = parts[int(number)]
    content = part.get_payload(decode=True)
    filename = quote(part.get_filename() or "attachment")
    return Answer(
        200,
        content if isinstance(content, bytes) else b"",
        {
            "Content-Type": part.get_content_type(),
            "Content-Disposition": f"attachment; filename*=UTF-8''{filename}",
        },
    )


def style() -> Answer:
    """The style sheet of all pages."""
    return Answer(200, _STYLE.encode(), {"Content-Type": "text/css; charset=utf-8"})


def not_found() -> Answer:
    """The page for a mail that is not there."""
    return _page("このメールはありません", '<p><a href="/">すべてのメール</a></p>', status=404)


def _page(title: str, content: str, *, status: int = 200) -> Answer:
    html = (
        '<!doctype html><html lang="ja"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="/style.css"></head>'
        f"<body><main><h1>{escape(title)}</h1>{content}</main></body></html>"
    )
    return Answer(status, html.encode(), {"Content-Type": "text/html; charset=utf-8"})


def _header(mail: EmailMessage, name: str) -> str:
    return str(mail.get(name, ""))


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    content = part.get_payload(decode=True)
    charset = part.get_content_charset() or "utf-8"
    try:
        return content.decode(charset, "replace") if isinstance(content, bytes) else ""
    except LookupError:
        return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""


def _linked(text: str) -> str:
    pieces: list[str] = []
    end = 0
    for link in _LINK.finditer(text):
        address = escape(link.group())
        pieces += [escape(text[end : link.start()]), f'<a href="{address}">{address}</a>']
        end = link.end()
    return "".join([*pieces, escape(text[end:])])
