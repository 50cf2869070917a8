"""One message handed to the mail server of ``CHURNKIT_SMTP_HOST``."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage

from churnkit.config import MailSettings
from churnkit.errors import ChurnkitError

_FINAL = range(500, 600)


class MailFailed(ChurnkitError):
    """The mail server did not take a message.

    Attributes
    ----------
    is_final
        Whether trying again is of no use: the server knows no such recipient, or refuses the message for good.
    """

    code = "mail"

    def __init__(self, message: str, remedy: str = "", *, is_final: bool = False) -> None:
        super().__init__(message, remedy)
        self.is_final = is_final


def send_mail(message: EmailMessage, settings: MailSettings) -> None:
    """Hand a message over; its headers name sender and recipient.

    Raises
    ------
    MailFailed
        The server cannot be reached, does not let us in, or did not take it.
    """
    doing = f"Handing a mail to {settings.host}"
    try:
        with _connected(settings) as server:
            if settings.user is not None and settings.password is not None:
                server.login(settings.user, settings.password)
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise MailFailed(
            f"{doing}: it does not take mail for this address (code {codes[0]}).",
            "See how the address is spelt.",
            is_final=all(code in _FINAL for code in codes),
        ) from error
    except smtplib.SMTPAuthenticationError as error:
        raise MailFailed(
            f"{doing}: it does not accept our user and password.", "See CHURNKIT_SMTP_USER and its password."
        ) from error
    except smtplib.SMTPResponseException as error:
        # Its words may quote addresses; the code says enough.
        raise MailFailed(
            f"{doing}: it refused the message (code {error.smtp_code}).",
            is_final=isinstance(error, smtplib.SMTPDataError) and error.smtp_code in _FINAL,
        ) from error
    except smtplib.SMTPNotSupportedError as error:
        raise MailFailed(
            f"{doing}: it offers no {settings.security.upper()}.", "See CHURNKIT_SMTP_SECURITY."
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailFailed(f"{doing}: it cannot be reached ({type(error).__name__}: {error}).") from error


def _connected(settings: MailSettings) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if settings.security == "tls":
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=settings.seconds, context=context)
    server = smtplib.SMTP(settings.host, settings.port, timeout=settings.seconds)
    if settings.security == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server
