"""Mail, by Django's backend (SMTP), with a calendar file where there is one."""

from __future__ import annotations

import re
import smtplib
from email.mime.text import MIMEText
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext_noop as _

from accounts.channels.base import Answer, Capabilities, Delivered, Outgoing, Permanent, Temporary

_METHOD = re.compile(r"^METHOD:([A-Z]+)\r?$", re.MULTILINE)


class MailChannel:
    """Mails with a Message-ID made of the message's key: should one go out twice after all, mail programs can tell."""

    capabilities = Capabilities(subject=True, attachments=True, longest=None)

    def send(self, message: Outgoing) -> Answer:
        """Hand one mail to the mail server."""
        try:
            self._mail(message).send()
        except smtplib.SMTPRecipientsRefused as refused:
            return _answer(max(code for code, _words in refused.recipients.values()))
        except smtplib.SMTPResponseException as refused:
            return _answer(refused.smtp_code)
        except (smtplib.SMTPException, OSError):
            return Temporary(_("メールサーバーにつながりません。"))
        except ValueError:
            return Permanent(_("このメールアドレスや件名では、メールを作れません。"))
        return Delivered(_message_id(message))

    def _mail(self, message: Outgoing) -> EmailMessage:
        mail = EmailMessage(
            subject=message.subject,
            body=message.body + "\n",
            from_email=formataddr((message.sender_name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
            to=[message.address],
            headers={
                "Message-ID": _message_id(message),
                "Auto-Submitted": "auto-generated",
                "Content-Language": message.language,
            },
        )
        if message.calendar:
            mail.attach(_attachment(message.calendar))
        return mail


def _message_id(message: Outgoing) -> str:
    return f"<{message.key}@{message.host}>"


def _attachment(calendar: str) -> MIMEText:
    method = _METHOD.search(calendar)
    part = MIMEText(calendar, "calendar", "utf-8")
    part.set_param("method", method.group(1) if method else "PUBLISH")
    part.add_header("Content-Disposition", "attachment", filename="yoyaku.ics")
    return part


def _answer(code: int) -> Answer:
    """5xx: never (RFC 5321); 4xx: later."""
    if code >= 500:
        return Permanent(_("メールが、受け付けられませんでした。メールアドレスを確かめてください。"), code)
    return Temporary(_("メールが、いまは受け付けられません。"), code)
