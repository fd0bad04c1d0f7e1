"""Keeps secrets out of text, whatever form they took on the way there."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

MASK = "********"

# Secrets nobody registered, known by their shape. The group before the secret stays: the line can be understood.
SHAPES = (
    r"(?P<webhook>/webhooks/[0-9]{15,20}/)[\w.-]{10,}",
    r"(?P<calendar>/calendar/)[\w-]{10,}",
    r"(?P<interaction>/interactions/[0-9]{15,20}/)[\w.=-]{10,}",
    r"(?P<reply>aW50ZXJhY3Rpb24)[\w=-]{10,}",  # interaction tokens: base64 of "interaction:..."
    r"(?P<header>\b(?:Bot|Bearer)[ +])[\w-]{10,}(?:\.[\w.-]+)?",
    r"(?P<url>://[^/\s:@\"']*:)[^/\s@\"']+(?=@)",
    r"(?P<token>\b)[\w-]{22,30}\.[\w-]{4,8}\.[\w-]{8,}",
)
SHORTEST = 4  # masking "a" would leave nothing legible


class Masker:
    """
    Replaces registered secrets by asterisks: bare, in URLs, JSON, `repr`, base64, hexadecimal, a token's last part.

    What looks like a bot token, a webhook or an interaction token is masked unregistered.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._forms: set[str] = set()
        self._pattern = re.compile("|".join(SHAPES))
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """Mask `secret` from now on; those shorter than four characters are left alone."""
        if len(secret) < SHORTEST:
            return
        self._forms.update(form for form in _forms(secret) if len(form) >= SHORTEST)
        longest_first = sorted(self._forms, key=len, reverse=True)
        self._pattern = re.compile("|".join([*map(re.escape, longest_first), *SHAPES]))

    def clean(self, text: str) -> str:
        """Return `text` without secrets."""
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
    if len(parts) == 3 and len(parts[2]) >= 16:  # noqa: PLR2004 - a token's last part is what signs
        yield parts[2]


def _base64_forms(raw: bytes) -> Iterator[str]:
    """Yield what `raw` looks like within base64 of a longer text: by offset, without the characters it shares."""
    for offset in range(3):
        start = (0, 2, 3)[offset]
        whole = len(raw) - (offset + len(raw)) % 3
        if whole <= 0:
            continue
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(b"\0" * offset + raw[:whole]).decode()[start:].rstrip("=")
