"""A mailbox read once: every new message is handed over, then marked as seen; nothing is deleted."""

import contextlib
import imaplib
import mailbox
import urllib.parse
from collections.abc import Iterator

TIMEOUT_SECONDS = 10
MOST_AT_ONCE = 500


class MailboxGone(Exception):
    """The mailbox cannot be read now; the next try starts where this one ended."""


def new_messages(address: str, *, max_bytes: int) -> Iterator[bytes]:
    """Give each message nobody has seen, and mark it as seen once the next one is asked for; longer ones are marked unread through.

    `address` is imaps://user:password@host/INBOX (imap:// without TLS, for a server on this host), maildir:///folder or
    mbox:///file. Raise `MailboxGone` when it cannot be read.
    """
    parts = urllib.parse.urlsplit(address)
    reader = {"imap": _imap, "imaps": _imap, "maildir": _maildir, "mbox": _mbox}.get(parts.scheme)
    if reader is None:
        raise MailboxGone(f"a mailbox is imaps://, imap://, maildir:// or mbox://, not {parts.scheme}://")
    try:
        yield from reader(parts, max_bytes)
    except (OSError, imaplib.IMAP4.error, mailbox.Error) as error:
        raise MailboxGone(type(error).__name__) from error


def _imap(parts: urllib.parse.SplitResult, max_bytes: int) -> Iterator[bytes]:
    kind = imaplib.IMAP4_SSL if parts.scheme == "imaps" else imaplib.IMAP4
    server = kind(parts.hostname or "localhost", parts.port or (993 if parts.scheme == "imaps" else 143), timeout=TIMEOUT_SECONDS)
    try:
        server.login(urllib.parse.unquote(parts.username or ""), urllib.parse.unquote(parts.password or ""))
        folder = urllib.parse.unquote(parts.path.strip("/")) or "INBOX"
        _check(server.select(f'"{folder}"'))
        found = _check(server.uid("SEARCH", "UNSEEN"))
        for uid in (found[0] or b"").split()[:MOST_AT_ONCE]:
            answer = _check(server.uid("FETCH", uid.decode(), f"(BODY.PEEK[]<0.{max_bytes + 1}>)"))
            yield next((piece[1] for piece in answer if isinstance(piece, tuple)), b"")
            _check(server.uid("STORE", uid.decode(), "+FLAGS", r"(\Seen)"))
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            server.logout()


def _check(answer: tuple) -> list:
    kind, data = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(str(data))
    return data


def _maildir(parts: urllib.parse.SplitResult, max_bytes: int) -> Iterator[bytes]:
    folder = mailbox.Maildir(urllib.parse.unquote(parts.path), create=False)
    for key in sorted(folder.keys())[:MOST_AT_ONCE]:
        message = folder.get_message(key)
        if "S" in message.get_flags():
            continue
        with folder.get_file(key) as file:
            raw = file.read(max_bytes + 1)
        yield raw
        message.set_subdir("cur")
        message.add_flag("S")
        folder[key] = message


def _mbox(parts: urllib.parse.SplitResult, max_bytes: int) -> Iterator[bytes]:
    box = mailbox.mbox(urllib.parse.unquote(parts.path), create=False)
    box.lock()
    try:
        for key in list(box.keys())[:MOST_AT_ONCE]:
            message = box[key]
            if "R" in message.get_flags():
                continue
            yield box.get_bytes(key)[: max_bytes + 1]
            message.add_flag("R")
            box[key] = message
    finally:
        box.flush()
        box.unlock()
        box.close()
