"""What the official account answers in the chat."""

from __future__ import annotations

from django.utils.translation import gettext as _


def line_words(what: str, *, municipality: str, site: str) -> str:
    """Return the answer to somebody who became a friend or typed something, in the active language."""
    page = f"{site}/my/notices/"
    if what == "linked":
        return (
            _("{municipality}の施設予約とつながりました。これから、お知らせがここに届きます。").format(
                municipality=municipality
            )
            + "\n\n"
            + _("受け取り方を変える：{page}").format(page=page)
        )
    if what == "wrong":
        words = _("この番号では、つながりませんでした。番号は、出してから10分だけ使えます。")
        again = _("新しい番号を出して、もう一度送ってください。")
        return f"{words}\n{again}\n{page}"
    if what == "wait":
        return _("番号のまちがいが続いたので、1時間お待ちください。")
    return (
        _("{municipality}の施設予約です。").format(municipality=municipality)
        + "\n"
        + _("お知らせを受け取るには、下のページで番号を出して、その番号をここに送ってください。")
        + f"\n{page}\n\n"
        + _("このトークでは、ご質問にお答えできません。館へご連絡ください。")
    )
