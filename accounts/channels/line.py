"""LINE, by the Messaging API of the municipality's own official account."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_noop as _

from accounts.channels.base import Answer, Capabilities, Delivered, Outgoing, Permanent, Temporary
from accounts.channels.line_api import LineAnswer, LineApi, LineUnreachable

# LINE counts UTF-16 code units.
LONGEST = 5000


class LineChannel:
    """One official account. The subject is the first line of the message."""

    capabilities = Capabilities(subject=False, attachments=False, longest=LONGEST)

    def __init__(self, api: LineApi) -> None:
        self._api = api

    def send(self, message: Outgoing) -> Answer:
        """Push one message to one friend."""
        text = shortened(f"{message.subject}\n\n{message.body}", LONGEST)
        try:
            answer = self._api.push(to=message.address, text=text, key=message.key)
        except LineUnreachable:
            return Temporary(_("LINEにつながりません。"))
        return _meaning(answer)


def _meaning(answer: LineAnswer) -> Answer:
    if answer.status == 200:
        sent = answer.content.get("sentMessages") or [{}]
        return Delivered(str(sent[0].get("id", "")))
    if answer.status == 409:
        return Delivered()  # the retry key was accepted before: an earlier try went through
    if answer.status == 429:
        return _too_many(answer)
    if answer.status in {401, 403}:
        return Permanent(_("LINEのトークンが、使えません。"), answer.status)
    if answer.status >= 500:
        return Temporary(_("LINEが、いまは受け付けられません。"), answer.status)
    return Permanent(_("LINEが、このメッセージを受け付けませんでした。"), answer.status)


def _too_many(answer: LineAnswer) -> Answer:
    if "monthly" in answer.words.lower():
        return Permanent(_("LINEで今月送れる数を、使い切りました。"), answer.status)
    wait = timedelta(seconds=answer.retry_after) if answer.retry_after else None
    return Temporary(_("LINEへの送信が、混み合っています。"), answer.status, wait)


def shortened(text: str, longest: int) -> str:
    """Return ``text`` cut to ``longest`` UTF-16 code units, never in the middle of a character."""
    if len(text.encode("utf-16-le")) // 2 <= longest:
        return text
    kept: list[str] = []
    room = longest - 1
    for sign in text:
        room -= 2 if ord(sign) > 0xFFFF else 1
        if room < 0:
            break
        kept.append(sign)
    return "".join(kept) + "…"
