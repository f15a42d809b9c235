"""How pages of staff say what became of a message."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import Channel, Notice
from accounts.notices.log import NoticeView

register = template.Library()

_State = Notice.State


@register.filter
def notice_tag(state: str) -> SafeString:
    """A state as a tag with its word."""
    words = {
        _State.WAITING: ("", _("送信待ち")),
        _State.SENDING: ("", _("送信中")),
        _State.SENT: ("good", _("送信済み")),
        _State.FAILED: ("bad", _("届きません")),
        _State.GIVEN_UP: ("bad", _("送れませんでした")),
        _State.DROPPED: ("off", _("取りやめ")),
    }
    tone, word = words[_State(state)]
    return format_html('<span class="tag{}">{}</span>', f" tag--{tone}" if tone else "", word)


@register.filter
def channel_name(channel: str) -> str:
    """メール, LINE, or that there was no way."""
    words = {Channel.MAIL: _("メール"), Channel.LINE: _("LINE"), Channel.NONE: _("送り先なし")}
    return words[Channel(channel)]


@register.filter
def notice_problem(notice: NoticeView) -> str:
    """Why a message did not arrive, with the provider's number; empty where nothing went wrong."""
    if not notice.problem:
        return ""
    words = _(notice.problem)
    return _("{words}（{code}）").format(words=words, code=notice.code) if notice.code else words


@register.filter
def language_name(language: str) -> str:
    """日本語, English."""
    return "English" if language == "en" else "日本語"
