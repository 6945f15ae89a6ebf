"""Mail: sign-in links by SMTP, when this lab has a mail server."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from typing import Protocol

import aiosmtplib
import structlog

from lab.core.settings import Settings

log = structlog.get_logger("lab.people")


class Mail(Protocol):
    async def send(self, to: str, subject: str, text: str) -> bool:
        """Whether the mail server took it. Never raises for a server that did not."""


class SmtpMail:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def send(self, to: str, subject: str, text: str) -> bool:
        settings = self._settings
        host = settings.base_url.partition("://")[2].partition(":")[0] or "localhost"
        message = EmailMessage(policy=SMTP)
        message["From"] = settings.smtp_from or f"lab@{host}"
        message["To"] = to
        message["Subject"] = subject
        message["Date"] = formatdate(usegmt=True)
        message["Message-ID"] = make_msgid(domain=host)
        # Out-of-office replies and previews must not answer or follow what is in it.
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text, cte="quoted-printable")
        try:
            await aiosmtplib.send(
                message,
                hostname=settings.smtp_host,
                port=settings.smtp_port,
                username=settings.smtp_user or None,
                password=settings.smtp_password.get_secret_value() or None,
                use_tls=settings.smtp_security == "tls",
                start_tls=settings.smtp_security == "starttls",
                timeout=settings.smtp_timeout_seconds,
            )
        except (aiosmtplib.SMTPException, OSError) as error:
            log.error("mail_not_sent", error=type(error).__name__)
            return False
        return True


def sign_in_mail(lab: str, name: str, url: str, minutes: int) -> tuple[str, str]:
    """Subject and text."""
    return (
        f"Your sign-in link for {lab}",
        f"Hello {name},\n\n"
        f"open this link and press the button to sign in to {lab}:\n\n{url}\n\n"
        f"It works once, within {minutes} minutes. If you did not ask for it, you need not do anything:\n"
        "nobody can sign in without this mail.\n",
    )
