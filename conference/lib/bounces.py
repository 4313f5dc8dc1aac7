"""Reports that a message could not be delivered (RFC 3464), read from what a mailbox received; anything else is nothing."""

import dataclasses
import email
import email.parser
import re
from email.message import Message
from typing import Any

MAX_BYTES = 1_000_000
MAX_RECIPIENTS = 100
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,190}>")
_WRITTEN = re.compile(r"\+([0-9A-F]{2})")
_FOR_GOOD = re.compile(r"5\.\d{1,3}\.\d{1,3}")  # RFC 3463: class 5 is a permanent failure


@dataclasses.dataclass(frozen=True)
class Bounce:
    """One message that a server gave up on: its Message-ID, the addresses it failed for (small letters), the status, and what was said."""

    message_id: str
    addresses: frozenset[str]
    status: str
    said: str


def read_report(raw: bytes) -> list[Bounce]:
    """Give the failures for good that a report tells, one a recipient; nothing for delays, for other mail and for what is malformed."""
    if len(raw) > MAX_BYTES:
        return []
    report = email.message_from_bytes(raw)  # the older policy: it takes any header as it comes
    is_report = report.get_content_type() == "multipart/report"
    if not is_report or str(report.get_param("report-type", "")).lower() != "delivery-status":
        return []
    parts = _parts(report)
    blocks = next((_parts(part) for part in parts if part.get_content_type() == "message/delivery-status"), [])
    if not blocks:
        return []
    message_id = _returned_id(parts) or _first_id(_decoded(str(blocks[0]["Original-Envelope-Id"] or "")))
    if not message_id:
        return []
    found = [_bounce(message_id, block) for block in blocks[1 : MAX_RECIPIENTS + 1]]
    return [bounce for bounce in found if bounce]


def _parts(message: Message) -> list[Message]:
    payload: Any = message.get_payload()
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []


def _returned_id(parts: list[Message]) -> str:
    """The Message-ID of the message sent back with the report, whole or its headers alone."""
    for part in parts:
        if part.get_content_type() == "message/rfc822":
            return _first_id(next((inner["Message-ID"] for inner in _parts(part)), ""))
        if part.get_content_type() == "text/rfc822-headers":
            return _first_id(email.parser.HeaderParser().parsestr(str(part.get_payload()))["Message-ID"])
    return ""


def _decoded(text: str) -> str:
    """Read what may still be written as parameters of the protocol write it (RFC 3461, 4); our own ids have no plus sign."""
    return _WRITTEN.sub(lambda found: chr(int(found[1], 16)), text[:1000])


def _first_id(value: object) -> str:
    match = _MESSAGE_ID.search(str(value or "")[:1000])
    return match[0] if match else ""


def _bounce(message_id: str, block: Message) -> Bounce | None:
    status = _FOR_GOOD.match(str(block["Status"] or "").strip())
    if str(block["Action"] or "").strip().lower() != "failed" or not status:
        return None
    addresses = {_address(block[name]) for name in ("Final-Recipient", "Original-Recipient")} - {""}
    said = " ".join(str(block["Diagnostic-Code"] or "").partition(";")[2].split())
    return Bounce(message_id, frozenset(addresses), status[0], "".join(letter for letter in said if letter.isprintable())[:200])


def _address(value: object) -> str:
    """The address of a recipient field: "rfc822; somebody@example.org"."""
    return str(value or "")[:1000].partition(";")[2].strip().strip("<>").lower()
