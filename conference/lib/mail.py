"""Messages on their way out: built for the wire, and handed to a server, a folder or the console."""

import dataclasses
import datetime as dt
import email.utils
import os
import pathlib
import re
import smtplib

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

TIMEOUT_SECONDS = 30
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^<>\s]{3,90}>)\s*$", re.IGNORECASE | re.MULTILINE)  # an envelope id has 100 signs at most


@dataclasses.dataclass(frozen=True)
class Letter:
    """One message to one address. `message_id` and `date` stay the same however often it is tried (RFC 5322, 3.6)."""

    to: str
    subject: str
    text: str
    language: str
    message_id: str
    date: dt.datetime
    html: str = ""
    sender: str | None = None  # None is DEFAULT_FROM_EMAIL
    reply_to: str = ""
    is_bulk: bool = False  # one of many alike


def build(letter: Letter) -> EmailMultiAlternatives:
    """Make the message, marked as written by a program so that absence notes do not answer it (RFC 3834).

    Reports that it could not be delivered are wanted, so only receipts and automatic replies are switched off (MS-OXCMAIL).
    """
    headers = {
        "Message-ID": letter.message_id,
        "Date": email.utils.format_datetime(letter.date),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "DR, RN, NRN, OOF, AutoReply",
        "Content-Language": letter.language,
    }
    if letter.is_bulk:
        headers["Precedence"] = "bulk"
    reply_to = [letter.reply_to] if letter.reply_to else None
    message = EmailMultiAlternatives(letter.subject, letter.text, letter.sender, [letter.to], headers=headers, reply_to=reply_to)
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    return message


def open_server(server: dict) -> BaseEmailBackend:
    """Make the backend of a server as `EMAIL_URL` names it; it connects at its first message or `open()`."""
    kind = server["EMAIL_BACKEND"]
    if kind.endswith("filebased.EmailBackend"):
        return FolderBackend(folder=server["EMAIL_FILE_PATH"])
    if not kind.endswith("smtp.EmailBackend"):
        return get_connection(kind)
    return ServerBackend(
        host=server["EMAIL_HOST"],
        port=server["EMAIL_PORT"] or _port(server),
        username=server["EMAIL_HOST_USER"] or "",
        password=server["EMAIL_HOST_PASSWORD"] or "",
        use_tls=server.get("EMAIL_USE_TLS", False),
        use_ssl=server.get("EMAIL_USE_SSL", False),
        timeout=TIMEOUT_SECONDS,
    )


def _port(server: dict) -> int:
    if server.get("EMAIL_USE_SSL"):
        return 465
    return 587 if server.get("EMAIL_USE_TLS") else 25


def refuses_message(error: Exception) -> bool:
    """Say whether a server turned down this one message; anything else means that the server itself is not there."""
    return isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPSenderRefused | smtplib.SMTPDataError | ValueError)


def refuses_for_good(error: Exception) -> bool:
    """Say whether a server (or the message's own form) leaves no hope for another try: a 5xx answer (RFC 5321, 4.2.1)."""
    if isinstance(error, ValueError):
        return True
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _said in error.recipients.values())
    return isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError) and error.smtp_code >= 500


class _Smtp(smtplib.SMTP):
    """Gives the server the Message-ID as envelope id (RFC 3461, 4.4), so that a report without the message itself still names it."""

    def sendmail(self, from_addr, to_addrs, msg, mail_options=(), rcpt_options=()):
        """Send a message as `smtplib` does, with its envelope id where the server takes one."""
        self.ehlo_or_helo_if_needed()
        found = _MESSAGE_ID.search(msg if isinstance(msg, bytes) else msg.encode("ascii", "replace"))
        if found and self.has_extn("dsn"):
            mail_options = [*mail_options, f"ENVID={xtext(found[1].decode('ascii', 'replace'))}"]
        return super().sendmail(from_addr, to_addrs, msg, mail_options, rcpt_options)


class _SmtpInTls(_Smtp, smtplib.SMTP_SSL):
    """The same over a connection that is encrypted from its beginning."""


class ServerBackend(EmailBackend):
    """Hands messages to a server, each with its envelope id."""

    @property
    def connection_class(self):
        """The client of the protocol, as the address of the server asks."""
        return _SmtpInTls if self.use_ssl else _Smtp


def xtext(text: str) -> str:
    """Write a text as parameters of the protocol hold it (RFC 3461, 4): all but plain signs as "+" and two hexadecimal digits."""
    return "".join(sign if "!" <= sign <= "~" and sign not in "+=" else f"+{ord(sign):02X}" for sign in text)


class FolderBackend(BaseEmailBackend):
    """Writes each message into a folder twice: as `.eml`, and as `.txt` one can read. The same message always takes the same names."""

    def __init__(self, folder: str, **options):
        super().__init__(**options)
        self.folder = pathlib.Path(folder)

    def send_messages(self, email_messages) -> int:
        """Write the messages and say how many."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = _file_name(message)
            self._write(f"{name}.eml", message.message().as_bytes())
            self._write(f"{name}.txt", _readable(message).encode())
        return len(email_messages)

    def _write(self, name: str, content: bytes) -> None:
        unfinished = self.folder / f".{name}.{os.getpid()}"
        unfinished.write_bytes(content)
        unfinished.replace(self.folder / name)


def _file_name(message: EmailMultiAlternatives) -> str:
    """When, to whom, about what, and a little of the Message-ID: names sort by time, and fit every file system."""
    date = email.utils.parsedate_to_datetime(message.extra_headers["Date"])
    middle = f"{_plain(message.to[0])}_{_plain(str(message.subject))}".encode()[:180].decode(errors="ignore")
    return f"{date:%Y%m%d-%H%M%S}_{middle}_{_plain(message.extra_headers['Message-ID'])[:4]}"


def _plain(text: str) -> str:
    return re.sub(r"[^\w@.+-]+", "-", text).strip("-.")


def _readable(message: EmailMultiAlternatives) -> str:
    head = [f"Date: {message.extra_headers['Date']}", f"From: {message.from_email}", f"To: {', '.join(message.to)}"]
    head += [f"Reply-To: {address}" for address in message.reply_to]
    return "\n".join([*head, f"Subject: {message.subject}", "", str(message.body)])


def masked(address: str) -> str:
    """Show enough of an address for its owner to know it, and no more: "a…@example.org"."""
    name, _at, domain = address.partition("@")
    return f"{name[:1]}…@{domain}"
