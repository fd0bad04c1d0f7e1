"""Masks secrets in text, in any encoding."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

MASK = "********"

# Unregistered secrets, recognised by shape. The named group is kept, so that the line stays readable.
SHAPES = (
    r"(?P<webhook>/webhooks/[0-9]{15,20}/)[\w.-]{10,}",
    r"(?P<calendar>/calendar/)[\w-]{10,}",
    r"(?P<interaction>/interactions/[0-9]{15,20}/)[\w.=-]{10,}",
    r"(?P<reply>aW50ZXJhY3Rpb24)[\w=-]{10,}",  # interaction tokens: base64 of "interaction:..."
    r"(?P<header>\b(?:Bot|Bearer)[ +])[\w-]{10,}(?:\.[\w.-]+)?",
    r"(?P<url>://[^/\s:@\"']*:)[^/\s@\"']+(?=@)",
    r"(?P<token>\b)[\w-]{22,30}\.[\w-]{4,8}\.[\w-]{8,}",
)
SHORTEST = 4  # masking "a" would make text unreadable


class Masker:
    """
    Replaces registered secrets by asterisks: bare, in URLs, JSON, `repr`, base64, hexadecimal, or a token's last part.

    Bot tokens, webhooks and interaction tokens are masked without being registered.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._forms: set[str] = set()
        self._pattern = re.compile("|".join(SHAPES))
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """Mask `secret` from now on, unless it is shorter than four characters."""
        if len(secret) < SHORTEST:
            return
        self._forms.update(form for form in _forms(secret) if len(form) >= SHORTEST)
        longest_first = sorted(self._forms, key=len, reverse=True)
        self._pattern = re.compile("|".join([*map(re.escape, longest_first), *SHAPES]))

    def clean(self, text: str) -> str:
        """Return `text` with secrets masked."""
        return self._pattern.sub(_keep_lead, text)


def _keep_lead(match: re.Match[str]) -> str:
    return (match[match.lastgroup] if match.lastgroup else "") + MASK


def _forms(secret: str) -> Iterator[str]:
    yield secret
    yield repr(secret)[1:-1]
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield quote(secret)
    yield quote(secret, safe="")
    yield secret.encode().hex()
    yield from _base64_forms(secret.encode())
    parts = secret.split(".")
    if len(parts) == 3 and len(parts[2]) >= 16:  # noqa: PLR2004 - a token's last part is its signature
        yield parts[2]


def _base64_forms(raw: bytes) -> Iterator[str]:
    """Yield `raw` as it appears inside longer base64, for each offset, without characters shared with neighbours."""
    for offset in range(3):
        start = (0, 2, 3)[offset]
        whole = len(raw) - (offset + len(raw)) % 3
        if whole <= 0:
            continue
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(b"\0" * offset + raw[:whole]).decode()[start:].rstrip("=")
